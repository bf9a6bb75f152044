using System.Text;
using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Engine.Revocation;
using DsmipTools.Engine.Security;
using DsmipTools.Engine.Timing;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>A local mobility anchor (RFC 5213, 5) that revokes bindings (RFC 5846, 8).</summary>
public sealed partial class LocalMobilityAnchor : ProxyMobileIPv6Agent, IRevocationOwner, IRevocationTarget
{
    private LocalMobilityAnchorOptions options;
    private readonly ProxyBindingCache cache = new();
    private readonly PrefixPool pool;
    private readonly Dictionary<NetworkAccessIdentifier, Prefix> fixedPrefixes = new(NetworkAccessIdentifier.Comparer.Instance);
    private readonly HashSet<Prefix> reserved;
    private readonly IPv4HomeAddresses ipv4;
    private readonly TimerQueue<ProxyBinding> timers = new();
    private readonly AcceptedTimestamps timestamps;
    private readonly RevocationInitiator initiator;
    private readonly RevocationResponder responder;
    private readonly Func<Prefix, bool> isInUse;

    /// <summary>Makes an anchor.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public LocalMobilityAnchor(LocalMobilityAnchorOptions options, IRandomSource random)
        : base(Checked(options).Name, new Endpoint(options.Address, options.Address.IsIPv4 ? options.Port : (ushort)0), ProtectionOf(options), options.Heartbeat, random)
    {
        this.options = options;
        pool = new PrefixPool(options.PrefixPool, options.PrefixLength);
        timestamps = new AcceptedTimestamps(options.TimestampValidityWindow);
        initiator = new RevocationInitiator(this, options.Revocation.ToPolicy());
        responder = new RevocationResponder(this);
        routes = new TrafficRoutes<PendingUpdate>(Name, Outbox, TunnelEnd.Home);
        foreach (var (identifier, prefix) in options.FixedPrefixes)
        {
            fixedPrefixes.Add(NetworkAccessIdentifier.Parse(identifier), prefix);
        }

        reserved = [.. fixedPrefixes.Values];
        ipv4 = new IPv4HomeAddresses(options, cache);
        isInUse = prefix => reserved.Contains(prefix) || cache.Find(prefix) is not null;
    }

    /// <inheritdoc/>
    public override AgentKind Kind => AgentKind.LocalMobilityAnchor;

    /// <inheritdoc/>
    public override TimeSpan? NextDeadline => Earliest(Earliest(timers.NextDeadline, initiator.NextDeadline), Earliest(heldTimers.NextDeadline, Heartbeats.NextDeadline));

    /// <inheritdoc/>
    public override int BindingCount => cache.Count;

    IRandomSource IRevocationOwner.Random => Random;

    internal ProxyBindingCache Cache => cache;

    internal PrefixPool Pool => pool;

    internal RevocationInitiator Initiator => initiator;

    /// <summary>What is held beside the bindings, and would leak if it were not given up.</summary>
    internal int HeldBesideBindings => timers.Count + timestamps.Count + initiator.Outstanding + held.Count + heldTimers.Count + Heartbeats.Count + uplinkKeys.Count + linkLocals.Count;

    /// <inheritdoc/>
    public override void Expire(Instant now)
    {
        timestamps.Forget(now);
        initiator.Expire(now);
        Heartbeats.Expire(now);
        while (heldTimers.TryTake(now.Elapsed, out var update))
        {
            Resume(update.Binding, hasLeft: false, now);
        }

        for (var ended = 0; ended < MostEndedAtOnce && timers.TryTake(now.Elapsed, out var binding); ended++)
        {
            initiator.Release(binding, now);
            var isDeregistered = binding.IsDeregistered;
            binding.Move(isDeregistered ? ProxyBindingEvent.DelayOver : ProxyBindingEvent.LifetimeOver);
            Remove(binding, isDeregistered ? EventKind.BindingRemoved : EventKind.BindingExpired, now);
        }
    }

    /// <summary>All bindings as they stand, in order of their prefixes.</summary>
    public IEnumerable<ProxyBindingSnapshot> Bindings(Instant now) => cache.Enumerate().Select(binding => Snapshot(binding, now));

    /// <inheritdoc/>
    public override BindingScan Scan(BindingFilter filter) =>
        new BindingScan<ProxyBinding>(cache.Select(filter), binding => binding.Group is not null, Snapshot);

    /// <summary>The bindings of one mobile node.</summary>
    public IEnumerable<ProxyBindingSnapshot> Bindings(string identifier, Instant now) => OfNode(identifier).Select(binding => Snapshot(binding, now));

    /// <summary>The binding under whose prefix an address lies.</summary>
    public ProxyBindingSnapshot? Find(Address address, Instant now) => cache.Find(address) is { } binding ? Snapshot(binding, now) : null;

