using DsmipTools.Wire.Ip;

namespace DsmipTools.Wire.Tunneling;

/// <summary>The two ends of a tunnel and what runs between them: what its packets are known by.</summary>
/// <param name="Encapsulation">What stands behind the outer IP header.</param>
/// <param name="Local">This end; its port is 0 without UDP.</param>
/// <param name="Remote">The other end, of the same address family; its port is 0 without UDP.</param>
public readonly record struct TunnelEnds(Encapsulation Encapsulation, Endpoint Local, Endpoint Remote)
{
    /// <summary>The ends of a tunnel without UDP.</summary>
    public TunnelEnds(Encapsulation encapsulation, Address local, Address remote)
        : this(encapsulation, new Endpoint(local, 0), new Endpoint(remote, 0))
    {
    }

    /// <summary>The ends as two agents of Proxy Mobile IPv6 agree on them: UDP where there is a NAT (RFC 5844, 4), else GRE where it was asked for (RFC 5845).</summary>
    /// <remarks>GRE inside UDP needs the TLV-header format (RFC 5845, 7), which is not supported: UDP goes without GRE.</remarks>
    public static TunnelEnds Between(Address local, Address remote, bool usesUdp, bool usesGre) => usesUdp
        ? new(Encapsulation.Udp, new Endpoint(local, Envelope.ProxyMobileIPv6DataPort), new Endpoint(remote, Envelope.ProxyMobileIPv6DataPort))
        : new(usesGre ? Encapsulation.Gre : Encapsulation.IpInIp, local, remote);

    /// <summary>A hash that is the same in every process.</summary>
    public override int GetHashCode() => (((Local.Address.GetHashCode() * 31) + Remote.Address.GetHashCode()) * 31) + (Remote.Port * 8) + (int)Encapsulation;

    /// <inheritdoc/>
    public override string ToString() => Encapsulation is Encapsulation.Udp or Encapsulation.UdpMobileIPv4
        ? $"{Encapsulation} {Local} > {Remote}"
        : $"{Encapsulation} {Local.Address} > {Remote.Address}";
}
