using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Revocation;
using DsmipTools.Engine.Timing;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>A Binding Update List entry of a mobile access gateway (RFC 5213, 6.1).</summary>
internal sealed class Attachment : ITimed, IRevocable, IMobilitySession, IMember<Attachment>
{
    public required NetworkAccessIdentifier Identifier { get; init; }

    public required long Order { get; init; }

    public AttachmentState State { get; private set; }

    /// <summary>The interface of the mobile node; empty when it is not known.</summary>
    public required Octets LinkLayerIdentifier { get; init; }

    public required AccessTechnologyType AccessTechnologyType { get; init; }

    /// <summary>The access link; 0 when it is not known.</summary>
    public uint AccessLink { get; init; }

    /// <summary>True to ask for anything else once what is asked for is refused.</summary>
    public bool AcceptsOthers { get; init; }

    /// <summary>The prefixes asked for or assigned; none asks the anchor to assign them.</summary>
    public SessionPrefixes Prefixes { get; set; }

    /// <summary>False for IPv4 service alone (RFC 5844, 3.2.3.1).</summary>
    public required bool WantsPrefixes { get; init; }

    /// <summary>The IPv4 home address asked for or assigned; 0.0.0.0 asks the anchor to assign one; null for none.</summary>
    public Address? IPv4HomeAddress { get; set; }

    public byte IPv4PrefixLength { get; set; }

    public Address? IPv4DefaultRouter { get; set; }

    /// <summary>True when the gateway is to be a DHCP server for the mobile node, and not a relay (RFC 5844, 3.2.3.2).</summary>
    public bool IsDhcpServer { get; set; }

    /// <summary>The gateway's address on the access link, where the anchor gives it; ALL_ZERO asks for it (RFC 5213, 6.9.1.1 (9)).</summary>
    public Address LinkLocalAddress { get; set; }

    public HandoffIndicator HandoffIndicator { get; set; }

    /// <summary>True when payload packets travel in UDP (RFC 5844, 4.2.2).</summary>
    public bool UsesUdpEncapsulation { get; set; }

    /// <summary>The GRE encapsulation that updates ask for (RFC 5845, 4.2).</summary>
    public GreEncapsulation WantedGre { get; set; }

    /// <summary>The GRE encapsulation that was granted.</summary>
    public GreEncapsulation Gre { get; set; }

    /// <summary>The key of packets from the mobile node, which the anchor gave (RFC 5845, 4.1); null for none.</summary>
    public uint? UplinkKey { get; set; }

    /// <summary>The key of packets to the mobile node, which the gateway gives: one for each attachment.</summary>
    public uint OfferedKey => unchecked((uint)Order);

    /// <summary>The key of packets to the mobile node once it is agreed on; null for none.</summary>
    public uint? DownlinkKey => Gre == GreEncapsulation.WithKeys ? OfferedKey : null;

    /// <summary>The parts whose traffic is forwarded now.</summary>
    public TrafficParts Forwarded { get; set; }

    public ushort SequenceNumber { get; set; }

    /// <summary>The timestamp of the last update; the next one is greater (RFC 5213, 5.5).</summary>
    public ulong Timestamp { get; set; }

    /// <summary>The status of a refusal that did not end the attempts; null for none.</summary>
    public BindingStatus? LastStatus { get; set; }

    /// <summary>The command that waits for the outstanding update; 0 for none.</summary>
    public long Command { get; set; }

    public int Transmissions { get; set; }

    public TimeSpan SentAt { get; set; }

    /// <summary>The granted lifetime in units of 4 seconds.</summary>
    public ushort Lifetime { get; set; }

    /// <summary>When the binding ends.</summary>
    public TimeSpan ExpiresAt { get; set; } = TimeSpan.MaxValue;

    /// <summary>When something is to be done: retransmit, renew or give up.</summary>
    public TimeSpan Deadline { get; set; } = TimeSpan.MaxValue;

    public RevocationTransaction? Revocation { get; set; }

    /// <summary>True when something was to be done while a revocation was outstanding: it waits for the end of that.</summary>
    public bool IsResting { get; set; }

    public TimeSpan QueuedAt { get; set; } = TimeSpan.MaxValue;

    Attachment? IMember<Attachment>.Previous { get; set; }

    Attachment? IMember<Attachment>.Next { get; set; }

    /// <summary>The next attachment of the same mobile node.</summary>
    internal Attachment? NextOfNode { get; set; }

    public bool HasPrefixes => Prefixes.Count > 0 || !WantsPrefixes;

    /// <summary>The IPv4 home address once it is known.</summary>
    public Address? AssignedIPv4HomeAddress => IPv4HomeAddress is { IsUnspecified: false } ? IPv4HomeAddress : null;

    bool IRevocable.IsAmong(RevocationFailures failures) => false;

    /// <summary>True while an answer of the anchor is waited for: an update was sent since something was to be said.</summary>
    public bool IsWaiting => Transmissions > 0 && AttachmentStates.Transitions.Allows(State, AttachmentEvent.Accepted);

    /// <summary>True when the anchor holds a binding as far as the gateway knows.</summary>
    public bool IsRegistered => State is AttachmentState.Registered or AttachmentState.Renewing or AttachmentState.Silent;

    /// <summary>Something has happened.</summary>
    /// <exception cref="InvalidOperationException">It cannot happen in this state.</exception>
    public void Move(AttachmentEvent on) => State = AttachmentStates.Transitions.Next(State, on);
}
