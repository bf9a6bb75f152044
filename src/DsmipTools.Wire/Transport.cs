namespace DsmipTools.Wire;

/// <summary>How a mobility message travels between two nodes.</summary>
public enum Transport
{
    /// <summary>Mobile IPv4 in UDP over IPv4 (RFC 5944, 1.8), port 434.</summary>
    MobileIPv4Udp,

    /// <summary>A Mobility Header behind an IPv6 header (RFC 6275, 6.1).</summary>
    IPv6,

    /// <summary>The bare Mobility Header in UDP over IPv4 (RFC 5844, 4.1.3), port 5436; its checksum is zero, UDP's counts.</summary>
    ProxyMobileIPv6Udp,
}
