namespace DsmipTools.Tunnels;

/// <summary>How packets run in a tunnel that is configured by hand.</summary>
public enum TunnelEncapsulation
{
    /// <summary>IPv4 packets behind an IPv4 header (RFC 2003): protocol 4.</summary>
    IPv4InIPv4,

    /// <summary>IPv6 packets behind an IPv4 header (RFC 4213): protocol 41.</summary>
    IPv6InIPv4,

    /// <summary>IPv4 packets behind an IPv6 header (RFC 2473): next header 4.</summary>
    IPv4InIPv6,

    /// <summary>IPv6 packets behind an IPv6 header (RFC 2473): next header 41.</summary>
    IPv6InIPv6,

    /// <summary>IPv4 and IPv6 packets behind a GRE header (RFC 2784, with a key RFC 2890), over IPv4 or IPv6.</summary>
    Gre,

    /// <summary>IPv4 and IPv6 packets right behind a UDP header, over IPv4 or IPv6 (RFC 5844, 4.1.4): port 5437.</summary>
    Udp,

    /// <summary>IPv4 packets behind a minimal forwarding header, over IPv4 (RFC 2004): protocol 55. Fragments run as <see cref="IPv4InIPv4"/>.</summary>
    Minimal,

    /// <summary>IPv4 and IPv6 packets behind UDP and a MIP Tunnel Data message, over IPv4 (RFC 3519, 3.3): port 434.</summary>
    UdpMobileIPv4,

    /// <summary>IPv4 and IPv6 packets right behind a UDP header, over IPv4 (RFC 5555, 3.1): port 4191.</summary>
    UdpMobileIPv6,
}
