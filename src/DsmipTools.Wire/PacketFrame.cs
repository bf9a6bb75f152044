using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Ip.ExtensionHeaders;
using DsmipTools.Wire.Ip.Options;

namespace DsmipTools.Wire;

/// <summary>
/// Puts a mobility message into an IP packet and takes it out again, as its envelope says. Does not allocate. Where ESP protects the message,
/// what stands for it here are the octets of ESP: who has the keys puts <see cref="WritePayload"/> into them and takes it out of them.
/// </summary>
public static partial class PacketFrame
{
    /// <summary>The TTL and hop limit of packets that DsmipTools composes.</summary>
    public const byte HopLimit = 64;

    private const int HomeAddressHeaderLength = 24;

    /// <summary>Octets that the headers of an envelope add.</summary>
    public static int Overhead(in Envelope envelope) => envelope.Transport switch
    {
        Transport.IPv6 => IPv6Header.Fields.Layout.Length + ExtensionHeadersLength(envelope),
        Transport.ProxyMobileIPv6Udp when envelope.IsProtected => IPv4Header.Fields.Layout.Length,
        Transport.DualStackMobileIPv6Udp => UdpOverhead + IPv6Header.Fields.Layout.Length,
        _ => UdpOverhead,
    };

    private static int UdpOverhead => IPv4Header.Fields.Layout.Length + UdpHeader.Fields.Layout.Length;

    /// <summary>Writes the IP packet of a message and returns its length.</summary>
    /// <exception cref="ArgumentException">The addresses are not of the family that the transport needs, or the packet is too long for IP.</exception>
    public static int Write(in Envelope envelope, ReadOnlySpan<byte> message, Span<byte> destination)
    {
        if (envelope.IsProtected && envelope.Transport is not (Transport.IPv6 or Transport.ProxyMobileIPv6Udp))
        {
            throw new ArgumentException($"ESP protects Mobility Headers over IPv6 and Proxy Mobile IPv6 over IPv4, not {envelope.Transport}.", nameof(envelope));
        }

        var overhead = Overhead(envelope);
        if (overhead + message.Length > ushort.MaxValue)
        {
            throw new ArgumentException($"A message of {message.Length} octets does not fit into an IP packet.", nameof(message));
        }

        var packet = destination[..(overhead + message.Length)];
        packet[..overhead].Clear();
        message.CopyTo(packet[overhead..]);
        switch (envelope.Transport)
        {
            case Transport.IPv6:
                WriteIPv6(envelope, packet);
                break;
            case Transport.DualStackMobileIPv6Udp:
                if (envelope.InnerSource is not { } from || envelope.InnerDestination is not { } to)
                {
                    throw new ArgumentException("A packet in UDP of Dual-Stack Mobile IPv6 has inner addresses, and the envelope names none.", nameof(envelope));
                }

                WriteIPv6Header(packet[UdpOverhead..], IpProtocol.MobilityHeader, from, to);
                WriteIPv4(envelope, packet);
                break;
            default:
                WriteIPv4(envelope, packet);
                break;
        }

        return packet.Length;
    }

    /// <summary>Octets that <see cref="WritePayload"/> adds: those of a UDP header, or none.</summary>
    public static int PayloadOverhead(in Envelope envelope) => envelope.Transport == Transport.IPv6 ? 0 : UdpHeader.Fields.Layout.Length;

    /// <summary>Writes what ESP protects in transport mode: the message over IPv6, UDP with the message over IPv4 (RFC 5844, 4.1.3.2). Returns its length.</summary>
    public static int WritePayload(in Envelope envelope, ReadOnlySpan<byte> message, Span<byte> destination)
    {
        var overhead = PayloadOverhead(envelope);
        var payload = destination[..(overhead + message.Length)];
        message.CopyTo(payload[overhead..]);
        if (overhead > 0)
        {
            payload[..overhead].Clear();
            WriteUdp(envelope, payload);
        }

        return payload.Length;
    }

    private static int ExtensionHeadersLength(in Envelope envelope) =>
        (envelope.InnerDestination is null ? 0 : Type2RoutingHeader.Fields.Layout.Length) + (envelope.InnerSource is null ? 0 : HomeAddressHeaderLength);

