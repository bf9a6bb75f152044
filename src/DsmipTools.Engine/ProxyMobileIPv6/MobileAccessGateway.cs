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

/// <summary>
/// A mobile access gateway (RFC 5213, 6) that processes revocations (RFC 5846, 9.1). A mobile node is attached once, with one prefix.
/// </summary>
/// <remarks>
/// RFC 5213, 6.9.1.4 lets a gateway forget a detached mobile node one second after the de-registration, answered or not. This one repeats the
/// update like any other, so that one lost packet does not leave a binding at the anchor; the mobile node may attach again at any time.
/// </remarks>
public sealed class MobileAccessGateway : ProxyMobileIPv6Agent, IRevocationTarget
{
    /// <summary>One second in timestamps (RFC 5213, 8.8).</summary>
    private const ulong OneSecond = 65536;

    private readonly MobileAccessGatewayOptions options;
    private readonly Envelope envelope;
    private readonly Dictionary<NetworkAccessIdentifier, Attachment> attachments = new(NetworkAccessIdentifier.Comparer.Instance);
    private readonly Dictionary<NetworkAccessIdentifier, Attachment>.AlternateLookup<ReadOnlySpan<byte>> attachmentsByOctets;
    private readonly RealmIndex<Members<Attachment>> realms = new();
    private readonly TimerQueue<Attachment> timers = new();
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
            random)
    {
        this.options = options;
        var anchor = new Endpoint(options.LocalMobilityAnchor, options.Address.IsIPv4 ? options.LocalMobilityAnchorPort : (ushort)0);
        envelope = new Envelope(Transport, LocalEndpoint, anchor);
        attachmentsByOctets = attachments.GetAlternateLookup<ReadOnlySpan<byte>>();
        responder = new RevocationResponder(this);
        lastSequenceNumber = (ushort)Random.NextUInt64();
    }

    /// <inheritdoc/>
    public override AgentKind Kind => AgentKind.MobileAccessGateway;

    /// <inheritdoc/>
    public override TimeSpan? NextDeadline => timers.NextDeadline;

    /// <inheritdoc/>
    public override int BindingCount => attachments.Count;

    /// <summary>What is held beside the attachments, and would leak if it were not given up.</summary>
    internal int HeldBesideAttachments => timers.Count + realms.Count;

    /// <summary>All attachments as they stand, in the order in which they were made.</summary>
    public IEnumerable<ProxyBindingSnapshot> Bindings(Instant now) =>
        attachments.Values.OrderBy(attachment => attachment.Order).Select(attachment => Snapshot(attachment, now));

    /// <summary>The attachment of one mobile node.</summary>
    public ProxyBindingSnapshot? Find(string identifier, Instant now) =>
        attachmentsByOctets.TryGetValue(Encoding.UTF8.GetBytes(identifier), out var attachment) ? Snapshot(attachment, now) : null;

    /// <summary>A mobile node has attached to the access link: registers it (RFC 5213, 6.9.1.1). Completes with an <see cref="AttachmentOutcome"/>.</summary>
    /// <param name="identifier">The Network Access Identifier, 1 to 253 octets.</param>
    /// <param name="prefix">A home network prefix to ask for; null lets the anchor assign one.</param>
    /// <param name="indicator">The kind of handoff.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="ArgumentException">The identifier is empty, too long, or only a realm; or the prefix has host bits.</exception>
    /// <exception cref="InvalidOperationException">The mobile node is attached already, and is not leaving.</exception>
    public long Attach(string identifier, Prefix? prefix, HandoffIndicator indicator, Instant now)
    {
        var key = NetworkAccessIdentifier.Parse(identifier);
        if (identifier.StartsWith('@'))
        {
            throw new ArgumentException($"'{identifier}' names a realm, not a mobile node.", nameof(identifier));
        }

        if (prefix is { } wanted && (!wanted.IsPrefix || !wanted.IsCanonical))
        {
            throw new ArgumentException($"The prefix {wanted} has bits beyond its length.", nameof(prefix));
        }

        if (attachments.TryGetValue(key, out var present))
        {
            if (present.State != AttachmentState.Deregistering)
            {
                throw new InvalidOperationException($"{identifier} is attached to {Name} already.");
            }

            // It came back before its de-registration was answered; the newer update settles what the anchor keeps.
            Complete(present, AttachmentResult.Cancelled, null, now);
            Forget(present);
        }

        var attachment = new Attachment
        {
            Identifier = key,
            Order = ++lastOrder,
            HomeNetworkPrefix = prefix ?? default,
            HandoffIndicator = indicator,
            State = AttachmentState.Registering,
            Command = NextCommand(),
            Timestamp = newestRemoved,
        };
        attachments.Add(key, attachment);
        Join(attachment);
        Transmit(attachment, now);
        return attachment.Command;
    }

    /// <summary>A mobile node has left the access link: de-registers it (RFC 5213, 6.9.1.4). Completes with an <see cref="AttachmentOutcome"/>.</summary>
    /// <exception cref="InvalidOperationException">The mobile node is not attached.</exception>
    public long Detach(string identifier, Instant now)
    {
        if (!attachmentsByOctets.TryGetValue(Encoding.UTF8.GetBytes(identifier), out var attachment))
        {
            throw new InvalidOperationException($"{identifier} is not attached to {Name}.");
        }

        Complete(attachment, AttachmentResult.Cancelled, null, now);
        attachment.Command = NextCommand();
        attachment.State = AttachmentState.Deregistering;
        attachment.HandoffIndicator = HandoffIndicator.Unknown;
        attachment.Transmissions = 0;
        attachment.LastStatus = null;
        Transmit(attachment, now);
        return attachment.Command;
    }

    /// <inheritdoc/>
    public override void Expire(Instant now)
    {
        while (timers.TryTake(now.Elapsed, out var attachment))
        {
            switch (attachment.State)
            {
                case AttachmentState.Registered:
                    attachment.State = AttachmentState.Renewing;
                    attachment.HandoffIndicator = HandoffIndicator.NotChanged;
                    attachment.Transmissions = 0;
                    attachment.LastStatus = null;
                    Transmit(attachment, now);
                    break;
                case AttachmentState.Renewing when now.Elapsed < attachment.ExpiresAt:
                    Transmit(attachment, now);
                    break;
                case AttachmentState.Renewing or AttachmentState.Silent:
                    Remove(attachment, EventKind.BindingExpired, null, now);
                    break;
                case var _ when attachment.Transmissions <= options.Retransmission.MaximumRetries:
                    Transmit(attachment, now);
                    break;
                case var _ when attachment.LastStatus is { } status:
                    Complete(attachment, AttachmentResult.Refused, status, now);
                    Remove(attachment, EventKind.BindingRefused, status, now);
                    break;
                default:
                    Complete(attachment, AttachmentResult.TimedOut, null, now);
                    Remove(attachment, EventKind.TimedOut, null, now);
                    break;
            }
        }
    }

    RevocationStatus IRevocationTarget.Revoke(
        BindingRevocationIndicationView indication, in Envelope from, Instant now, out int bindings)
    {
        bindings = 0;
        // Every binding here is a proxy binding (RFC 5846, 9.1); none has an IPv4 home address that a global revocation could end alone.
        if (!indication.ProxyBinding || (indication.Global && indication.IPv4HomeAddressBindingOnly))
        {
            return RevocationStatus.RevocationFunctionNotSupported;
        }

        if (indication.Trigger == RevocationTrigger.PerPeerPolicy)
        {
            return indication.Options.IsEmpty
                ? RemoveAll([.. attachments.Values], now, out bindings)
                : RevocationStatus.RevocationFunctionNotSupported;
        }

        var identified = TryFindIdentifier(indication.Options, out var identifier) && NamesThisGateway(indication.Options);
        if (indication.Global)
        {
            var impacted = new List<Attachment>();
            if (identified && identifier.Length > 1 && identifier.LastIndexOf((byte)'@') == 0 && realms.TryGet(identifier[1..], out var members))
            {
                members.CopyTo(impacted);
            }

            return impacted.Count == 0 ? RevocationStatus.RevokedMobileNodesIdentityRequired : RemoveAll(impacted, now, out bindings);
        }

        if (!identified
            || indication.IPv4HomeAddressBindingOnly
            || !attachmentsByOctets.TryGetValue(identifier, out var attachment)
            || !NamesPrefixOf(attachment, indication.Options))
        {
            return RevocationStatus.BindingDoesNotExist;
        }

        // RFC 5846, 9.1: a handover is refused while the mobile node is still on this link.
        return indication.Trigger.IsHandover() && attachment.State != AttachmentState.Deregistering
            ? RevocationStatus.MobileNodeIsAttached
            : RemoveAll([attachment], now, out bindings);
    }

    private protected override DropReason Dispatch(MobilityHeaderView header, in Envelope from, Instant now, out WireError error)
    {
        // RFC 5846, 13: whoever else may send messages here, these sessions are registered with one anchor alone.
        if (from.Source.Address != envelope.Destination.Address)
        {
            error = default;
            return DropReason.NotAPeer;
        }

        if (BindingRevocationIndicationView.TryParse(header, out var indication, out error))
        {
            responder.Receive(indication, from, now);
            return DropReason.None;
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

        return header.Type == MobilityHeaderType.BindingRevocation ? DropReason.Malformed : DropReason.UnexpectedMessage;
    }

    private static MobileAccessGatewayOptions Checked(MobileAccessGatewayOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return options;
    }

    /// <summary>The first Network Access Identifier; other subtypes are not supported (RFC 5846, 5.1).</summary>
    private static bool TryFindIdentifier(MobilityOptionSequence options, out ReadOnlySpan<byte> identifier)
    {
        foreach (var option in options)
        {
            if (option.Type == MobilityOptionType.MobileNodeIdentifier && MobileNodeIdentifierOption.TryRead(option, out identifier))
            {
                return true;
            }
        }

        identifier = default;
        return false;
    }

    /// <summary>True when an indication names no home network prefix, or the one of an attachment among others. A prefix not yet known is any.</summary>
    private static bool NamesPrefixOf(Attachment attachment, MobilityOptionSequence options)
    {
        var named = false;
        foreach (var option in options)
        {
            if (option.Type == MobilityOptionType.HomeNetworkPrefix && HomeNetworkPrefixOption.TryRead(option, out var prefix))
            {
                if (prefix.Canonical == attachment.HomeNetworkPrefix || attachment.HomeNetworkPrefix.Length == 0)
                {
                    return true;
                }

                named = true;
            }
        }

        return !named;
    }

    /// <summary>True unless an Alternate Care-of Address option restricts an indication to another proxy care-of address (RFC 5846, 5.1 and 8.1).</summary>
    private bool NamesThisGateway(MobilityOptionSequence options) =>
        !options.TryFind(MobilityOptionType.AlternateCareOfAddress, out var option)
        || !AlternateCareOfAddressOption.TryRead(option, out var careOfAddress)
        || careOfAddress == this.options.Address;

    /// <summary>A Proxy Binding Acknowledgement (RFC 5213, 6.9.1.2).</summary>
    private DropReason Receive(BindingAcknowledgementView acknowledgement, Instant now)
    {
        var answer = new ProxyAnswer(acknowledgement);
        var status = acknowledgement.Status;
        if (!attachmentsByOctets.TryGetValue(answer.Identifier, out var attachment)
            || attachment.State is AttachmentState.Registered or AttachmentState.Silent
            || acknowledgement.SequenceNumber != attachment.SequenceNumber)
        {
            return DropReason.NoMatchingRequest;
        }

        if ((answer.Indicator is { } indicator && indicator != attachment.HandoffIndicator)
            || (answer.Technology is { } technology && technology != options.AccessTechnologyType))
        {
            Silence(attachment, status, now);
            return DropReason.Mismatch;
        }

        if ((byte)status < 128 && attachment.State != AttachmentState.Deregistering && (answer.Prefix is null || acknowledgement.Lifetime == 0))
        {
            return DropReason.Mismatch;
        }

        Counters.Count(MessageKind.ProxyBindingAcknowledgement, Direction.Received, (byte)status);
        if ((byte)status >= 128)
        {
            Refused(attachment, status, answer.Timestamp, now);
        }
        else if (attachment.State == AttachmentState.Deregistering)
        {
            Complete(attachment, AttachmentResult.Accepted, status, now);
            Remove(attachment, EventKind.BindingRemoved, status, now);
        }
        else
        {
            Accepted(attachment, acknowledgement, answer.Prefix!.Value, now);
        }

        return DropReason.None;
    }

    private void Accepted(Attachment attachment, BindingAcknowledgementView acknowledgement, Prefix prefix, Instant now)
    {
        var isNew = attachment.State == AttachmentState.Registering;
        attachment.State = AttachmentState.Registered;
        attachment.HomeNetworkPrefix = prefix;
        attachment.Lifetime = acknowledgement.Lifetime;
        if (acknowledgement.Lifetime == ProxyLifetime.Infinite)
        {
            attachment.ExpiresAt = attachment.Deadline = TimeSpan.MaxValue;
            timers.Cancel(attachment);
        }
        else
        {
            // The lifetime is counted from the update, so that the gateway renews before the anchor expires.
            var lifetime = ProxyLifetime.FromUnits(acknowledgement.Lifetime);
            attachment.ExpiresAt = attachment.SentAt + lifetime;
            attachment.Deadline = attachment.SentAt + (lifetime * 0.75);
            timers.Schedule(attachment);
        }

        Complete(attachment, AttachmentResult.Accepted, acknowledgement.Status, now);
        Report(attachment, isNew ? EventKind.BindingCreated : EventKind.BindingUpdated, acknowledgement.Status, now);
    }

    private void Refused(Attachment attachment, BindingStatus status, ulong? anchorTime, Instant now)
    {
        // RFC 5213, 6.9.1.2 (8): the gateway registers again to reassert the mobile node's presence. The retransmission timer does it: a
        // copy of an update that was accepted is answered like this too, and the acceptance may still be on its way.
        if (status == BindingStatus.TimestampLowerThanPreviousAccepted
            || (status == BindingStatus.TimestampMismatch && WasLate(attachment, anchorTime, now)))
        {
            attachment.LastStatus = status;
            return;
        }

        Complete(attachment, AttachmentResult.Refused, status, now);
        Remove(attachment, EventKind.BindingRefused, status, now);
    }

    /// <summary>
    /// RFC 5213, 6.9.1.2 (9): after a mismatch a gateway registers again only with its clock in step. It is in step when the anchor's time
    /// of day lies between the update and its answer: then the update took too long, as on a busy machine, and the next one may not.
    /// </summary>
    private static bool WasLate(Attachment attachment, ulong? anchorTime, Instant now) =>
        anchorTime > attachment.Timestamp && anchorTime <= TimestampOption.FromTime(now.WallClock);

    /// <summary>An answer does not echo the update: no update is sent any more (RFC 5213, 6.9.1.2 (6)). What was granted before ends by itself.</summary>
    private void Silence(Attachment attachment, BindingStatus status, Instant now)
    {
        Complete(attachment, AttachmentResult.NotEchoed, status, now);
        if (attachment.State == AttachmentState.Renewing)
        {
            attachment.State = AttachmentState.Silent;
            attachment.Deadline = attachment.ExpiresAt;
            timers.Schedule(attachment);
            return;
        }

        Remove(attachment, EventKind.BindingRefused, status, now);
    }

    /// <summary>Sends a Proxy Binding Update (RFC 5213, 6.9.1.5); a retransmission has a new timestamp and sequence number (6.9.4).</summary>
    private void Transmit(Attachment attachment, Instant now)
    {
        var first = attachment.Transmissions++ == 0;
        attachment.SequenceNumber = ++lastSequenceNumber;
        attachment.SentAt = now.Elapsed;
        attachment.Timestamp = NextTimestamp(attachment.Timestamp, TimestampOption.FromTime(now.WallClock));
        attachment.Deadline = now.Elapsed + options.Retransmission.DelayAfter(attachment.Transmissions);
        if (attachment.State == AttachmentState.Renewing && attachment.ExpiresAt < attachment.Deadline)
        {
            attachment.Deadline = attachment.ExpiresAt;
        }

        timers.Schedule(attachment);
        var layout = BindingUpdate.Fields.Layout;
        var writer = new MobilityMessageWriter(Outbox.Reserve(512), MobilityHeaderType.BindingUpdate, layout.Length);
        BindingUpdate.Fields.SequenceNumber.Write(writer.Octets, attachment.SequenceNumber);
        BindingUpdate.Fields.Acknowledge.Write(writer.Octets, true);
        BindingUpdate.Fields.HomeRegistration.Write(writer.Octets, true);
        BindingUpdate.Fields.ProxyRegistration.Write(writer.Octets, true);
        BindingUpdate.Fields.Lifetime.Write(
            writer.Octets, attachment.State == AttachmentState.Deregistering ? 0u : ProxyLifetime.ToUnits(options.Lifetime));
        writer.AppendMobileNodeIdentifier(attachment.Identifier.Octets);
        writer.AppendHomeNetworkPrefix(attachment.HomeNetworkPrefix);
        writer.AppendHandoffIndicator(attachment.HandoffIndicator);
        writer.AppendAccessTechnologyType(options.AccessTechnologyType);
        writer.AppendTimestamp(attachment.Timestamp);
        Outbox.Send(envelope, writer.Finish());
        Counters.Count(MessageKind.ProxyBindingUpdate, first ? Direction.Sent : Direction.Retransmitted);
    }

    /// <summary>
    /// The time of day. Two updates for a mobile node in one tick of the clock still have to rise (RFC 5213, 5.5 (6)); after a clock that
    /// was set back, the time of day counts again.
    /// </summary>
    private static ulong NextTimestamp(ulong last, ulong clock) => clock > last || last - clock > OneSecond ? clock : last + 1;

    private RevocationStatus RemoveAll(List<Attachment> revoked, Instant now, out int bindings)
    {
        bindings = revoked.Count;
        foreach (var attachment in revoked.OrderBy(attachment => attachment.Order))
        {
            Complete(attachment, AttachmentResult.Cancelled, null, now);
            Remove(attachment, EventKind.RevocationReceived, null, now);
        }

        return RevocationStatus.Success;
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
            Prefixes = accepted ? [attachment.HomeNetworkPrefix] : [],
            LifetimeGranted = accepted ? ProxyLifetime.FromUnits(attachment.Lifetime) : TimeSpan.Zero,
            RoundTripTime = status is null ? null : now.Elapsed - attachment.SentAt,
            Attempts = attachment.Transmissions,
        });
        attachment.Command = 0;
    }

    private void Remove(Attachment attachment, EventKind kind, BindingStatus? status, Instant now)
    {
        Report(attachment, kind == EventKind.RevocationReceived ? EventKind.BindingRemoved : kind, status, now);
        Forget(attachment);
    }

    private void Join(Attachment attachment)
    {
        var realm = attachment.Identifier.Realm;
        if (!realms.TryGet(realm, out var members))
        {
            realms.Add(RealmIndex<Members<Attachment>>.KeyOf(realm), members = new Members<Attachment>());
        }

        members.Add(attachment);
    }

    private void Forget(Attachment attachment)
    {
        attachment.Deadline = TimeSpan.MaxValue;
        timers.Cancel(attachment);
        attachments.Remove(attachment.Identifier);
        newestRemoved = Math.Max(newestRemoved, attachment.Timestamp);
        var realm = attachment.Identifier.Realm;
        if (realms.TryGet(realm, out var members))
        {
            members.Remove(attachment);
            if (members.Count == 0)
            {
                realms.Remove(RealmIndex<Members<Attachment>>.KeyOf(realm));
            }
        }
    }

    private void Report(Attachment attachment, EventKind kind, BindingStatus? status, Instant now) => Report(new AgentEvent
    {
        At = now,
        Kind = kind,
        Message = MessageKind.ProxyBindingUpdate,
        Code = (byte?)status,
        Peer = envelope.Destination.Address,
        Identifier = attachment.Identifier,
        Prefix = attachment.HomeNetworkPrefix.Length == 0 ? (Prefix?)null : attachment.HomeNetworkPrefix,
        Detail = status?.ToString(),
    });

    private ProxyBindingSnapshot Snapshot(Attachment attachment, Instant now) => new()
    {
        Agent = Name,
        AgentKind = Kind,
        Identifier = attachment.Identifier.ToString(),
        CareOfAddress = options.Address,
        Peer = envelope.Destination.Address,
        Prefixes = attachment.IsRegistered ? [attachment.HomeNetworkPrefix] : [],
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
        AccessTechnologyType = options.AccessTechnologyType,
        HandoffIndicator = attachment.HandoffIndicator,
    };
}
