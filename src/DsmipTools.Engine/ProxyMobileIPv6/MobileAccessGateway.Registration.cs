using DsmipTools.Engine.Diagnostics;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <content>Proxy Binding Updates and their acknowledgements (RFC 5213, 6.9.1).</content>
public sealed partial class MobileAccessGateway
{
    /// <summary>A Proxy Binding Acknowledgement (RFC 5213, 6.9.1.2).</summary>
    private DropReason Receive(BindingAcknowledgementView acknowledgement, Instant now)
    {
        var answer = new ProxyAnswer(acknowledgement);
        var status = acknowledgement.Status;
        if (FindWaiting(answer, acknowledgement) is not { } attachment)
        {
            return DropReason.NoMatchingRequest;
        }

        if (!IsEcho(answer, attachment))
        {
            Silence(attachment, status, now);
            return DropReason.Mismatch;
        }

        if ((byte)status < 128 && attachment.State != AttachmentState.Deregistering && (!Grants(answer, attachment) || acknowledgement.Lifetime == 0))
        {
            return DropReason.Mismatch;
        }

        Counters.Count(MessageKind.ProxyBindingAcknowledgement, Direction.Received, (byte)status);
        if ((byte)status >= 128)
        {
            Refused(attachment, acknowledgement, answer.Timestamp, now);
        }
        else if (attachment.State == AttachmentState.Deregistering)
        {
            Complete(attachment, AttachmentResult.Accepted, status, now);
            attachment.Move(AttachmentEvent.Accepted);
            Remove(attachment, EventKind.BindingRemoved, status, now);
        }
        else
        {
            Accepted(attachment, acknowledgement, answer, now);
        }

        return DropReason.None;
    }

    /// <summary>
    /// The attachment whose outstanding update has the sequence number of an answer. Numbers that are kept for each session may be the same for two
    /// interfaces: then the one that the answer echoes.
    /// </summary>
    private Attachment? FindWaiting(ProxyAnswer answer, BindingAcknowledgementView acknowledgement)
    {
        Attachment? found = null;
        for (var attachment = attachments.Find(answer.Identifier); attachment is not null; attachment = attachment.NextOfNode)
        {
            if (attachment.IsWaiting && IsAnswered(attachment, acknowledgement) && (found is null || IsEcho(answer, attachment)))
            {
                found = attachment;
            }
        }

        return found;
    }

    /// <summary>True for the number of the update; or, where that was out of the window, for one that it should have exceeded (RFC 6275, 11.7.3).</summary>
    private bool IsAnswered(Attachment attachment, BindingAcknowledgementView acknowledgement) =>
        IsOutOfWindow(acknowledgement.Status)
            ? (short)(acknowledgement.SequenceNumber - attachment.SequenceNumber) >= 0
            : attachment.SequenceNumber == acknowledgement.SequenceNumber;

    private bool IsOutOfWindow(BindingStatus status) => status == BindingStatus.SequenceNumberOutOfWindow && !options.TimestampBasedApproachInUse;

    private static bool IsEcho(ProxyAnswer answer, Attachment attachment) =>
        !((answer.Indicator is { } indicator && indicator != attachment.HandoffIndicator)
            || (answer.Technology is { } technology && technology != attachment.AccessTechnologyType)
            || (answer.NamesInterface && !answer.LinkLayerIdentifier.SequenceEqual(attachment.LinkLayerIdentifier.Span)));

    /// <summary>True when an answer gives something that the update asked for.</summary>
    private static bool Grants(ProxyAnswer answer, Attachment attachment) =>
        attachment.WantsPrefixes ? answer.Prefixes.Count > 0 : answer.IPv4HomeAddress is not null;

