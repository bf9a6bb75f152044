using System.Globalization;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Wire;

/// <summary>Puts a mobility message into an IP packet and takes it out again, as its envelope says.</summary>
public static class PacketFrame
{
    /// <summary>The TTL and hop limit of packets that DsmipTools composes.</summary>
    public const byte HopLimit = 64;

    /// <summary>Octets that the headers of a transport add.</summary>
    public static int Overhead(Transport transport) =>
        transport == Transport.IPv6 ? IPv6Header.Layout.Length : IPv4Header.Layout.Length + UdpHeader.Layout.Length;

    /// <summary>Writes the IP packet of a message and returns its length.</summary>
    /// <exception cref="ArgumentException">The addresses are not of the family that the transport needs, or the packet is too long for IP.</exception>
    public static int Write(in Envelope envelope, ReadOnlySpan<byte> message, Span<byte> destination)
    {
        var overhead = Overhead(envelope.Transport);
        if (overhead + message.Length > ushort.MaxValue)
        {
            throw new ArgumentException($"A message of {message.Length} octets does not fit into an IP packet.", nameof(message));
        }

        var packet = destination[..(overhead + message.Length)];
        packet[..overhead].Clear();
        message.CopyTo(packet[overhead..]);
        if (envelope.Transport == Transport.IPv6)
        {
            IPv6Header.Version.Write(packet, 6);
            IPv6Header.PayloadLength.Write(packet, (ulong)message.Length);
            IPv6Header.NextHeader.Write(packet, (byte)IpProtocol.MobilityHeader);
            IPv6Header.HopLimit.Write(packet, HopLimit);
            IPv6Header.Source.Write(packet, envelope.Source.Address);
            IPv6Header.Destination.Write(packet, envelope.Destination.Address);
            return packet.Length;
        }

        IPv4Header.Version.Write(packet, 4);
        IPv4Header.HeaderLength.Write(packet, (ulong)IPv4Header.Layout.Length / 4);
        IPv4Header.TotalLength.Write(packet, (ulong)packet.Length);
        IPv4Header.TimeToLive.Write(packet, HopLimit);
        IPv4Header.Protocol.Write(packet, (byte)IpProtocol.Udp);
        IPv4Header.Source.Write(packet, envelope.Source.Address);
        IPv4Header.Destination.Write(packet, envelope.Destination.Address);
        IPv4Header.HeaderChecksum.Write(packet, InternetChecksum.Finish(InternetChecksum.Sum(packet[..IPv4Header.Layout.Length])));
        var udp = packet[IPv4Header.Layout.Length..];
        UdpHeader.SourcePort.Write(udp, envelope.Source.Port);
        UdpHeader.DestinationPort.Write(udp, envelope.Destination.Port);
        UdpHeader.Length.Write(udp, (ulong)udp.Length);
        var pseudo = InternetChecksum.PseudoHeader(envelope.Source.Address, envelope.Destination.Address, (byte)IpProtocol.Udp, udp.Length);
        var checksum = InternetChecksum.Finish(pseudo + InternetChecksum.Sum(udp));
        // RFC 768: a computed zero is sent as all ones, because zero means that there is no checksum.
        UdpHeader.Checksum.Write(udp, checksum == 0 ? 0xFFFFu : checksum);
        return packet.Length;
    }

    /// <summary>Takes the message out of an IP packet; header and UDP checksums have to be right.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="udpTransport">What a UDP payload is taken for: a port alone does not tell.</param>
    /// <param name="envelope">The envelope found.</param>
    /// <param name="message">The message, a part of the packet.</param>
    /// <param name="error">Why the packet cannot be read.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> packet, Transport udpTransport, out Envelope envelope, out ReadOnlySpan<byte> message, out WireError error)
    {
        envelope = default;
        message = default;
        if (packet.Length == 0)
        {
            error = new WireError("Version", 0, "the packet is empty");
            return false;
        }

        return packet[0] >> 4 == 6
            ? TryReadIPv6(packet, out envelope, out message, out error)
            : TryReadIPv4(packet, udpTransport, out envelope, out message, out error);
    }

