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

/// <summary>
/// A mobile access gateway (RFC 5213, 6) that processes revocations (RFC 5846, 9.1). Each interface of a mobile node is attached once.
/// </summary>
/// <remarks>
/// RFC 5213, 6.9.1.4 has a gateway forget a detached mobile node one second after the de-registration, answered or not. This one repeats the
/// update like any other, so that one lost packet does not leave a binding at the anchor; the mobile node may attach again at any time.
/// </remarks>
public sealed partial class MobileAccessGateway : ProxyMobileIPv6Agent, IRevocationOwner, IRevocationTarget
{
    /// <summary>One second in timestamps (RFC 5213, 8.8).</summary>
    private const ulong OneSecond = 65536;

    private MobileAccessGatewayOptions options;
    private readonly Envelope envelope;
    private readonly AttachmentTable attachments = new();
    private readonly TimerQueue<Attachment> timers = new();
    private readonly UpdateRate rate = new();
    private readonly RevocationInitiator initiator;
    private readonly RevocationResponder responder;
    private ushort lastSequenceNumber;
    private ulong newestRemoved;
    private long lastOrder;

    /// <summary>Makes a gateway.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public MobileAccessGateway(MobileAccessGatewayOptions options, IRandomSource random)
        : base(
            Checked(options).Name,
            new Endpoint(options.Address, options.Address.IsIPv4 ? options.Port : (ushort)0),
            options.Protection ?? PeersByAddress.Of([options.LocalMobilityAnchor]),
            options.Heartbeat,
            random)
    {
        this.options = options;
        var anchor = new Endpoint(options.LocalMobilityAnchor, options.Address.IsIPv4 ? options.LocalMobilityAnchorPort : (ushort)0);
        envelope = new Envelope(Transport, LocalEndpoint, anchor);
        initiator = new RevocationInitiator(this, options.Revocation.ToPolicy());
        responder = new RevocationResponder(this);
        routes = new TrafficRoutes<PendingAttachment>(Name, Outbox, TunnelEnd.Access);
        lastSequenceNumber = (ushort)Random.NextUInt64();
    }

    /// <inheritdoc/>
    public override AgentKind Kind => AgentKind.MobileAccessGateway;

    /// <inheritdoc/>
    public override TimeSpan? NextDeadline =>
        Earliest(Earliest(timers.NextDeadline, initiator.NextDeadline), Earliest(linkTimers.NextDeadline, Heartbeats.NextDeadline));

    /// <inheritdoc/>
    public override int BindingCount => attachments.Count;

    /// <summary>What is held beside the attachments, and would leak if it were not given up.</summary>
    internal int HeldBesideAttachments => timers.Count + attachments.Realms + initiator.Outstanding + linkTimers.Count + Heartbeats.Count + holders.Count;

    private Address CareOfAddress => options.ProxyCareOfAddress ?? options.Address;

    /// <summary>All attachments as they stand, in the order in which they were made.</summary>
    public IEnumerable<ProxyBindingSnapshot> Bindings(Instant now) =>
        attachments.All().Select(attachment => Snapshot(attachment, now));

    /// <summary>The attachments of one mobile node, oldest first: one for each of its interfaces.</summary>
    public IEnumerable<ProxyBindingSnapshot> Bindings(string identifier, Instant now) =>
        attachments.OfNode(Encoding.UTF8.GetBytes(identifier)).Select(attachment => Snapshot(attachment, now));

    /// <inheritdoc/>
    public override BindingScan Scan(BindingFilter filter) =>
        new BindingScan<Attachment>(attachments.Select(filter), attachments.Contains, Snapshot);

    /// <summary>The attachment of one mobile node; the oldest one when it is attached with several interfaces.</summary>
    public ProxyBindingSnapshot? Find(string identifier, Instant now) =>
        attachments.Find(Encoding.UTF8.GetBytes(identifier)) is { } attachment ? Snapshot(attachment, now) : null;

    /// <summary>A mobile node has attached to the access link: registers it (RFC 5213, 6.9.1.1). Completes with an <see cref="AttachmentOutcome"/>.</summary>
    /// <param name="identifier">The Network Access Identifier, 1 to 253 octets.</param>
    /// <param name="prefix">A home network prefix to ask for; null lets the anchor assign one.</param>
    /// <param name="indicator">The kind of handoff.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="ArgumentException">The identifier is empty, too long, or only a realm; or the prefix has host bits.</exception>
    /// <exception cref="InvalidOperationException">The mobile node is attached already, and is not leaving.</exception>
    public long Attach(string identifier, Prefix? prefix, HandoffIndicator indicator, Instant now) => Attach(
        new AttachmentRequest { Identifier = identifier, Prefixes = prefix is { } wanted ? [wanted] : [], HandoffIndicator = indicator }, now);