    private void Accepted(Attachment attachment, BindingAcknowledgementView acknowledgement, ProxyAnswer answer, Instant now)
    {
        var isNew = attachment.State == AttachmentState.Registering;
        CountHandoff(attachment, HandoffOutcome.Accepted);
        var before = ReachabilityOf(attachment);
        attachment.Move(AttachmentEvent.Accepted);
        attachment.Prefixes = answer.Prefixes;
        // RFC 5844, 3.2.3.2: without an acceptance of its own there is no IPv4 service; nor with one that crossed a revocation of the address.
        var hasIPv4 = attachment.IPv4HomeAddress is not null && answer.IPv4HomeAddress is not null;
        attachment.IPv4HomeAddress = hasIPv4 ? answer.IPv4HomeAddress : null;
        attachment.IPv4PrefixLength = hasIPv4 ? answer.IPv4PrefixLength : (byte)0;
        attachment.IPv4DefaultRouter = hasIPv4 ? answer.IPv4DefaultRouter : null;
        attachment.IsDhcpServer = hasIPv4 && answer.IsDhcpServer;
        attachment.UsesUdpEncapsulation = answer.ForcesUdpEncapsulation;
        TakeGre(attachment, answer, acknowledgement.Status, now);
        TakeLinkLocal(attachment, answer.LinkLocalAddress);
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

        Outbox.Guard = Reach(attachment, before, now);
        AdvertiseRegistration(attachment, now);
        Heartbeats.Watch(envelope.Reversed, now);
        Complete(attachment, AttachmentResult.Accepted, acknowledgement.Status, now);
        Report(attachment, isNew ? EventKind.BindingCreated : EventKind.BindingUpdated, acknowledgement.Status, now);
        Outbox.Guard = 0;
    }

    private void CountHandoff(Attachment attachment, HandoffOutcome outcome)
    {
        if (attachment.State == AttachmentState.Registering && attachment.HandoffIndicator != HandoffIndicator.NewInterface)
        {
            Counters.Count(attachment.HandoffIndicator, outcome);
        }
    }

    private void Refused(Attachment attachment, BindingAcknowledgementView acknowledgement, ulong? anchorTime, Instant now)
    {
        var status = acknowledgement.Status;
        if (IsOutOfWindow(status) && attachment.Transmissions <= options.Retransmission.MaximumRetries)
        {
            // RFC 6275, 11.7.3: another gateway sent the last update, and its number is known now.
            attachment.SequenceNumber = acknowledgement.SequenceNumber;
            Transmit(attachment, now);
            return;
        }

        // RFC 5213, 6.9.1.2 (8): the gateway registers again to reassert the mobile node's presence. The retransmission timer does it: a
        // copy of an update that was accepted is answered like this too, and the acceptance may still be on its way.
        if (status == BindingStatus.TimestampLowerThanPreviousAccepted
            || (status == BindingStatus.TimestampMismatch && WasLate(attachment, anchorTime, now)))
        {
            attachment.LastStatus = status;
            return;
        }

        if (status == BindingStatus.GreKeyOptionRequired && AsksForGre(attachment, now))
        {
            return;
        }

        if (AsksForOthers(attachment, status))
        {
            Transmit(attachment, now);
            return;
        }

        CountHandoff(attachment, HandoffOutcome.Refused);
        Complete(attachment, AttachmentResult.Refused, status, now);
        attachment.Move(AttachmentEvent.Refused);
        Remove(attachment, EventKind.BindingRefused, status, now);
    }

    /// <summary>What was refused is not asked for again, but the anchor may assign something else (RFC 5213, 6.9.1.2 (10); RFC 5844, 3.2.3.2).</summary>
    private static bool AsksForOthers(Attachment attachment, BindingStatus status)
    {
        if (!attachment.AcceptsOthers || attachment.State != AttachmentState.Registering)
        {
            return false;
        }

        if (status == BindingStatus.NotAuthorizedForHomeNetworkPrefix && attachment.Prefixes.Count > 0)
        {
            attachment.Prefixes = default;
            return true;
        }

        if (status == BindingStatus.NotAuthorizedForIPv4HomeAddress && attachment.AssignedIPv4HomeAddress is not null)
        {
            (attachment.IPv4HomeAddress, attachment.IPv4PrefixLength) = (Address.AnyIPv4, 0);
            return true;
        }

        return false;
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
        attachment.Move(AttachmentEvent.NotEchoed);
        if (attachment.State == AttachmentState.Silent)
        {
            attachment.Deadline = attachment.ExpiresAt;
            timers.Schedule(attachment);
            return;
        }

        Remove(attachment, EventKind.BindingRefused, status, now);
    }

