using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Timing;
using DsmipTools.Wire;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Engine.Revocation;

/// <summary>What the initiator needs from the agent that it works for.</summary>
internal interface IRevocationOwner
{
    string Name { get; }

    Outbox Outbox { get; }

    Counters Counters { get; }

    IRandomSource Random { get; }

    /// <summary>
    /// The revocation of a binding has come to its end, and is not in progress any more; returns true when the binding was removed with all its
    /// resources (RFC 5846, 6.2.2 and 6.3).
    /// </summary>
    bool Settle(IRevocable binding, RevocationTransaction transaction, RevocationResult result, EventKind cause, Instant now);

    /// <summary>A revocation has come to its end, and its bindings are settled.</summary>
    void Conclude(RevocationTransaction transaction, RevocationStatus? status, Instant now);
}

/// <summary>
/// The initiator's side of binding revocation (RFC 5846, 6): sequence numbers, retransmission, matching of acknowledgements. Written once
/// for every agent that revokes.
/// </summary>
internal sealed class RevocationInitiator(IRevocationOwner owner, RetransmissionPolicy policy)
{
    private readonly Dictionary<ushort, RevocationTransaction> outstanding = [];
    private readonly TimerQueue<RevocationTransaction> timers = new();
    private ushort lastSequenceNumber = (ushort)owner.Random.NextUInt64();

    /// <summary>The schedule of the indications that begin from now on, unless they bring their own.</summary>
    public RetransmissionPolicy Policy { get; set; } = policy;

    public TimeSpan? NextDeadline => timers.NextDeadline;

    public int Outstanding => outstanding.Count;

    /// <summary>The number of indications that can still be outstanding at once (conformance list, 5846-11-02).</summary>
    public int FreeSequenceNumbers => ushort.MaxValue + 1 - outstanding.Count;

    /// <summary>Sends an indication for bindings of one peer; the writer gets the sequence number and returns the message.</summary>
    public RevocationTransaction Begin(
        RevocationCommand command, in Envelope envelope, IReadOnlyList<IRevocable> bindings, Func<ushort, byte[]> write, Instant now,
        RetransmissionPolicy? own = null)
    {
        // Counted first: ending an older revocation of the same bindings must not find this command without any.
        command.Outstanding++;
        command.Peers++;
        var sequenceNumber = NextSequenceNumber();
        var transaction = new RevocationTransaction
        {
            SequenceNumber = sequenceNumber,
            Command = command,
            Envelope = envelope,
            Message = write(sequenceNumber),
            Policy = own ?? Policy,
            Bindings = bindings,
            Remaining = bindings.Count,
        };
        foreach (var binding in bindings)
        {
            Release(binding, now);
            binding.Revocation = transaction;
        }

        outstanding.Add(sequenceNumber, transaction);
        Transmit(transaction, now);
        return transaction;
    }

    /// <summary>Completes a command that has nothing outstanding.</summary>
    public void CompleteIfDone(RevocationCommand command)
    {
        if (command.Outstanding == 0 && !command.IsOwn)
        {
            owner.Outbox.Complete(command.Number, new RevocationFinished(command.Peers, command.BindingsRevoked));
        }
    }

    /// <summary>
    /// Clears the revocation in progress of a binding that changed or went. An indication that no binding points to any more is cancelled,
    /// so that a late acknowledgement cannot remove the binding as it stands now (conformance list, 5846-6.2.2-04).
    /// </summary>
    public void Release(IRevocable binding, Instant now)
    {
        if (binding.Revocation is not { } transaction)
        {
            return;
        }

        binding.Revocation = null;
        if (--transaction.Remaining == 0)
        {
            End(transaction, RevocationResult.Cancelled, null, EventKind.RevocationCancelled, now);
        }
    }

    /// <summary>Takes an indication back that has not left, because what it would tell does not happen.</summary>
    public void Cancel(RevocationTransaction transaction, Instant now)
    {
        owner.Counters.Withdraw(MessageKind.BindingRevocationIndication, Direction.Sent, (byte)transaction.Command.Request.Trigger);
        End(transaction, RevocationResult.Cancelled, null, EventKind.RevocationCancelled, now);
    }

    /// <summary>Processes an acknowledgement (RFC 5846, 6.2.2); returns why it was dropped.</summary>
    public DropReason Receive(BindingRevocationAcknowledgementView acknowledgement, in Envelope envelope, Instant now)
    {
        if (!outstanding.TryGetValue(acknowledgement.SequenceNumber, out var transaction))
        {
            return DropReason.NoMatchingRequest;
        }

        if (envelope.Source != transaction.Envelope.Destination)
        {
            return DropReason.ForeignAcknowledgement;
        }

        var status = acknowledgement.Status;
        var result = (byte)status < 128 ? RevocationResult.Acknowledged
            : status is RevocationStatus.BindingDoesNotExist or RevocationStatus.RevokedMobileNodesIdentityRequired ? RevocationResult.AlreadyGone
            : RevocationResult.Rejected;
        // RFC 5846, 6.2.2: with another status than success the options say which bindings it is about, and local policy decides. Here the
        // status does: what a partial success names was released before (8.2 and 9.1), so that nothing is left of it to keep.
        var named = status == RevocationStatus.Success ? null : new RevocationFailures(acknowledgement.Options);
        var happened = result == RevocationResult.Rejected ? EventKind.RevocationRejected : EventKind.RevocationAcknowledged;
        End(transaction, result, status, happened, now, named);
        return DropReason.None;
    }

