using System.Text;

namespace DsmipTools.Wire.Capture;

/// <summary>
/// Reads the frames of a pcapng file: several sections and interfaces, both byte orders, every resolution of timestamps, and the enhanced,
/// simple and obsolete packet blocks. Blocks that carry no frame are skipped.
/// </summary>
public sealed class PcapngReader : CaptureReader
{
    private const int MaximumBlockLength = MaximumFrameLength + (1 << 18);

    /// <summary>What the descriptions of a section's interfaces may take; real ones take some hundred octets.</summary>
    private const int MaximumDescriptions = 1 << 22;

    private readonly CaptureInput input;
    private readonly List<Described> interfaces = [];
    private int descriptions;
    private ByteOrder order;
    private bool inSection;

    /// <summary>Reads a stream from where it stands.</summary>
    /// <param name="stream">The capture file.</param>
    /// <param name="leaveOpen">True when disposing has to leave the stream open.</param>
    public PcapngReader(Stream stream, bool leaveOpen = false)
        : this(new CaptureInput(stream, leaveOpen))
    {
    }

    internal PcapngReader(CaptureInput input)
        : base(input) => this.input = input;

    private protected override CapturedFrame? ReadFrame()
    {
        while (input.TryPeek(PcapngFormat.BlockHeader, out var header))
        {
            var type = order.UInt32(header);
            if (type == PcapngFormat.SectionHeaderBlock)
            {
                BeginSection();
                continue;
            }

            if (!inSection)
            {
                throw Failure(0, "this is no pcapng file; it does not begin with a section header");
            }

            var length = order.UInt32(header[4..]);
            if (length < PcapngFormat.BlockOverhead || length % 4 != 0)
            {
                throw Failure(4, PcapFormat.TryRecognise(header, out _) ? "a pcap file begins where a block should" : $"a block cannot be {length} octets long");
            }

            if (ReadBlock(type, length) is { } frame)
            {
                return frame;
            }
        }

        return input.Available.IsEmpty && inSection ? null
            : throw new CaptureFormatException(input.End, input.End == 0 ? "the file is empty" : $"a block begins, and {EndsEarly}");
    }

    private CapturedFrame? ReadBlock(uint type, uint length)
    {
        var isKnown = type is PcapngFormat.EnhancedPacketBlock or PcapngFormat.SimplePacketBlock
            or PcapngFormat.InterfaceDescriptionBlock or PcapngFormat.ObsoletePacketBlock;
        if (!isKnown)
        {
            SkipBlock(length, PcapngFormat.BlockHeader);
            return null;
        }

        if (length > MaximumBlockLength)
        {
            throw Failure(4, $"a block of {length} octets is longer than the {MaximumBlockLength} that are read");
        }

        if (!input.TryPeek((int)length, out var block))
        {
            throw Cut(length);
        }

        CheckEnd(length, block[^4..], block.Length - 4);
        var body = block[PcapngFormat.BlockHeader..^4];
        CapturedFrame? frame = null;
        switch (type)
        {
            case PcapngFormat.InterfaceDescriptionBlock:
                AddInterface(body);
                break;
            case PcapngFormat.SimplePacketBlock:
                frame = SimplePacket(body);
                break;
            default:
                frame = Packet(body, type);
                break;
        }

        input.Take((int)length);
        return frame;
    }

    private void BeginSection()
    {
        if (!input.TryPeek(PcapngFormat.BlockHeader + PcapngFormat.SectionHeaderBody, out var header))
        {
            throw new CaptureFormatException(input.End, $"a section header begins, and {EndsEarly}");
        }

        order = new ByteOrder(false);
        if (order.UInt32(header[PcapngFormat.BlockHeader..]) != PcapngFormat.ByteOrderMagic)
        {
            order = new ByteOrder(true);
            if (order.UInt32(header[PcapngFormat.BlockHeader..]) != PcapngFormat.ByteOrderMagic)
            {
                throw Failure(PcapngFormat.BlockHeader, "the byte order is neither of the two that exist");
            }
        }

        var length = order.UInt32(header[4..]);
        if (length < PcapngFormat.BlockOverhead + PcapngFormat.SectionHeaderBody || length % 4 != 0)
        {
            throw Failure(4, $"a section header cannot be {length} octets long");
        }

        if (order.UInt16(header[12..]) is var version && version != PcapngFormat.MajorVersion)
        {
            throw Failure(12, $"version {version} of the file format is not known");
        }

        SkipBlock(length, PcapngFormat.BlockHeader + PcapngFormat.SectionHeaderBody);
        interfaces.Clear();
        descriptions = 0;
        inSection = true;
    }

    /// <summary>Takes a block of which the first octets are there, without holding it.</summary>
    private void SkipBlock(uint length, int seen)
    {
        input.Take(seen);
        if (!input.TrySkip(length - seen - 4) || !input.TryPeek(4, out var again))
        {
            throw Cut(length);
        }

        CheckEnd(length, again, 0);
        input.Take(4);
    }

    private void CheckEnd(uint length, ReadOnlySpan<byte> again, int offset)
    {
        if (order.UInt32(again) is var second && second != length)
        {
            throw Failure(offset, $"the block says {length} octets at its start and {second} at its end");
        }
    }

