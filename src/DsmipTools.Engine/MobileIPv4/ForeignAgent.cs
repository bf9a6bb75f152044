using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Engine.Security;
using DsmipTools.Wire;
using DsmipTools.Wire.Icmp.AgentAdvertisement;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;

namespace DsmipTools.Engine.MobileIPv4;

/// <summary>
/// A Mobile IPv4 foreign agent (RFC 5944, 3.7), which RFC 5454 leaves as it is: it advertises itself on its links, relays registrations between mobile nodes
/// and home agents, is the end of their tunnels, and takes packets of its visitors into reverse tunnels (RFC 3024).
/// </summary>
/// <remarks>
/// Where the RFCs leave a choice or contradict themselves:
/// <list type="bullet">
/// <item>The bits r and x are ignored (RFC 5944, 3.3), although 3.7.2.1 refuses non-zero reserved fields with code 70: the rule that names the bits wins,
/// as at the home agent.</item>
/// <item>A request that no authorization-enabling extension proves gets code 70: a home agent would only drop it.</item>
/// <item>A home address that is registered here through one home agent gets code 65 through another one: otherwise whoever has a home agent of his own could
/// take a visitor's packets.</item>
/// <item>Several requests for one home address may wait, each for its own reply: a forged one does not take the place of the right one.</item>
/// <item>A home address of 0.0.0.0 is relayed with a Network Access Identifier, and gets code 96 without one (RFC 5944, 3.7.1).</item>
/// <item>Minimal encapsulation is not taken (code 72). GRE is when <see cref="ForeignAgentOptions.GreEncapsulation"/> says so.</item>
/// <item>The TTL of requests for a reverse tunnel is checked on the agent's own links (RFC 3024, 4.2.1): a UDP socket does not tell it.</item>
/// <item>A reply counts when it comes from the home agent of the request; with code 136, which changes nothing here, it may come from another one.</item>
/// </list>
/// The outbox has to be emptied after every input.
/// </remarks>
public sealed partial class ForeignAgent : Agent, IDisposable
{
    private readonly ForeignAgentOptions options;
    private readonly ushort maximumLifetime;
    private readonly SecurityAssociations associations;
    private readonly AuthenticatorCache authenticators;
    private readonly VisitorList list = new();
    private readonly DenialLimit denials = new();
    private readonly AgentAdvertiser advertiser;
    private readonly TrafficRoutes<Acceptance> routes;

    /// <summary>Makes a foreign agent.</summary>
    /// <param name="options">Its configuration.</param>
    /// <param name="associations">Its security associations with mobile nodes and home agents (RFC 5944, 3.5.3 and 3.5.4); may change while it runs.</param>
    /// <param name="random">Where its random numbers come from.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message says which.</exception>
    public ForeignAgent(ForeignAgentOptions options, SecurityAssociations associations, IRandomSource random)
        : base(options?.Name!, random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(associations);
        options.Validate();
        maximumLifetime = RegistrationLifetime.ToWire(options.MaximumLifetime, nameof(options.MaximumLifetime));
        this.options = options;
        this.associations = associations;
        authenticators = new AuthenticatorCache(options.AuthenticatorCacheSize);
        advertiser = new AgentAdvertiser(options.Advertisements, LinkAddress, Outbox, Counters, random, Describe);
        routes = new TrafficRoutes<Acceptance>(Name, Outbox, TunnelEnd.Access);
    }

    /// <summary>Its configuration.</summary>
    public ForeignAgentOptions Options => options;

    /// <inheritdoc/>
    public override AgentKind Kind => AgentKind.ForeignAgent;

    /// <inheritdoc/>
    public override Endpoint LocalEndpoint => new(options.Address, options.Port);

    /// <inheritdoc/>
    public override Transport Transport => Transport.MobileIPv4Udp;

    /// <inheritdoc/>
    public override string Protection => "Mobile-Foreign and Foreign-Home Authentication as agreed (RFC 5944, 3.5)";

    /// <inheritdoc/>
    public override bool HearsErrors => true;

    /// <inheritdoc/>
    public override TimeSpan? NextDeadline => list.NextDeadline is not { } first ? advertiser.NextDeadline
        : advertiser.NextDeadline is { } next && next < first ? next : first;

    /// <summary>The number of visitors that are registered.</summary>
    public override int BindingCount => list.Count;

    /// <summary>The number of requests that wait for their home agents.</summary>
    public int PendingCount => list.PendingCount;

    /// <summary>True when there is no room for another mobile node; advertisements say so (RFC 5944, 2.1.1).</summary>
    public bool IsBusy => list.Count >= options.MaximumVisitors;

    private Address LinkAddress => options.LinkAddress ?? options.Address;

    /// <inheritdoc/>
    public override BindingScan Scan(BindingFilter filter) => new BindingScan<object>(
        list.Select(filter),
        entry => entry is Visitor visitor ? list.Holds(visitor) : list.Holds((PendingVisit)entry),
        (entry, now) => entry is Visitor visitor ? Snapshot(visitor, now) : Snapshot((PendingVisit)entry));

    /// <summary>The visitor with a home address; null for none.</summary>
    public MobileIPv4Binding? Find(Address homeAddress, Instant now) => list.Find(homeAddress) is { } visitor ? Snapshot(visitor, now) : null;

    /// <inheritdoc/>
    public override void Receive(ReadOnlySpan<byte> message, in Envelope envelope, Instant now) => Receive(message, envelope, 0, byte.MaxValue, now);

