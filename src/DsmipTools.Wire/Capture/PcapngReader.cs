using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace DsmipTools.Wire.Capture;

/// <summary>Reads the frames of a pcapng capture file one after the other, from a stream that need not seek.</summary>
/// <remarks>
/// Memory does not grow with the file: one block of bounded size is held at a time. Blocks that carry no frame are skipped.
/// Not safe for use by several threads.
/// </remarks>
public sealed class PcapngReader : IDisposable
{
    /// <summary>The longest frame that a file may hold; a longer one counts as corrupt.</summary>
    public const int MaximumFrameLength = 1 << 20;

    private const int MaximumBlockLength = MaximumFrameLength + (1 << 18);
    private const int MaximumInterfaces = 1 << 16;
    private const uint SwappedByteOrderMagic = 0x4D3C2B1A;

    private readonly Stream stream;
    private readonly bool leaveOpen;
    private readonly List<Interface> interfaces = [];
    private byte[] buffer = new byte[2048];
    private long position;
    private long blockPosition;
    private bool bigEndian;
    private bool inSection;
    private int frames;
    private CaptureFormatException? failure;

    /// <summary>Reads a stream from where it stands.</summary>
    /// <param name="stream">The capture file.</param>
    /// <param name="leaveOpen">True when disposing has to leave the stream open.</param>
    public PcapngReader(Stream stream, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        this.stream = stream;
        this.leaveOpen = leaveOpen;
    }

    /// <summary>Reads the next frame; false at the end of the file.</summary>
    /// <exception cref="CaptureFormatException">The file is corrupt or ends too early. No more frames can be read.</exception>
    public bool TryRead([NotNullWhen(true)] out CapturedFrame? frame)
    {
        if (failure is not null)
        {
            throw failure;
        }

        try
        {
            return TryReadFrame(out frame);
        }
        catch (CaptureFormatException exception)
        {
            failure = exception;
            throw;
        }
    }

    /// <summary>The frames up to the end of the file.</summary>
    /// <exception cref="CaptureFormatException">After the last good frame, when the file is corrupt or ends too early.</exception>
    public IEnumerable<CapturedFrame> ReadFrames()
    {
        while (TryRead(out var frame))
        {
            yield return frame;
        }
    }

    /// <summary>Closes the stream, unless it is to be left open.</summary>
    public void Dispose()
    {
        if (!leaveOpen)
        {
            stream.Dispose();
        }
    }

    private bool TryReadFrame([NotNullWhen(true)] out CapturedFrame? frame)
    {
        frame = null;
        while (frame is null && TryReadBlock(out var type, out var body))
        {
            switch (type)
            {
                case PcapngFormat.InterfaceDescriptionBlock:
                    AddInterface(body);
                    break;
                case PcapngFormat.EnhancedPacketBlock:
                    frame = EnhancedPacket(body);
                    break;
                case PcapngFormat.SimplePacketBlock:
                    frame = SimplePacket(body);
                    break;
            }
        }

        return frame is not null;
    }

    /// <summary>Reads the next block; the body of a block that carries nothing for us is skipped and empty.</summary>
    private bool TryReadBlock(out uint type, out ReadOnlySpan<byte> body)
    {
        type = 0;
        body = default;
        blockPosition = position;
        var got = stream.ReadAtLeast(buffer.AsSpan(0, 8), 8, throwOnEndOfStream: false);
        position += got;
        if (got == 0)
        {
            return inSection ? false : throw Failure(0, "there is no section header; the file is empty");
        }

        if (got < 8)
        {
            throw Failure(got, "the file ends within a block");
        }

        type = UInt32(buffer);
        if (type == PcapngFormat.SectionHeaderBlock)
        {
            BeginSection();
            return true;
        }

        if (!inSection)
        {
            throw Failure(0, BinaryPrimitives.ReadUInt32LittleEndian(buffer) is 0xA1B2C3D4 or 0xA1B23C4D or 0xD4C3B2A1 or 0x4D3CB2A1
                ? "this is a pcap file, not a pcapng file (editcap -F pcapng converts it)"
                : "this is no pcapng file; it does not begin with a section header");
        }

        var length = UInt32(buffer.AsSpan(4));
        if (length < PcapngFormat.BlockOverhead || length % 4 != 0)
        {
            throw Failure(4, $"a block cannot be {length} octets long");
        }

        var wanted = type is PcapngFormat.InterfaceDescriptionBlock or PcapngFormat.EnhancedPacketBlock or PcapngFormat.SimplePacketBlock;
        if (wanted && length > MaximumBlockLength)
        {
            throw Failure(4, $"a block of {length} octets is longer than the {MaximumBlockLength} that are read");
        }

        var bodyLength = length - PcapngFormat.BlockOverhead;
        if (wanted)
        {
            body = Fill((int)bodyLength);
        }
        else
        {
            Skip(bodyLength);
        }

        EndBlock(length);
        return true;
    }

