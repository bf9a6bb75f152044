using System.Buffers.Binary;
using DsmipTools.Wire;
using DsmipTools.Wire.Capture;
using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Packets;

/// <summary>
/// One frame of a capture, or one packet or message given as octets, with what it was decoded to. It keeps its octets, so that nothing
/// of them is lost whatever was decoded.
/// </summary>
public sealed record DsmipPacket
{
    /// <summary>The number of the frame in its file, or of the packet in the input; from 1.</summary>
    public int Number { get; init; } = 1;

    /// <summary>When it was captured; null for octets without a capture.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>The octets on the link; more than <see cref="Octets"/> holds when the capture cut the frame.</summary>
    public required int Length { get; init; }

    /// <summary>Where it comes from, by the innermost IP header; null without one, port 0 without ports.</summary>
    public Endpoint? Source => Decoded.Source;

    /// <summary>Where it goes to, by the innermost IP header; null without one, port 0 without ports.</summary>
    public Endpoint? Destination => Decoded.Destination;

    /// <summary>The headers and messages, the outermost first, each with its fields, and its options or extensions as children.</summary>
    public ValueList<Layer> Layers => Decoded.Layers;

    /// <summary>
    /// The innermost message: a <see cref="MobileIPv4Message"/>, a <see cref="MobilityMessage"/>, an ICMP
    /// message, or null.
    /// </summary>
    public Structure? Message => Decoded.Message;

    /// <summary>The first thing that is wrong, with its offset; null when nothing is.</summary>
    public WireError? Error => Decoded.Error;

    /// <summary>The message, or the innermost layer, in one line.</summary>
    public string Summary => PacketText.Summary(this);

    /// <summary>The octets.</summary>
    public required Octets Octets { get; init; }

    /// <summary>What the octets were taken for.</summary>
    public required PacketForm Form { get; init; }

    /// <summary>What a packet begins with.</summary>
    public LinkType LinkType { get; init; } = LinkType.Raw;

    /// <summary>The interface on which it was captured; null for octets without a capture.</summary>
    public CaptureInterface? Interface { get; init; }

    /// <summary>What the capture says of the direction and the checksum.</summary>
    public CapturedFrameFlags Flags { get; init; }

    /// <summary>The comments in the capture.</summary>
    public ValueList<string> Comments { get; init; }

    /// <summary>The comments in the capture, a line each; or null.</summary>
    public string? Comment => Comments.Count == 0 ? null : string.Join('\n', Comments);

    private DecodedPacket Decoded { get; init; } = null!;