    /// <inheritdoc/>
    public override void LinkUp(uint link, Instant now) => advertiser.LinkUp(link, now);

    /// <inheritdoc/>
    public override void LinkDown(uint link, Instant now) => advertiser.LinkDown(link);

    /// <summary>A packet has come in on a link to mobile nodes: a solicitation, or a request. Others are not the agent's.</summary>
    public override void ReceiveOnLink(uint link, ReadOnlySpan<byte> packet, Instant now)
    {
        if (!advertiser.Has(link) || advertiser.TryReceive(link, packet, now)
            || !IpPacketView.TryParse(packet, out var view, out _) || !view.IsIPv4 || view.Protocol != IpProtocol.Udp
            || !PacketFrame.TryRead(packet, Transport, out var envelope, out var message, out _) || envelope.Destination.Port != options.Port
            || !(envelope.Destination.Address == LinkAddress || envelope.Destination.Address == options.Address
                || envelope.Destination.Address == DiscoveryMessages.AllMobilityAgents))
        {
            return;
        }

        Receive(message, envelope, link, view.HopLimit, now);
    }

    /// <inheritdoc/>
    public override void Expire(Instant now)
    {
        while (list.TryTakeTimedOut(now.Elapsed, out var waiting))
        {
            // A lifetime that is over before the time out is the mobile node's own doing (RFC 5944, 3.7.2.2).
            Deny(waiting.Visit, RegistrationCode.ForeignAgentRegistrationTimeout, $"{waiting.Visit.HomeAgent} did not answer", now);
        }

        for (var ended = 0; ended < MostEndedAtOnce && list.TryTakeEnded(now.Elapsed, out var visitor); ended++)
        {
            Remove(visitor, EventKind.BindingExpired, now);
        }

        advertiser.Expire(now);
    }

    /// <summary>Removes a visitor that a snapshot shows, and its tunnel; nothing is sent. The mobile node brings it back with its next request.</summary>
    /// <returns>False when there is no such visitor any more.</returns>
    public bool Clear(BindingSnapshot binding, Instant now)
    {
        if (binding is not MobileIPv4Binding { State: BindingState.Active, HomeAddress: var homeAddress } || list.Find(homeAddress) is not { } visitor)
        {
            return false;
        }

        Remove(visitor, EventKind.BindingCleared, now);
        return true;
    }

    /// <summary>Destroys the keyed authenticators.</summary>
    public void Dispose() => authenticators.Dispose();

    private void Receive(ReadOnlySpan<byte> message, in Envelope envelope, uint link, byte timeToLive, Instant now)
    {
        var type = message.IsEmpty ? 0 : (MobileIPv4MessageType)message[0];
        if (type == MobileIPv4MessageType.RegistrationRequest)
        {
            ReceiveRequest(message, envelope, link, timeToLive, now);
        }
        else if (type == MobileIPv4MessageType.RegistrationReply && link == 0)
        {
            ReceiveReply(message, envelope, now);
        }
        else
        {
            Drop(MessageKind.Unknown, message.IsEmpty ? DropReason.Malformed : DropReason.UnexpectedMessage, envelope, now);
        }
    }

    /// <summary>What advertisements say of the agent (RFC 5944, 2.1.1).</summary>
    private MobilityAgentAdvertisementExtension Describe() => new()
    {
        RegistrationLifetime = maximumLifetime,
        RegistrationRequired = options.RegistrationRequired,
        Busy = IsBusy,
        ForeignAgent = true,
        GreEncapsulation = options.GreEncapsulation,
        ReverseTunneling = options.ReverseTunneling,
        CareOfAddresses = [options.Address],
    };

    private MobileIPv4Binding Snapshot(Visitor visitor, Instant now) => Snapshot(visitor.Visit) with
    {
        LifetimeGranted = RegistrationLifetime.ToTimeSpan(visitor.Lifetime),
        LifetimeRemaining = RegistrationLifetime.Remaining(visitor.End, now.Elapsed),
        State = Bindings.BindingState.Active,
        TunnelId = routes.Find(ReachabilityOf(visitor.Visit).Ends)?.Id ?? 0,
    };

    private MobileIPv4Binding Snapshot(PendingVisit waiting) => Snapshot(waiting.Visit);

    private MobileIPv4Binding Snapshot(Visit visit) => new()
    {
        Agent = Name,
        AgentKind = AgentKind.ForeignAgent,
        Identifier = visit.Nai?.ToString(),
        CareOfAddress = visit.CareOfAddress,
        Peer = visit.Envelope.Source.Address,
        LifetimeGranted = TimeSpan.Zero,
        LifetimeRemaining = TimeSpan.Zero,
        State = Bindings.BindingState.Pending,
        Envelope = visit.Envelope,
        HomeAddress = visit.HomeAddress,
        HomeAgent = visit.HomeAgent,
        SimultaneousBindings = visit.Flags.SimultaneousBindings,
        BroadcastDatagrams = visit.Flags.BroadcastDatagrams,
        DecapsulationByMobileNode = visit.Flags.DecapsulationByMobileNode,
        MinimalEncapsulation = visit.Flags.MinimalEncapsulation,
        GreEncapsulation = visit.Flags.GreEncapsulation,
        ReverseTunneling = visit.Flags.ReverseTunneling,
        Identification = visit.Identification,
        SecurityParameterIndex = visit.Association?.SecurityParameterIndex ?? 0,
    };
}