    private void AddInterface(ReadOnlySpan<byte> body)
    {
        if (body.Length < PcapngFormat.InterfaceDescriptionBody)
        {
            throw Failure(4, "an interface description is too short");
        }

        descriptions += body.Length;
        if (descriptions > MaximumDescriptions)
        {
            throw Failure(0, $"the descriptions of the interfaces are longer than {MaximumDescriptions} octets");
        }

        var described = new CaptureInterface
        {
            LinkType = (LinkType)order.UInt16(body),
            SnapLength = order.UInt32(body[4..]),
            TimestampResolution = PcapngFormat.UsualResolution,
        };
        List<string>? comments = null;
        var options = new PcapngOptions(body[PcapngFormat.InterfaceDescriptionBody..], order);
        while (options.MoveNext())
        {
            var value = options.Value;
            switch (options.Code)
            {
                case PcapngFormat.OptionComment:
                    (comments ??= []).Add(Text(value));
                    break;
                case PcapngFormat.InterfaceName:
                    described = described with { Name = Text(value) };
                    break;
                case PcapngFormat.InterfaceDescription:
                    described = described with { Description = Text(value) };
                    break;
                case PcapngFormat.InterfaceFilter when value.Length > 0 && value[0] == PcapngFormat.FilterIsText:
                    described = described with { Filter = Text(value[1..]) };
                    break;
                case PcapngFormat.InterfaceHardware:
                    described = described with { Hardware = Text(value) };
                    break;
                case PcapngFormat.InterfaceOperatingSystem:
                    described = described with { OperatingSystem = Text(value) };
                    break;
                case PcapngFormat.InterfaceLinkLayerAddress:
                    described = described with { LinkLayerAddress = Octets.Create(value) };
                    break;
                case PcapngFormat.InterfaceSpeed when value.Length == 8:
                    described = described with { Speed = order.UInt64(value) };
                    break;
                case PcapngFormat.InterfaceTimestampResolution when value.Length == 1:
                    described = described with { TimestampResolution = value[0] };
                    break;
                case PcapngFormat.InterfaceTimestampOffset when value.Length == 8:
                    described = described with { TimestampOffset = (long)order.UInt64(value) };
                    break;
            }
        }

        CheckOptions(options, PcapngFormat.InterfaceDescriptionBody);
        interfaces.Add(new Described(
            comments is null ? described : described with { Comments = ValueList.From(comments) },
            new TimestampUnit(described.TimestampResolution, described.TimestampOffset)));
    }

    private CapturedFrame Packet(ReadOnlySpan<byte> body, uint type)
    {
        if (body.Length < PcapngFormat.PacketBody)
        {
            throw Failure(4, "a packet block is too short");
        }

        // The obsolete block has 16 bits for the interface and 16 for a count of drops.
        var number = type == PcapngFormat.EnhancedPacketBlock ? order.UInt32(body) : order.UInt16(body);
        if (number >= interfaces.Count)
        {
            throw Failure(8, $"interface {number} is not described");
        }

        var captured = order.UInt32(body[12..]);
        var rest = body[PcapngFormat.PacketBody..];
        if (captured > MaximumFrameLength || PcapngFormat.Padded((int)captured) > rest.Length)
        {
            throw Failure(20, $"a frame of {captured} octets does not fit into its block");
        }

        var from = interfaces[(int)number];
        if (!from.Unit.TryRead(((ulong)order.UInt32(body[4..]) << 32) | order.UInt32(body[8..]), out var time))
        {
            throw Failure(12, "the time of a frame is not within the years 1 to 9999");
        }

        var options = new PcapngOptions(rest[PcapngFormat.Padded((int)captured)..], order);
        List<string>? comments = null;
        var flags = CapturedFrameFlags.None;
        while (options.MoveNext())
        {
            if (options.Code == PcapngFormat.OptionComment)
            {
                (comments ??= []).Add(Text(options.Value));
            }
            else if (options.Code == PcapngFormat.PacketFlags && options.Value.Length == 4)
            {
                flags = (CapturedFrameFlags)order.UInt32(options.Value);
            }
        }

        CheckOptions(options, PcapngFormat.PacketBody + PcapngFormat.Padded((int)captured));
        return Frame(from, time, rest[..(int)captured], order.UInt32(body[16..]), flags, comments);
    }

    private CapturedFrame SimplePacket(ReadOnlySpan<byte> body)
    {
        if (body.Length < PcapngFormat.SimplePacketBody || interfaces.Count == 0)
        {
            throw Failure(4, "a simple packet block is too short, or no interface is described");
        }

        var from = interfaces[0];
        var original = order.UInt32(body);
        var rest = body[PcapngFormat.SimplePacketBody..];
        var captured = from.Interface.SnapLength == 0 ? original : Math.Min(original, from.Interface.SnapLength);
        return captured <= MaximumFrameLength && PcapngFormat.Padded((int)captured) <= rest.Length
            ? Frame(from, DateTimeOffset.UnixEpoch, rest[..(int)captured], original, CapturedFrameFlags.None, null)
            : throw Failure(8, $"a frame of {captured} octets does not fit into its block");
    }

    private CapturedFrame Frame(
        in Described from, DateTimeOffset time, ReadOnlySpan<byte> octets, uint originalLength, CapturedFrameFlags flags, List<string>? comments) => new()
    {
        Number = NextNumber(),
        Time = time,
        Interface = from.Interface,
        Octets = Octets.Create(octets),
        OriginalLength = (int)Math.Min(originalLength, int.MaxValue),
        Flags = flags,
        Comments = comments is null ? default : ValueList.From(comments),
    };

    private void CheckOptions(PcapngOptions options, int at)
    {
        if (options.IsBroken)
        {
            throw Failure(PcapngFormat.BlockHeader + at + options.Offset + 2, "an option does not fit into its block");
        }
    }

    private static string Text(ReadOnlySpan<byte> value) => Encoding.UTF8.GetString(value);

    private CaptureFormatException Cut(uint length) => new(input.End, $"a block has {length} octets, and {EndsEarly}");

    private CaptureFormatException Failure(long offset, string reason) => new(input.Position + offset, reason);

    private readonly record struct Described(CaptureInterface Interface, TimestampUnit Unit);
}
