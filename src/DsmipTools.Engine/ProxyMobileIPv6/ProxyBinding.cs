using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Revocation;
using DsmipTools.Engine.Timing;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>A binding cache entry of a local mobility anchor (RFC 5213, 5.1).</summary>
internal sealed class ProxyBinding : ITimed, IRevocable, IMember<ProxyBinding>
{
    public required NetworkAccessIdentifier Identifier { get; init; }

    public required Prefix HomeNetworkPrefix { get; init; }

    public AccessTechnologyType AccessTechnologyType { get; set; }

    public HandoffIndicator HandoffIndicator { get; set; }

    public ushort SequenceNumber { get; set; }

    /// <summary>The granted lifetime in units of 4 seconds.</summary>
    public ushort Lifetime { get; set; }

    /// <summary>The timestamp of the last accepted update; 0 when it had none (RFC 5213, 5.1).</summary>
    public ulong Timestamp { get; set; }

    public RevocationTransaction? Revocation { get; set; }

    public TimeSpan Deadline { get; set; } = TimeSpan.MaxValue;

    public TimeSpan QueuedAt { get; set; } = TimeSpan.MaxValue;

    /// <summary>The bindings of the same realm at the same peer: where this one is linked in.</summary>
    internal BindingGroup? Group { get; set; }

    ProxyBinding? IMember<ProxyBinding>.Previous { get; set; }

    ProxyBinding? IMember<ProxyBinding>.Next { get; set; }

    /// <summary>The next binding of the same mobile node.</summary>
    internal ProxyBinding? NextOfNode { get; set; }

    public MobilityPeer Peer => Group!.Peer;

    /// <summary>True from the de-registration until the binding is deleted (RFC 5213, 5.3.5).</summary>
    public bool IsDeregistered => Lifetime == 0;
}
