using DsmipTools.Engine.Configuration;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Revocation;
using DsmipTools.Engine.Security;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>What a local mobility anchor and a mobile access gateway share: who may send, and the checks of every Mobility Header.</summary>
public abstract partial class ProxyMobileIPv6Agent : Agent, IHeartbeatOwner
{
    /// <summary>The longest Mobility Header (RFC 6275, 6.1.1): the room that any answer fits in.</summary>
    private protected const int LongestMessage = 256 * 8;

    private IMessageProtection protection;

    private protected ProxyMobileIPv6Agent(string name, Endpoint local, IMessageProtection protection, HeartbeatOptions heartbeat, IRandomSource random)
        : base(name, random)
    {
        this.protection = protection;
        LocalEndpoint = local;
        Heartbeats = new Heartbeats(this, heartbeat);
    }

    /// <inheritdoc/>
    public override Endpoint LocalEndpoint { get; }

    /// <inheritdoc/>
    public override Transport Transport => LocalEndpoint.Address.IsIPv4 ? Transport.ProxyMobileIPv6Udp : Transport.IPv6;

    /// <inheritdoc/>
    public override string Protection => protection.Description;

    /// <summary>The peers that sessions stand with, in the envelopes in which their messages come: what <see cref="HeartbeatOptions.FormerPeers"/> wants after a restart.</summary>
    public abstract IReadOnlyList<Envelope> Peers { get; }

    IRandomSource IHeartbeatOwner.Random => Random;

    private protected Heartbeats Heartbeats { get; }

    /// <inheritdoc/>
    public override bool IsProtected => protection.IsProtected;

    /// <inheritdoc/>
    public override void Start(Instant now)
    {
        base.Start(now);
        WarnIfUnprotected(now);
        Heartbeats.Start(now);
    }

    /// <inheritdoc/>
    public sealed override bool TryPrepare(in Effect effect, Instant now, out Envelope envelope, out ReadOnlySpan<byte> octets, out string? refused) =>
        base.TryPrepare(effect, now, out envelope, out octets, out refused) && protection.TryProtect(ref octets, ref envelope, now, Random, out refused);

    /// <inheritdoc/>
    public sealed override void Receive(ReadOnlySpan<byte> message, in Envelope envelope, Instant now)
    {
        var opened = envelope;
        WireError error = default;
        var reason = !opened.Source.Address.IsUnicast ? DropReason.NonUnicastSource : protection.Admit(ref message, ref opened, out error);
        if (reason != DropReason.None && opened.IsProtected)
        {
            // What stands in ESP that is not opened, nobody knows.
            Drop(MessageKind.Unknown, reason, opened, now, error.IsError ? error.ToString() : null);
            return;
        }

        if (!MobilityHeaderView.TryParse(message, out var header, out error))
        {
            Drop(MessageKind.Unknown, DropReason.Malformed, opened, now, error.ToString());
            return;
        }

        var kind = KindOf(header);
        if (reason == DropReason.None)
        {
            reason = Check(header, opened);
        }

        if (reason == DropReason.None)
        {
            // RFC 5213, 5.3.6 and 6.9.1.5: whatever travels in the headers, neither side of these messages has a home address.
            reason = Dispatch(header, opened with { InnerSource = null, InnerDestination = null }, now, out error);
        }

        if (reason != DropReason.None)
        {
            Complain(header, reason, opened, now);
            Drop(kind, reason, opened, now, error.IsError ? error.ToString() : null);
        }
    }

    /// <summary>Reports what has changed, one event for each variable.</summary>
    private protected void Report(IReadOnlyList<ConfigurationChange> changes, Instant now)
    {
        foreach (var change in changes)
        {
            Report(new AgentEvent { At = now, Kind = EventKind.ConfigurationChanged, Detail = change.ToString() });
        }
    }

    /// <summary>From now on the peers are watched otherwise.</summary>
    private protected void WatchBy(HeartbeatOptions other, Instant now) => Heartbeats.Configure(other, Peers, now);

    /// <summary>From now on something else proves where messages come from.</summary>
    private protected void ProtectBy(IMessageProtection other, Instant now)
    {
        protection = other;
        WarnIfUnprotected(now);
    }

    private void WarnIfUnprotected(Instant now)
    {
        if (!protection.IsProtected)
        {
            Report(new AgentEvent { At = now, Kind = EventKind.Unprotected, Detail = protection.Description });
        }
    }

