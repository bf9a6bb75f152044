namespace DsmipTools.Wire.Icmp.IcmpV4;

/// <summary>Codes of the ICMP Redirect message (RFC 792).</summary>
public enum IcmpV4RedirectCode : byte
{
    /// <summary>Redirect Datagram for the Network.</summary>
    Network = 0,

    /// <summary>Redirect Datagram for the Host.</summary>
    Host = 1,

    /// <summary>Redirect Datagram for the Type of Service and Network.</summary>
    TypeOfServiceAndNetwork = 2,

    /// <summary>Redirect Datagram for the Type of Service and Host.</summary>
    TypeOfServiceAndHost = 3,
}
