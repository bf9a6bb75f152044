using System.Buffers.Binary;
using System.Text;

namespace DsmipTools.Wire.Capture;

/// <summary>Writes a pcapng capture file, little-endian. The same frames give the same file: no clock is read and no host described.</summary>
/// <remarks>Not safe for use by several threads. Frames go to the stream at once; flushing is the stream's.</remarks>
public sealed class PcapngWriter : IDisposable
{
    private readonly Stream stream;
    private readonly bool leaveOpen;
    private readonly List<int> digitsOf = [];
    private byte[] block = new byte[256];
    private int length;

    /// <summary>Starts a capture file with its section header.</summary>
    /// <param name="stream">Where the file goes.</param>
    /// <param name="leaveOpen">True when disposing has to leave the stream open.</param>
    public PcapngWriter(Stream stream, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        this.stream = stream;
        this.leaveOpen = leaveOpen;
        Begin(PcapngFormat.SectionHeaderBlock);
        Append(PcapngFormat.ByteOrderMagic);
        Append(PcapngFormat.MajorVersion);
        Append((ushort)0);
        Append(ulong.MaxValue); // The section length: not known yet.
        End();
    }

    /// <summary>Describes an interface and returns the number that frames name it by.</summary>
    /// <param name="name">The name of the interface.</param>
    /// <param name="linkType">What its frames begin with.</param>
    /// <param name="timestampDigits">The resolution of its timestamps: 9 for nanoseconds, 6 for microseconds.</param>
    public int AddInterface(string name, LinkType linkType = LinkType.Raw, int timestampDigits = 9)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (timestampDigits is not (6 or 9))
        {
            throw new ArgumentOutOfRangeException(nameof(timestampDigits), timestampDigits, "Timestamps are in nanoseconds (9) or microseconds (6).");
        }

        Begin(PcapngFormat.InterfaceDescriptionBlock);
        Append((ushort)linkType);
        Append((ushort)0);
        Append(0u); // No limit on the length of frames.
        AppendOption(PcapngFormat.OptionInterfaceName, Encoding.UTF8.GetBytes(name));
        AppendOption(PcapngFormat.OptionTimestampResolution, [(byte)timestampDigits]);
        AppendOption(PcapngFormat.OptionEnd, []);
        End();
        digitsOf.Add(timestampDigits);
        return digitsOf.Count - 1;
    }

    /// <summary>Writes a frame.</summary>
    /// <param name="interfaceId">What <see cref="AddInterface"/> returned.</param>
    /// <param name="time">When the frame was seen, 1970 or later.</param>
    /// <param name="octets">The frame.</param>
    /// <param name="comment">A comment for the reader of the capture, or null.</param>
    /// <param name="originalLength">The length on the link when the frame was cut; null when the octets are all of it.</param>
    public void Write(int interfaceId, DateTimeOffset time, ReadOnlySpan<byte> octets, string? comment = null, int? originalLength = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(interfaceId);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(interfaceId, digitsOf.Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(time, DateTimeOffset.UnixEpoch);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(octets.Length, PcapngReader.MaximumFrameLength, nameof(octets));
        ArgumentOutOfRangeException.ThrowIfLessThan(originalLength ?? octets.Length, octets.Length, nameof(originalLength));
        var ticks = (ulong)(time - DateTimeOffset.UnixEpoch).Ticks;
        var timestamp = digitsOf[interfaceId] == 9 ? checked(ticks * TimeSpan.NanosecondsPerTick) : ticks / TimeSpan.TicksPerMicrosecond;
        Begin(PcapngFormat.EnhancedPacketBlock);
        Append((uint)interfaceId);
        Append((uint)(timestamp >> 32));
        Append((uint)timestamp);
        Append((uint)octets.Length);
        Append((uint)(originalLength ?? octets.Length));
        AppendPadded(octets);
        if (comment is not null)
        {
            AppendOption(PcapngFormat.OptionComment, Encoding.UTF8.GetBytes(comment));
            AppendOption(PcapngFormat.OptionEnd, []);
        }

        End();
    }

    /// <summary>Flushes the stream and closes it, unless it is to be left open.</summary>
    public void Dispose()
    {
        stream.Flush();
        if (!leaveOpen)
        {
            stream.Dispose();
        }
    }

    private void Begin(uint type)
    {
        length = 0;
        Append(type);
        Append(0u);
    }

    private void End()
    {
        Append((uint)length + 4);
        BinaryPrimitives.WriteUInt32LittleEndian(block.AsSpan(4), (uint)length);
        stream.Write(block, 0, length);
    }

    private void Append(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Grow(2), value);

    private void Append(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Grow(4), value);

    private void Append(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Grow(8), value);

    private void AppendPadded(ReadOnlySpan<byte> octets)
    {
        var target = Grow(PcapngFormat.Padded(octets.Length));
        target.Clear();
        octets.CopyTo(target);
    }

    private void AppendOption(ushort code, ReadOnlySpan<byte> value)
    {
        if (value.Length > ushort.MaxValue)
        {
            throw new ArgumentException("A name or comment has at most 65,535 octets.", nameof(value));
        }

        Append(code);
        Append((ushort)value.Length);
        AppendPadded(value);
    }

    private Span<byte> Grow(int count)
    {
        if (block.Length - length < count)
        {
            Array.Resize(ref block, Math.Max(block.Length * 2, length + count));
        }

        length += count;
        return block.AsSpan(length - count, count);
    }
}
