using System.Text;
using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Revocation;
using DsmipTools.Engine.Security;
using DsmipTools.Engine.Timing;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>A local mobility anchor (RFC 5213, 5) that revokes bindings (RFC 5846, 8). Each mobility session has one home network prefix.</summary>
public sealed class LocalMobilityAnchor : ProxyMobileIPv6Agent, IRevocationOwner, IRevocationTarget
{
    /// <summary>The octets that follow the Home Network Prefix options in the longest answer, with all padding.</summary>
    private const int RestOfAnswer = 32;

    /// <summary>More prefixes than this are not listed in an indication: the mobile node's identifier alone means all (RFC 5846, 8.1).</summary>
    private const int ListedPrefixes = 8;

    private readonly LocalMobilityAnchorOptions options;
    private readonly ProxyBindingCache cache = new();
    private readonly PrefixPool pool;
    private readonly Dictionary<NetworkAccessIdentifier, Prefix> fixedPrefixes = new(NetworkAccessIdentifier.Comparer.Instance);
    private readonly HashSet<Prefix> reserved;
    private readonly TimerQueue<ProxyBinding> timers = new();
    private readonly AcceptedTimestamps timestamps;
    private readonly RevocationInitiator initiator;
    private readonly RevocationResponder responder;
    private readonly Func<Prefix, bool> isInUse;

    /// <summary>Makes an anchor.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public LocalMobilityAnchor(LocalMobilityAnchorOptions options, IRandomSource random)
        : base(Checked(options).Name, new Endpoint(options.Address, options.Address.IsIPv4 ? options.Port : (ushort)0), ProtectionOf(options), random)
    {
        this.options = options;
        pool = new PrefixPool(options.PrefixPool, options.PrefixLength);
        timestamps = new AcceptedTimestamps(options.TimestampValidityWindow);
        initiator = new RevocationInitiator(this, options.Revocation.ToPolicy());
        responder = new RevocationResponder(this);
        foreach (var (identifier, prefix) in options.FixedPrefixes)
        {
            fixedPrefixes.Add(NetworkAccessIdentifier.Parse(identifier), prefix);
        }

        reserved = [.. fixedPrefixes.Values];
        isInUse = prefix => reserved.Contains(prefix) || cache.Find(prefix) is not null;
    }

    /// <inheritdoc/>
    public override AgentKind Kind => AgentKind.LocalMobilityAnchor;

    /// <inheritdoc/>
    public override TimeSpan? NextDeadline => (timers.NextDeadline, initiator.NextDeadline) switch
    {
        ({ } binding, { } revocation) => binding < revocation ? binding : revocation,
        (var binding, var revocation) => binding ?? revocation,
    };

    /// <inheritdoc/>
    public override int BindingCount => cache.Count;

    IRandomSource IRevocationOwner.Random => Random;

    internal ProxyBindingCache Cache => cache;

    internal PrefixPool Pool => pool;

    internal RevocationInitiator Initiator => initiator;

    /// <summary>What is held beside the bindings, and would leak if it were not given up.</summary>
    internal int HeldBesideBindings => timers.Count + timestamps.Count + initiator.Outstanding;

    /// <inheritdoc/>
    public override void Expire(Instant now)
    {
        timestamps.Forget(now);
        initiator.Expire(now);
        while (timers.TryTake(now.Elapsed, out var binding))
        {
            initiator.Release(binding, now);
            Remove(binding, binding.IsDeregistered ? EventKind.BindingRemoved : EventKind.BindingExpired, now);
        }
    }

    /// <summary>All bindings as they stand, in order of their prefixes.</summary>
    public IEnumerable<ProxyBindingSnapshot> Bindings(Instant now) => cache.Enumerate().Select(binding => Snapshot(binding, now));

    /// <summary>The bindings of one mobile node.</summary>
    public IEnumerable<ProxyBindingSnapshot> Bindings(string identifier, Instant now) => OfNode(identifier).Select(binding => Snapshot(binding, now));

