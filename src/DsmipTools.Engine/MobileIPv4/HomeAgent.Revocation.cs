using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Revocation;
using DsmipTools.Engine.Security;
using DsmipTools.Engine.Timing;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.Security;

namespace DsmipTools.Engine.MobileIPv4;

/// <content>Registration revocation (RFC 3543), as initiator and as responder.</content>
public sealed partial class HomeAgent
{
    /// <summary>RFC 3543, 3.3: no more than one message a second for a binding.</summary>
    private static readonly TimeSpan shortestInterval = TimeSpan.FromSeconds(1);

    private readonly OutstandingRevocations revocations;

    /// <summary>What a revocation would do, peer by peer; nothing is sent.</summary>
    /// <exception cref="ArgumentException">The request is none of a home agent.</exception>
    public IReadOnlyList<RevocationPreview> Preview(RevocationRequest request) =>
        [.. Select(request).GroupBy(PeerOf).OrderBy(peer => peer.Key).Select(peer => new RevocationPreview(Name, peer.Key, peer.Count()))];

    /// <summary>
    /// Revokes bindings: they end here at once, and who agreed to be told is told (RFC 3543, 4.2.2). The command has one
    /// <see cref="RevocationOutcome"/> for each binding, and then <see cref="RevocationFinished"/>.
    /// </summary>
    /// <returns>The number of the command.</returns>
    /// <exception cref="ArgumentException">The request is none of a home agent.</exception>
    public long Revoke(RevocationRequest request, Instant now)
    {
        MobileNodeEntry[] nodes = [.. Select(request).OrderBy(node => node.HomeAddress)];
        var policy = PolicyOf(request.Retransmission ?? options.Revocation);
        var command = new RevocationCommand(NextCommand(), request) { Waiting = nodes.Length };
        foreach (var node in nodes)
        {
            Revoke(node, policy, informs: !request.Trigger.IsHandover(), command, now);
        }

        if (nodes.Length == 0)
        {
            Outbox.Complete(command.Number, new RevocationFinished(0, 0));
        }

        return command.Number;
    }

    private static uint RevocationClock(Instant now) => (uint)(NtpTimestamp.From(now.WallClock) >> 32);

    private static Address PeerOf(MobileNodeEntry node) => node.Lease.Envelope.Source.Address;

    private static RetransmissionPolicy PolicyOf(RevocationVariables variables)
    {
        var policy = variables.ToPolicy();
        var first = policy.InitialDelay < shortestInterval ? shortestInterval : policy.InitialDelay;
        return policy with { InitialDelay = first, MaximumDelay = policy.MaximumDelay < first ? first : policy.MaximumDelay };
    }

    /// <summary>The bindings that a request means.</summary>
    private IEnumerable<MobileNodeEntry> Select(RevocationRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Scope switch
        {
            RevocationScope.HomeAddress => bindings.Find(request.IPv4HomeAddress!.Value) is { } node ? [node] : [],
            RevocationScope.MobileNode => bindings.FindByNai(NetworkAccessIdentifier.Parse(request.Identifier!)).Where(node =>
                (request.IPv4HomeAddress is not { } home || node.HomeAddress == home)
                && (request.Prefixes.Count == 0 || request.Prefixes.Any(node.Holds))),
            RevocationScope.Realm => bindings.Bound.Where(node => node.Grant!.Nai is { } nai
                && NetworkAccessIdentifier.RealmEquals(nai.Realm, System.Text.Encoding.UTF8.GetBytes(request.Identifier!))),
            RevocationScope.Peer => bindings.Bound.Where(node => PeerOf(node) == request.PeerAddress || node.Grant!.CareOfAddress == request.PeerAddress),
            _ => throw new ArgumentException("A home agent revokes bindings of mobile nodes, realms and peers.", nameof(request)),
        };
    }

    /// <summary>Who is told of a revocation, where that is asked for and may be (RFC 3543, 4.2.1).</summary>
    private RevocationPeer AgreeOnRevocation(
        RegistrationRequestView request, in RequestExtensions extensions, bool isRelayAuthentic, in Envelope envelope, out RevocationSupport? support)
    {
        support = null;
        if (!options.SupportsRevocation)
        {
            return RevocationPeer.None;
        }

        if (!request.DecapsulationByMobileNode)
        {
            // RFC 3543, 3.2: protected by a Foreign-Home Authentication extension.
            support = isRelayAuthentic ? extensions.AgentsRevocation : null;
            return support is null ? RevocationPeer.None : support.Value.Inform && options.InformsRevokedNodes ? RevocationPeer.InformingForeignAgent : RevocationPeer.ForeignAgent;
        }

        // Through a foreign agent a co-located mobile node is not supported (4.3.2); behind a NAT the source is another one as well.
        var isDirect = extensions.ForeignAuthentications == 0 && (envelope.Source.Address == request.CareOfAddress || extensions.NodesUdpTunnel is { IsThroughForeignAgent: false });
        support = isDirect ? extensions.NodesRevocation : null;
        return support is null ? RevocationPeer.None : RevocationPeer.MobileNode;
    }

