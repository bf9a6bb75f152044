namespace DsmipTools.Wire.Tunneling;

/// <summary>What stands between the outer IP header of a tunneled packet and the packet itself. Each of them carries IPv4 and IPv6 packets.</summary>
public enum Encapsulation
{
    /// <summary>Nothing: IPv6-in-IPv6 and IPv4-in-IPv6 (RFC 2473), IPv6-in-IPv4 (RFC 4213), IPv4-in-IPv4 (RFC 2003).</summary>
    IpInIp,

    /// <summary>A GRE header (RFC 2784), with a key where there is one (RFC 2890 and 5845).</summary>
    Gre,

    /// <summary>A UDP header (RFC 5844, 4.1.4): the first four bits behind it tell IPv4 from IPv6.</summary>
    Udp,
}
