using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Engine.Security;
using DsmipTools.Wire;
using DsmipTools.Wire.Icmp.IcmpV4;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;
using DsmipTools.Wire.Security;

namespace DsmipTools.Engine.MobileIPv4;

/// <content>Registration requests of mobile nodes: judged, relayed, denied (RFC 5944, 3.7.2).</content>
public sealed partial class ForeignAgent
{
    /// <summary>What a home agent did not get: requests that wait for it are denied (RFC 5944, 3.7.3).</summary>
    public override void ReceiveError(Endpoint destination, IcmpV4DestinationUnreachableCode code, Instant now)
    {
        if (destination.Port != options.HomeAgentPort)
        {
            return;
        }

        var answer = code switch
        {
            IcmpV4DestinationUnreachableCode.NetUnreachable => RegistrationCode.ForeignAgentHomeNetworkUnreachable,
            IcmpV4DestinationUnreachableCode.HostUnreachable => RegistrationCode.ForeignAgentHomeAgentHostUnreachable,
            IcmpV4DestinationUnreachableCode.PortUnreachable => RegistrationCode.ForeignAgentHomeAgentPortUnreachable,
            _ => RegistrationCode.ForeignAgentHomeAgentUnreachable,
        };
        foreach (var waiting in list.TakePending(destination.Address))
        {
            Deny(waiting.Visit, answer, $"ICMP says of {destination.Address}: {code}", now);
        }
    }

    private void ReceiveRequest(ReadOnlySpan<byte> message, in Envelope envelope, uint link, byte timeToLive, Instant now)
    {
        if (!RegistrationRequestView.TryParse(message, out var request, out var error))
        {
            Drop(MessageKind.RegistrationRequest, DropReason.Malformed, envelope, now, error.ToString());
            return;
        }

        // Only a mobile node without a home address may ask without one (RFC 5944, 3.6.1.1).
        var source = envelope.Source.Address;
        if (!source.IsUnicast && !(source.IsUnspecified && request.HomeAddress.IsUnspecified && link != 0))
        {
            Drop(MessageKind.RegistrationRequest, DropReason.NonUnicastSource, envelope, now);
            return;
        }

        var extensions = RelayedExtensions.Read(request.Extensions, ExtensionType.MobileForeignAuthentication);
        if (extensions.Drop != DropReason.None)
        {
            Drop(MessageKind.RegistrationRequest, extensions.Drop, envelope, now);
            return;
        }

        var visit = VisitOf(request, extensions, envelope, link);
        if (visit.Association is not null && Authenticate(request.Octets, extensions, SecurityAssociationKind.MobileForeign, visit.HomeAddress) is var failure and not DropReason.None)
        {
            // RFC 5944, 3.7.2.1: dropped, logged, and told.
            Drop(MessageKind.RegistrationRequest, failure, envelope, now);
            Deny(visit, RegistrationCode.ForeignAgentMobileNodeFailedAuthentication, null, now);
            return;
        }

        Counters.Count(MessageKind.RegistrationRequest, Direction.Received);
        if (Judge(request, extensions, visit, timeToLive, out var why) is { } code)
        {
            Deny(visit, code, why, now);
        }
        else
        {
            Relay(request, extensions.RelayedLength, visit, now);
        }
    }

    private Visit VisitOf(RegistrationRequestView request, in RelayedExtensions extensions, in Envelope envelope, uint link) => new(
        request.HomeAddress,
        request.HomeAgent,
        request.CareOfAddress,
        request.Identification,
        request.Lifetime,
        BindingFlags.Of(request),
        extensions.Nai.IsEmpty ? null : new NetworkAccessIdentifier(extensions.Nai),
        !request.ReverseTunneling ? DeliveryStyle.NoReverseTunnel : extensions.IsEncapsulating ? DeliveryStyle.Encapsulating : DeliveryStyle.Direct,
        envelope,
        link,
        // The reply is authenticated as the request was, or, where that named no association, by the first one.
        AssociationFor(request.HomeAddress, extensions));

    private SecurityAssociation? AssociationFor(Address homeAddress, in RelayedExtensions extensions)
    {
        var known = associations.Find(SecurityAssociationKind.MobileForeign, homeAddress);
        return known.Count == 0 ? null
            : extensions.Authentications == 1 && AuthenticationExtension.TryReadAny(extensions.Authentication, out var index, out _)
                && associations.Find(SecurityAssociationKind.MobileForeign, homeAddress, index) is { } named ? named
            : known[0];
    }

