using DsmipTools.Wire;
using DsmipTools.Wire.Capture;
using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.Ip;

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
    /// The innermost message: a <see cref="Wire.MobileIPv4.MobileIPv4Message"/>, a <see cref="Wire.MobilityHeader.MobilityMessage"/>, an ICMP
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

    /// <summary>The comment in the capture, or null.</summary>
    public string? Comment { get; init; }

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
            Comment = frame.Comment,
            Decoded = decoder.Decode(frame),
        };
    }

    /// <summary>Decodes octets.</summary>
    /// <param name="octets">The octets.</param>
    /// <param name="decoder">The decoder.</param>
    /// <param name="form">What they are; null finds out as <see cref="FormOf"/> says.</param>
    public static DsmipPacket From(Octets octets, PacketDecoder decoder, PacketForm? form = null)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        var taken = form ?? FormOf(octets.Span);
        return new DsmipPacket
        {
            Length = octets.Length,
            Octets = octets,
            Form = taken,
            Decoded = taken switch
            {
                PacketForm.MobileIPv4 => decoder.DecodeMobileIPv4(octets),
                PacketForm.MobilityHeader => decoder.DecodeMobilityHeader(octets),
                _ => decoder.Decode(octets),
            },
        };
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

    /// <summary>The layers as an indented tree: offset, RFC field name, value.</summary>
    public string ToTree() => PacketText.Tree(Layers);

    /// <inheritdoc/>
    public override string ToString() => Summary;
}