    /// <summary>Processes a message whose header has passed; returns why it was dropped.</summary>
    private protected abstract DropReason Dispatch(MobilityHeaderView header, in Envelope envelope, Instant now, out WireError error);

    /// <summary>An acknowledgement of one of this agent's own indications.</summary>
    private protected DropReason Receive(
        BindingRevocationAcknowledgementView acknowledgement, RevocationInitiator initiator, in Envelope envelope, Instant now)
    {
        var reason = initiator.Receive(acknowledgement, envelope, now);
        if (reason == DropReason.None)
        {
            Counters.Count(MessageKind.BindingRevocationAcknowledgement, Direction.Received, (byte)acknowledgement.Status);
        }

        return reason;
    }

    /// <summary>A Heartbeat, or a Binding Error in answer to one (RFC 5847, 3).</summary>
    private protected DropReason ReceiveHeartbeat(MobilityHeaderView header, in Envelope envelope, Instant now, out WireError error)
    {
        if (header.Type == MobilityHeaderType.BindingError)
        {
            error = default;
            return MobilityMessage.From(header) is BindingError refused ? Heartbeats.Receive(refused.Status, envelope) : DropReason.Malformed;
        }

        return HeartbeatView.TryParse(header, out var heartbeat, out error) ? Heartbeats.Receive(heartbeat, envelope, now) : DropReason.Malformed;
    }

    /// <summary>True for the messages of <see cref="ReceiveHeartbeat"/>.</summary>
    private protected static bool IsHeartbeat(MobilityHeaderView header) => header.Type is MobilityHeaderType.Heartbeat or MobilityHeaderType.BindingError;

    bool IHeartbeatOwner.Knows(in Envelope peer) => Knows(peer);

    bool IHeartbeatOwner.HasSessions(in Envelope peer) => HasSessions(peer);

    void IHeartbeatOwner.PeerRestarted(in Envelope peer, TimeSpan before, Instant now) => PeerRestarted(peer, before, now);

    void IHeartbeatOwner.PeerUnreachable(in Envelope peer, Instant now) => PeerUnreachable(peer, now);

    void IHeartbeatOwner.PeerReachable(in Envelope peer, Instant now) => PeerReachable(peer, now);

    private protected abstract bool Knows(in Envelope peer);

    private protected abstract bool HasSessions(in Envelope peer);

    private protected abstract void PeerRestarted(in Envelope peer, TimeSpan before, Instant now);

    private protected abstract void PeerUnreachable(in Envelope peer, Instant now);

    private protected abstract void PeerReachable(in Envelope peer, Instant now);

    private protected static TimeSpan? Earliest(TimeSpan? one, TimeSpan? other) => other is null || one < other ? one : other;

    private static MessageKind KindOf(MobilityHeaderView header) => header.Type switch
    {
        MobilityHeaderType.BindingUpdate => MessageKind.ProxyBindingUpdate,
        MobilityHeaderType.BindingAcknowledgement => MessageKind.ProxyBindingAcknowledgement,
        MobilityHeaderType.BindingRevocation when header.Octets.Length > 6 => (BindingRevocationType)header.Octets[6] switch
        {
            BindingRevocationType.Indication => MessageKind.BindingRevocationIndication,
            BindingRevocationType.Acknowledgement => MessageKind.BindingRevocationAcknowledgement,
            _ => MessageKind.Unknown,
        },
        MobilityHeaderType.Heartbeat when header.Octets.Length > 7 => (header.Octets[7] & 1) == 0 ? MessageKind.HeartbeatRequest : MessageKind.HeartbeatResponse,
        MobilityHeaderType.BindingError => MessageKind.BindingError,
        _ => MessageKind.Unknown,
    };

    /// <summary>The checks of RFC 6275, 9.2, which come after those of RFC 5846, 6.1.2 and 6.2: that order costs least for a forged message.</summary>
    private DropReason Check(MobilityHeaderView header, in Envelope envelope) =>
        envelope.IsProtected && envelope.Destination.Port != LocalEndpoint.Port ? DropReason.UnexpectedMessage
        : header.PayloadProto != (byte)IpProtocol.NoNextHeader ? DropReason.BadPayloadProto
        : !envelope.IsChecksumRight(header) ? DropReason.BadChecksum
        : DropReason.None;
}