    /// <summary>Retransmits what is due, and cleans up after the last wait (RFC 5846, 6.3).</summary>
    public void Expire(Instant now)
    {
        while (timers.TryTake(now.Elapsed, out var transaction))
        {
            if (transaction.Transmissions <= transaction.Policy.MaximumRetries)
            {
                Transmit(transaction, now);
            }
            else
            {
                End(transaction, RevocationResult.TimedOut, null, EventKind.RevocationTimedOut, now);
            }
        }
    }

    private ushort NextSequenceNumber()
    {
        if (FreeSequenceNumbers == 0)
        {
            throw new InvalidOperationException("65,536 indications are outstanding; a sequence number is never used twice at once (RFC 5846, 5.1).");
        }

        do
        {
            lastSequenceNumber++;
        }
        while (outstanding.ContainsKey(lastSequenceNumber));
        return lastSequenceNumber;
    }

    private void Transmit(RevocationTransaction transaction, Instant now)
    {
        var first = transaction.Transmissions++ == 0;
        transaction.Move(first ? RevocationEvent.Sent : RevocationEvent.WaitOver);
        var trigger = (byte)transaction.Command.Request.Trigger;
        transaction.SentAt = now.Elapsed;
        transaction.Deadline = now.Elapsed + transaction.Policy.DelayAfter(transaction.Transmissions);
        timers.Schedule(transaction);
        owner.Outbox.Send(transaction.Envelope, transaction.Message);
        owner.Counters.Count(MessageKind.BindingRevocationIndication, first ? Direction.Sent : Direction.Retransmitted, trigger);
        Report(transaction, first ? EventKind.RevocationSent : EventKind.RevocationRetransmitted, trigger, transaction.Remaining, now);
    }

    private void End(RevocationTransaction transaction, RevocationResult result, RevocationStatus? status, EventKind happened, Instant now, RevocationFailures? named = null)
    {
        var command = transaction.Command;
        outstanding.Remove(transaction.SequenceNumber);
        transaction.Move(result switch
        {
            RevocationResult.Acknowledged => RevocationEvent.Acknowledged,
            RevocationResult.AlreadyGone => RevocationEvent.AlreadyGone,
            RevocationResult.Rejected => RevocationEvent.Rejected,
            RevocationResult.TimedOut => RevocationEvent.TimedOut,
            _ => RevocationEvent.Cancelled,
        });
        transaction.Deadline = TimeSpan.MaxValue;
        timers.Cancel(transaction);
        int removed = 0, kept = 0, released = 0;
        foreach (var binding in transaction.Bindings)
        {
            if (binding.Revocation != transaction)
            {
                continue;
            }

            binding.Revocation = null;
            if (owner.Settle(binding, transaction, result, happened, now))
            {
                removed++;
                released += status == RevocationStatus.PartialSuccess && binding.IsAmong(named!) ? 1 : 0;
            }
            else
            {
                kept++;
            }
        }

        // What still knows of this revocation does not keep bindings that are gone.
        transaction.Bindings = [];
        owner.Conclude(transaction, status, now);
        Report(transaction, happened, (byte?)status, removed, now);
        command.BindingsRevoked += removed;
        command.Outstanding--;
        if (command.IsOwn)
        {
            return;
        }

        owner.Outbox.Complete(command.Number, new RevocationOutcome
        {
            Agent = owner.Name,
            Peer = transaction.Envelope.Destination.Address,
            Request = command.Request,
            Result = result,
            Status = status,
            SequenceNumber = transaction.SequenceNumber,
            BindingsRevoked = removed,
            BindingsKept = kept,
            BindingsAlreadyReleased = released,
            NamedByPeer = named?.Names ?? default,
            Attempts = transaction.Transmissions,
            RoundTripTime = status is null ? null : now.Elapsed - transaction.SentAt,
        });
        CompleteIfDone(command);
    }

    private void Report(RevocationTransaction transaction, EventKind kind, byte? code, int count, Instant now) => owner.Outbox.Report(new AgentEvent
    {
        At = now,
        Agent = owner.Name,
        Kind = kind,
        Message = MessageOf(kind),
        Code = code,
        Peer = transaction.Envelope.Destination.Address,
        Prefix = transaction.Command.Request.Prefix,
        Count = count,
        Detail = transaction.Command.Request.ToString(),
    });

    private static MessageKind MessageOf(EventKind kind) => kind is EventKind.RevocationAcknowledged or EventKind.RevocationRejected
        ? MessageKind.BindingRevocationAcknowledgement
        : MessageKind.BindingRevocationIndication;
}
