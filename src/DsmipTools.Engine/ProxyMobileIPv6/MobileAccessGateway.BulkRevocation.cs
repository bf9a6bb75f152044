using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Revocation;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <content>The gateway revokes all of its bindings at once (RFC 5846, 9.2).</content>
public sealed partial class MobileAccessGateway
{
    private RevocationTransaction? bulk;
    private bool isBulkRefused;

    IRandomSource IRevocationOwner.Random => Random;

    internal RevocationInitiator Initiator => initiator;

    /// <summary>What a revocation would do.</summary>
    /// <exception cref="ArgumentException">The request is none of a gateway.</exception>
    public IReadOnlyList<RevocationPreview> Preview(RevocationRequest request)
    {
        Check(request);
        return [new RevocationPreview(Name, envelope.Destination.Address, attachments.Count)];
    }

    /// <summary>
    /// Tells the anchor to drop all bindings of this gateway: also those that it does not know any more, as after a restart. The command
    /// completes with a <see cref="RevocationOutcome"/>, and then with <see cref="RevocationFinished"/>.
    /// </summary>
    /// <exception cref="ArgumentException">The request is none of a gateway, or its retransmission out of the limits of RFC 5846, 11.</exception>
    /// <exception cref="InvalidOperationException">One is under way, or the anchor has refused one before.</exception>
    public long Revoke(RevocationRequest request, Instant now)
    {
        Check(request);
        var retransmission = request.Retransmission?.ToPolicy();
        ThrowIfRevoking();
        if (isBulkRefused)
        {
            throw new InvalidOperationException(
                $"The anchor {envelope.Destination.Address} does not authorise {Name} to revoke all of its bindings; it is not asked again "
                + "(RFC 5846, 9.2) until an administrator permits it.");
        }

        var command = new RevocationCommand { Number = NextCommand(), Request = request };
        var indication = new ProxyIndication(request.Trigger)
        {
            Identifier = System.Text.Encoding.UTF8.GetBytes(options.Identity ?? Name), CareOfAddress = request.CareOfAddress,
        };
        var all = attachments.All();
        bulk = initiator.Begin(command, envelope, all, indication.Write, now, retransmission);
        if (options.StopsForwardingAtOnce)
        {
            // RFC 5846, 9.2: the tunnels may go before the acknowledgement comes.
            all.ForEach(attachment => Unreach(attachment, now));
        }

        return command.Number;
    }

    /// <summary>The anchor's configuration has changed: after a refusal a revocation of all bindings may be tried again.</summary>
    public void PermitRevocation() => isBulkRefused = false;

    bool IRevocationOwner.Settle(
        IRevocable binding, RevocationTransaction transaction, RevocationResult result, EventKind cause, Instant now)
    {
        var attachment = (Attachment)binding;
        if (result == RevocationResult.Rejected)
        {
            Reach(attachment, ReachabilityOf(attachment), now);
            Resume(attachment, now);
            return false;
        }

        switch (attachment.State)
        {
            case AttachmentState.Registered or AttachmentState.Silent:
                Remove(attachment, cause, null, now);
                break;
            case AttachmentState.Registering or AttachmentState.Renewing:
                // An update that is on its way may reach the anchor after the indication, and bring the binding back.
                Complete(attachment, AttachmentResult.Cancelled, null, now);
                Deregister(attachment, now);
                break;
        }

        return true;
    }

    void IRevocationOwner.Conclude(RevocationTransaction transaction, RevocationStatus? status, Instant now)
    {
        bulk = null;
        if (status == RevocationStatus.GlobalRevocationNotAuthorized)
        {
            isBulkRefused = true;
            Report(new AgentEvent
            {
                At = now,
                Kind = EventKind.GlobalRevocationRefused,
                Message = MessageKind.BindingRevocationAcknowledgement,
                Code = (byte)status,
                Peer = envelope.Destination.Address,
                Detail = $"not authorised for {options.Identity ?? Name}; not tried again",
            });
        }
    }

    private void Check(RevocationRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Scope != RevocationScope.Gateway)
        {
            throw new ArgumentException($"A mobile access gateway revokes all of its bindings at once; {request} is a local mobility anchor's to revoke.");
        }

        if (request.CareOfAddress is { } careOfAddress && careOfAddress != CareOfAddress)
        {
            throw new ArgumentException($"{careOfAddress} is no proxy care-of address of {Name}.");
        }
    }

    private void ThrowIfRevoking()
    {
        if (bulk is not null)
        {
            throw new InvalidOperationException($"{Name} is revoking all of its bindings.");
        }
    }

    /// <summary>Takes up what rested while the indication was outstanding.</summary>
    private void Resume(Attachment attachment, Instant now)
    {
        if (attachment.IsResting)
        {
            attachment.IsResting = false;
            attachment.Deadline = now.Elapsed;
            timers.Schedule(attachment);
        }
    }
}