    private static bool TryReadIPv6(ReadOnlySpan<byte> packet, out Envelope envelope, out ReadOnlySpan<byte> message, out WireError error)
    {
        envelope = default;
        message = default;
        if (packet.Length < IPv6Header.Layout.Length)
        {
            error = new WireError("IPv6", packet.Length, "ends before its 40 octets");
            return false;
        }

        var length = IPv6Header.PayloadLength.ReadUInt16(packet);
        var payload = packet[IPv6Header.Layout.Length..];
        if (length > payload.Length)
        {
            error = TooShort(IPv6Header.PayloadLength, length, payload.Length);
            return false;
        }

        if (IPv6Header.NextHeader.ReadByte(packet) != (byte)IpProtocol.MobilityHeader)
        {
            error = new WireError(IPv6Header.NextHeader.Name, IPv6Header.NextHeader.Offset, "is not a Mobility Header (135)");
            return false;
        }

        envelope = new Envelope(
            Transport.IPv6, new Endpoint(IPv6Header.Source.ReadAddress(packet), 0), new Endpoint(IPv6Header.Destination.ReadAddress(packet), 0));
        message = payload[..length];
        error = default;
        return true;
    }

    private static bool TryReadIPv4(
        ReadOnlySpan<byte> packet, Transport transport, out Envelope envelope, out ReadOnlySpan<byte> message, out WireError error)
    {
        envelope = default;
        message = default;
        if (!TryReadIPv4Payload(packet, out var udp, out error))
        {
            return false;
        }

        var start = IPv4Header.HeaderLength.ReadByte(packet) * 4;
        if (udp.Length < UdpHeader.Layout.Length)
        {
            error = new WireError("UDP", packet.Length, "ends before its 8 octets");
            return false;
        }

        var length = UdpHeader.Length.ReadUInt16(udp);
        if (length < UdpHeader.Layout.Length || length > udp.Length)
        {
            error = TooShort(UdpHeader.Length, length, udp.Length).At(start);
            return false;
        }

        udp = udp[..length];
        Address source = IPv4Header.Source.ReadAddress(packet), destination = IPv4Header.Destination.ReadAddress(packet);
        if (UdpHeader.Checksum.ReadUInt16(udp) != 0
            && !InternetChecksum.Verify(InternetChecksum.PseudoHeader(source, destination, (byte)IpProtocol.Udp, length), udp))
        {
            error = new WireError(UdpHeader.Checksum.Name, start + UdpHeader.Checksum.Offset, "is wrong");
            return false;
        }

        envelope = new Envelope(
            transport,
            new Endpoint(source, UdpHeader.SourcePort.ReadUInt16(udp)),
            new Endpoint(destination, UdpHeader.DestinationPort.ReadUInt16(udp)));
        message = udp[UdpHeader.Layout.Length..];
        return true;
    }

    private static bool TryReadIPv4Payload(ReadOnlySpan<byte> packet, out ReadOnlySpan<byte> udp, out WireError error)
    {
        udp = default;
        if (packet.Length < IPv4Header.Layout.Length)
        {
            error = new WireError("IPv4", packet.Length, "ends before its 20 octets");
            return false;
        }

        var header = IPv4Header.HeaderLength.ReadByte(packet) * 4;
        var total = IPv4Header.TotalLength.ReadUInt16(packet);
        error = default;
        if (IPv4Header.Version.ReadByte(packet) != 4)
        {
            error = new WireError(IPv4Header.Version.Name, 0, "is neither 4 nor 6");
        }
        else if (header < IPv4Header.Layout.Length || header > total)
        {
            error = new WireError(IPv4Header.HeaderLength.Name, IPv4Header.HeaderLength.Offset, "does not fit the packet");
        }
        else if (total > packet.Length)
        {
            error = TooShort(IPv4Header.TotalLength, total, packet.Length);
        }
        else if (!InternetChecksum.Verify(0, packet[..header]))
        {
            error = new WireError(IPv4Header.HeaderChecksum.Name, IPv4Header.HeaderChecksum.Offset, "is wrong");
        }
        else if (IPv4Header.FragmentOffset.ReadNumber(packet) != 0 || (IPv4Header.Flags.ReadByte(packet) & 1) != 0)
        {
            error = new WireError(IPv4Header.FragmentOffset.Name, IPv4Header.FragmentOffset.Offset, "the packet is a fragment");
        }
        else if (IPv4Header.Protocol.ReadByte(packet) != (byte)IpProtocol.Udp)
        {
            error = new WireError(IPv4Header.Protocol.Name, IPv4Header.Protocol.Offset, "is not UDP (17)");
        }
        else
        {
            udp = packet[header..total];
        }

        return !error.IsError;
    }

    private static WireError TooShort(Layouts.Field field, int says, int has) =>
        new(field.Name, field.Offset, string.Create(CultureInfo.InvariantCulture, $"says {says} octets, but there are {has}"));
}
