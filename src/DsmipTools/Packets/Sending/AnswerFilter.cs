using DsmipTools.Wire;
using DsmipTools.Wire.Capture;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Packets.Sending;

/// <summary>
/// Tells answers to a packet from other packets: they come from its destination to its source and carry the same protocol, or report an
/// error with it by ICMP. ICMP itself may be answered by another than it was sent to, as anycast and multicast are.
/// </summary>
internal sealed class AnswerFilter
{
    private const int ExtensionHeaders = 8;
    private const byte FirstIcmpV6Information = 128;
    private const byte NeighborSolicitation = 135;
    private const byte NeighborAdvertisement = 136;

    private readonly byte[] sent;
    private readonly View view;
    private readonly Address? otherEnd;

    /// <summary>Makes the filter of an IP packet.</summary>
    public AnswerFilter(ReadOnlySpan<byte> packet)
    {
        sent = packet.ToArray();
        IsUsable = TryView(sent, out view);
        otherEnd = IsUsable && PacketFrame.TryRead(sent, Transport.MobileIPv4Udp, out var envelope, out _, out _) ? envelope.InnerDestination : null;
    }

    /// <summary>False for octets that begin with no IP header.</summary>
    public bool IsUsable { get; }

    public Address Source => view.Source;

    public Address Destination => view.Destination;

    public IpProtocol Protocol => view.Protocol;

    public ushort SourcePort => view.SourcePort;

    private bool IsIcmp => view.Protocol is IpProtocol.Icmp or IpProtocol.IcmpV6;

    /// <summary>True for an IP packet that is an answer.</summary>
    public bool Matches(ReadOnlySpan<byte> packet)
    {
        if (!IsUsable || !TryView(packet, out var answer)
            || !(answer.Destination == view.Source || (view.Destination.IsMulticast && answer.Destination.IsMulticast))
            || IsSent(packet))
        {
            return false;
        }

        if (answer.IsIcmpError)
        {
            return TryView(packet[(answer.Payload + 8)..], out var quoted) && quoted.Destination == view.Destination && quoted.Source == view.Source;
        }

        return answer.Protocol == view.Protocol
            && (IsIcmp || view.Destination.IsMulticast || answer.Source == view.Destination || answer.Source == otherEnd)
            && (!IsIcmp || IsNeighborDiscovery(view) || !IsNeighborDiscovery(answer))
            && (view.Protocol != IpProtocol.Udp || answer.DestinationPort == view.SourcePort);
    }

    private static bool IsNeighborDiscovery(in View view) => view.IcmpType is NeighborSolicitation or NeighborAdvertisement;

    /// <summary>True for what was sent itself, as it is received on the loopback interface; the kernel fills in identification and checksum of IPv4.</summary>
    private bool IsSent(ReadOnlySpan<byte> packet)
    {
        if (packet.Length != sent.Length)
        {
            return false;
        }

        Span<byte> compared = packet.ToArray();
        if (view.Source.IsIPv4)
        {
            IPv4Header.Fields.Identification.Write(compared, IPv4Header.Fields.Identification.ReadUInt16(sent));
            IPv4Header.Fields.HeaderChecksum.Write(compared, IPv4Header.Fields.HeaderChecksum.ReadUInt16(sent));
        }

        return compared.SequenceEqual(sent);
    }

    private static bool TryView(ReadOnlySpan<byte> packet, out View view)
    {
        view = default;
        var version = packet.IsEmpty ? 0 : packet[0] >> 4;
        if (version == 4 && packet.Length >= IPv4Header.Fields.Layout.Length)
        {
            view = new View(
                packet,
                IPv4Header.Fields.Source.ReadAddress(packet),
                IPv4Header.Fields.Destination.ReadAddress(packet),
                (IpProtocol)IPv4Header.Fields.Protocol.ReadByte(packet),
                IPv4Header.Fields.HeaderLength.ReadByte(packet) * 4);
            return true;
        }

        if (version != 6 || packet.Length < IPv6Header.Fields.Layout.Length)
        {
            return false;
        }

        var protocol = (IpProtocol)IPv6Header.Fields.NextHeader.ReadByte(packet);
        var payload = IPv6Header.Fields.Layout.Length;
        for (var number = 0; number < ExtensionHeaders && payload + 2 <= packet.Length
            && protocol is IpProtocol.HopByHopOptions or IpProtocol.Routing or IpProtocol.Fragment or IpProtocol.DestinationOptions; number++)
        {
            var length = protocol == IpProtocol.Fragment ? 8 : (packet[payload + 1] + 1) * 8;
            protocol = (IpProtocol)packet[payload];
            payload += length;
        }

        view = new View(packet, IPv6Header.Fields.Source.ReadAddress(packet), IPv6Header.Fields.Destination.ReadAddress(packet), protocol, payload);
        return true;
    }

    /// <summary>What tells an answer: addresses of the outermost header, the protocol behind the extension headers, ports, and the ICMP type.</summary>
    private readonly struct View
    {
        public View(ReadOnlySpan<byte> packet, Address source, Address destination, IpProtocol protocol, int payload)
        {
            (Source, Destination, Protocol, Payload) = (source, destination, protocol, payload);
            if (protocol == IpProtocol.Udp && payload + 4 <= packet.Length)
            {
                SourcePort = UdpHeader.Fields.SourcePort.ReadUInt16(packet[payload..]);
                DestinationPort = UdpHeader.Fields.DestinationPort.ReadUInt16(packet[payload..]);
            }

            if (protocol is IpProtocol.Icmp or IpProtocol.IcmpV6 && payload + 8 <= packet.Length)
            {
                IcmpType = packet[payload];
                // RFC 792: unreachable, source quench, redirect, time exceeded, parameter problem; RFC 4443, 2.1: all types below 128.
                IsIcmpError = protocol == IpProtocol.Icmp ? IcmpType is 3 or 4 or 5 or 11 or 12 : IcmpType < FirstIcmpV6Information;
            }
        }

        public Address Source { get; }

        public Address Destination { get; }

        public IpProtocol Protocol { get; }

        public int Payload { get; }

        public ushort SourcePort { get; }

        public ushort DestinationPort { get; }

        public byte? IcmpType { get; }

        public bool IsIcmpError { get; }
    }

    /// <summary>The IP packet in an Ethernet frame; empty for another protocol.</summary>
    public static ReadOnlySpan<byte> PacketIn(ReadOnlySpan<byte> frame)
    {
        for (var at = EthernetHeader.Fields.EtherType.Offset; at + 2 <= frame.Length; at += 4)
        {
            switch ((EtherType)EthernetHeader.Fields.EtherType.ReadUInt16(frame[(at - EthernetHeader.Fields.EtherType.Offset)..]))
            {
                case EtherType.IPv4 or EtherType.IPv6:
                    return frame[(at + 2)..];
                case EtherType.CustomerVlanTag or EtherType.ServiceVlanTag or EtherType.OldServiceVlanTag:
                    continue;
                default:
                    return default;
            }
        }

        return default;
    }
}
