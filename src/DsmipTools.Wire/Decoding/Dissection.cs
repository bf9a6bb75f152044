using System.Globalization;
using DsmipTools.Wire.Capture;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;

namespace DsmipTools.Wire.Decoding;

/// <summary>One frame while it is being decoded: each method decodes the structure between two offsets and hands on what it carries.</summary>
internal ref struct Dissection
{
    private static readonly Layout UnknownMobileIPv4 = UnknownMobileIPv4Table();

    private readonly ReadOnlySpan<byte> frame;
    private readonly PacketDecoderOptions options;
    private readonly List<Layer> layers = [];
    private object? message;
    private WireError? error;
    private Endpoint? source;
    private Endpoint? destination;

    internal Dissection(ReadOnlySpan<byte> frame, PacketDecoderOptions options)
    {
        this.frame = frame;
        this.options = options;
    }

    internal readonly DecodedPacket Packet => new()
    {
        Layers = ValueList.From(layers),
        Message = message,
        Error = error,
        Source = source,
        Destination = destination,
    };

    internal void Frame(LinkType linkType)
    {
        switch (linkType)
        {
            case LinkType.Ethernet:
                Ethernet(0, frame.Length);
                break;
            case LinkType.Raw when frame.Length > 0 && frame[0] >> 4 is not (4 or 6):
                Fail("Version", 0, "is neither 4 nor 6");
                Data(0, frame.Length);
                break;
            case LinkType.IPv6:
            case LinkType.Raw when frame.Length > 0 && frame[0] >> 4 == 6:
                IPv6(0, frame.Length);
                break;
            case LinkType.IPv4:
            case LinkType.Raw:
                IPv4(0, frame.Length);
                break;
            default:
                Fail("LinkType", 0, string.Create(CultureInfo.InvariantCulture, $"link type {(int)linkType} is not decoded"));
                Data(0, frame.Length);
                break;
        }
    }

    internal void MobileIPv4(int start, int end)
    {
        var octets = frame[start..end];
        var type = octets.Length > 0 ? (MobileIPv4MessageType)octets[0] : default;
        if (type is not (MobileIPv4MessageType.RegistrationRequest or MobileIPv4MessageType.RegistrationReply))
        {
            Fail("Type", start, octets.Length > 0 ? $"Mobile IPv4 message type {(byte)type} is not decoded" : "there is no message");
            Add(UnknownMobileIPv4, start, end);
            return;
        }

        var table = type == MobileIPv4MessageType.RegistrationRequest ? RegistrationRequest.Fields.Layout : RegistrationReply.Fields.Layout;
        message = MobileIPv4Message.TryParse(octets, out var parsed, out var wrong) ? parsed : null;
        Fail(wrong.At(start));
        var listed = octets[Math.Min(table.Length, octets.Length)..];
        var whole = TypeLengthValue.Check(listed, table.Length, "Extension", out _);
        var children = new List<Layer>();
        foreach (var extension in new ExtensionSequence(listed[..whole], start + table.Length))
        {
            children.Add(LayerReader.Read(
                Extension.From(extension).Table, frame, extension.Offset, extension.Offset + extension.Octets.Length));
        }

        AddCut(children, UnknownExtension.Fields.Layout, end - (listed.Length - whole), end);
        Add(table, start, end, children);
    }

    /// <param name="start">The first octet.</param>
    /// <param name="end">The octet behind the last; the Mobility Header's own length may be less.</param>
    /// <param name="checksumCounts">False where another checksum protects the message (RFC 5844, 4.1.3.1).</param>
    internal void MobilityHeader(int start, int end, bool checksumCounts)
    {
        var octets = frame[start..end];
        if (MobilityHeaderView.TryParse(octets, out var view, out var wrong))
        {
            octets = view.Octets;
            message = MobilityMessage.From(view, out wrong);
            if (checksumCounts && !view.VerifyChecksum(source!.Value.Address, destination!.Value.Address))
            {
                Fail("Checksum", start + MobilityHeaderFields.Common.Checksum.Offset, "is wrong");
            }
        }

        Fail(wrong.At(start));
        var table = TableOf(octets);
        var children = new List<Layer>();
        if (table != UnknownMobilityMessage.Fields.Layout)
        {
            var listed = octets[Math.Min(table.Length, octets.Length)..];
            var whole = TypeLengthValue.Check(listed, table.Length, "Option", out _);
            foreach (var option in new MobilityOptionSequence(listed[..whole], start + table.Length))
            {
                children.Add(LayerReader.Read(
                    MobilityOption.From(option).Table, frame, option.Offset, option.Offset + option.Octets.Length));
            }

            var messageEnd = start + octets.Length;
            AddCut(children, UnknownMobilityOption.Fields.Layout, messageEnd - (listed.Length - whole), messageEnd);
        }

        Add(table, start, start + octets.Length, children);
        Data(start + octets.Length, end);
    }

    private static Layout TableOf(ReadOnlySpan<byte> mobilityHeader)
    {
        var common = MobilityHeaderFields.Common;
        var type = common.Type.FitsInto(mobilityHeader.Length) ? (MobilityHeaderType)common.Type.ReadByte(mobilityHeader) : default;
        var revocation = BindingRevocationIndication.Fields.RevocationType;
        return type switch
        {
            MobilityHeaderType.BindingUpdate => BindingUpdate.Fields.Layout,
            MobilityHeaderType.BindingAcknowledgement => BindingAcknowledgement.Fields.Layout,
            MobilityHeaderType.BindingRevocation when revocation.FitsInto(mobilityHeader.Length) =>
                (BindingRevocationType)revocation.ReadByte(mobilityHeader) switch
                {
                    BindingRevocationType.Indication => BindingRevocationIndication.Fields.Layout,
                    BindingRevocationType.Acknowledgement => BindingRevocationAcknowledgement.Fields.Layout,
                    _ => UnknownMobilityMessage.Fields.Layout,
                },
            _ => UnknownMobilityMessage.Fields.Layout,
        };
    }

    private static Layout UnknownMobileIPv4Table()
    {
        var table = new Layout("Mobile IPv4", "RFC 5944, 1.8");
        table.Code<MobileIPv4MessageType>("Type", 8, "the message");
        table.Rest("Octets", "not decoded further");
        return table;
    }

    private void Ethernet(int start, int end)
    {
        if (!TryHeader(EthernetHeader.Layout, start, end))
        {
            return;
        }

        var next = start + EthernetHeader.Layout.Length;
        switch ((EtherType)EthernetHeader.EtherType.ReadUInt16(frame[start..]))
        {
            case EtherType.IPv4:
                IPv4(next, end);
                break;
            case EtherType.IPv6:
                IPv6(next, end);
                break;
            default:
                Data(next, end);
                break;
        }
    }

    private void IPv4(int start, int end)
    {
        var packet = frame[start..end];
        if (packet.Length < IPv4Header.Layout.Length)
        {
            TryHeader(IPv4Header.Layout, start, end);
            return;
        }

        var headerLength = IPv4Header.HeaderLength.ReadByte(packet) * 4;
        if (IPv4Header.Version.ReadByte(packet) != 4 || headerLength < IPv4Header.Layout.Length || headerLength > packet.Length)
        {
            var field = IPv4Header.Version.ReadByte(packet) != 4 ? IPv4Header.Version : IPv4Header.HeaderLength;
            Fail(field, start, field == IPv4Header.Version ? "is not 4" : "does not fit the packet");
            Add(IPv4Header.Layout, start, start + IPv4Header.Layout.Length);
            Data(start + IPv4Header.Layout.Length, end);
            return;
        }

        var next = start + headerLength;
        Add(IPv4Header.Layout, start, next, headerLength == IPv4Header.Layout.Length
            ? []
            : [LayerReader.Read(LayerReader.IPv4Options, frame, start + IPv4Header.Layout.Length, next)]);
        source = new Endpoint(IPv4Header.Source.ReadAddress(packet), 0);
        destination = new Endpoint(IPv4Header.Destination.ReadAddress(packet), 0);
        if (!InternetChecksum.Verify(0, packet[..headerLength]))
        {
            Fail(IPv4Header.HeaderChecksum, start, "is wrong");
        }

        var packetEnd = End(IPv4Header.TotalLength, start, start + IPv4Header.TotalLength.ReadUInt16(packet), next, end);
        var isFragment = IPv4Header.FragmentOffset.ReadNumber(packet) != 0 || (IPv4Header.Flags.ReadByte(packet) & 1) != 0;
        if (isFragment)
        {
            Fail(IPv4Header.FragmentOffset, start, "the packet is a fragment");
        }

        if (!isFragment && IPv4Header.Protocol.ReadByte(packet) == (byte)IpProtocol.Udp)
        {
            Udp(next, packetEnd);
        }
        else
        {
            Data(next, packetEnd);
        }

        Add(LayerReader.Trailer, packetEnd, end, onlyIfAny: true);
    }

    private void IPv6(int start, int end)
    {
        if (!TryHeader(IPv6Header.Layout, start, end))
        {
            return;
        }

        var packet = frame[start..end];
        var next = start + IPv6Header.Layout.Length;
        if (IPv6Header.Version.ReadByte(packet) != 6)
        {
            Fail(IPv6Header.Version, start, "is not 6");
            Data(next, end);
            return;
        }

        source = new Endpoint(IPv6Header.Source.ReadAddress(packet), 0);
        destination = new Endpoint(IPv6Header.Destination.ReadAddress(packet), 0);
        var packetEnd = End(IPv6Header.PayloadLength, start, next + IPv6Header.PayloadLength.ReadUInt16(packet), next, end);
        switch ((IpProtocol)IPv6Header.NextHeader.ReadByte(packet))
        {
            case IpProtocol.MobilityHeader:
                MobilityHeader(next, packetEnd, checksumCounts: true);
                break;
            case IpProtocol.Udp:
                Udp(next, packetEnd);
                break;
            default:
                Data(next, packetEnd);
                break;
        }

        Add(LayerReader.Trailer, packetEnd, end, onlyIfAny: true);
    }

    private void Udp(int start, int end)
    {
        if (!TryHeader(UdpHeader.Layout, start, end))
        {
            return;
        }

        var udp = frame[start..end];
        var next = start + UdpHeader.Layout.Length;
        source = source!.Value with { Port = UdpHeader.SourcePort.ReadUInt16(udp) };
        destination = destination!.Value with { Port = UdpHeader.DestinationPort.ReadUInt16(udp) };
        var length = UdpHeader.Length.ReadUInt16(udp);
        var udpEnd = End(UdpHeader.Length, start, start + length, next, end);
        if (length == udpEnd - start)
        {
            UdpChecksum(start, udpEnd);
        }

        if (Carries(options.MobileIPv4Ports, options.ProxyMobileIPv6Ports))
        {
            MobileIPv4(next, udpEnd);
        }
        else if (Carries(options.ProxyMobileIPv6Ports, options.MobileIPv4Ports))
        {
            MobilityHeader(next, udpEnd, checksumCounts: false);
        }
        else
        {
            Data(next, udpEnd);
        }

        Data(udpEnd, end);
    }

    /// <summary>True when the destination port is one of a protocol, or the source port is and the destination port is none of the other's.</summary>
    private readonly bool Carries(IReadOnlySet<ushort> ports, IReadOnlySet<ushort> others)
    {
        ushort from = source!.Value.Port, to = destination!.Value.Port;
        return ports.Contains(to) || (ports.Contains(from) && !others.Contains(to));
    }

    private void UdpChecksum(int start, int end)
    {
        var udp = frame[start..end];
        Address from = source!.Value.Address, to = destination!.Value.Address;
        var checksum = UdpHeader.Checksum.ReadUInt16(udp);
        if (checksum == 0 && from.IsIPv6)
        {
            Fail(UdpHeader.Checksum, start, "is zero, which IPv6 does not allow (RFC 8200, 8.1)");
        }
        else if (checksum != 0 && !InternetChecksum.Verify(InternetChecksum.PseudoHeader(from, to, (byte)IpProtocol.Udp, udp.Length), udp))
        {
            Fail(UdpHeader.Checksum, start, "is wrong");
        }
    }

    /// <summary>Where a structure ends by its own length field, as far as the frame goes.</summary>
    private int End(Field field, int start, int says, int least, int end)
    {
        if (says > end)
        {
            Fail(field, start, string.Create(CultureInfo.InvariantCulture, $"says {says - end} octets more than there are"));
        }
        else if (says < least)
        {
            Fail(field, start, "is less than the header's own length");
        }

        return Math.Clamp(says, least, end);
    }

    private bool TryHeader(Layout table, int start, int end)
    {
        var fits = end - start >= table.Length;
        if (!fits)
        {
            Fail(table.Name, end, string.Create(CultureInfo.InvariantCulture, $"ends before its {table.Length} octets"));
        }

        Add(table, start, fits ? start + table.Length : end);
        return fits;
    }

    private readonly void Add(Layout table, int start, int end, IEnumerable<Layer>? children = null, bool onlyIfAny = false)
    {
        if (!onlyIfAny || start < end)
        {
            layers.Add(LayerReader.Read(table, frame, start, end, children));
        }
    }

    private readonly void Data(int start, int end) => Add(LayerReader.Data, start, end, onlyIfAny: true);

    /// <summary>Adds the extension or option whose length does not fit: its type and length stand, the rest is data.</summary>
    private readonly void AddCut(List<Layer> children, Layout table, int start, int end)
    {
        if (start < end)
        {
            children.Add(LayerReader.Read(table, frame, start, end));
        }
    }

    private void Fail(Field field, int start, string reason) => Fail(field.Name, start + field.Offset, reason);

    private void Fail(string field, int offset, string reason) => Fail(new WireError(field, offset, reason));

    /// <summary>Keeps the first error.</summary>
    private void Fail(WireError wrong) => error ??= wrong.IsError ? wrong : null;
}
