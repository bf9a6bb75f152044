using System.Text;

namespace DsmipTools.Wire.Capture;

/// <summary>Writes a pcapng capture file. The same frames give the same file: no clock is read and no host described.</summary>
/// <remarks>Not safe for use by several threads. Frames go to the stream at once; flushing is the stream's.</remarks>
public sealed class PcapngWriter : IDisposable
{
    private readonly Stream stream;
    private readonly bool leaveOpen;
    private readonly CaptureBlock block;
    private readonly List<TimestampUnit> units = [];

    /// <summary>Starts a capture file with its section header.</summary>
    /// <param name="stream">Where the file goes.</param>
    /// <param name="leaveOpen">True when disposing has to leave the stream open.</param>
    /// <param name="bigEndian">The byte order of the file; readers take both.</param>
    public PcapngWriter(Stream stream, bool leaveOpen = false, bool bigEndian = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        this.stream = stream;
        this.leaveOpen = leaveOpen;
        block = new CaptureBlock(new ByteOrder(bigEndian));
        Begin(PcapngFormat.SectionHeaderBlock);
        block.Add(PcapngFormat.ByteOrderMagic);
        block.Add(PcapngFormat.MajorVersion);
        block.Add((ushort)0);
        block.Add(ulong.MaxValue); // The section length: not known yet.
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

        return AddInterface(new CaptureInterface { Name = name, LinkType = linkType, TimestampResolution = (byte)timestampDigits });
    }

    /// <summary>Describes an interface and returns the number that frames name it by.</summary>
    /// <exception cref="ArgumentException">A text has more than 65,534 octets.</exception>
    public int AddInterface(CaptureInterface description)
    {
        ArgumentNullException.ThrowIfNull(description);
        Begin(PcapngFormat.InterfaceDescriptionBlock);
        block.Add((ushort)description.LinkType);
        block.Add((ushort)0);
        block.Add(description.SnapLength);
        foreach (var comment in description.Comments)
        {
            AddOption(PcapngFormat.OptionComment, Encoding.UTF8.GetBytes(comment));
        }

        AddText(PcapngFormat.InterfaceName, description.Name);
        AddText(PcapngFormat.InterfaceDescription, description.Description);
        if (!description.LinkLayerAddress.Span.IsEmpty)
        {
            AddOption(PcapngFormat.InterfaceLinkLayerAddress, description.LinkLayerAddress.Span);
        }

        if (description.Speed is { } speed)
        {
            AddOption(PcapngFormat.InterfaceSpeed, speed);
        }

        AddOption(PcapngFormat.InterfaceTimestampResolution, [description.TimestampResolution]);
        if (description.Filter.Length > 0)
        {
            AddOption(PcapngFormat.InterfaceFilter, [PcapngFormat.FilterIsText, .. Encoding.UTF8.GetBytes(description.Filter)]);
        }

        AddText(PcapngFormat.InterfaceOperatingSystem, description.OperatingSystem);
        if (description.TimestampOffset != 0)
        {
            AddOption(PcapngFormat.InterfaceTimestampOffset, (ulong)description.TimestampOffset);
        }

        AddText(PcapngFormat.InterfaceHardware, description.Hardware);
        AddOption(PcapngFormat.OptionEnd, []);
        End();
        units.Add(new TimestampUnit(description.TimestampResolution, description.TimestampOffset));
        return units.Count - 1;
    }

    /// <summary>Writes a frame.</summary>
    /// <param name="interfaceId">What <see cref="AddInterface(CaptureInterface)"/> returned.</param>
    /// <param name="time">When the frame was seen, 1970 or later.</param>
    /// <param name="octets">The frame.</param>
    /// <param name="comment">A comment for the reader of the capture, or null.</param>
    /// <param name="originalLength">The length on the link when the frame was cut; null when the octets are all of it.</param>
    public void Write(int interfaceId, DateTimeOffset time, ReadOnlySpan<byte> octets, string? comment = null, int? originalLength = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(originalLength ?? octets.Length, octets.Length, nameof(originalLength));
        WriteFrame(interfaceId, time, octets, originalLength ?? octets.Length, CapturedFrameFlags.None, comment is null ? [] : [comment]);
    }

