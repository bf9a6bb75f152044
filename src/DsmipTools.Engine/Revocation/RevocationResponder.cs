using DsmipTools.Engine.Diagnostics;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Engine.Revocation;

/// <summary>What the responder needs from the agent that it works for.</summary>
internal interface IRevocationTarget
{
    string Name { get; }

    Outbox Outbox { get; }

    Counters Counters { get; }

    /// <summary>Revokes what an indication identifies, by the rules of the role; the general rules of RFC 5846, 6.2.1 have passed.</summary>
    RevocationReply Revoke(BindingRevocationIndicationView indication, in Envelope envelope, Instant now);
}

/// <summary>The responder's side of binding revocation (RFC 5846, 6.1.2 and 6.2.1). Written once for every agent that can be told to revoke.</summary>
internal sealed class RevocationResponder(IRevocationTarget target)
{
    /// <summary>Answers kept for the retransmitted indications of one peer, and for how long: longer than an initiator retries by default.</summary>
    private const int RememberedAnswers = 256;

    private static readonly TimeSpan RememberFor = TimeSpan.FromSeconds(10);

    // By address: a peer that sends many, from many ports, does not have the answers to others forgotten, nor fills the memory.
    private readonly Dictionary<Address, Queue<Answer>> answers = [];
    private TimeSpan forgetAt;

    public void Receive(BindingRevocationIndicationView indication, in Envelope envelope, Instant now)
    {
        var trigger = indication.Trigger;
        target.Counters.Count(MessageKind.BindingRevocationIndication, Direction.Received, (byte)trigger);
        if (Find(indication, envelope, now) is { } known)
        {
            Acknowledge(indication, envelope, known);
            return;
        }

        var reply = !trigger.IsAssigned() ? RevocationStatus.RevocationTriggerNotSupported
            : trigger.IsGlobal() != indication.Global ? RevocationStatus.RevocationFunctionNotSupported
            : target.Revoke(indication, envelope, now);
        Remember(indication, envelope, reply, now);
        Acknowledge(indication, envelope, reply);
        target.Outbox.Report(new AgentEvent
        {
            At = now,
            Agent = target.Name,
            Kind = EventKind.RevocationReceived,
            Message = MessageKind.BindingRevocationIndication,
            Code = (byte)reply.Status,
            Peer = envelope.Source.Address,
            Count = reply.Bindings,
            Detail = trigger.ToString(),
        });
    }

    private void Acknowledge(BindingRevocationIndicationView indication, in Envelope envelope, RevocationReply reply)
    {
        var layout = BindingRevocationAcknowledgement.Fields.Layout;
        var writer = new MobilityMessageWriter(target.Outbox.Reserve(reply.Failed is null ? layout.Length + 8 : MobilityMessageWriter.MaximumLength), MobilityHeaderType.BindingRevocation, layout.Length);
        BindingRevocationAcknowledgement.Fields.RevocationType.Write(writer.Octets, (byte)BindingRevocationType.Acknowledgement);
        BindingRevocationAcknowledgement.Fields.Status.Write(writer.Octets, (byte)reply.Status);
        BindingRevocationAcknowledgement.Fields.SequenceNumber.Write(writer.Octets, indication.SequenceNumber);
        BindingRevocationAcknowledgement.Fields.ProxyBinding.Write(writer.Octets, indication.ProxyBinding);
        BindingRevocationAcknowledgement.Fields.IPv4HomeAddressBindingOnly.Write(writer.Octets, indication.IPv4HomeAddressBindingOnly);
        BindingRevocationAcknowledgement.Fields.Global.Write(writer.Octets, indication.Global);
        reply.AppendTo(ref writer);
        target.Outbox.Send(envelope.Reversed, writer.Finish());
        target.Counters.Count(MessageKind.BindingRevocationAcknowledgement, Direction.Sent, (byte)reply.Status);
    }

    /// <summary>A retransmitted indication gets the answer that got lost; its bindings are gone already.</summary>
    private RevocationReply? Find(BindingRevocationIndicationView indication, in Envelope envelope, Instant now)
    {
        Forget(now);
        if (answers.TryGetValue(envelope.Source.Address, out var known))
        {
            foreach (var answer in known)
            {
                if (answer.Peer == envelope.Source && answer.At + RememberFor >= now.Elapsed && indication.Header.Octets.SequenceEqual(answer.Indication))
                {
                    return answer.Reply;
                }
            }
        }

        return null;
    }

    private void Remember(BindingRevocationIndicationView indication, in Envelope envelope, RevocationReply reply, Instant now)
    {
        if (!answers.TryGetValue(envelope.Source.Address, out var known))
        {
            answers.Add(envelope.Source.Address, known = new Queue<Answer>());
        }

        if (known.Count == RememberedAnswers)
        {
            known.Dequeue();
        }

        known.Enqueue(new Answer(envelope.Source, indication.Header.Octets.ToArray(), reply, now.Elapsed));
    }

    /// <summary>Drops what is too old, for all peers at once and not more often than that takes.</summary>
    private void Forget(Instant now)
    {
        if (now.Elapsed < forgetAt)
        {
            return;
        }

        forgetAt = now.Elapsed + RememberFor;
        foreach (var (peer, known) in answers)
        {
            while (known.TryPeek(out var oldest) && oldest.At + RememberFor < now.Elapsed)
            {
                known.Dequeue();
            }

            if (known.Count == 0)
            {
                answers.Remove(peer);
            }
        }
    }

    private sealed record Answer(Endpoint Peer, byte[] Indication, RevocationReply Reply, TimeSpan At);
}