    private void BeginSection()
    {
        var lengthField = buffer.AsSpan(4, 4).ToArray();
        var magic = BinaryPrimitives.ReadUInt32LittleEndian(Fill(4));
        bigEndian = magic switch
        {
            PcapngFormat.ByteOrderMagic => false,
            SwappedByteOrderMagic => true,
            _ => throw Failure(8, "the byte order is neither of the two that exist"),
        };
        var length = UInt32(lengthField);
        if (length < PcapngFormat.BlockOverhead + PcapngFormat.SectionHeaderBody || length % 4 != 0)
        {
            throw Failure(4, $"a section header cannot be {length} octets long");
        }

        if (UInt16(Fill(PcapngFormat.SectionHeaderBody - 4)) is var version && version != PcapngFormat.MajorVersion)
        {
            throw Failure(12, $"version {version} of the file format is not known");
        }

        Skip(length - PcapngFormat.BlockOverhead - PcapngFormat.SectionHeaderBody);
        EndBlock(length);
        interfaces.Clear();
        inSection = true;
    }

    private void EndBlock(uint length)
    {
        Span<byte> again = stackalloc byte[4];
        ReadExactly(again);
        if (UInt32(again) is var second && second != length)
        {
            throw Failure(position - blockPosition - 4, $"the block says {length} octets at its start and {second} at its end");
        }
    }

    private void AddInterface(ReadOnlySpan<byte> body)
    {
        if (body.Length < PcapngFormat.InterfaceDescriptionBody)
        {
            throw Failure(4, "an interface description is too short");
        }

        if (interfaces.Count == MaximumInterfaces)
        {
            throw Failure(0, $"there are more than {MaximumInterfaces} interfaces");
        }

        var described = new Interface((LinkType)UInt16(body), UInt32(body[4..]), "", 6, 0);
        var options = body[PcapngFormat.InterfaceDescriptionBody..];
        while (TryReadOption(ref options, out var code, out var value))
        {
            described = code switch
            {
                PcapngFormat.OptionInterfaceName => described with { Name = Encoding.UTF8.GetString(value) },
                PcapngFormat.OptionTimestampResolution when value.Length == 1 => described with { Resolution = value[0] },
                PcapngFormat.OptionTimestampOffset when value.Length == 8 => described with { SecondsOffset = (long)UInt64(value) },
                _ => described,
            };
        }

        interfaces.Add(described);
    }

    private CapturedFrame EnhancedPacket(ReadOnlySpan<byte> body)
    {
        if (body.Length < PcapngFormat.EnhancedPacketBody)
        {
            throw Failure(4, "a packet block is too short");
        }

        var number = UInt32(body);
        if (number >= interfaces.Count)
        {
            throw Failure(8, $"interface {number} is not described");
        }

        var from = interfaces[(int)number];
        var captured = UInt32(body[12..]);
        var original = UInt32(body[16..]);
        var rest = body[PcapngFormat.EnhancedPacketBody..];
        if (captured > MaximumFrameLength || PcapngFormat.Padded((int)captured) > rest.Length)
        {
            throw Failure(20, $"a frame of {captured} octets does not fit into its block");
        }

        string? comment = null;
        var options = rest[PcapngFormat.Padded((int)captured)..];
        while (TryReadOption(ref options, out var code, out var value))
        {
            comment = code == PcapngFormat.OptionComment ? Encoding.UTF8.GetString(value) : comment;
        }

        var time = Time(from, ((ulong)UInt32(body[4..]) << 32) | UInt32(body[8..]));
        return Frame(from, time, rest[..(int)captured], original, comment);
    }

