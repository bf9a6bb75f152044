using DsmipTools.Wire.Ip;

namespace DsmipTools.Net.Netlink;

/// <summary>A tunnel that the kernel carries by itself, as an interface: what is routed there leaves with the tunnel's headers.</summary>
/// <param name="Name">The name of the interface.</param>
/// <param name="Protocol">
/// What stands behind the outer IP header: IPv4 (kinds ipip and ip6tnl of the kernel), IPv6 (sit and ip6tnl) or Gre (gre and ip6gre).
/// </param>
/// <param name="Local">This end: an address of the host.</param>
/// <param name="Remote">The other end, of the same address family.</param>
public sealed record TunnelInterface(string Name, IpProtocol Protocol, Address Local, Address Remote)
{
    /// <summary>The GRE key of both directions (RFC 2890); null for none.</summary>
    public uint? Key { get; init; }

    /// <summary>The longest packet that goes in, in octets.</summary>
    public required int Mtu { get; init; }

    /// <summary>What is noted with the interface for people and for later processes (ifalias), to 255 octets.</summary>
    public required string Note { get; init; }

    /// <summary>The kernel's name of the kind.</summary>
    internal string Kind => (Protocol, Local.IsIPv4) switch
    {
        (IpProtocol.IPv4, true) => "ipip",
        (IpProtocol.IPv6, true) => "sit",
        (IpProtocol.IPv4 or IpProtocol.IPv6, false) => "ip6tnl",
        (IpProtocol.Gre, true) => "gre",
        (IpProtocol.Gre, false) => "ip6gre",
        _ => throw new ArgumentException($"The kernel has no interfaces for tunnels with protocol {Protocol}.", nameof(Protocol)),
    };
}