    /// <summary>An interface of a mobile node has attached to the access link: registers it. Completes with an <see cref="AttachmentOutcome"/>.</summary>
    /// <exception cref="ArgumentException">A value of the request is none.</exception>
    /// <exception cref="InvalidOperationException">The interface is attached already, and is not leaving.</exception>
    public long Attach(AttachmentRequest request, Instant now)
    {
        ArgumentNullException.ThrowIfNull(request);
        var key = request.Validate();
        ThrowIfRevoking();
        var technology = request.AccessTechnologyType ?? options.AccessTechnologyType;
        var present = attachments.Find(key.Octets, request.LinkLayerIdentifier, technology);
        if (request.AccessLink != 0 && links.TryGetValue(request.AccessLink, out var link) && link.Attachment is { } other && other != present)
        {
            throw new InvalidOperationException($"The access link {request.AccessLink} of {Name} is that of {other.Identifier}: it is a point-to-point link.");
        }

        if (present is not null)
        {
            if (!AttachmentStates.Transitions.Allows(present.State, AttachmentEvent.Attached))
            {
                throw new InvalidOperationException($"{request.Identifier} is attached to {Name} already.");
            }

            // It came back before its de-registration was answered; the newer update settles what the anchor keeps.
            Complete(present, AttachmentResult.Cancelled, null, now);
            present.Move(AttachmentEvent.Attached);
            Forget(present, now);
        }

        var attachment = new Attachment
        {
            Identifier = key,
            Order = ++lastOrder,
            LinkLayerIdentifier = request.LinkLayerIdentifier,
            AccessTechnologyType = technology,
            Prefixes = new SessionPrefixes(request.Prefixes.Span),
            WantsPrefixes = request.IPv6,
            WantedGre = isGreUnsupported ? GreEncapsulation.None : options.Gre,
            IPv4HomeAddress = request.IPv4HomeAddress,
            IPv4PrefixLength = request.IPv4PrefixLength,
            HandoffIndicator = request.HandoffIndicator,
            AcceptsOthers = request.AcceptsOthers,
            AccessLink = request.AccessLink,
            Command = NextCommand(),
            Timestamp = newestRemoved,
            SequenceNumber = request.SequenceNumber ?? lastSequenceNumber,
        };
        // Updates for one mobile node rise in time whichever interface they are about (RFC 5213, 5.5).
        for (var sibling = attachments.Find(key.Octets); sibling is not null; sibling = sibling.NextOfNode)
        {
            attachment.Timestamp = Math.Max(attachment.Timestamp, sibling.Timestamp);
        }

        attachment.Move(AttachmentEvent.Attached);
        attachments.Add(attachment);
        Counters.Observe(attachments.Count);
        LinkUp(attachment, now);
        Transmit(attachment, now);
        return attachment.Command;
    }

    /// <summary>A mobile node has left the access link: de-registers it (RFC 5213, 6.9.1.4). Completes with an <see cref="AttachmentOutcome"/>.</summary>
    /// <exception cref="InvalidOperationException">The mobile node is not attached, or with several interfaces.</exception>
    public long Detach(string identifier, Instant now)
    {
        var attached = attachments.OfNode(Encoding.UTF8.GetBytes(identifier));
        return attached.Count > 1
            ? throw new InvalidOperationException($"{identifier} is attached to {Name} with {attached.Count} interfaces: say which one has left.")
            : Detach(identifier, attached.FirstOrDefault(), now);
    }

    /// <inheritdoc cref="Detach(string, Octets, AccessTechnologyType?, Instant)"/>
    public long Detach(string identifier, Octets linkLayerIdentifier, Instant now) => Detach(identifier, linkLayerIdentifier, null, now);

    /// <summary>An interface of a mobile node has left the access link: de-registers it. Completes with an <see cref="AttachmentOutcome"/>.</summary>
    /// <param name="identifier">The Network Access Identifier.</param>
    /// <param name="linkLayerIdentifier">The link-layer identifier of the interface; empty for the one that has none.</param>
    /// <param name="technology">Its access technology, where the link-layer identifier does not tell two apart; null for any.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="InvalidOperationException">The interface is not attached.</exception>
    public long Detach(string identifier, Octets linkLayerIdentifier, AccessTechnologyType? technology, Instant now) => Detach(
        identifier,
        attachments.OfNode(Encoding.UTF8.GetBytes(identifier)).Find(attachment => attachment.LinkLayerIdentifier == AttachmentRequest.Known(linkLayerIdentifier)
            && (technology is null || attachment.AccessTechnologyType == technology)),
        now);

