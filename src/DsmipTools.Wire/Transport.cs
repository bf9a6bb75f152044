namespace DsmipTools.Wire;

/// <summary>How a mobility message travels between two nodes.</summary>
public enum Transport
{
    /// <summary>Mobile IPv4 in UDP over IPv4 (RFC 5944, 1.8), port 434.</summary>
    MobileIPv4Udp,

    /// <summary>
    /// A Mobility Header behind an IPv6 header (RFC 6275, 6.1), where the envelope says so with a Home Address option (6.3) or a type 2 routing
    /// header (6.4).
    /// </summary>
    IPv6,

    /// <summary>The bare Mobility Header in UDP over IPv4 (RFC 5844, 4.1.3), port 5436; its checksum is zero, UDP's counts.</summary>
    ProxyMobileIPv6Udp,

    /// <summary>A whole IPv6 packet with its Mobility Header in UDP over IPv4 (RFC 5555, 4.1), port 4191; its checksum counts.</summary>
    DualStackMobileIPv6Udp,
}