    /// <summary>Exactly one authentication extension behind what is relayed, and a right one; None when it is so.</summary>
    private DropReason Authenticate(ReadOnlySpan<byte> message, in RelayedExtensions extensions, SecurityAssociationKind kind, Address other)
    {
        if (extensions.Authentications == 0 || extensions.Authentication.Offset < extensions.RelayedLength)
        {
            return DropReason.MissingAuthentication;
        }

        return extensions.Authentications > 1 || !AuthenticationExtension.TryReadAny(extensions.Authentication, out var index, out _) ? DropReason.BadAuthenticator
            : associations.Find(kind, other, index) is not { } association ? DropReason.NoSecurityAssociation
            : !RegistrationAuthentication.Verify(message, extensions.Authentication, authenticators.Get(association)) ? DropReason.BadAuthenticator
            : DropReason.None;
    }

    /// <summary>Why a request is denied (RFC 5944, 3.7.2; RFC 3024, 4.2.1); null when it is relayed.</summary>
    private RegistrationCode? Judge(RegistrationRequestView request, in RelayedExtensions extensions, Visit visit, byte timeToLive, out string? why)
    {
        var flags = visit.Flags;
        var (code, reason) =
            extensions.RelayedLength == 0 ? (RegistrationCode.ForeignAgentPoorlyFormedRequest, "no authorization-enabling extension")
            : extensions.IsMisplaced || (extensions.IsEncapsulating && !flags.ReverseTunneling)
                ? (RegistrationCode.ForeignAgentPoorlyFormedRequest, "an Encapsulating Delivery Style extension where none belongs")
            : visit.HomeAddress.IsUnspecified && visit.Nai is null ? (RegistrationCode.ForeignAgentNonzeroHomeAddressRequired, "neither a home address nor an NAI")
            : !visit.HomeAddress.IsUnspecified && !visit.HomeAddress.IsUnicast ? (RegistrationCode.ForeignAgentPoorlyFormedRequest, "the home address is no unicast address")
            : visit.HomeAgent.IsUnspecified || visit.HomeAgent == DiscoveryMessages.Broadcast
                ? (RegistrationCode.ForeignAgentNonzeroHomeAgentAddressRequired, "no home agent is named")
            : visit.HomeAgent == options.Address || visit.HomeAgent == LinkAddress ? (RegistrationCode.ForeignAgentInvalidHomeAgentAddress, "the home agent's address is this agent's")
            : !visit.HomeAgent.IsUnicast ? (RegistrationCode.ForeignAgentPoorlyFormedRequest, "the home agent's address is a multicast address")
            : !flags.DecapsulationByMobileNode && visit.Lifetime != 0 && visit.CareOfAddress != options.Address
                ? (RegistrationCode.ForeignAgentInvalidCareOfAddress, $"{visit.CareOfAddress} is not offered here")
            : visit.Lifetime > maximumLifetime ? (RegistrationCode.ForeignAgentRequestedLifetimeTooLong, "the lifetime is too long")
            : JudgeTunnel(visit, timeToLive) ?? JudgeRoom(visit) ?? default;
        why = reason;
        return reason is null ? null : code;
    }

    private (RegistrationCode, string?)? JudgeTunnel(Visit visit, byte timeToLive)
    {
        var flags = visit.Flags;
        var isOurs = !flags.DecapsulationByMobileNode && visit.Lifetime != 0;
        return isOurs && (flags.MinimalEncapsulation || (flags.GreEncapsulation && !options.GreEncapsulation))
                ? (RegistrationCode.ForeignAgentRequestedEncapsulationUnavailable, "the encapsulation is not offered here")
            : flags.ReverseTunneling && timeToLive != byte.MaxValue ? (RegistrationCode.ForeignAgentMobileNodeTooDistant, $"TTL {timeToLive} is not 255")
            : flags.ReverseTunneling && !options.ReverseTunneling ? (RegistrationCode.ForeignAgentReverseTunnelUnavailable, "there are no reverse tunnels here")
            : isOurs && !flags.ReverseTunneling && options.RequiresReverseTunneling ? (RegistrationCode.ForeignAgentReverseTunnelMandatory, "a reverse tunnel is mandatory")
            : null;
    }

    private (RegistrationCode, string?)? JudgeRoom(Visit visit)
    {
        var present = list.Find(visit.HomeAddress);
        return present is not null && present.Visit.HomeAgent != visit.HomeAgent
                ? (RegistrationCode.ForeignAgentAdministrativelyProhibited, $"the home address visits through home agent {present.Visit.HomeAgent}")
            : present is null && visit.Lifetime != 0 && IsBusy ? (RegistrationCode.ForeignAgentInsufficientResources, "there are too many visitors")
            : list.PendingCount >= options.MaximumPendingRegistrations ? (RegistrationCode.ForeignAgentInsufficientResources, "too many requests wait for their home agents")
            : null;
    }

