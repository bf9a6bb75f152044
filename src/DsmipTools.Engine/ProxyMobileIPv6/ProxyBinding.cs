using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Revocation;
using DsmipTools.Engine.Timing;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>A binding cache entry of a local mobility anchor: one mobility session (RFC 5213, 5.1 and 5.4).</summary>
internal sealed class ProxyBinding : ITimed, IRevocable, IMobilitySession, IMember<ProxyBinding>
{
    private byte[]? linkLayerIdentifier;

    // As a number: a million bindings have room for it.
    private uint address;
    private uint uplinkKey;
    private uint downlinkKey;

    public required NetworkAccessIdentifier Identifier { get; init; }

    /// <summary>Set by the cache alone once the binding is in it.</summary>
    public SessionPrefixes Prefixes { get; set; }

    /// <summary>The IPv4 home address (RFC 5844, 3.1.1), set by the cache alone once the binding is in it; null for none.</summary>
    public Address? IPv4HomeAddress
    {
        get => address == 0 ? (Address?)null : Address.FromIPv4(address);
        set => address = (uint)(value?.Value ?? 0);
    }

    public AccessTechnologyType AccessTechnologyType { get; set; }

    public HandoffIndicator HandoffIndicator { get; set; }

    /// <summary>True when payload packets travel in UDP (RFC 5844, 4.1.3.1).</summary>
    public bool UsesUdpEncapsulation { get; set; }

    /// <summary>The Mobile Node Link-layer Identifier; empty stands for the ALL_ZERO of RFC 5213, 5.1.</summary>
    public ReadOnlySpan<byte> LinkLayerIdentifier
    {
        get => linkLayerIdentifier;
        set
        {
            if (!value.SequenceEqual(linkLayerIdentifier))
            {
                linkLayerIdentifier = value.IsEmpty ? null : value.ToArray();
            }
        }
    }

    public GreEncapsulation Gre { get; private set; }

    /// <summary>The key of packets from the mobile node, which the anchor gave (RFC 5845, 5.1); null for none.</summary>
    public uint? UplinkKey => Gre == GreEncapsulation.WithKeys ? uplinkKey : null;

    /// <summary>The key of packets to the mobile node, which the gateway gave; null for none.</summary>
    public uint? DownlinkKey => Gre == GreEncapsulation.WithKeys ? downlinkKey : null;

    /// <summary>The parts whose traffic is forwarded now.</summary>
    public TrafficParts Forwarded { get; set; }

    /// <summary>The octets that <see cref="LinkLayerIdentifier"/> shows; never changed, only replaced.</summary>
    internal byte[]? LinkLayerOctets
    {
        get => linkLayerIdentifier;
        set => linkLayerIdentifier = value;
    }

    public ushort SequenceNumber { get; set; }

    /// <summary>The granted lifetime in units of 4 seconds.</summary>
    public ushort Lifetime { get; set; }

    /// <summary>The timestamp of the last accepted update; 0 when it had none (RFC 5213, 5.1).</summary>
    public ulong Timestamp { get; set; }

    public ProxyBindingState State { get; private set; }

    public RevocationTransaction? Revocation
    {
        get;
        set
        {
            if (value is not null)
            {
                Move(ProxyBindingEvent.RevocationSent);
            }
            else if (field is not null)
            {
                Move(ProxyBindingEvent.RevocationOver);
            }

            field = value;
        }
    }

    public TimeSpan Deadline { get; set; } = TimeSpan.MaxValue;

    public TimeSpan QueuedAt { get; set; } = TimeSpan.MaxValue;

    /// <summary>The bindings of the same realm at the same peer: where this one is linked in.</summary>
    internal BindingGroup? Group { get; set; }

    ProxyBinding? IMember<ProxyBinding>.Previous { get; set; }

    ProxyBinding? IMember<ProxyBinding>.Next { get; set; }

    /// <summary>The next binding of the same mobile node.</summary>
    internal ProxyBinding? NextOfNode { get; set; }

    bool IMobilitySession.HasPrefixes => true;

    bool IRevocable.IsAmong(RevocationFailures failures)
    {
        for (var at = 0; at < Prefixes.Count; at++)
        {
            if (failures.Include(Prefixes[at]))
            {
                return true;
            }
        }

        return failures.Include(Identifier);
    }

    /// <summary>GRE with keys.</summary>
    public void SetKeys(uint uplink, uint downlink) => (Gre, uplinkKey, downlinkKey) = (GreEncapsulation.WithKeys, uplink, downlink);

    /// <summary>GRE without keys, or none.</summary>
    public void SetGre(GreEncapsulation gre) => Gre = gre;

    public MobilityPeer Peer => Group!.Peer;

    /// <summary>True from the de-registration until the binding is deleted (RFC 5213, 5.3.5).</summary>
    public bool IsDeregistered => State == ProxyBindingState.Deregistered;

    /// <summary>Something has happened.</summary>
    /// <exception cref="InvalidOperationException">It cannot happen in this state.</exception>
    public void Move(ProxyBindingEvent on) => State = ProxyBindingStates.Transitions.Next(State, on);
}