    /// <summary>Decodes a frame of a capture.</summary>
    public static DsmipPacket From(CapturedFrame frame, PacketDecoder decoder)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(decoder);
        return new DsmipPacket
        {
            Number = frame.Number,
            Time = frame.Time,
            Length = frame.OriginalLength,
            Octets = frame.Octets,
            Form = PacketForm.Packet,
            LinkType = frame.LinkType,
            Interface = frame.Interface,
            Flags = frame.Flags,
            Comments = frame.Comments,
            Decoded = decoder.Decode(frame),
        };
    }

    /// <summary>Decodes octets.</summary>
    /// <param name="octets">The octets.</param>
    /// <param name="decoder">The decoder.</param>
    /// <param name="form">What they are; null finds out as <see cref="FormOf"/> says.</param>
    /// <param name="linkType">What a packet begins with; null finds out as <see cref="LinkTypeOf"/> says.</param>
    public static DsmipPacket From(Octets octets, PacketDecoder decoder, PacketForm? form = null, LinkType? linkType = null)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        var link = linkType ?? (form is null or PacketForm.Packet ? LinkTypeOf(octets.Span) : LinkType.Raw);
        var taken = form ?? (linkType is not null || link != LinkType.Raw ? PacketForm.Packet : FormOf(octets.Span));
        return new DsmipPacket
        {
            Length = octets.Length,
            Octets = octets,
            Form = taken,
            LinkType = link,
            Decoded = taken switch
            {
                PacketForm.MobileIPv4 => decoder.DecodeMobileIPv4(octets),
                PacketForm.MobilityHeader => decoder.DecodeMobilityHeader(octets),
                _ => decoder.Decode(octets, link),
            },
        };
    }

    /// <summary>Composes a packet of its layers, the outermost first, as <see cref="PacketComposer"/> does, and decodes it.</summary>
    /// <param name="layers">Headers, then a message or data; or a message alone.</param>
    /// <param name="decoder">The decoder; null for one with the assigned ports.</param>
    /// <exception cref="ArgumentException">The first layer is none that a packet begins with, or a length that is to be computed does not fit.</exception>
    public static DsmipPacket Compose(IEnumerable<Structure> layers, PacketDecoder? decoder = null)
    {
        Structure[] all = [.. layers];
        var (form, linkType) = all.FirstOrDefault() switch
        {
            IPv4Header or IPv6Header => (PacketForm.Packet, LinkType.Raw),
            EthernetHeader => (PacketForm.Packet, LinkType.Ethernet),
            LinuxCookedHeader => (PacketForm.Packet, LinkType.LinuxCooked),
            LinuxCookedVersion2Header => (PacketForm.Packet, LinkType.LinuxCookedVersion2),
            BsdLoopbackHeader => (PacketForm.Packet, LinkType.BsdLoopback),
            OpenBsdLoopbackHeader => (PacketForm.Packet, LinkType.OpenBsdLoopback),
            MobileIPv4Message => (PacketForm.MobileIPv4, LinkType.Raw),
            MobilityMessage => (PacketForm.MobilityHeader, LinkType.Raw),
            { } other => throw new ArgumentException($"No packet begins with {other.Table.Name}: give the headers before it, from the IP header on."),
            null => throw new ArgumentException("A packet has at least one layer."),
        };
        return From(PacketComposer.Compose(all), decoder ?? new PacketDecoder(), form, linkType);
    }

    /// <summary>
    /// What octets of a packet begin with: an Ethernet header, with or without a VLAN tag, where an IP header of a fitting length stands behind it and the octets
    /// are no IP packet themselves; else an IP header.
    /// </summary>
    public static LinkType LinkTypeOf(ReadOnlySpan<byte> octets)
    {
        var etherType = EthernetHeader.Fields.EtherType.Offset;
        var header = EthernetHeader.Fields.Layout.Length;
        if (IsIp(octets) || octets.Length < header)
        {
            return LinkType.Raw;
        }

        if ((EtherType)EthernetHeader.Fields.EtherType.ReadUInt16(octets) == EtherType.CustomerVlanTag)
        {
            etherType += VlanTag.Fields.Layout.Length;
            header += VlanTag.Fields.Layout.Length;
        }

        return octets.Length > header
            && (EtherType)BinaryPrimitives.ReadUInt16BigEndian(octets[etherType..]) == (octets[header] >> 4 == 4 ? EtherType.IPv4 : EtherType.IPv6)
            && IsIp(octets[header..]) ? LinkType.Ethernet : LinkType.Raw;
    }

    /// <summary>
    /// What octets look like by their first one: an IP version 4 or 6 in its upper half means a packet, the payload protocol 59 a Mobility
    /// Header, and all else a Mobile IPv4 message. The three exclude each other: Mobile IPv4 has no message types from 59 up.
    /// </summary>
    public static PacketForm FormOf(ReadOnlySpan<byte> octets) => octets.IsEmpty ? PacketForm.Packet : octets[0] switch
    {
        (byte)IpProtocol.NoNextHeader => PacketForm.MobilityHeader,
        var first when first >> 4 is 4 or 6 => PacketForm.Packet,
        _ => PacketForm.MobileIPv4,
    };

    /// <summary>True for an IP packet that is no longer than the octets.</summary>
    private static bool IsIp(ReadOnlySpan<byte> octets) => octets.IsEmpty ? false : (octets[0] >> 4) switch
    {
        4 => octets.Length >= IPv4Header.Fields.Layout.Length
            && IPv4Header.Fields.TotalLength.ReadUInt16(octets) is var total && total >= IPv4Header.Fields.Layout.Length && total <= octets.Length,
        6 => octets.Length >= IPv6Header.Fields.Layout.Length
            && IPv6Header.Fields.PayloadLength.ReadUInt16(octets) + IPv6Header.Fields.Layout.Length <= octets.Length,
        _ => false,
    };

    /// <summary>The layers as an indented tree: offset, RFC field name, value.</summary>
    public string ToTree() => PacketText.Tree(Layers);

    /// <summary>The packet for a person: a line that says when and between whom, the error and the comment if there are, and the tree.</summary>
    public string ToText() => PacketText.Text(this);

    /// <inheritdoc/>
    public override string ToString() => Summary;
}