    private void Revoke(MobileNodeEntry node, RetransmissionPolicy policy, bool informs, RevocationCommand command, Instant now)
    {
        var (grant, lease, peer) = (node.Grant!, node.Lease, PeerOf(node));
        command.Peers.Add(peer);
        command.Revoked++;
        Remove(node, EventKind.BindingRemoved, now);
        if (grant.Revocation == RevocationPeer.None)
        {
            // Nobody has agreed to be told.
            Complete(command, peer, RevocationResult.NotTold, null, now);
            return;
        }

        Tell(node.HomeAddress, grant, lease, policy, informs, command, now);
    }

    /// <summary>A mobile node has moved: the foreign agent that it left is told, and need not inform it (RFC 3543, 4.2.2.1).</summary>
    private void TellFormerAgent(MobileNodeEntry node, Grant grant, in Lease lease, Instant now)
    {
        if (lease.Envelope.Source.Address != PeerOf(node) && lease.End > now.Elapsed)
        {
            Tell(node.HomeAddress, grant, lease with { GrantedAt = now.Elapsed }, PolicyOf(options.Revocation), informs: false, null, now);
        }
    }

    private void Tell(
        Address homeAddress, Grant grant, in Lease lease, RetransmissionPolicy policy, bool informs, RevocationCommand? command, Instant now)
    {
        var destination = grant.UdpTunneling == UdpTunneling.NatDetected ? lease.Envelope.Source : lease.Envelope.Source with { Port = MobileIPv4Message.Port };
        var isToAgent = grant.Revocation != RevocationPeer.MobileNode;
        var revocation = new OutstandingRevocation(
            homeAddress,
            grant.CareOfAddress,
            new Envelope(Transport, LocalEndpoint, destination),
            isToAgent,
            // To the mobile node itself it means nothing, and SHOULD be set (3.3).
            !isToAgent || (grant.Revocation == RevocationPeer.InformingForeignAgent && informs),
            lease.SecurityParameterIndex,
            lease.End,
            policy,
            command)
        {
            Deadline = lease.GrantedAt + shortestInterval > now.Elapsed ? lease.GrantedAt + shortestInterval : now.Elapsed,
        };
        revocations.Add(revocation, now);
        if (revocation.Deadline <= now.Elapsed)
        {
            Send(revocation, now);
        }
    }

    private void ExpireRevocations(Instant now)
    {
        while (revocations.TryTakeDue(now.Elapsed, out var revocation))
        {
            if (revocation.Attempts > revocation.Policy.MaximumRetries || revocation.End <= now.Elapsed)
            {
                revocations.End(revocation, RevocationResult.TimedOut, now);
            }
            else
            {
                Send(revocation, now);
            }
        }
    }

    /// <summary>Sends a revocation, with the time of now as its identifier (RFC 3543, 3.3 and 3.5).</summary>
    private void Send(OutstandingRevocation revocation, Instant now)
    {
        if (AssociationOf(revocation) is not { } association)
        {
            revocations.End(revocation, RevocationResult.TimedOut, now);
            return;
        }

        revocation.Sent(RevocationClock(now), now.Elapsed);
        revocations.Schedule(revocation);
        SendAuthentic(
            new RegistrationRevocation
            {
                Agent = true,
                Inform = revocation.Informs,
                HomeAddress = revocation.HomeAddress,
                HomeDomainAddress = options.Address,
                ForeignDomainAddress = revocation.CareOfAddress,
                RevocationIdentifier = revocation.Identifier,
            },
            revocation.Envelope,
            association);
        var isFirst = revocation.Attempts == 1;
        Counters.Count(MessageKind.RegistrationRevocation, isFirst ? Direction.Sent : Direction.Retransmitted);
        ReportRevocation(isFirst ? EventKind.RevocationSent : EventKind.RevocationRetransmitted, revocation.HomeAddress, revocation.Peer, now);
    }

