using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;

namespace DsmipTools.Wire.Tests.Support;

/// <summary>One valid message of every kind, with every extension and option, and the envelopes they travel in.</summary>
internal static partial class Samples
{
    internal static readonly Envelope MobileIPv4 = new(
        Transport.MobileIPv4Udp, new Endpoint("198.51.100.7", 4434), new Endpoint("192.0.2.1", MobileIPv4Message.Port));

    internal static readonly Envelope Native = new(
        Transport.IPv6, new Endpoint("2001:db8:1::a", 0), new Endpoint("2001:db8:2::b", 0));

    internal static readonly Envelope OverUdp = new(
        Transport.ProxyMobileIPv6Udp, new Endpoint("203.0.113.10", 5436), new Endpoint("203.0.113.11", 5436));

    /// <summary>A message as a whole IP packet, sealed for its envelope.</summary>
    internal static byte[] Packet(in Envelope envelope, ReadOnlySpan<byte> message)
    {
        var sealedMessage = message.ToArray();
        envelope.Seal(sealedMessage);
        var packet = new byte[PacketFrame.Overhead(envelope) + message.Length];
        PacketFrame.Write(envelope, sealedMessage, packet);
        return packet;
    }

    /// <summary>Every message of the samples as a packet, mobility headers in both of their envelopes.</summary>
    internal static IEnumerable<byte[]> Packets() =>
    [
        .. MobileIPv4Messages.Select(message => Packet(MobileIPv4, message.ToOctets().Span)),
        .. MobilityMessages.Select(message => Packet(Native, message.ToOctets().Span)),
        .. MobilityMessages.Select(message => Packet(OverUdp, message.ToOctets().Span)),
        .. IcmpPackets(),
    ];
}