    /// <summary>Sends a Proxy Binding Update (RFC 5213, 6.9.1.5); a retransmission has a new timestamp and sequence number (6.9.4).</summary>
    private void Transmit(Attachment attachment, Instant now)
    {
        if (!rate.TryTake(attachment.Identifier, now.Elapsed, out var earliest))
        {
            attachment.Deadline = attachment.State == AttachmentState.Renewing && attachment.ExpiresAt < earliest ? attachment.ExpiresAt : earliest;
            timers.Schedule(attachment);
            return;
        }

        var first = attachment.Transmissions++ == 0;
        attachment.SequenceNumber = options.TimestampBasedApproachInUse ? ++lastSequenceNumber : (ushort)(attachment.SequenceNumber + 1);
        attachment.SentAt = now.Elapsed;
        attachment.Timestamp = NextTimestamp(attachment.Timestamp, TimestampOption.FromTime(now.WallClock));
        attachment.Deadline = now.Elapsed + options.Retransmission.DelayAfter(attachment.Transmissions);
        if (attachment.State == AttachmentState.Renewing && attachment.ExpiresAt < attachment.Deadline)
        {
            attachment.Deadline = attachment.ExpiresAt;
        }

        timers.Schedule(attachment);
        var layout = BindingUpdate.Fields.Layout;
        var writer = new MobilityMessageWriter(Outbox.Reserve(LongestMessage), MobilityHeaderType.BindingUpdate, layout.Length);
        BindingUpdate.Fields.SequenceNumber.Write(writer.Octets, attachment.SequenceNumber);
        BindingUpdate.Fields.Acknowledge.Write(writer.Octets, true);
        BindingUpdate.Fields.HomeRegistration.Write(writer.Octets, true);
        BindingUpdate.Fields.ProxyRegistration.Write(writer.Octets, true);
        BindingUpdate.Fields.ForcingUdpEncapsulation.Write(writer.Octets, options.ForcesUdpEncapsulation);
        BindingUpdate.Fields.Lifetime.Write(
            writer.Octets, attachment.State == AttachmentState.Deregistering ? 0u : ProxyLifetime.ToUnits(options.Lifetime));
        writer.AppendMobileNodeIdentifier(attachment.Identifier.Octets);
        if (attachment.WantsPrefixes)
        {
            writer.AppendHomeNetworkPrefix(attachment.Prefixes.First);
        }

        for (var at = 1; at < attachment.Prefixes.Count; at++)
        {
            writer.AppendHomeNetworkPrefix(attachment.Prefixes[at]);
        }

        writer.AppendHandoffIndicator(attachment.HandoffIndicator);
        writer.AppendAccessTechnologyType(attachment.AccessTechnologyType);
        if (options.TimestampBasedApproachInUse)
        {
            writer.AppendTimestamp(attachment.Timestamp);
        }

        if (attachment.IPv4HomeAddress is { } address)
        {
            var option = writer.Append(IPv4HomeAddressRequestOption.Fields.Form);
            IPv4HomeAddressRequestOption.Fields.PrefixLength.Write(option, attachment.IPv4PrefixLength);
            IPv4HomeAddressRequestOption.Fields.IPv4HomeAddress.Write(option, address);
        }

        if (attachment.WantedGre != GreEncapsulation.None && attachment.State != AttachmentState.Deregistering)
        {
            writer.AppendGreKey(attachment.WantedGre == GreEncapsulation.WithKeys ? attachment.OfferedKey : null);
        }

        if (options.ProxyCareOfAddress is { } careOfAddress)
        {
            AlternateCareOfAddressOption.Fields.AlternateCareOfAddress.Write(writer.Append(AlternateCareOfAddressOption.Fields.Form), careOfAddress);
        }
        else if (options.DetectsNat)
        {
            IPv4CareOfAddressOption.Fields.IPv4CareOfAddress.Write(writer.Append(IPv4CareOfAddressOption.Fields.Form), options.Address);
        }

        if (attachment.LinkLayerIdentifier.Length > 0)
        {
            writer.AppendLinkLayerIdentifier(attachment.LinkLayerIdentifier.Span);
        }

        if (options.AccessLink.IsRouterAddressGiven)
        {
            writer.AppendLinkLocalAddress(attachment.LinkLocalAddress);
        }

        Outbox.Send(envelope, writer.Finish());
        Counters.Count(MessageKind.ProxyBindingUpdate, first ? Direction.Sent : Direction.Retransmitted);
    }

    /// <summary>
    /// The time of day. Two updates for a mobile node in one tick of the clock still have to rise (RFC 5213, 5.5 (6)); after a clock that
    /// was set back, the time of day counts again.
    /// </summary>
    private static ulong NextTimestamp(ulong last, ulong clock) => clock > last || last - clock > OneSecond ? clock : last + 1;
}
