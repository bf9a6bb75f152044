using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Revocation;
using DsmipTools.Engine.Security;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>What a local mobility anchor and a mobile access gateway share: who may send, and the checks of every Mobility Header.</summary>
public abstract class ProxyMobileIPv6Agent : Agent
{
    /// <summary>The longest Mobility Header (RFC 6275, 6.1.1): the room that any answer fits in.</summary>
    private protected const int LongestMessage = 256 * 8;

    private readonly IMessageProtection protection;

    private protected ProxyMobileIPv6Agent(string name, Endpoint local, IMessageProtection protection, IRandomSource random)
        : base(name, random)
    {
        this.protection = protection;
        LocalEndpoint = local;
    }

    /// <inheritdoc/>
    public override Endpoint LocalEndpoint { get; }

    /// <inheritdoc/>
    public override Transport Transport => LocalEndpoint.Address.IsIPv4 ? Transport.ProxyMobileIPv6Udp : Transport.IPv6;

    /// <inheritdoc/>
    public override string Protection => protection.Description;

    /// <inheritdoc/>
    public override void Start(Instant now)
    {
        base.Start(now);
        if (!protection.IsProtected)
        {
            Report(new AgentEvent { At = now, Kind = EventKind.Unprotected, Detail = protection.Description });
        }
    }

    /// <inheritdoc/>
    public sealed override void Receive(ReadOnlySpan<byte> message, in Envelope envelope, Instant now)
    {
        if (!MobilityHeaderView.TryParse(message, out var header, out var error))
        {
            Drop(MessageKind.Unknown, DropReason.Malformed, envelope, now, error.ToString());
            return;
        }

        var kind = KindOf(header);
        var reason = Check(header, envelope);
        if (reason == DropReason.None)
        {
            // RFC 5213, 5.3.6 and 6.9.1.5: whatever travels in the headers, neither side of these messages has a home address.
            reason = Dispatch(header, envelope with { InnerSource = null, InnerDestination = null }, now, out error);
        }

        if (reason != DropReason.None)
        {
            Drop(kind, reason, envelope, now, error.IsError ? error.ToString() : null);
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
        _ => MessageKind.Unknown,
    };

    /// <summary>The checks of RFC 6275, 9.2, of RFC 5846, 6.1.2 and 6.2, in the order that costs least for a forged message.</summary>
    private DropReason Check(MobilityHeaderView header, in Envelope envelope) =>
        !envelope.Source.Address.IsUnicast ? DropReason.NonUnicastSource
        : !protection.Admits(envelope) ? DropReason.NotAPeer
        : header.PayloadProto != (byte)IpProtocol.NoNextHeader ? DropReason.BadPayloadProto
        : !envelope.IsChecksumRight(header) ? DropReason.BadChecksum
        : DropReason.None;
}
