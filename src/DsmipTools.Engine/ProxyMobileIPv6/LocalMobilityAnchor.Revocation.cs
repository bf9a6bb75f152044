using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Revocation;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <content>Revocation in both roles (RFC 5846, 8).</content>
public sealed partial class LocalMobilityAnchor
{
    /// <summary>What a revocation would do, peer by peer.</summary>
    public IReadOnlyList<RevocationPreview> Preview(RevocationRequest request) =>
        [.. RevocationTarget.Select(cache, request, options.IPv4HomeNetwork).Select(target => new RevocationPreview(Name, target.Peer.Address, target.Bindings.Count))];

    /// <summary>
    /// Revokes bindings: one indication per peer (RFC 5846, 8.1), or one per mobile node. The command completes with a
    /// <see cref="RevocationOutcome"/> for each, and then with <see cref="RevocationFinished"/>.
    /// </summary>
    /// <exception cref="ArgumentException">The request is a gateway's, or its retransmission out of the limits of RFC 5846, 11.</exception>
    /// <exception cref="InvalidOperationException">More indications would be outstanding than there are sequence numbers.</exception>
    public long Revoke(RevocationRequest request, Instant now)
    {
        ArgumentNullException.ThrowIfNull(request);
        var retransmission = request.Retransmission?.ToPolicy();
        var targets = RevocationTarget.Select(cache, request, options.IPv4HomeNetwork);
        if (targets.Count > initiator.FreeSequenceNumbers)
        {
            throw new InvalidOperationException(
                $"{targets.Count} indications are needed, but only {initiator.FreeSequenceNumbers} sequence numbers are free (RFC 5846, 5.1).");
        }

        var command = new RevocationCommand { Number = NextCommand(), Request = request };
        // The command must not end before all of its indications have begun.
        command.Outstanding++;
        foreach (var target in targets)
        {
            var transaction = initiator.Begin(command, target.Peer.Envelope.Reversed, target.Bindings, target.Indication.Write, now, retransmission);
            StopForwarding(request, target.Bindings, now);
            if (request.Trigger.IsGlobal())
            {
                foreach (var binding in target.Bindings)
                {
                    binding.Group!.Revocation = transaction;
                }
            }
        }

        command.Outstanding--;
        initiator.CompleteIfDone(command);
        return command.Number;
    }

    bool IRevocationOwner.Settle(
        IRevocable binding, RevocationTransaction transaction, RevocationResult result, EventKind cause, Instant now)
    {
        if (transaction.Command.IsOwn)
        {
            Learn((ProxyBinding)binding, hasLeft: result is RevocationResult.Acknowledged or RevocationResult.AlreadyGone, now);
            return false;
        }

        if (result == RevocationResult.Rejected)
        {
            ReachAgain((ProxyBinding)binding, now);
            if (transaction.Command.Request.IPv4Only)
            {
                AskAgain((ProxyBinding)binding, now);
            }
            else
            {
                Resume((ProxyBinding)binding, hasLeft: false, now);
            }

            return false;
        }

        if (transaction.Command.Request.IPv4Only)
        {
            RemoveIPv4((ProxyBinding)binding, cause, now);
            AskAgain((ProxyBinding)binding, now);
        }
        else
        {
            Remove((ProxyBinding)binding, cause, now);
        }

        return true;
    }

    /// <summary>A gateway's indication (RFC 5846, 8.2). Every binding here is a proxy binding, so that P has to be set.</summary>
    RevocationReply IRevocationTarget.Revoke(BindingRevocationIndicationView indication, in Envelope envelope, Instant now)
    {
        var names = new RevocationNames(indication.Options);
        if (indication.Trigger == RevocationTrigger.PerPeerPolicy)
        {
            return RevokeGateway(indication, names, envelope, now);
        }

        // A realm is a local mobility anchor's to revoke (8.1).
        if (indication.Global || !indication.ProxyBinding)
        {
            return RevocationStatus.RevocationFunctionNotSupported;
        }

        return indication.IPv4HomeAddressBindingOnly ? RevokeIPv4(names, envelope, now) : RevokeNode(names, envelope, now);
    }

    void IRevocationOwner.Conclude(RevocationTransaction transaction, RevocationStatus? status, Instant now)
    {
    }

