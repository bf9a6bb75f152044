namespace DsmipTools.Wire.Icmp.IcmpV4;

/// <summary>ICMP message types (IANA, ICMP Type Numbers) that DsmipTools knows.</summary>
public enum IcmpV4Type : byte
{
    /// <summary>Echo Reply (RFC 792).</summary>
    EchoReply = 0,

    /// <summary>Destination Unreachable (RFC 792).</summary>
    DestinationUnreachable = 3,

    /// <summary>Redirect (RFC 792).</summary>
    Redirect = 5,

    /// <summary>Echo (RFC 792).</summary>
    EchoRequest = 8,

    /// <summary>Router Advertisement (RFC 1256, 3); with extensions, Agent Advertisement (RFC 5944, 2.1).</summary>
    RouterAdvertisement = 9,

    /// <summary>Router Solicitation (RFC 1256, 3); also Agent Solicitation (RFC 5944, 2.2).</summary>
    RouterSolicitation = 10,

    /// <summary>Time Exceeded (RFC 792).</summary>
    TimeExceeded = 11,

    /// <summary>Parameter Problem (RFC 792).</summary>
    ParameterProblem = 12,
}
