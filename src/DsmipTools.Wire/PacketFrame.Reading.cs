using System.Globalization;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Ip.ExtensionHeaders;
using DsmipTools.Wire.Ip.Options;
using DsmipTools.Wire.Layouts;
using DsmipTools.Wire.Tunneling;

namespace DsmipTools.Wire;

/// <content>Taking a message out of a packet.</content>
public static partial class PacketFrame
{
    /// <summary>Takes the message out of an IP packet; header and UDP checksums have to be right.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="udpTransport">What a UDP payload is taken for: a port alone does not tell.</param>
    /// <param name="envelope">The envelope found; behind ESP with the addresses alone.</param>
    /// <param name="message">The message, or the octets of ESP that protect it; a part of the packet.</param>
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
        var headerLength = IPv6Header.Fields.Layout.Length;
        if (packet.Length < headerLength)
        {
            error = new WireError("IPv6", packet.Length, "ends before its 40 octets");
            return false;
        }

        if (IPv6Header.Fields.Version.ReadByte(packet) != 6)
        {
            error = new WireError(IPv6Header.Fields.Version.Name, 0, "is not 6");
            return false;
        }

        var length = IPv6Header.Fields.PayloadLength.ReadUInt16(packet);
        var payload = packet[headerLength..];
        if (length > payload.Length)
        {
            error = TooShort(IPv6Header.Fields.PayloadLength, length, payload.Length);
            return false;
        }

        envelope = new Envelope(
            Transport.IPv6,
            new Endpoint(IPv6Header.Fields.Source.ReadAddress(packet), 0),
            new Endpoint(IPv6Header.Fields.Destination.ReadAddress(packet), 0));
        message = payload[..length];
        var next = (IpProtocol)IPv6Header.Fields.NextHeader.ReadByte(packet);
        if (next == IpProtocol.Routing && TryTakeHeader(ref message, Type2RoutingHeader.Fields.Layout.Length, out var routing)
            && Type2RoutingHeader.Fields.RoutingType.ReadByte(routing) == Type2RoutingHeader.Type)
        {
            next = (IpProtocol)Type2RoutingHeader.Fields.NextHeader.ReadByte(routing);
            if (Type2RoutingHeader.Fields.SegmentsLeft.ReadByte(routing) > 0)
            {
                envelope = envelope with { InnerDestination = Type2RoutingHeader.Fields.HomeAddress.ReadAddress(routing) };
            }
        }

        if (next == IpProtocol.DestinationOptions && TryTakeHeader(ref message, 0, out var options))
        {
            next = (IpProtocol)DestinationOptionsHeader.Fields.NextHeader.ReadByte(options);
            envelope = TryFindHomeAddress(options[OptionsHeader.FixedLength..], out var home) ? envelope with { InnerSource = home } : envelope;
        }

