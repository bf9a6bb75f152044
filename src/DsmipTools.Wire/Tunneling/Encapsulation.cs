namespace DsmipTools.Wire.Tunneling;

/// <summary>What stands between the outer IP header of a tunneled packet and the packet itself. All but minimal encapsulation carry IPv4 and IPv6 packets.</summary>
public enum Encapsulation
{
    /// <summary>Nothing: IPv6-in-IPv6 and IPv4-in-IPv6 (RFC 2473), IPv6-in-IPv4 (RFC 4213), IPv4-in-IPv4 (RFC 2003).</summary>
    IpInIp,

    /// <summary>A GRE header (RFC 2784), with a key where there is one (RFC 2890 and 5845).</summary>
    Gre,

    /// <summary>A UDP header (RFC 5844, 4.1.4): the first four bits behind it tell IPv4 from IPv6. On port 4191 it is that of RFC 5555, 3.1.</summary>
    Udp,

    /// <summary>A UDP header and a MIP Tunnel Data message, whose next header says what follows (RFC 3519, 3.3): on port 434.</summary>
    UdpMobileIPv4,

    /// <summary>
    /// The minimal forwarding header (RFC 2004), behind the packet's own header, which becomes the outer one: over IPv4, and for unfragmented IPv4 packets alone.
    /// The others run in the same tunnel as IP in IP.
    /// </summary>
    Minimal,
}
