using DsmipTools.Engine.Bindings;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>A mobile access gateway as its last accepted updates came in: bindings with one path share it (RFC 5846, 4).</summary>
internal sealed class MobilityPeer(GatewayPath path)
{
    /// <summary>The envelope of the updates.</summary>
    public Envelope Envelope => path.Envelope;

    /// <summary>The proxy care-of address: by it gateways are told apart.</summary>
    public Address Address => path.CareOfAddress;

    /// <summary>The proxy care-of address where an indication to this peer has to name it: it is not the address that the indication goes to (RFC 5846, 8.1).</summary>
    public Address? AlternateCareOfAddress => Address.IsIPv6 && Address != Envelope.Source.Address ? Address : (Address?)null;

    /// <summary>True once heartbeats go to it, or are known not to.</summary>
    public bool IsWatched { get; set; }

    /// <summary>The groups of this peer by realm.</summary>
    public RealmIndex<BindingGroup> Groups { get; } = new();

    /// <summary>
    /// True when a message comes from this gateway: from its proxy care-of address, or, where that is not the source of its messages, from the very
    /// place where its last update came from, because other gateways may share the address.
    /// </summary>
    public bool IsAt(in Envelope envelope) =>
        Address == Envelope.Source.Address ? envelope.Source.Address == Address : envelope.Source == Envelope.Source;
}