    /// <summary>The binding under whose prefix an address lies.</summary>
    public ProxyBindingSnapshot? Find(Address address, Instant now) => cache.Find(address) is { } binding ? Snapshot(binding, now) : null;

    /// <summary>What a revocation would do, peer by peer.</summary>
    public IReadOnlyList<RevocationPreview> Preview(RevocationRequest request) =>
        [.. Select(request).Select(target => new RevocationPreview(Name, target.Peer.Address, target.Bindings.Count))];

    /// <summary>
    /// Revokes bindings: one indication per peer (RFC 5846, 8.1), or one per mobile node. The command completes with a
    /// <see cref="RevocationOutcome"/> for each, and then with <see cref="RevocationFinished"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">More indications would be outstanding than there are sequence numbers.</exception>
    public long Revoke(RevocationRequest request, Instant now)
    {
        ArgumentNullException.ThrowIfNull(request);
        var targets = Select(request);
        if (targets.Count > initiator.FreeSequenceNumbers)
        {
            throw new InvalidOperationException(
                $"{targets.Count} indications are needed, but only {initiator.FreeSequenceNumbers} sequence numbers are free (RFC 5846, 5.1).");
        }

        var command = new RevocationCommand { Number = NextCommand(), Request = request };
        // The command must not end before all of its indications have begun.
        command.Outstanding++;
        foreach (var (peer, bindings) in targets)
        {
            var transaction = initiator.Begin(
                command, peer.Envelope.Reversed, bindings, sequenceNumber => Indication(request, bindings, sequenceNumber), now);
            if (request.Trigger.IsGlobal())
            {
                foreach (var binding in bindings)
                {
                    binding.Group!.Revocation = transaction;
                }
            }
        }

        command.Outstanding--;
        initiator.CompleteIfDone(command);
        return command.Number;
    }

    void IRevocationOwner.Remove(IRevocable binding, EventKind cause, Instant now) => Remove((ProxyBinding)binding, cause, now);

    /// <summary>
    /// A gateway's indication (RFC 5846, 8.2). No gateway is authorised to revoke all of its bindings at once (RFC 5846, 13: off unless
    /// configured), and single sessions end by a de-registration.
    /// </summary>
    RevocationStatus IRevocationTarget.Revoke(BindingRevocationIndicationView indication, in Envelope envelope, Instant now, out int bindings)
    {
        bindings = 0;
        return indication.Trigger == RevocationTrigger.PerPeerPolicy
            ? RevocationStatus.GlobalRevocationNotAuthorized
            : RevocationStatus.RevocationFunctionNotSupported;
    }

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

        if (BindingRevocationIndicationView.TryParse(header, out var indication, out _))
        {
            error = default;
            responder.Receive(indication, envelope, now);
            return DropReason.None;
        }

