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

/// <summary>A mobile access gateway (RFC 5213, 6) that processes revocations (RFC 5846, 9.1).</summary>
public sealed class MobileAccessGateway : ProxyMobileIPv6Agent, IRevocationTarget
{
    private readonly MobileAccessGatewayOptions options;
    private readonly Envelope envelope;
    private readonly Dictionary<NetworkAccessIdentifier, Attachment> attachments = new(NetworkAccessIdentifier.Comparer.Instance);
    private readonly Dictionary<NetworkAccessIdentifier, Attachment>.AlternateLookup<ReadOnlySpan<byte>> attachmentsByOctets;
    private readonly TimerQueue<Attachment> timers = new();
    private readonly RevocationResponder responder;
    private ushort lastSequenceNumber;
    private ulong lastTimestamp;
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
    /// <exception cref="InvalidOperationException">The mobile node is attached already.</exception>
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

        if (attachments.ContainsKey(key))
        {
            throw new InvalidOperationException($"{identifier} is attached to {Name} already.");
        }

        var attachment = new Attachment
        {
            Identifier = key,
            Order = ++lastOrder,
            HomeNetworkPrefix = prefix ?? default,
            HandoffIndicator = indicator,
            State = AttachmentState.Registering,
            Command = NextCommand(),
        };
        attachments.Add(key, attachment);
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
        attachment.Transmissions = 0;
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
                    Transmit(attachment, now);
                    break;
                case AttachmentState.Renewing when now.Elapsed < attachment.ExpiresAt:
                    Transmit(attachment, now);
                    break;
                case AttachmentState.Renewing:
                    Remove(attachment, EventKind.BindingExpired, null, now);
                    break;
                case var _ when attachment.Transmissions <= options.Retransmission.MaximumRetries:
                    Transmit(attachment, now);
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
        // Every binding here is a proxy binding (RFC 5846, 9.1), and none has an IPv4 home address.
        if (!indication.ProxyBinding)
        {
            return RevocationStatus.RevocationFunctionNotSupported;
        }

        var identified = indication.Options.TryFind(MobilityOptionType.MobileNodeIdentifier, out var option)
            & MobileNodeIdentifierOption.TryRead(option, out var identifier);
        if (indication.Trigger == RevocationTrigger.PerPeerPolicy)
        {
            return indication.Options.IsEmpty
                ? RemoveAll([.. attachments.Values], now, out bindings)
                : RevocationStatus.RevocationFunctionNotSupported;
        }

        if (indication.Global)
        {
            var impacted = identified && identifier.LastIndexOf((byte)'@') == 0 ? OfRealm(identifier[1..]) : [];
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

    /// <summary>True when an indication names no home network prefix, or the one of an attachment among others.</summary>
    private static bool NamesPrefixOf(Attachment attachment, MobilityOptionSequence options)
    {
        var named = false;
        foreach (var option in options)
        {
            if (option.Type == MobilityOptionType.HomeNetworkPrefix && HomeNetworkPrefixOption.TryRead(option, out var prefix))
            {
                if (prefix.Canonical == attachment.HomeNetworkPrefix)
                {
                    return true;
                }

                named = true;
            }
        }

        return !named;
    }

    /// <summary>A Proxy Binding Acknowledgement (RFC 5213, 6.9.1.2).</summary>
    private DropReason Receive(BindingAcknowledgementView acknowledgement, Instant now)
    {
        var answer = new ProxyAnswer(acknowledgement);
        if (!attachmentsByOctets.TryGetValue(answer.Identifier, out var attachment) || attachment.State == AttachmentState.Registered)
        {
            return DropReason.NoMatchingRequest;
        }

        if (acknowledgement.SequenceNumber != attachment.SequenceNumber && acknowledgement.Status != BindingStatus.SequenceNumberOutOfWindow)
        {
            return DropReason.NoMatchingRequest;
        }

        // RFC 5213, 6.9.1.2 (6): the anchor echoes these options; an answer that does not is ignored.
        if (answer.Indicator != attachment.HandoffIndicator || answer.Technology != options.AccessTechnologyType)
        {
            return DropReason.Mismatch;
        }

        var status = acknowledgement.Status;
        Counters.Count(MessageKind.ProxyBindingAcknowledgement, Direction.Received, (byte)status);
        if ((byte)status >= 128)
        {
            Refused(attachment, status, now);
        }
        else if (attachment.State == AttachmentState.Deregistering)
        {
            Complete(attachment, AttachmentResult.Accepted, status, now);
            Remove(attachment, EventKind.BindingRemoved, status, now);
        }
        else if (answer.Prefix is not { } prefix || acknowledgement.Lifetime == 0)
        {
            return DropReason.Mismatch;
        }
        else
        {
            Accepted(attachment, acknowledgement, prefix, now);
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

    private void Refused(Attachment attachment, BindingStatus status, Instant now)
    {
        // RFC 5213, 6.9.1.2 (8): the gateway registers again to reassert the mobile node's presence, with a newer timestamp.
        if (status == BindingStatus.TimestampLowerThanPreviousAccepted && attachment.Transmissions <= options.Retransmission.MaximumRetries)
        {
            Transmit(attachment, now);
            return;
        }

        Complete(attachment, AttachmentResult.Refused, status, now);
        Remove(attachment, EventKind.BindingRefused, status, now);
    }

    /// <summary>Sends a Proxy Binding Update (RFC 5213, 6.9.1.5); a retransmission has a new timestamp and sequence number (6.9.4).</summary>
    private void Transmit(Attachment attachment, Instant now)
    {
        var first = attachment.Transmissions++ == 0;
        attachment.SequenceNumber = ++lastSequenceNumber;
        attachment.SentAt = now.Elapsed;
        // Two updates in one tick of the clock still have to rise (RFC 5213, 5.5 (6)).
        attachment.Timestamp = lastTimestamp = Math.Max(TimestampOption.FromTime(now.WallClock), lastTimestamp + 1);
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

    private List<Attachment> OfRealm(ReadOnlySpan<byte> realm)
    {
        var found = new List<Attachment>();
        foreach (var attachment in attachments.Values)
        {
            if (!attachment.Identifier.Realm.IsEmpty && NetworkAccessIdentifier.RealmEquals(attachment.Identifier.Realm, realm))
            {
                found.Add(attachment);
            }
        }

        return found;
    }

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
        attachment.Deadline = TimeSpan.MaxValue;
        timers.Cancel(attachment);
        attachments.Remove(attachment.Identifier);
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
        LifetimeRemaining = attachment.ExpiresAt == TimeSpan.MaxValue ? Timeout.InfiniteTimeSpan : attachment.ExpiresAt - now.Elapsed,
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
