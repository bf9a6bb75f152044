namespace DsmipTools.Wire.Ip;

/// <summary>Protocol numbers and next header values that DsmipTools uses (IANA, Protocol Numbers).</summary>
public enum IpProtocol : byte
{
    /// <summary>UDP (RFC 768).</summary>
    Udp = 17,

    /// <summary>No next header (RFC 8200, 4.7); the payload proto of a Mobility Header (RFC 6275, 6.1.1).</summary>
    NoNextHeader = 59,

    /// <summary>Mobility Header (RFC 6275, 6.1).</summary>
    MobilityHeader = 135,
}