    private protected override DropReason Dispatch(MobilityHeaderView header, in Envelope envelope, Instant now, out WireError error)
    {
        if (BindingUpdateView.TryParse(header, out var update, out error))
        {
            return update.ProxyRegistration ? Receive(update, envelope, now) : DropReason.UnexpectedMessage;
        }

        if (header.Type == MobilityHeaderType.BindingUpdate)
        {
            return DropReason.Malformed;
        }

        if (IsHeartbeat(header))
        {
            return ReceiveHeartbeat(header, envelope, now, out error);
        }

        if (BindingRevocationIndicationView.TryParse(header, out var indication, out _))
        {
            error = default;
            responder.Receive(indication, envelope, now);
            return DropReason.None;
        }

        if (BindingRevocationAcknowledgementView.TryParse(header, out var acknowledgement, out error))
        {
            return Receive(acknowledgement, initiator, envelope, now);
        }

        return header.Type == MobilityHeaderType.BindingRevocation ? DropReason.Malformed : DropReason.UnexpectedMessage;
    }

    private static LocalMobilityAnchorOptions Checked(LocalMobilityAnchorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return options;
    }

    private static IMessageProtection ProtectionOf(LocalMobilityAnchorOptions options) =>
        options.Protection ?? (options.Peers is { } peers ? PeersByAddress.Of(peers) : PeersByAddress.LoopbackHost);

    private IEnumerable<ProxyBinding> OfNode(string identifier)
    {
        for (var binding = cache.Find(Encoding.UTF8.GetBytes(identifier)); binding is not null; binding = binding.NextOfNode)
        {
            yield return binding;
        }
    }

    private void Remove(ProxyBinding binding, EventKind cause, Instant now)
    {
        if (binding.State != ProxyBindingState.Absent)
        {
            binding.Move(ProxyBindingEvent.Revoked);
        }

        var kind = cause is EventKind.BindingExpired or EventKind.BindingCleared ? cause : EventKind.BindingRemoved;
        Report(binding, kind, cause == kind ? null : cause.ToString(), now);
        Unreach(binding, now);
        timestamps.Keep(binding.Identifier, binding.Timestamp, now);
        Discard(binding);
        Resume(binding, hasLeft: false, now);
    }

    private void Discard(ProxyBinding binding)
    {
        binding.Deadline = TimeSpan.MaxValue;
        timers.Cancel(binding);
        cache.Remove(binding);
        Release(binding.Prefixes);
        ipv4.Release(binding.IPv4HomeAddress);
        ReleaseGre(binding);
        linkLocals.Remove(binding);
    }

    private void Release(SessionPrefixes prefixes)
    {
        for (var at = 0; at < prefixes.Count; at++)
        {
            pool.Release(prefixes[at]);
        }
    }

    private void Report(ProxyBinding binding, EventKind kind, string? detail, Instant now) => Report(new AgentEvent
    {
        At = now,
        Kind = kind,
        Peer = binding.Peer.Address,
        Identifier = binding.Identifier,
        Prefix = binding.Prefixes.Count == 0 ? (Prefix?)null : binding.Prefixes.First,
        Detail = detail,
    });

    private ProxyBindingSnapshot Snapshot(ProxyBinding binding, Instant now) => new()
    {
        Agent = Name,
        AgentKind = Kind,
        Identifier = binding.Identifier.ToString(),
        CareOfAddress = binding.Peer.Address,
        Peer = binding.Peer.Envelope.Source.Address,
        UsesUdpEncapsulation = binding.UsesUdpEncapsulation,
        Gre = binding.Gre,
        UplinkKey = binding.UplinkKey,
        DownlinkKey = binding.DownlinkKey,
        Prefixes = binding.Prefixes.ToList(),
        IPv4HomeAddress = binding.IPv4HomeAddress,
        IPv4DefaultRouter = binding.IPv4HomeAddress is null ? null : options.IPv4HomeNetwork?.Router,
        LinkLayerIdentifier = Octets.Create(binding.LinkLayerIdentifier),
        LinkLocalAddress = LinkLocalOf(binding),
        SequenceNumber = binding.SequenceNumber,
        LifetimeGranted = ProxyLifetime.FromUnits(binding.Lifetime),
        LifetimeRemaining = binding.Deadline == TimeSpan.MaxValue ? Timeout.InfiniteTimeSpan : ProxyLifetime.Until(binding.Deadline, now),
        State = binding.State switch
        {
            ProxyBindingState.Deregistered => BindingState.Deregistered,
            ProxyBindingState.RevocationInProgress => BindingState.RevocationInProgress,
            _ => BindingState.Active,
        },
        Envelope = binding.Peer.Envelope,
        AccessTechnologyType = binding.AccessTechnologyType,
        HandoffIndicator = binding.HandoffIndicator,
        Tunnel = binding.Forwarded == TrafficParts.None ? null : routes.Find(EndsOf(binding)),
    };
}