    private SecurityAssociation? AssociationOf(OutstandingRevocation revocation) => revocation.IsToAgent
        ? associations.Find(SecurityAssociationKind.ForeignHome, revocation.Peer) is { Count: > 0 } shared ? shared[0] : null
        : associations.Find(revocation.HomeAddress, revocation.SecurityParameterIndex);

    private void SendAuthentic(MobileIPv4ControlMessage message, in Envelope envelope, SecurityAssociation association)
    {
        var type = association.Kind == SecurityAssociationKind.ForeignHome ? ExtensionType.ForeignHomeAuthentication : ExtensionType.MobileHomeAuthentication;
        var authenticator = authenticators.Get(association);
        var room = Outbox.Reserve(message.GetLength() + RegistrationAuthentication.GetLength(authenticator, type));
        var length = message.Write(room);
        Outbox.Send(envelope, RegistrationAuthentication.Append(room, length, association.SecurityParameterIndex, authenticator, type));
    }

    private void ReceiveAcknowledgment(ReadOnlySpan<byte> message, in Envelope envelope, Instant now)
    {
        const MessageKind Kind = MessageKind.RegistrationRevocationAcknowledgment;
        var fields = RegistrationRevocationAcknowledgment.Fields.Layout.Length;
        if (message.Length < fields || !MobileIPv4ControlMessage.TryGetExtensions(message, out var extensions, out var error))
        {
            Drop(Kind, DropReason.Malformed, envelope, now);
            return;
        }

        var homeAddress = RegistrationRevocationAcknowledgment.Fields.HomeAddress.ReadAddress(message);
        var identifier = RegistrationRevocationAcknowledgment.Fields.RevocationIdentifier.ReadUInt32(message);
        if (revocations.Find(homeAddress, envelope.Source.Address) is not { } revocation || !revocation.Had(identifier))
        {
            Drop(Kind, DropReason.NoMatchingRequest, envelope, now);
            return;
        }

        var reason = revocation.IsToAgent
            ? CheckAuthentication(message, extensions, ExtensionType.ForeignHomeAuthentication, SecurityAssociationKind.ForeignHome, envelope.Source.Address, out _)
            : CheckAuthentication(message, extensions, ExtensionType.MobileHomeAuthentication, SecurityAssociationKind.MobileHome, homeAddress, out _);
        if (reason != DropReason.None)
        {
            Drop(Kind, reason, envelope, now);
            return;
        }

        Counters.Count(Kind, Direction.Received);
        revocations.End(revocation, RevocationResult.Acknowledged, now);
    }

    /// <summary>A foreign agent has revoked a binding (RFC 3543, 4.2.3.2).</summary>
    private void ReceiveRevocation(ReadOnlySpan<byte> message, in Envelope envelope, Instant now)
    {
        const MessageKind Kind = MessageKind.RegistrationRevocation;
        var source = envelope.Source.Address;
        if (message.Length < RegistrationRevocation.Fields.Layout.Length || !MobileIPv4ControlMessage.TryGetExtensions(message, out var extensions, out _))
        {
            Drop(Kind, DropReason.Malformed, envelope, now);
            return;
        }

        var reason = CheckAuthentication(
            message, extensions, ExtensionType.ForeignHomeAuthentication, SecurityAssociationKind.ForeignHome, source, out var association);
        var revoked = new Revoked(
            RegistrationRevocation.Fields.HomeAddress.ReadAddress(message),
            RegistrationRevocation.Fields.ForeignDomainAddress.ReadAddress(message),
            RegistrationRevocation.Fields.RevocationIdentifier.ReadUInt32(message));
        if (reason == DropReason.None)
        {
            // A reflected one is this side's own (3.5).
            reason = !options.SupportsRevocation ? DropReason.UnexpectedMessage
                : RegistrationRevocation.Fields.Agent.ReadFlag(message) || RegistrationRevocation.Fields.HomeDomainAddress.ReadAddress(message) != options.Address ? DropReason.Mismatch
                : bindings.Known(revoked.HomeAddress) is not { } known ? DropReason.NoMatchingRequest
                : IsReplayed(known, revoked, source) ? DropReason.Replayed : DropReason.None;
        }

        if (reason != DropReason.None)
        {
            Drop(Kind, reason, envelope, now);
            return;
        }

        Counters.Count(Kind, Direction.Received);
        var node = bindings.Known(revoked.HomeAddress)!;
        node.LastRevocation = (source, revoked.Identifier);
        var agreed = node.Grant is { } grant && PeerOf(node) == source && grant.CareOfAddress == revoked.CareOfAddress ? grant.Revocation : RevocationPeer.None;
        if (agreed is RevocationPeer.ForeignAgent or RevocationPeer.InformingForeignAgent)
        {
            ReportRevocation(EventKind.RevocationReceived, node.HomeAddress, source, now);
            Remove(node, EventKind.BindingRemoved, now);
        }

        // Of what is not, or not any more, there is nothing to remove: the acknowledgment may have been lost.
        SendAuthentic(
            new RegistrationRevocationAcknowledgment
            {
                Inform = RegistrationRevocation.Fields.Inform.ReadFlag(message) && agreed == RevocationPeer.InformingForeignAgent,
                HomeAddress = revoked.HomeAddress,
                RevocationIdentifier = revoked.Identifier,
            },
            envelope.Reversed,
            association!);
        Counters.Count(MessageKind.RegistrationRevocationAcknowledgment, Direction.Sent);
    }