    /// <inheritdoc/>
    public override void Expire(Instant now)
    {
        initiator.Expire(now);
        ExpireLinks(now);
        Heartbeats.Expire(now);
        for (var done = 0; done < MostEndedAtOnce && timers.TryTake(now.Elapsed, out var attachment); done++)
        {
            switch (attachment.State)
            {
                case not AttachmentState.Deregistering when attachment.Revocation is not null:
                    attachment.IsResting = true;
                    attachment.Deadline = TimeSpan.MaxValue;
                    break;
                case AttachmentState.Registered:
                    Renew(attachment, now);
                    break;
                case AttachmentState.Renewing when now.Elapsed < attachment.ExpiresAt:
                    Transmit(attachment, now);
                    break;
                case AttachmentState.Renewing or AttachmentState.Silent:
                    attachment.Move(AttachmentEvent.LifetimeOver);
                    Remove(attachment, EventKind.BindingExpired, null, now);
                    break;
                case var _ when attachment.Transmissions <= options.Retransmission.MaximumRetries:
                    Transmit(attachment, now);
                    break;
                case var _ when attachment.LastStatus is { } status:
                    Complete(attachment, AttachmentResult.Refused, status, now);
                    attachment.Move(AttachmentEvent.Refused);
                    Remove(attachment, EventKind.BindingRefused, status, now);
                    break;
                default:
                    Complete(attachment, AttachmentResult.TimedOut, null, now);
                    attachment.Move(AttachmentEvent.NotAnswered);
                    Remove(attachment, EventKind.TimedOut, null, now);
                    break;
            }
        }
    }

    private protected override DropReason Dispatch(MobilityHeaderView header, in Envelope from, Instant now, out WireError error)
    {
        // RFC 5846, 13: whoever else may send messages here, these sessions are registered with one anchor alone.
        if (from.Source.Address != envelope.Destination.Address)
        {
            error = default;
            return DropReason.NotAPeer;
        }

        if (IsHeartbeat(header))
        {
            return ReceiveHeartbeat(header, from, now, out error);
        }

        if (BindingRevocationIndicationView.TryParse(header, out var indication, out error))
        {
            responder.Receive(indication, from, now);
            return DropReason.None;
        }

        if (BindingRevocationAcknowledgementView.TryParse(header, out var revoked, out var malformed))
        {
            error = default;
            return Receive(revoked, initiator, from, now);
        }

        if (BindingAcknowledgementView.TryParse(header, out var acknowledgement, out var wrong))
        {
            error = default;
            return acknowledgement.ProxyRegistration ? Receive(acknowledgement, now) : DropReason.UnexpectedMessage;
        }

        if (header.Type == MobilityHeaderType.BindingAcknowledgement)
        {
            error = wrong;
            return DropReason.Malformed;
        }

        if (header.Type == MobilityHeaderType.BindingRevocation)
        {
            // What the reader of its type says about it.
            error = header.Octets.Length > 6 && header.Octets[6] == (byte)BindingRevocationType.Acknowledgement ? malformed : error;
            return DropReason.Malformed;
        }

        return DropReason.UnexpectedMessage;
    }

    private long Detach(string identifier, Attachment? attachment, Instant now)
    {
        if (attachment is null)
        {
            throw new InvalidOperationException($"{identifier} is not attached to {Name}.");
        }

        Complete(attachment, AttachmentResult.Cancelled, null, now);
        attachment.Command = NextCommand();
        Deregister(attachment, now);
        CloseLinkOf(attachment);
        return attachment.Command;
    }

    private void Renew(Attachment attachment, Instant now)
    {
        attachment.Move(AttachmentEvent.RenewalDue);
        attachment.HandoffIndicator = HandoffIndicator.NotChanged;
        Begin(attachment, now);
    }

    private void Deregister(Attachment attachment, Instant now)
    {
        attachment.Move(AttachmentEvent.Detached);
        WithdrawRegistration(attachment);
        Unreach(attachment, now);
        attachment.HandoffIndicator = HandoffIndicator.Unknown;
        Begin(attachment, now);
    }

    /// <summary>Sends an update that says something else than the last one: no answer to that one is for it.</summary>
    private void Begin(Attachment attachment, Instant now)
    {
        attachment.Transmissions = 0;
        attachment.LastStatus = null;
        Transmit(attachment, now);
    }

