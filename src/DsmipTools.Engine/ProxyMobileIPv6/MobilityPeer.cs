using DsmipTools.Engine.Bindings;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>A mobile access gateway as its last accepted updates came in: bindings with one envelope share it (RFC 5846, 4).</summary>
internal sealed class MobilityPeer(Envelope envelope)
{
    /// <summary>The envelope of the updates.</summary>
    public Envelope Envelope { get; } = envelope;

    /// <summary>The proxy care-of address.</summary>
    public Address Address => Envelope.Source.Address;

    /// <summary>True once heartbeats go to it, or are known not to.</summary>
    public bool IsWatched { get; set; }

    /// <summary>The groups of this peer by realm.</summary>
    public RealmIndex<BindingGroup> Groups { get; } = new();
}