    /// <summary>
    /// True for what was received before, or is older than the registration, by the clock of the foreign agent, which set both (RFC 3543, 3.5 and 4.2.3.2).
    /// That has whole seconds: a revocation in the second of the registration is one of it.
    /// </summary>
    private static bool IsReplayed(MobileNodeEntry node, in Revoked revoked, Address source) =>
        (node.LastRevocation is { } last && last.Agent == source && unchecked((int)(revoked.Identifier - last.Identifier)) <= 0)
        || (node.Grant is { Revocation: RevocationPeer.ForeignAgent or RevocationPeer.InformingForeignAgent } && PeerOf(node) == source
            && unchecked((int)(revoked.Identifier - node.Lease.RevocationTimestamp)) < 0);

    /// <summary>What speaks against the one authentication extension of a type.</summary>
    private DropReason CheckAuthentication(
        ReadOnlySpan<byte> message, ExtensionSequence extensions, ExtensionType type, SecurityAssociationKind kind, Address with, out SecurityAssociation? association)
    {
        association = null;
        var reason = DropReason.MissingAuthentication;
        foreach (var extension in extensions)
        {
            if (extension.Type == type)
            {
                if (reason != DropReason.MissingAuthentication || !AuthenticationExtension.TryReadAny(extension, out var index, out _))
                {
                    return DropReason.BadAuthenticator;
                }

                association = associations.Find(kind, with, index);
                reason = association is null ? DropReason.NoSecurityAssociation
                    : RegistrationAuthentication.Verify(message, extension, authenticators.Get(association)) ? DropReason.None : DropReason.BadAuthenticator;
            }
        }

        return reason;
    }

    private void Ended(OutstandingRevocation revocation, RevocationResult result, Instant now)
    {
        ReportRevocation(
            result switch
            {
                RevocationResult.Acknowledged => EventKind.RevocationAcknowledged,
                RevocationResult.TimedOut => EventKind.RevocationTimedOut,
                _ => EventKind.RevocationCancelled,
            },
            revocation.HomeAddress,
            revocation.Peer,
            now);
        if (revocation.Command is { } command)
        {
            Complete(command, revocation.Peer, result, revocation, now);
        }
    }

    private void Complete(RevocationCommand command, Address peer, RevocationResult result, OutstandingRevocation? revocation, Instant now)
    {
        Outbox.Complete(command.Number, new RevocationOutcome
        {
            Agent = Name,
            Peer = peer,
            Request = command.Request,
            Result = result,
            SequenceNumber = 0,
            RevocationIdentifier = revocation?.Identifier,
            BindingsRevoked = 1,
            Attempts = revocation?.Attempts ?? 0,
            RoundTripTime = result == RevocationResult.Acknowledged ? now.Elapsed - revocation!.SentAt : null,
        });
        if (--command.Waiting == 0)
        {
            Outbox.Complete(command.Number, new RevocationFinished(command.Peers.Count, command.Revoked));
        }
    }

    private void ReportRevocation(EventKind kind, Address homeAddress, Address peer, Instant now) => Report(new AgentEvent
    {
        At = now, Kind = kind, Message = MessageKind.RegistrationRevocation, HomeAddress = homeAddress, Peer = peer,
    });

    /// <summary>What a revocation names.</summary>
    private readonly record struct Revoked(Address HomeAddress, Address CareOfAddress, uint Identifier);
}