    /// <summary>The order is that of RFC 6275, 6.3: routing header, then the destination options with the home address.</summary>
    private static void WriteIPv6(in Envelope envelope, Span<byte> packet)
    {
        var message = envelope.IsProtected ? IpProtocol.EncapsulatingSecurityPayload : IpProtocol.MobilityHeader;
        var behindRouting = envelope.InnerSource is null ? message : IpProtocol.DestinationOptions;
        WriteIPv6Header(
            packet, envelope.InnerDestination is null ? behindRouting : IpProtocol.Routing, envelope.Source.Address, envelope.Destination.Address);
        var next = packet[IPv6Header.Fields.Layout.Length..];
        if (envelope.InnerDestination is { } destination)
        {
            Type2RoutingHeader.Fields.NextHeader.Write(next, (ulong)behindRouting);
            Type2RoutingHeader.Fields.HeaderLength.Write(next, ((ulong)Type2RoutingHeader.Fields.Layout.Length / 8) - 1);
            Type2RoutingHeader.Fields.RoutingType.Write(next, Type2RoutingHeader.Type);
            Type2RoutingHeader.Fields.SegmentsLeft.Write(next, 1);
            Type2RoutingHeader.Fields.HomeAddress.Write(next, destination);
            next = next[Type2RoutingHeader.Fields.Layout.Length..];
        }

        if (envelope.InnerSource is { } source)
        {
            DestinationOptionsHeader.Fields.NextHeader.Write(next, (ulong)message);
            DestinationOptionsHeader.Fields.HeaderLength.Write(next, (HomeAddressHeaderLength / 8) - 1);
            // The option may stand at 8n+6 (RFC 6275, 6.3): four octets of padding before it.
            TypeLengthValue.Begin(next.Slice(OptionsHeader.FixedLength, 4), (byte)IPv6OptionType.PadN);
            var option = next.Slice(OptionsHeader.FixedLength + 4, HomeAddressOption.Fields.Layout.Length);
            TypeLengthValue.Begin(option, (byte)IPv6OptionType.HomeAddress);
            HomeAddressOption.Fields.HomeAddress.Write(option, source);
        }
    }

    private static void WriteIPv6Header(Span<byte> packet, IpProtocol nextHeader, Address source, Address destination)
    {
        IPv6Header.Fields.Version.Write(packet, 6);
        IPv6Header.Fields.PayloadLength.Write(packet, (ulong)(packet.Length - IPv6Header.Fields.Layout.Length));
        IPv6Header.Fields.NextHeader.Write(packet, (ulong)nextHeader);
        IPv6Header.Fields.HopLimit.Write(packet, HopLimit);
        IPv6Header.Fields.Source.Write(packet, source);
        IPv6Header.Fields.Destination.Write(packet, destination);
    }

    private static void WriteIPv4(in Envelope envelope, Span<byte> packet)
    {
        var headerLength = IPv4Header.Fields.Layout.Length;
        IPv4Header.Fields.Version.Write(packet, 4);
        IPv4Header.Fields.HeaderLength.Write(packet, (ulong)headerLength / 4);
        IPv4Header.Fields.TotalLength.Write(packet, (ulong)packet.Length);
        IPv4Header.Fields.TimeToLive.Write(packet, HopLimit);
        IPv4Header.Fields.Protocol.Write(packet, (byte)(envelope.IsProtected ? IpProtocol.EncapsulatingSecurityPayload : IpProtocol.Udp));
        IPv4Header.Fields.Source.Write(packet, envelope.Source.Address);
        IPv4Header.Fields.Destination.Write(packet, envelope.Destination.Address);
        IPv4Header.Fields.HeaderChecksum.Write(packet, InternetChecksum.Finish(InternetChecksum.Sum(packet[..headerLength])));
        if (!envelope.IsProtected)
        {
            WriteUdp(envelope, packet[headerLength..]);
        }
    }

    private static void WriteUdp(in Envelope envelope, Span<byte> udp)
    {
        UdpHeader.Fields.SourcePort.Write(udp, envelope.Source.Port);
        UdpHeader.Fields.DestinationPort.Write(udp, envelope.Destination.Port);
        UdpHeader.Fields.Length.Write(udp, (ulong)udp.Length);
        UdpHeader.WriteChecksum(udp, new PseudoAddresses(envelope.Source.Address, envelope.Destination.Address));
    }
}