    /// <summary>Writes a frame of another capture, with its time, comments and flags.</summary>
    /// <param name="interfaceId">What <see cref="AddInterface(CaptureInterface)"/> returned.</param>
    /// <param name="frame">The frame; its own interface and number do not count.</param>
    public void Write(int interfaceId, CapturedFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        WriteFrame(interfaceId, frame.Time, frame.Octets.Span, frame.OriginalLength, frame.Flags, frame.Comments.Span);
    }

    /// <summary>Writes what an interface counted; captures end with it.</summary>
    /// <param name="interfaceId">What <see cref="AddInterface(CaptureInterface)"/> returned.</param>
    /// <param name="time">When it was counted, 1970 or later.</param>
    /// <param name="received">Frames received.</param>
    /// <param name="dropped">Frames lost for want of room.</param>
    public void WriteStatistics(int interfaceId, DateTimeOffset time, ulong received, ulong dropped)
    {
        var timestamp = Timestamp(interfaceId, time);
        Begin(PcapngFormat.InterfaceStatisticsBlock);
        AddHead(interfaceId, timestamp);
        AddOption(PcapngFormat.StatisticsReceived, received);
        AddOption(PcapngFormat.StatisticsDropped, dropped);
        AddOption(PcapngFormat.OptionEnd, []);
        End();
    }

    /// <summary>Hands on what the stream holds back, so that a reader of the file sees every frame.</summary>
    public void Flush() => stream.Flush();

    /// <summary>Flushes the stream and closes it, unless it is to be left open.</summary>
    public void Dispose()
    {
        try
        {
            stream.Flush();
        }
        finally
        {
            if (!leaveOpen)
            {
                stream.Dispose();
            }
        }
    }

    private void WriteFrame(
        int interfaceId, DateTimeOffset time, ReadOnlySpan<byte> octets, int originalLength, CapturedFrameFlags flags, ReadOnlySpan<string> comments)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(octets.Length, CaptureReader.MaximumFrameLength, nameof(octets));
        var timestamp = Timestamp(interfaceId, time);
        Begin(PcapngFormat.EnhancedPacketBlock);
        AddHead(interfaceId, timestamp);
        block.Add((uint)octets.Length);
        block.Add((uint)originalLength);
        block.Add(octets);
        block.Pad();
        foreach (var comment in comments)
        {
            AddOption(PcapngFormat.OptionComment, Encoding.UTF8.GetBytes(comment));
        }

        if (flags != CapturedFrameFlags.None)
        {
            BeginOption(PcapngFormat.PacketFlags, 4);
            block.Add((uint)flags);
        }

        if (!comments.IsEmpty || flags != CapturedFrameFlags.None)
        {
            AddOption(PcapngFormat.OptionEnd, []);
        }

        End();
    }

    private ulong Timestamp(int interfaceId, DateTimeOffset time)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(interfaceId);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(interfaceId, units.Count);
        return units[interfaceId].TryWrite(time, out var timestamp)
            ? timestamp
            : throw new ArgumentOutOfRangeException(nameof(time), time, "The timestamps of the interface cannot say this time.");
    }

    private void AddHead(int interfaceId, ulong timestamp)
    {
        block.Add((uint)interfaceId);
        block.Add((uint)(timestamp >> 32));
        block.Add((uint)timestamp);
    }

    private void AddText(ushort code, string text)
    {
        if (text.Length > 0)
        {
            AddOption(code, Encoding.UTF8.GetBytes(text));
        }
    }

    private void AddOption(ushort code, ulong value)
    {
        BeginOption(code, sizeof(ulong));
        block.Add(value);
    }

    private void AddOption(ushort code, ReadOnlySpan<byte> value)
    {
        BeginOption(code, value.Length);
        block.Add(value);
        block.Pad();
    }

    private void BeginOption(ushort code, int length)
    {
        if (length > ushort.MaxValue)
        {
            throw new ArgumentException("A name or comment has at most 65,535 octets.", nameof(length));
        }

        block.Add(code);
        block.Add((ushort)length);
    }

    private void Begin(uint type)
    {
        block.Clear();
        block.Add(type);
        block.Add(0u);
    }

    private void End()
    {
        block.Add((uint)block.Length + 4);
        block.Overwrite(4, (uint)block.Length);
        stream.Write(block.Octets);
    }
}