    private static MobileAccessGatewayOptions Checked(MobileAccessGatewayOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return options;
    }

    private void Complete(Attachment attachment, AttachmentResult result, BindingStatus? status, Instant now)
    {
        if (attachment.Command == 0)
        {
            return;
        }

        var accepted = result == AttachmentResult.Accepted && attachment.IsRegistered;
        Outbox.Complete(attachment.Command, new AttachmentOutcome
        {
            Agent = Name,
            Identifier = attachment.Identifier.ToString(),
            Result = result,
            Status = status,
            Prefixes = accepted ? attachment.Prefixes.ToList() : [],
            IPv4HomeAddress = accepted ? attachment.AssignedIPv4HomeAddress : null,
            IPv4PrefixLength = accepted ? attachment.IPv4PrefixLength : (byte)0,
            IPv4DefaultRouter = accepted ? attachment.IPv4DefaultRouter : null,
            IsDhcpServer = accepted && attachment.IsDhcpServer,
            LifetimeGranted = accepted ? ProxyLifetime.FromUnits(attachment.Lifetime) : TimeSpan.Zero,
            RoundTripTime = status is null ? null : now.Elapsed - attachment.SentAt,
            Attempts = attachment.Transmissions,
        });
        attachment.Command = 0;
    }

    private void Remove(Attachment attachment, EventKind kind, BindingStatus? status, Instant now)
    {
        Report(attachment, kind == EventKind.RevocationReceived ? EventKind.BindingRemoved : kind, status, now);
        Forget(attachment, now);
    }

    private void Forget(Attachment attachment, Instant now)
    {
        if (attachment.State != AttachmentState.Absent)
        {
            attachment.Move(AttachmentEvent.Revoked);
        }

        initiator.Release(attachment, now);
        Unreach(attachment, now);
        attachment.Deadline = TimeSpan.MaxValue;
        timers.Cancel(attachment);
        attachments.Remove(attachment);
        ForgetOnLink(attachment);
        newestRemoved = Math.Max(newestRemoved, attachment.Timestamp);
    }

    private void Report(Attachment attachment, EventKind kind, BindingStatus? status, Instant now) => Report(new AgentEvent
    {
        At = now,
        Kind = kind,
        Message = MessageKind.ProxyBindingUpdate,
        Code = (byte?)status,
        Peer = envelope.Destination.Address,
        Identifier = attachment.Identifier,
        Prefix = attachment.Prefixes.Count > 0 ? attachment.Prefixes.First : (Prefix?)null,
        Detail = status?.ToString(),
    });

    private ProxyBindingSnapshot Snapshot(Attachment attachment, Instant now) => new()
    {
        Agent = Name,
        AgentKind = Kind,
        Identifier = attachment.Identifier.ToString(),
        CareOfAddress = CareOfAddress,
        UsesUdpEncapsulation = attachment.UsesUdpEncapsulation,
        Gre = attachment.Gre,
        UplinkKey = attachment.UplinkKey,
        DownlinkKey = attachment.DownlinkKey,
        Peer = envelope.Destination.Address,
        Prefixes = attachment.IsRegistered ? attachment.Prefixes.ToList() : [],
        IPv4HomeAddress = attachment.IsRegistered ? attachment.AssignedIPv4HomeAddress : null,
        IPv4DefaultRouter = attachment.IsRegistered ? attachment.IPv4DefaultRouter : null,
        LinkLayerIdentifier = attachment.LinkLayerIdentifier,
        LinkLocalAddress = attachment.LinkLocalAddress.IsUnspecified ? (Address?)null : attachment.LinkLocalAddress,
        SequenceNumber = attachment.SequenceNumber,
        LifetimeGranted = ProxyLifetime.FromUnits(attachment.Lifetime),
        LifetimeRemaining = attachment.Lifetime == ProxyLifetime.Infinite ? Timeout.InfiniteTimeSpan
            : attachment.Lifetime == 0 ? TimeSpan.Zero
            : ProxyLifetime.Until(attachment.ExpiresAt, now),
        State = attachment.State switch
        {
            AttachmentState.Registering => BindingState.Pending,
            AttachmentState.Deregistering => BindingState.Deregistered,
            _ => BindingState.Active,
        },
        Envelope = envelope,
        AccessTechnologyType = attachment.AccessTechnologyType,
        HandoffIndicator = attachment.HandoffIndicator,
        Tunnel = attachment.Forwarded == TrafficParts.None ? null : routes.Find(EndsOf(attachment)),
    };
}
