using DsmipTools.Engine.Diagnostics;
using DsmipTools.Wire;
using DsmipTools.Wire.Icmp.IcmpV6;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <content>What a peer is told about a message that is none (RFC 6275, 9.2): admitted peers alone, and no more than ten times in a second.</content>
public abstract partial class ProxyMobileIPv6Agent
{
    private static readonly TimeSpan errorGap = TimeSpan.FromMilliseconds(100);

    private TimeSpan nextError;

    private void Complain(MobilityHeaderView header, DropReason reason, in Envelope envelope, Instant now)
    {
        var isUnrecognized = reason == DropReason.UnexpectedMessage && !IsRecognized(header.Type);
        // The fields in question are the first two octets of a Mobility Header.
        var field = reason == DropReason.BadPayloadProto ? MobilityHeaderFields.Common.PayloadProto.Offset
            : reason == DropReason.Malformed && header.Octets.Length < LeastLengthOf(header.Type) ? MobilityHeaderFields.Common.HeaderLength.Offset
            : -1;
        if ((!isUnrecognized && field < 0) || now.Elapsed < nextError)
        {
            return;
        }

        nextError = now.Elapsed + errorGap;
        if (isUnrecognized)
        {
            Refuse(envelope);
        }
        else if (envelope is { Transport: Transport.IPv6, IsProtected: false })
        {
            Point(header, field, envelope);
        }
    }

    /// <summary>An ICMPv6 Parameter Problem, code 0, that points at a field of a Mobility Header (RFC 6275, 9.2; RFC 4443, 3.4). It quotes the packet as the envelope tells it.</summary>
    private void Point(MobilityHeaderView header, int field, in Envelope envelope)
    {
        var offset = PacketFrame.Overhead(envelope);
        var packet = new byte[offset + header.Octets.Length];
        PacketFrame.Write(envelope, header.Octets, packet);
        var source = envelope.Destination.Address;
        var destination = envelope.Source.Address;
        var problem = new IcmpV6ParameterProblem { Pointer = (uint)(offset + field), Data = packet.AsSpan(0, Math.Min(packet.Length, LongestQuote)).ToArray() };
        Outbox.SendPacket(PacketComposer.Compose(new IPv6Header { Source = source, Destination = destination }, problem).Span);
        Counters.Count(MessageKind.ParameterProblem, Direction.Sent, problem.Code);
    }

    /// <summary>What fits into the least MTU of IPv6 behind the headers of an error (RFC 4443, 3.4).</summary>
    private static int LongestQuote => 1280 - IPv6Header.Fields.Layout.Length - IcmpV6ParameterProblem.Fields.Layout.Length;

    private static int LeastLengthOf(MobilityHeaderType type) => type switch
    {
        MobilityHeaderType.BindingUpdate => BindingUpdate.Fields.Layout.Length,
        MobilityHeaderType.BindingAcknowledgement => BindingAcknowledgement.Fields.Layout.Length,
        MobilityHeaderType.BindingError => BindingError.Fields.Layout.Length,
        MobilityHeaderType.Heartbeat => Heartbeat.Fields.Layout.Length,
        MobilityHeaderType.BindingRevocation => BindingRevocationIndication.Fields.Layout.Length,
        _ => 0,
    };

    /// <summary>The types of RFC 6275, 6.1, and those that agents of Proxy Mobile IPv6 send each other.</summary>
    private static bool IsRecognized(MobilityHeaderType type) =>
        type is <= MobilityHeaderType.BindingError or MobilityHeaderType.Heartbeat or MobilityHeaderType.BindingRevocation;

    /// <summary>
    /// A Binding Error with status 2 to a peer whose message has a type that nobody here knows (RFC 6275, 9.2 and 9.3.3): never in answer to a
    /// Binding Error.
    /// </summary>
    private void Refuse(in Envelope envelope)
    {
        var layout = BindingError.Fields.Layout;
        var writer = new MobilityMessageWriter(Outbox.Reserve(layout.Length + 8), MobilityHeaderType.BindingError, layout.Length);
        BindingError.Fields.Status.Write(writer.Octets, (byte)BindingErrorStatus.UnrecognizedMobilityHeaderType);
        if (envelope.InnerSource is { IsIPv6: true } homeAddress)
        {
            BindingError.Fields.HomeAddress.Write(writer.Octets, homeAddress);
        }

        Outbox.Send(envelope.Reversed, writer.Finish());
        Counters.Count(MessageKind.BindingError, Direction.Sent, (byte)BindingErrorStatus.UnrecognizedMobilityHeaderType);
    }
}