    /// <summary>Sends a request on, as far as its home agent can prove it, with the proof of this agent where one is agreed (RFC 5944, 3.7.2.2).</summary>
    private void Relay(RegistrationRequestView request, int length, Visit visit, Instant now)
    {
        var timeout = visit.Lifetime == 0 || options.PendingTimeout < TimeSpan.FromSeconds(visit.Lifetime) ? options.PendingTimeout : TimeSpan.FromSeconds(visit.Lifetime);
        list.Add(new PendingVisit(visit, now.Elapsed + timeout));
        // RFC 5944, 3.5.4: never with a de-registration, and only for a care-of address of our own.
        var association = visit.Lifetime != 0 && visit.CareOfAddress == options.Address && associations.Find(SecurityAssociationKind.ForeignHome, visit.HomeAgent) is [var first, ..] ? first : null;
        SendOn(
            new Envelope(Transport, LocalEndpoint, new Endpoint(visit.HomeAgent, options.HomeAgentPort)), 0, request.Octets[..length], association,
            ExtensionType.ForeignHomeAuthentication, 0);
        Counters.Count(MessageKind.RegistrationRequest, Direction.Sent);
    }

    /// <summary>Sends a message with an authentication extension at its end, where there is an association for that; over UDP, or as a packet on a link.</summary>
    private void SendOn(in Envelope envelope, uint link, ReadOnlySpan<byte> message, SecurityAssociation? association, ExtensionType kind, long guard)
    {
        var authenticator = association is null ? null : authenticators.Get(association);
        var longest = message.Length + (authenticator is null ? 0 : RegistrationAuthentication.GetLength(authenticator, kind));
        var octets = link == 0 ? Outbox.Reserve(longest) : new byte[longest];
        message.CopyTo(octets);
        var length = authenticator is null ? message.Length
            : RegistrationAuthentication.Append(octets, message.Length, association!.SecurityParameterIndex, authenticator, kind);
        if (link == 0)
        {
            Outbox.Send(envelope, length, guard);
            return;
        }

        var packet = new byte[PacketFrame.Overhead(envelope) + length];
        PacketFrame.Write(envelope, octets[..length], packet);
        Outbox.SendOnLink(link, packet, guard);
    }

    /// <summary>Tells a mobile node why its request is not served (RFC 5944, 3.7.2.3), once in a second at most.</summary>
    private void Deny(Visit visit, RegistrationCode code, string? why, Instant now)
    {
        Report(new AgentEvent
        {
            At = now,
            Kind = EventKind.BindingRefused,
            Message = MessageKind.RegistrationRequest,
            Code = (byte)code,
            Peer = visit.Envelope.Source.Address,
            HomeAddress = visit.HomeAddress,
            Identifier = visit.Nai,
            Detail = why,
        });
        if (!denials.TryTake(visit.HomeAddress.IsUnspecified ? visit.Envelope.Source.Address : visit.HomeAddress, now.Elapsed))
        {
            return;
        }

        Span<byte> reply = stackalloc byte[RegistrationReply.Fields.Layout.Length];
        RegistrationReply.Fields.Type.Write(reply, (byte)MobileIPv4MessageType.RegistrationReply);
        RegistrationReply.Fields.Code.Write(reply, (byte)code);
        RegistrationReply.Fields.Lifetime.Write(reply, code == RegistrationCode.ForeignAgentRequestedLifetimeTooLong ? maximumLifetime : visit.Lifetime);
        RegistrationReply.Fields.HomeAddress.Write(reply, visit.HomeAddress);
        RegistrationReply.Fields.HomeAgent.Write(reply, visit.HomeAgent);
        RegistrationReply.Fields.Identification.Write(reply, visit.Identification);
        Reply(visit, reply, code, 0);
    }

    /// <summary>Sends a reply to a mobile node: where its request came from, or, on a link, to its home address (RFC 5944, 3.7.2.3).</summary>
    private void Reply(Visit visit, ReadOnlySpan<byte> reply, RegistrationCode code, long guard)
    {
        var envelope = visit.Envelope.Reversed;
        if (visit.Link != 0)
        {
            var from = envelope.Source.Address.IsUnicast ? envelope.Source.Address : LinkAddress;
            var to = visit.HomeAddress.IsUnspecified ? DiscoveryMessages.Broadcast : visit.Flags.DecapsulationByMobileNode ? envelope.Destination.Address : visit.HomeAddress;
            envelope = envelope with { Source = envelope.Source with { Address = from }, Destination = envelope.Destination with { Address = to } };
        }

        SendOn(envelope, visit.Link, reply, visit.Association, ExtensionType.MobileForeignAuthentication, guard);
        Counters.Count(MessageKind.RegistrationReply, Direction.Sent, (byte)code);
    }
}