        if (BindingRevocationAcknowledgementView.TryParse(header, out var acknowledgement, out error))
        {
            var reason = initiator.Receive(acknowledgement, envelope, now);
            if (reason == DropReason.None)
            {
                Counters.Count(MessageKind.BindingRevocationAcknowledgement, Direction.Received, (byte)acknowledgement.Status);
            }

            return reason;
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

    /// <summary>A Proxy Binding Update: the checks in the order of RFC 5213, 5.3.1.</summary>
    private DropReason Receive(BindingUpdateView update, in Envelope envelope, Instant now)
    {
        Counters.Count(MessageKind.ProxyBindingUpdate, Direction.Received);
        var request = new ProxyUpdate(update);
        ProxyBinding? binding = null;
        var status = request.IsIdentified ? CheckTimestamp(request, now) : BindingStatus.MissingMobileNodeIdentifierOption;
        if (status == BindingStatus.Accepted)
        {
            status = request.Missing ?? Associate(request, envelope, out binding);
        }

        if (status == BindingStatus.Accepted && binding is not null)
        {
            status = CheckSequenceNumber(request, binding);
        }

        if (status != BindingStatus.Accepted)
        {
            return Refuse(request, status, binding, envelope, now);
        }

        if (update.Lifetime == 0)
        {
            // RFC 5213, 5.3.5 and 5.4.1: a de-registration from elsewhere, or of nothing, is ignored.
            if (binding is null || binding.Peer.Address != envelope.Source.Address)
            {
                return DropReason.NoMatchingRequest;
            }

            Deregister(binding, request, envelope, now);
            return DropReason.None;
        }

        if (initiator.Outstanding > 0 && IsBeingRevoked(request, binding, envelope))
        {
            return Refuse(request, BindingStatus.AdministrativelyProhibited, binding, envelope, now);
        }

        if (binding is null)
        {
            return Create(request, envelope, now);
        }

        Update(binding, request, envelope, now);
        return DropReason.None;
    }

    /// <summary>Order of messages by timestamp (RFC 5213, 5.5).</summary>
    private BindingStatus CheckTimestamp(ProxyUpdate request, Instant now)
    {
        if (request.Timestamp is not { } timestamp)
        {
            return BindingStatus.Accepted;
        }

        var newest = timestamps.Find(request.Identifier);
        for (var binding = cache.Find(request.Identifier); binding is not null; binding = binding.NextOfNode)
        {
            newest = Math.Max(newest, binding.Timestamp);
        }

        // A delayed copy of an update is both too low and out of the window. The first is said: it does not blame the gateway's clock.
        var skew = TimestampOption.Difference(timestamp, TimestampOption.FromTime(now.WallClock));
        return timestamp <= newest ? BindingStatus.TimestampLowerThanPreviousAccepted
            : skew > options.TimestampValidityWindow || skew < -options.TimestampValidityWindow ? BindingStatus.TimestampMismatch
            : BindingStatus.Accepted;
    }

    /// <summary>Order of messages by sequence number, modulo 2^16, where there is no timestamp (RFC 5213, 5.5; RFC 6275, 9.5.1).</summary>
    private static BindingStatus CheckSequenceNumber(ProxyUpdate request, ProxyBinding binding) =>
        request.Timestamp is null && (short)(request.Update.SequenceNumber - binding.SequenceNumber) <= 0
            ? BindingStatus.SequenceNumberOutOfWindow
            : BindingStatus.Accepted;

    /// <summary>Which binding an update is about (RFC 5213, 5.4.1.1 and 5.4.1.3); null for a new mobility session.</summary>
    private BindingStatus Associate(ProxyUpdate request, in Envelope envelope, out ProxyBinding? binding)
    {
        binding = null;
        if (!request.NamesPrefix)
        {
            binding = AssociateByIdentifier(request, envelope);
            return BindingStatus.Accepted;
        }

        if (FindAny(request) is not { } found)
        {
            return BindingStatus.Accepted;
        }

        if (!found.Identifier.Matches(request.Identifier))
        {
            return BindingStatus.NotAuthorizedForHomeNetworkPrefix;
        }

        if (request.Prefixes > 1)
        {
            return BindingStatus.BindingCacheEntryPrefixSetDoNotMatch;
        }

        var sameAccess = found.AccessTechnologyType == request.Technology;
        if (request.Indicator == HandoffIndicator.BetweenInterfaces
            || (sameAccess && (request.Indicator == HandoffIndicator.BetweenGateways || found.Peer.Address == envelope.Source.Address)))
        {
            binding = found;
            return BindingStatus.Accepted;
        }

        // Otherwise a new session is meant (5.4.1.1 (6)), for which the prefix of another one is not free (5.3.2 (3)).
        return request.Update.Lifetime == 0 ? BindingStatus.Accepted : BindingStatus.NotAuthorizedForHomeNetworkPrefix;
    }

    private ProxyBinding? FindAny(ProxyUpdate request)
    {
        if (request.Prefixes == 1)
        {
            return cache.Find(request.Prefix);
        }

        foreach (var option in request.Update.Options)
        {
            if (option.Type == MobilityOptionType.HomeNetworkPrefix
                && HomeNetworkPrefixOption.TryRead(option, out var prefix)
                && cache.Find(prefix.Canonical) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private ProxyBinding? AssociateByIdentifier(ProxyUpdate request, in Envelope envelope)
    {
        var first = cache.Find(request.Identifier);
        for (var binding = first; binding is not null; binding = binding.NextOfNode)
        {
            // A repeated attachment from the same gateway over the same access is a retransmission whose answer got lost, not another
            // session; a de-registration without the prefix ends an attachment that was never answered.
            if (binding.Peer.Address == envelope.Source.Address && binding.AccessTechnologyType == request.Technology)
            {
                return binding;
            }
        }

        return first is { NextOfNode: null } && request.Indicator is HandoffIndicator.BetweenInterfaces or HandoffIndicator.BetweenGateways
            ? first
            : null;
    }

    /// <summary>
    /// True when an update crosses a revocation that goes on (RFC 5846, 8.1): of its own binding, or of all that its binding would stand
    /// among, which the gateway is just being told to drop.
    /// </summary>
    private bool IsBeingRevoked(ProxyUpdate request, ProxyBinding? binding, in Envelope envelope) =>
        (binding is { Revocation.Command.Request.Trigger: var trigger }
            && !trigger.AllowsUpdate(comesFromElsewhere: binding.Peer.Address != envelope.Source.Address))
        || cache.FindGroup(request.Identifier, envelope) is { IsBeingRevoked: true };

    private DropReason Create(ProxyUpdate request, in Envelope envelope, Instant now)
    {
        var identifier = new NetworkAccessIdentifier(request.Identifier);
        var assigned = fixedPrefixes.TryGetValue(identifier, out var own) ? own : (Prefix?)null;
        Prefix? prefix;
        if (request.AsksForPrefix)
        {
            prefix = assigned is { } free && cache.Find(free) is null ? free : pool.Take(isInUse);
        }
        else
        {
            var isOwn = request.Prefix == assigned || (pool.Owns(request.Prefix) && !reserved.Contains(request.Prefix));
            prefix = request.Prefixes == 1 && isOwn ? request.Prefix : (Prefix?)null;
        }

        if (prefix is not { } granted)
        {
            var status = request.AsksForPrefix ? BindingStatus.InsufficientResources : BindingStatus.NotAuthorizedForHomeNetworkPrefix;
            return Refuse(request, status, null, envelope, now);
        }

        var binding = new ProxyBinding { Identifier = identifier, HomeNetworkPrefix = granted };
        cache.Add(binding, envelope);
        Accept(binding, request, now);
        Answer(request, BindingStatus.Accepted, binding, envelope, now);
        Report(binding, EventKind.BindingCreated, null, now);
        return DropReason.None;
    }

    private void Update(ProxyBinding binding, ProxyUpdate request, in Envelope envelope, Instant now)
    {
        initiator.Release(binding, now);
        cache.Move(binding, envelope);
        Accept(binding, request, now);
        Answer(request, BindingStatus.Accepted, binding, envelope, now);
        Report(binding, EventKind.BindingUpdated, null, now);
    }

    private void Accept(ProxyBinding binding, ProxyUpdate request, Instant now)
    {
        binding.AccessTechnologyType = request.Technology;
        binding.HandoffIndicator = request.Indicator;
        binding.SequenceNumber = request.Update.SequenceNumber;
        // An update without the option does not make older ones acceptable again (RFC 5213, 5.5 (6)).
        binding.Timestamp = request.Timestamp ?? binding.Timestamp;
        binding.Lifetime = Math.Min(request.Update.Lifetime, ProxyLifetime.ToUnits(options.MaximumLifetime));
        binding.Deadline = binding.Lifetime == ProxyLifetime.Infinite
            ? TimeSpan.MaxValue
            : now.Elapsed + ProxyLifetime.FromUnits(binding.Lifetime);
        timers.Schedule(binding);
    }

    private void Deregister(ProxyBinding binding, ProxyUpdate request, in Envelope envelope, Instant now)
    {
        initiator.Release(binding, now);
        binding.Lifetime = 0;
        binding.SequenceNumber = request.Update.SequenceNumber;
        binding.Timestamp = request.Timestamp ?? binding.Timestamp;
        binding.Deadline = now.Elapsed + options.MinDelayBeforeBCEDelete;
        timers.Schedule(binding);
        Answer(request, BindingStatus.Accepted, binding, envelope, now);
        if (options.MinDelayBeforeBCEDelete == TimeSpan.Zero)
        {
            Expire(now);
        }
    }

    private DropReason Refuse(ProxyUpdate request, BindingStatus status, ProxyBinding? binding, in Envelope envelope, Instant now)
    {
        Answer(request, status, binding, envelope, now);
        Report(new AgentEvent
        {
            At = now,
            Kind = EventKind.BindingRefused,
            Message = MessageKind.ProxyBindingUpdate,
            Code = (byte)status,
            Peer = envelope.Source.Address,
            Identifier = request.Identifier.IsEmpty ? null : new NetworkAccessIdentifier(request.Identifier),
            Detail = status.ToString(),
        });
        return DropReason.None;
    }

    /// <summary>A Proxy Binding Acknowledgement (RFC 5213, 5.3.6).</summary>
    private void Answer(ProxyUpdate request, BindingStatus status, ProxyBinding? binding, in Envelope envelope, Instant now)
    {
        var layout = BindingAcknowledgement.Fields.Layout;
        var buffer = Outbox.Reserve(LongestMessage);
        var writer = new MobilityMessageWriter(buffer, MobilityHeaderType.BindingAcknowledgement, layout.Length);
        var accepted = status == BindingStatus.Accepted;
        BindingAcknowledgement.Fields.Status.Write(writer.Octets, (byte)status);
        BindingAcknowledgement.Fields.ProxyRegistration.Write(writer.Octets, true);
        BindingAcknowledgement.Fields.SequenceNumber.Write(
            writer.Octets, status == BindingStatus.SequenceNumberOutOfWindow ? binding!.SequenceNumber : request.Update.SequenceNumber);
        BindingAcknowledgement.Fields.Lifetime.Write(writer.Octets, accepted ? binding!.Lifetime : 0u);
        writer.AppendMobileNodeIdentifier(request.Identifier);
        if (accepted)
        {
            writer.AppendHomeNetworkPrefix(binding!.HomeNetworkPrefix);
        }
        else
        {
            request.AppendPrefixes(ref writer, LongestMessage - RestOfAnswer);
        }

        writer.AppendHandoffIndicator(request.Indicator);
        writer.AppendAccessTechnologyType(request.Technology);
        if (request.Timestamp is { } timestamp)
        {
            var own = status is BindingStatus.TimestampMismatch or BindingStatus.TimestampLowerThanPreviousAccepted;
            writer.AppendTimestamp(own ? TimestampOption.FromTime(now.WallClock) : timestamp);
        }

        Outbox.Send(envelope.Reversed, writer.Finish());
        Counters.Count(MessageKind.ProxyBindingAcknowledgement, Direction.Sent, (byte)status);
    }

    /// <summary>The bindings that a request means, by peer; those of one mobile node by mobile node and peer.</summary>
    private List<(MobilityPeer Peer, List<ProxyBinding> Bindings)> Select(RevocationRequest request)
    {
        var targets = new List<(MobilityPeer Peer, List<ProxyBinding> Bindings)>();
        if (request.Scope == RevocationScope.MobileNode)
        {
            var bindings = OfNode(request.Identifier!).Where(binding => request.Prefix is null || request.Prefix == binding.HomeNetworkPrefix);
            targets.AddRange(bindings
                .OrderBy(binding => binding.HomeNetworkPrefix)
                .GroupBy(binding => binding.Peer)
                .Select(group => (group.Key, group.ToList())));
        }
        else
        {
            var groups = request.Scope == RevocationScope.Realm
                ? cache.FindRealm(Encoding.UTF8.GetBytes(request.Identifier!))
                : cache.FindPeer(request.PeerAddress!.Value);
            foreach (var group in groups)
            {
                if (targets.Count == 0 || targets[^1].Peer != group.Peer)
                {
                    targets.Add((group.Peer, new List<ProxyBinding>(group.Count)));
                }

                group.CopyTo(targets[^1].Bindings);
            }
        }

        // A de-registered binding waits for its end only; there is nothing left to revoke.
        foreach (var (_, bindings) in targets)
        {
            bindings.RemoveAll(binding => binding.IsDeregistered);
        }

        targets.RemoveAll(target => target.Bindings.Count == 0);
        return targets;
    }

    private IEnumerable<ProxyBinding> OfNode(string identifier)
    {
        for (var binding = cache.Find(Encoding.UTF8.GetBytes(identifier)); binding is not null; binding = binding.NextOfNode)
        {
            yield return binding;
        }
    }

    /// <summary>The indication of RFC 5846, 8.1 for a request at one peer.</summary>
    private static byte[] Indication(RevocationRequest request, List<ProxyBinding> bindings, ushort sequenceNumber)
    {
        var layout = BindingRevocationIndication.Fields.Layout;
        var global = request.Trigger.IsGlobal();
        Span<byte> buffer = stackalloc byte[1024];
        var writer = new MobilityMessageWriter(buffer, MobilityHeaderType.BindingRevocation, layout.Length);
        BindingRevocationIndication.Fields.RevocationType.Write(writer.Octets, (byte)BindingRevocationType.Indication);
        BindingRevocationIndication.Fields.Trigger.Write(writer.Octets, (byte)request.Trigger);
        BindingRevocationIndication.Fields.SequenceNumber.Write(writer.Octets, sequenceNumber);
        BindingRevocationIndication.Fields.ProxyBinding.Write(writer.Octets, true);
        BindingRevocationIndication.Fields.Global.Write(writer.Octets, global);
        switch (request.Scope)
        {
            case RevocationScope.Realm:
                writer.AppendMobileNodeIdentifier(Encoding.UTF8.GetBytes("@" + request.Identifier));
                break;
            case RevocationScope.MobileNode:
                // The identifier as the update spelled it, and the prefixes that are meant (RFC 5846, 5.1 and 8.1).
                writer.AppendMobileNodeIdentifier(bindings[0].Identifier.Octets);
                for (var at = 0; at < bindings.Count && bindings.Count <= ListedPrefixes; at++)
                {
                    writer.AppendHomeNetworkPrefix(bindings[at].HomeNetworkPrefix);
                }

                break;
        }

        return buffer[..writer.Finish()].ToArray();
    }

    private void Remove(ProxyBinding binding, EventKind cause, Instant now)
    {
        Report(binding, cause is EventKind.BindingExpired ? cause : EventKind.BindingRemoved, cause.ToString(), now);
        binding.Deadline = TimeSpan.MaxValue;
        timers.Cancel(binding);
        timestamps.Keep(binding.Identifier, binding.Timestamp, now);
        cache.Remove(binding);
        pool.Release(binding.HomeNetworkPrefix);
    }

    private void Report(ProxyBinding binding, EventKind kind, string? detail, Instant now) => Report(new AgentEvent
    {
        At = now,
        Kind = kind,
        Peer = binding.Peer.Address,
        Identifier = binding.Identifier,
        Prefix = binding.HomeNetworkPrefix,
        Detail = detail,
    });

    private ProxyBindingSnapshot Snapshot(ProxyBinding binding, Instant now) => new()
    {
        Agent = Name,
        AgentKind = Kind,
        Identifier = binding.Identifier.ToString(),
        CareOfAddress = binding.Peer.Address,
        Peer = binding.Peer.Address,
        Prefixes = [binding.HomeNetworkPrefix],
        LifetimeGranted = ProxyLifetime.FromUnits(binding.Lifetime),
        LifetimeRemaining = binding.Deadline == TimeSpan.MaxValue ? Timeout.InfiniteTimeSpan : ProxyLifetime.Until(binding.Deadline, now),
        State = binding.IsDeregistered ? BindingState.Deregistered
            : binding.Revocation is not null ? BindingState.RevocationInProgress
            : BindingState.Active,
        Envelope = binding.Peer.Envelope,
        AccessTechnologyType = binding.AccessTechnologyType,
        HandoffIndicator = binding.HandoffIndicator,
    };
}
