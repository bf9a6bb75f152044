using DsmipTools.Wire.MobileIPv4;

namespace DsmipTools.Wire.Decoding;

/// <summary>Which UDP ports mean which protocol to a decoder; a port of either end decides, the destination first.</summary>
public sealed record PacketDecoderOptions
{
    /// <summary>Ports of Mobile IPv4 (RFC 5944, 1.8).</summary>
    public IReadOnlySet<ushort> MobileIPv4Ports { get; init; } = new HashSet<ushort> { MobileIPv4Message.Port };

    /// <summary>Ports of Proxy Mobile IPv6 over IPv4: a bare Mobility Header in UDP (RFC 5844, 4.1.3).</summary>
    public IReadOnlySet<ushort> ProxyMobileIPv6Ports { get; init; } = new HashSet<ushort> { Envelope.ProxyMobileIPv6Port };

    /// <summary>
    /// Ports of Dual-Stack Mobile IPv6, and of what Proxy Mobile IPv6 over IPv4 tunnels: a whole IP packet in UDP (RFC 5555, 4.1; RFC 5844, 4.1.4),
    /// or what follows a TLV header (RFC 5845, 7.2).
    /// </summary>
    public IReadOnlySet<ushort> DualStackMobileIPv6Ports { get; init; } =
        new HashSet<ushort> { Envelope.DualStackMobileIPv6Port, Envelope.ProxyMobileIPv6DataPort };

    /// <summary>The assigned ports and further ones; a port that is named for one protocol is no longer another's.</summary>
    /// <param name="mobileIPv4">Ports of Mobile IPv4.</param>
    /// <param name="proxyMobileIPv6">Ports of Proxy Mobile IPv6 over IPv4.</param>
    /// <param name="dualStackMobileIPv6">Ports of Dual-Stack Mobile IPv6.</param>
    public static PacketDecoderOptions Naming(
        IReadOnlyCollection<ushort> mobileIPv4, IReadOnlyCollection<ushort> proxyMobileIPv6, IReadOnlyCollection<ushort> dualStackMobileIPv6)
    {
        var assigned = new PacketDecoderOptions();
        HashSet<ushort> named = [.. mobileIPv4, .. proxyMobileIPv6, .. dualStackMobileIPv6];
        return new PacketDecoderOptions
        {
            MobileIPv4Ports = Ports(assigned.MobileIPv4Ports, mobileIPv4),
            ProxyMobileIPv6Ports = Ports(assigned.ProxyMobileIPv6Ports, proxyMobileIPv6),
            DualStackMobileIPv6Ports = Ports(assigned.DualStackMobileIPv6Ports, dualStackMobileIPv6),
        };

        HashSet<ushort> Ports(IReadOnlySet<ushort> of, IReadOnlyCollection<ushort> more) => [.. of.Except(named), .. more];
    }
}
