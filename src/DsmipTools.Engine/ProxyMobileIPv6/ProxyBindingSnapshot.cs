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

    /// <summary>The default router for it; null when it is not known.</summary>
    public Address? IPv4DefaultRouter { get; init; }

    /// <summary>The interface of the mobile node by its Mobile Node Link-layer Identifier; empty when the updates name none.</summary>
    public Octets LinkLayerIdentifier { get; init; }

    /// <summary>The tunnel that carries its traffic; null while none of it is forwarded.</summary>
    public Tunnel? Tunnel { get; init; }

    /// <summary>The handoff indicator of the last accepted update.</summary>
    public required HandoffIndicator HandoffIndicator { get; init; }
}