        envelope = envelope with { IsProtected = next == IpProtocol.EncapsulatingSecurityPayload };
        error = next is IpProtocol.MobilityHeader or IpProtocol.EncapsulatingSecurityPayload
            ? default
            : new WireError(IPv6Header.Fields.NextHeader.Name, IPv6Header.Fields.NextHeader.Offset, "leads to neither a Mobility Header (135) nor ESP (50)");
        return !error.IsError;
    }

    /// <summary>Takes an extension header off the front; false when there is none of the length that it says, or of the one wanted.</summary>
    private static bool TryTakeHeader(ref ReadOnlySpan<byte> octets, int wanted, out ReadOnlySpan<byte> header)
    {
        header = default;
        var length = octets.Length < 2 ? int.MaxValue : (octets[1] + 1) * 8;
        if (length > octets.Length || (wanted != 0 && length != wanted))
        {
            return false;
        }

        header = octets[..length];
        octets = octets[length..];
        return true;
    }

    /// <summary>True for a Destination Options header with a Home Address option (RFC 6275, 6.3).</summary>
    public static bool HasHomeAddress(ReadOnlySpan<byte> header) =>
        header.Length > OptionsHeader.FixedLength && TryFindHomeAddress(header[OptionsHeader.FixedLength..], out _);

    private static bool TryFindHomeAddress(ReadOnlySpan<byte> options, out Address home)
    {
        home = default;
        var whole = TypeLengthValue.Check(options, 0, "Option", out _);
        for (var at = 0; at < whole; at += TypeLengthValue.LengthAt(options, at))
        {
            if (options[at] == (byte)IPv6OptionType.HomeAddress && options[at + 1] == HomeAddressOption.Fields.Layout.Length - 2)
            {
                home = HomeAddressOption.Fields.HomeAddress.ReadAddress(options[at..]);
                return true;
            }
        }

        return false;
    }

    private static bool TryReadIPv4(
        ReadOnlySpan<byte> packet, Transport transport, out Envelope envelope, out ReadOnlySpan<byte> message, out WireError error)
    {
        envelope = default;
        message = default;
        if (!TryReadIPv4Payload(packet, out var payload, out error))
        {
            return false;
        }

        var addresses = new PseudoAddresses(IPv4Header.Fields.Source.ReadAddress(packet), IPv4Header.Fields.Destination.ReadAddress(packet));
        if (IPv4Header.Fields.Protocol.ReadByte(packet) == (byte)IpProtocol.EncapsulatingSecurityPayload)
        {
            envelope = new Envelope(Transport.ProxyMobileIPv6Udp, new Endpoint(addresses.Source, 0), new Endpoint(addresses.Destination, 0)) { IsProtected = true };
            message = payload;
            return true;
        }

        var start = IPv4Header.Fields.HeaderLength.ReadByte(packet) * 4;
        if (!TryReadUdp(payload, addresses, transport, out envelope, out message, out error))
        {
            error = error.At(start);
            return false;
        }

        return transport != Transport.DualStackMobileIPv6Udp || TryReadInner(ref envelope, ref message, start + UdpHeader.Fields.Layout.Length, out error);
    }

    /// <summary>Takes the message out of what ESP protected in transport mode; fills in the ports that the packet did not show.</summary>
    /// <param name="payload">The payload of ESP.</param>
    /// <param name="nextHeader">What ESP says that it is.</param>
    /// <param name="envelope">The envelope of the packet.</param>
    /// <param name="message">The message, a part of the payload.</param>
    /// <param name="error">Why there is none.</param>
    public static bool TryReadPayload(
        ReadOnlySpan<byte> payload, IpProtocol nextHeader, scoped ref Envelope envelope, out ReadOnlySpan<byte> message, out WireError error)
    {
        message = payload;
        error = default;
        if (nextHeader != (envelope.Transport == Transport.IPv6 ? IpProtocol.MobilityHeader : IpProtocol.Udp))
        {
            error = new WireError(EncapsulatingSecurityPayloadTrailer.Fields.NextHeader.Name, 0, "is not what the transport has in ESP");
            return false;
        }

        if (nextHeader == IpProtocol.MobilityHeader)
        {
            return true;
        }

        if (!TryReadUdp(payload, new PseudoAddresses(envelope.Source.Address, envelope.Destination.Address), envelope.Transport, out var inside, out message, out error))
        {
            return false;
        }

        envelope = inside with { IsProtected = true };
        return true;
    }

    private static bool TryReadUdp(
        ReadOnlySpan<byte> udp, PseudoAddresses addresses, Transport transport, out Envelope envelope, out ReadOnlySpan<byte> message, out WireError error)
    {
        envelope = default;
        message = default;
        if (udp.Length < UdpHeader.Fields.Layout.Length)
        {
            error = new WireError("UDP", udp.Length, "ends before its 8 octets");
            return false;
        }

        var length = UdpHeader.Fields.Length.ReadUInt16(udp);
        if (length < UdpHeader.Fields.Layout.Length || length > udp.Length)
        {
            error = TooShort(UdpHeader.Fields.Length, length, udp.Length);
            return false;
        }

        udp = udp[..length];
        if (UdpHeader.Fields.Checksum.ReadUInt16(udp) != 0 && !InternetChecksum.Verify(addresses.Sum(IpProtocol.Udp, length), udp))
        {
            error = new WireError(UdpHeader.Fields.Checksum.Name, UdpHeader.Fields.Checksum.Offset, "is wrong");
            return false;
        }

        envelope = new Envelope(
            transport,
            new Endpoint(addresses.Source, UdpHeader.Fields.SourcePort.ReadUInt16(udp)),
            new Endpoint(addresses.Destination, UdpHeader.Fields.DestinationPort.ReadUInt16(udp)));
        message = udp[UdpHeader.Fields.Layout.Length..];
        error = default;
        return true;
    }

    /// <summary>Takes the message out of the IPv6 packet that stands in UDP (RFC 5555, 4.1).</summary>
    private static bool TryReadInner(ref Envelope envelope, ref ReadOnlySpan<byte> message, int offset, out WireError error)
    {
        if (!TryReadIPv6(message, out var inner, out message, out error))
        {
            error = error.At(offset);
            return false;
        }

        if (inner.IsProtected)
        {
            error = new WireError(IPv6Header.Fields.NextHeader.Name, offset + IPv6Header.Fields.NextHeader.Offset, "leads to ESP, which is not read inside UDP");
            return false;
        }

        envelope = envelope with { InnerSource = inner.Source.Address, InnerDestination = inner.Destination.Address };
        return true;
    }

    private static bool TryReadIPv4Payload(ReadOnlySpan<byte> packet, out ReadOnlySpan<byte> payload, out WireError error)
    {
        payload = default;
        if (packet.Length < IPv4Header.Fields.Layout.Length)
        {
            error = new WireError("IPv4", packet.Length, "ends before its 20 octets");
            return false;
        }

        var header = IPv4Header.Fields.HeaderLength.ReadByte(packet) * 4;
        var total = IPv4Header.Fields.TotalLength.ReadUInt16(packet);
        error = default;
        if (IPv4Header.Fields.Version.ReadByte(packet) != 4)
        {
            error = new WireError(IPv4Header.Fields.Version.Name, 0, "is neither 4 nor 6");
        }
        else if (header < IPv4Header.Fields.Layout.Length || header > total)
        {
            error = new WireError(IPv4Header.Fields.HeaderLength.Name, IPv4Header.Fields.HeaderLength.Offset, "does not fit the packet");
        }
        else if (total > packet.Length)
        {
            error = TooShort(IPv4Header.Fields.TotalLength, total, packet.Length);
        }
        else if (!InternetChecksum.Verify(0, packet[..header]))
        {
            error = new WireError(IPv4Header.Fields.HeaderChecksum.Name, IPv4Header.Fields.HeaderChecksum.Offset, "is wrong");
        }
        else if (IPv4Header.Fields.FragmentOffset.ReadNumber(packet) != 0 || IPv4Header.Fields.MoreFragments.ReadFlag(packet))
        {
            error = new WireError(IPv4Header.Fields.FragmentOffset.Name, IPv4Header.Fields.FragmentOffset.Offset, "the packet is a fragment");
        }
        else if ((IpProtocol)IPv4Header.Fields.Protocol.ReadByte(packet) is not (IpProtocol.Udp or IpProtocol.EncapsulatingSecurityPayload))
        {
            error = new WireError(IPv4Header.Fields.Protocol.Name, IPv4Header.Fields.Protocol.Offset, "is neither UDP (17) nor ESP (50)");
        }
        else
        {
            payload = packet[header..total];
        }

        return !error.IsError;
    }

    private static WireError TooShort(Field field, int says, int has) =>
        new(field.Name, field.Offset, string.Create(CultureInfo.InvariantCulture, $"says {says} octets, but there are {has}"));
}