    /// <summary>
    /// RFC 5846, 8.2: all bindings of a gateway, which the configuration authorises by its identity and its addresses: with the Alternate
    /// Care-of Address option nobody gets at the bindings of another gateway (13).
    /// </summary>
    private RevocationReply RevokeGateway(BindingRevocationIndicationView indication, RevocationNames names, in Envelope envelope, Instant now)
    {
        var careOfAddress = names.CareOfAddress ?? envelope.Source.Address;
        if (!IsAuthorized(names, envelope.Source.Address, careOfAddress))
        {
            return RevocationStatus.GlobalRevocationNotAuthorized;
        }

        if (!indication.ProxyBinding || indication.IPv4HomeAddressBindingOnly)
        {
            return RevocationStatus.RevocationFunctionNotSupported;
        }

        ForgetHeldFrom(envelope.Source, names.CareOfAddress);
        var bindings = new List<ProxyBinding>();
        // Behind a NAT the source is none of the proxy care-of addresses; what came in this very envelope is the gateway's own.
        foreach (var group in names.CareOfAddress is null ? cache.FindPeer(careOfAddress).Union(cache.FindGroups(envelope)) : cache.FindPeer(careOfAddress))
        {
            group.CopyTo(bindings);
        }

        foreach (var binding in bindings)
        {
            initiator.Release(binding, now);
            Remove(binding, EventKind.RevocationReceived, now);
        }

        return new RevocationReply(RevocationStatus.Success, bindings.Count);
    }

    private bool IsAuthorized(RevocationNames names, Address source, Address careOfAddress)
    {
        if (!names.IsIdentified)
        {
            return false;
        }

        foreach (var gateway in options.GlobalRevocation)
        {
            if (NetworkAccessIdentifier.Parse(gateway.Identity).Matches(names.Identifier)
                && gateway.CareOfAddresses.Contains(source)
                && gateway.CareOfAddresses.Contains(careOfAddress))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>RFC 5846, 8.2: V ends the IPv4 home address alone.</summary>
    private RevocationReply RevokeIPv4(RevocationNames names, in Envelope envelope, Instant now)
    {
        if (names.IPv4HomeAddress is not { } address)
        {
            return RevocationStatus.IPv4HomeAddressOptionRequired;
        }

        if (OfNode(names, envelope).Find(binding => binding.IPv4HomeAddress == address) is not { } session)
        {
            return RevocationStatus.BindingDoesNotExist;
        }

        if (session.Prefixes.Count == 0 || session.Revocation is { Command.Request.IPv4Only: true })
        {
            initiator.Release(session, now);
        }

        RemoveIPv4(session, EventKind.RevocationReceived, now);
        return new RevocationReply(RevocationStatus.Success, 1);
    }

    private RevocationReply RevokeNode(RevocationNames names, in Envelope envelope, Instant now)
    {
        var sessions = OfNode(names, envelope);
        var missing = NamedSessions.Select(sessions, names);
        if (sessions.Count == 0)
        {
            return RevocationStatus.BindingDoesNotExist;
        }

        var reply = RevocationReply.Accepted(sessions.Count, names.Identifier, missing);
        foreach (var binding in sessions)
        {
            initiator.Release(binding, now);
            Remove(binding, EventKind.RevocationReceived, now);
        }

        return reply;
    }

    /// <summary>
    /// The sessions of a mobile node that are registered with the gateway that sends an indication: nobody revokes those of another one
    /// (RFC 5846, 13). A de-registered one is released already.
    /// </summary>
    private List<ProxyBinding> OfNode(RevocationNames names, in Envelope envelope)
    {
        var sessions = new List<ProxyBinding>();
        for (var binding = names.IsIdentified ? cache.Find(names.Identifier) : null; binding is not null; binding = binding.NextOfNode)
        {
            var isMeant = names.CareOfAddress is null || names.CareOfAddress == binding.Peer.Address;
            if (isMeant && binding.Peer.IsAt(envelope) && !binding.IsDeregistered)
            {
                sessions.Add(binding);
            }
        }

        return sessions;
    }

    /// <summary>A binding loses its IPv4 home address, and ends where it has nothing else.</summary>
    private void RemoveIPv4(ProxyBinding binding, EventKind cause, Instant now)
    {
        if (binding.Prefixes.Count == 0)
        {
            Remove(binding, cause, now);
            return;
        }

        ChangeReachable(binding, binding.Prefixes, null, now);
        Report(binding, EventKind.BindingUpdated, cause.ToString(), now);
    }
}