    private CapturedFrame SimplePacket(ReadOnlySpan<byte> body)
    {
        if (body.Length < PcapngFormat.SimplePacketBody || interfaces.Count == 0)
        {
            throw Failure(4, "a simple packet block is too short, or no interface is described");
        }

        var from = interfaces[0];
        var original = UInt32(body);
        var rest = body[PcapngFormat.SimplePacketBody..];
        var captured = from.SnapLength == 0 ? original : Math.Min(original, from.SnapLength);
        return captured <= MaximumFrameLength && PcapngFormat.Padded((int)captured) <= rest.Length
            ? Frame(from, DateTimeOffset.UnixEpoch, rest[..(int)captured], original, null)
            : throw Failure(8, $"a frame of {captured} octets does not fit into its block");
    }

    private CapturedFrame Frame(Interface from, DateTimeOffset time, ReadOnlySpan<byte> octets, uint originalLength, string? comment) => new()
    {
        Number = ++frames,
        Time = time,
        LinkType = from.LinkType,
        InterfaceName = from.Name,
        Octets = Octets.Create(octets),
        OriginalLength = (int)Math.Min(originalLength, int.MaxValue),
        Comment = comment,
    };

    private DateTimeOffset Time(Interface from, ulong timestamp)
    {
        // if_tsresol: a power of ten, or with the high bit set of two. Units smaller than a tick are cut off.
        var exponent = from.Resolution & 0x7F;
        UInt128 ticks = timestamp;
        if (from.Resolution > 0x7F)
        {
            ticks = (ticks * TimeSpan.TicksPerSecond) >> exponent;
        }
        else
        {
            for (var digits = exponent; digits < 7; digits++)
            {
                ticks *= 10;
            }

            for (var digits = exponent; digits > 7 && ticks != UInt128.Zero; digits--)
            {
                ticks /= 10;
            }
        }

        var sinceEpoch = (Int128)ticks + (Int128)from.SecondsOffset * TimeSpan.TicksPerSecond;
        return sinceEpoch >= (DateTimeOffset.MinValue - DateTimeOffset.UnixEpoch).Ticks
            && sinceEpoch <= (DateTimeOffset.MaxValue - DateTimeOffset.UnixEpoch).Ticks
            ? DateTimeOffset.UnixEpoch.AddTicks((long)sinceEpoch)
            : throw Failure(12, "the time of a frame is not within the years 1 to 9999");
    }

    private bool TryReadOption(ref ReadOnlySpan<byte> options, out ushort code, out ReadOnlySpan<byte> value)
    {
        code = PcapngFormat.OptionEnd;
        value = default;
        if (options.Length < 4)
        {
            return false;
        }

        code = UInt16(options);
        var length = UInt16(options[2..]);
        options = options[4..];
        if (length > options.Length)
        {
            throw Failure(position - blockPosition - 4 - options.Length - 2, $"an option of {length} octets does not fit into its block");
        }

        value = options[..length];
        options = options[Math.Min(options.Length, PcapngFormat.Padded(length))..];
        return code != PcapngFormat.OptionEnd;
    }

    private ReadOnlySpan<byte> Fill(int count)
    {
        if (buffer.Length < count)
        {
            buffer = new byte[Math.Min(MaximumBlockLength, Math.Max(count, buffer.Length * 2))];
        }

        var target = buffer.AsSpan(0, count);
        ReadExactly(target);
        return target;
    }

    private void Skip(uint count)
    {
        while (count > 0)
        {
            var chunk = (int)Math.Min(count, (uint)buffer.Length);
            ReadExactly(buffer.AsSpan(0, chunk));
            count -= (uint)chunk;
        }
    }

    private void ReadExactly(Span<byte> target)
    {
        var got = stream.ReadAtLeast(target, target.Length, throwOnEndOfStream: false);
        position += got;
        if (got < target.Length)
        {
            throw Failure(position - blockPosition, "the file ends within a block");
        }
    }

    private CaptureFormatException Failure(long offset, string reason) => new(blockPosition + offset, reason);

    private ushort UInt16(ReadOnlySpan<byte> octets) =>
        bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(octets) : BinaryPrimitives.ReadUInt16LittleEndian(octets);

    private uint UInt32(ReadOnlySpan<byte> octets) =>
        bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(octets) : BinaryPrimitives.ReadUInt32LittleEndian(octets);

    private ulong UInt64(ReadOnlySpan<byte> octets) =>
        bigEndian ? BinaryPrimitives.ReadUInt64BigEndian(octets) : BinaryPrimitives.ReadUInt64LittleEndian(octets);

    private sealed record Interface(LinkType LinkType, uint SnapLength, string Name, byte Resolution, long SecondsOffset);
}
