using DsmipTools.Engine.Bindings;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>A Proxy Mobile IPv6 binding as a local mobility anchor or a mobile access gateway holds it.</summary>
public sealed record ProxyBindingSnapshot : BindingSnapshot
{
    /// <summary>The access technology of the mobile node.</summary>
    public required AccessTechnologyType AccessTechnologyType { get; init; }

    /// <summary>The IPv4 home address (RFC 5844); null for none.</summary>
    public Address? IPv4HomeAddress { get; init; }

    internal override Address? Home => IPv4HomeAddress;

    /// <summary>The default router for it; null when it is not known.</summary>
    public Address? IPv4DefaultRouter { get; init; }

    /// <summary>The interface of the mobile node by its Mobile Node Link-layer Identifier; empty when the updates name none.</summary>
    public Octets LinkLayerIdentifier { get; init; }

    /// <summary>The link-local address of the gateway on the access link, where the anchor makes it (RFC 5213, 6.8); null where gateways have a fixed one.</summary>
    public Address? LinkLocalAddress { get; init; }

    /// <summary>The sequence number of the last update: at a gateway that was sent, at an anchor that was accepted (RFC 5213, 5.5).</summary>
    public ushort SequenceNumber { get; init; }

    /// <summary>True when payload packets travel in UDP: the gateway forces it, or there is a NAT in the path (RFC 5844, 4.1.3.1).</summary>
    public bool UsesUdpEncapsulation { get; init; }

    /// <summary>Whether payload packets travel in GRE (RFC 5845).</summary>
    public GreEncapsulation Gre { get; init; }

    /// <summary>The GRE key of packets from the mobile node, which the anchor gave; null for none.</summary>
    public uint? UplinkKey { get; init; }

    /// <summary>The GRE key of packets to the mobile node, which the gateway gave; null for none.</summary>
    public uint? DownlinkKey { get; init; }

    /// <summary>The tunnel that carries its traffic; null while none of it is forwarded.</summary>
    public Tunnel? Tunnel { get; init; }

    /// <summary>The handoff indicator of the last accepted update.</summary>
    public required HandoffIndicator HandoffIndicator { get; init; }
}
