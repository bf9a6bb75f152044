namespace DsmipTools.Wire.Capture;

/// <summary>Writes a pcap capture file, for tools that do not read pcapng. It has one link type and no names or comments.</summary>
/// <remarks>Not safe for use by several threads. Frames go to the stream at once; flushing is the stream's.</remarks>
public sealed class PcapWriter : IDisposable
{
    private readonly Stream stream;
    private readonly bool leaveOpen;
    private readonly int timestampDigits;
    private readonly CaptureBlock block;

    /// <summary>Starts a capture file with its header.</summary>
    /// <param name="stream">Where the file goes.</param>
    /// <param name="linkType">What the frames begin with.</param>
    /// <param name="timestampDigits">The resolution of timestamps: 9 for nanoseconds, 6 for microseconds, which every tool reads.</param>
    /// <param name="leaveOpen">True when disposing has to leave the stream open.</param>
    /// <param name="bigEndian">The byte order of the file; readers take both.</param>
    public PcapWriter(Stream stream, LinkType linkType = LinkType.Raw, int timestampDigits = 6, bool leaveOpen = false, bool bigEndian = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (timestampDigits is not (6 or 9))
        {
            throw new ArgumentOutOfRangeException(nameof(timestampDigits), timestampDigits, "Timestamps are in nanoseconds (9) or microseconds (6).");
        }

        this.stream = stream;
        this.leaveOpen = leaveOpen;
        this.timestampDigits = timestampDigits;
        block = new CaptureBlock(new ByteOrder(bigEndian));
        block.Add(timestampDigits == 9 ? PcapFormat.Nanoseconds : PcapFormat.Microseconds);
        block.Add(PcapFormat.MajorVersion);
        block.Add(PcapFormat.MinorVersion);
        block.Add(0UL);
        block.Add((uint)PcapFormat.UsualSnapLength);
        block.Add((uint)linkType);
        stream.Write(block.Octets);
    }

    /// <summary>Writes a frame.</summary>
    /// <param name="time">When the frame was seen, 1970 to 2106.</param>
    /// <param name="octets">The frame.</param>
    /// <param name="originalLength">The length on the link when the frame was cut; null when the octets are all of it.</param>
    public void Write(DateTimeOffset time, ReadOnlySpan<byte> octets, int? originalLength = null)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(octets.Length, PcapFormat.UsualSnapLength, nameof(octets));
        ArgumentOutOfRangeException.ThrowIfLessThan(originalLength ?? octets.Length, octets.Length, nameof(originalLength));
        var (seconds, ticks) = Math.DivRem((time - DateTimeOffset.UnixEpoch).Ticks, TimeSpan.TicksPerSecond);
        if (ticks < 0 || seconds is < 0 or > uint.MaxValue)
        {
            throw new ArgumentOutOfRangeException(nameof(time), time, "A pcap file holds the times of 1970 to 2106.");
        }

        block.Clear();
        block.Add((uint)seconds);
        block.Add((uint)(timestampDigits == 9 ? ticks * TimeSpan.NanosecondsPerTick : ticks / TimeSpan.TicksPerMicrosecond));
        block.Add((uint)octets.Length);
        block.Add((uint)(originalLength ?? octets.Length));
        block.Add(octets);
        stream.Write(block.Octets);
    }

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
}
