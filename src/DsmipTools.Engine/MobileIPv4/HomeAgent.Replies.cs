using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Security;
using DsmipTools.Wire;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;
using DsmipTools.Wire.Security;

namespace DsmipTools.Engine.MobileIPv4;

/// <content>Registration replies (RFC 5944, 3.8.3).</content>
public sealed partial class HomeAgent
{
    private void RefuseAuthentication(in ReplyHeader reply, int requestLength, bool isRelayAuthentic, in Envelope envelope, Instant now)
    {
        // What the node last registered with it has for certain (RFC 5944, 3.8.2.1 a).
        var common = bindings.Known(reply.HomeAddress) is { Grant: not null } known ? associations.Find(reply.HomeAddress, known.Lease.SecurityParameterIndex) : null;
        var answer = reply with { Association = common ?? reply.Association };
        if (!isRelayAuthentic && LengthOf(answer, default) > requestLength)
        {
            Drop(MessageKind.RegistrationRequest, DropReason.BadAuthenticator, envelope, now);
            return;
        }

        Counters.Count(MessageKind.RegistrationRequest, Direction.Received);
        RefuseAsException(answer, RegistrationCode.MobileNodeFailedAuthentication, DropReason.BadAuthenticator, now);
    }

    private void RefuseIdentification(in ReplyHeader reply, Instant now) =>
        RefuseAsException(reply, RegistrationCode.IdentificationMismatch, DropReason.None, now);

    private void RefuseForeignAgent(in ReplyHeader reply, Instant now) =>
        RefuseAsException(reply, RegistrationCode.ForeignAgentFailedAuthentication, DropReason.BadAuthenticator, now);

    private void RefuseAsException(in ReplyHeader reply, RegistrationCode code, DropReason reason, Instant now) =>
        Refuse(reply, code, null, now, EventKind.SecurityException, reason);

    private void Refuse(
        in ReplyHeader reply, RegistrationCode code, string? why, Instant now, EventKind kind = EventKind.BindingRefused, DropReason reason = DropReason.None)
    {
        prefixes.Clear();
        Answer(reply, code, 0, 0, default, now);
        Report(new AgentEvent
        {
            At = now,
            Kind = kind,
            Message = MessageKind.RegistrationRequest,
            Drop = reason,
            Code = (byte)code,
            Peer = reply.Envelope.Destination.Address,
            HomeAddress = reply.HomeAddress,
            Detail = why,
        });
    }

    /// <summary>Octets of a reply; or more, where it says less.</summary>
    private int LengthOf(in ReplyHeader reply, in Asked asked) =>
        RegistrationReply.Fields.Layout.Length
        + (reply.Nai is { } nai ? MobileNodeNaiExtension.Fields.Layout.Length + nai.Octets.Length : 0)
        + (prefixes.Count * IPv6PrefixReplyExtension.Fields.Layout.Length)
        + (asked.UdpTunneling == UdpTunneling.None ? 0 : UdpTunnelReplyExtension.Fields.Layout.Length)
        + (asked.Support is null ? 0 : RevocationSupportExtension.Fields.Layout.Length)
        + RegistrationAuthentication.GetLength(authenticators.Get(reply.Association))
        + (reply.ForeignAgent is { } agent ? RegistrationAuthentication.GetLength(authenticators.Get(agent), ExtensionType.ForeignHomeAuthentication) : 0);

    /// <summary>
    /// Writes a reply with one prefix reply for each decision (RFC 5454, 3.3), the extensions in the order of RFC 5944, 3.8.3.3: those for the mobile node,
    /// its authentication, those for the foreign agent, and its authentication.
    /// </summary>
    private void Answer(in ReplyHeader reply, RegistrationCode code, ushort lifetime, long guard, in Asked asked, Instant now)
    {
        var room = Outbox.Reserve(LengthOf(reply, asked));
        RegistrationReply.Fields.Type.Write(room, (byte)MobileIPv4MessageType.RegistrationReply);
        RegistrationReply.Fields.Code.Write(room, (byte)code);
        RegistrationReply.Fields.Lifetime.Write(room, lifetime);
        RegistrationReply.Fields.HomeAddress.Write(room, reply.HomeAddress);
        RegistrationReply.Fields.HomeAgent.Write(room, options.Address);
        RegistrationReply.Fields.Identification.Write(room, reply.Identification);
        var length = RegistrationReply.Fields.Layout.Length;
        if (reply.Nai is { } nai)
        {
            length += MobileNodeNaiExtension.Write(room[length..], nai.Octets);
        }

        foreach (ref readonly var decision in prefixes.Answers)
        {
            length += IPv6PrefixReplyExtension.Write(room[length..], decision.Code, decision.Prefix);
        }

        var isForAgent = asked.Revocation is RevocationPeer.ForeignAgent or RevocationPeer.InformingForeignAgent;
        length += WriteUdpTunnelReply(room[length..], asked, isOfAgent: false);
        length += isForAgent ? 0 : WriteRevocationSupport(room[length..], asked, now);
        length = RegistrationAuthentication.Append(room, length, reply.Association.SecurityParameterIndex, authenticators.Get(reply.Association));
        length += WriteUdpTunnelReply(room[length..], asked, isOfAgent: true);
        length += isForAgent ? WriteRevocationSupport(room[length..], asked, now) : 0;
        if (reply.ForeignAgent is { } agent)
        {
            length = RegistrationAuthentication.Append(
                room, length, agent.SecurityParameterIndex, authenticators.Get(agent), ExtensionType.ForeignHomeAuthentication);
        }

        Outbox.Send(reply.Envelope, length, guard);
        Counters.Count(MessageKind.RegistrationReply, Direction.Sent, (byte)code);
    }

    private int WriteUdpTunnelReply(Span<byte> destination, in Asked asked, bool isOfAgent) =>
        asked.UdpTunneling == UdpTunneling.None || asked.IsUdpOfAgent != isOfAgent ? 0 : new UdpTunnelReplyExtension
        {
            ReplyCode = asked.UdpTunneling.IsAssent() ? UdpTunnelReplyCode.WillDoTunnelling : UdpTunnelReplyCode.TunnellingDeclined,
            Forced = asked.UdpTunneling == UdpTunneling.Forced,
            KeepaliveInterval = asked.UdpTunneling.IsAssent() ? (ushort)options.KeepaliveInterval.TotalSeconds : (ushort)0,
        }.Write(destination);

    private static int WriteRevocationSupport(Span<byte> destination, in Asked asked, Instant now) => asked.Revocation == RevocationPeer.None ? 0 : new RevocationSupportExtension
    {
        Inform = asked.Revocation == RevocationPeer.InformingForeignAgent,
        Timestamp = RevocationClock(now),
    }.Write(destination);
}
