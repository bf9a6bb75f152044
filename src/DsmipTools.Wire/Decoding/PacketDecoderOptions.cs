using DsmipTools.Wire.MobileIPv4;

namespace DsmipTools.Wire.Decoding;

/// <summary>Which UDP ports mean which protocol to a decoder; a port of either end decides, the destination first.</summary>
public sealed record PacketDecoderOptions
{
    /// <summary>Ports of Mobile IPv4 (RFC 5944, 1.8).</summary>
    public IReadOnlySet<ushort> MobileIPv4Ports { get; init; } = new HashSet<ushort> { MobileIPv4Message.Port };

    /// <summary>Ports of Proxy Mobile IPv6 over IPv4: a bare Mobility Header in UDP (RFC 5844, 4.1.3).</summary>
    public IReadOnlySet<ushort> ProxyMobileIPv6Ports { get; init; } = new HashSet<ushort> { Envelope.ProxyMobileIPv6Port };

    /// <summary>Ports of Dual-Stack Mobile IPv6: a whole IP packet in UDP (RFC 5555, 4.1), or one behind a TLV header (RFC 5845, 7.2).</summary>
    public IReadOnlySet<ushort> DualStackMobileIPv6Ports { get; init; } = new HashSet<ushort> { Envelope.DualStackMobileIPv6Port };
}
