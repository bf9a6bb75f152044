using System.Globalization;

namespace DsmipTools.Wire.Capture;

/// <summary>Reads the frames of a pcap file: timestamps in micro- or nanoseconds, both byte orders, and the modified format of Linux patches.</summary>
public sealed class PcapReader : CaptureReader
{
    private readonly CaptureInput input;
    private PcapFormat format;
    private CaptureInterface? from;

    /// <summary>Reads a stream from where it stands.</summary>
    /// <param name="stream">The capture file.</param>
    /// <param name="leaveOpen">True when disposing has to leave the stream open.</param>
    public PcapReader(Stream stream, bool leaveOpen = false)
        : this(new CaptureInput(stream, leaveOpen))
    {
    }

    internal PcapReader(CaptureInput input)
        : base(input) => this.input = input;

    private protected override CapturedFrame? ReadFrame()
    {
        from ??= ReadFileHeader();
        if (!input.TryPeek(format.RecordHeader, out var header))
        {
            return input.Available.IsEmpty ? null : throw new CaptureFormatException(input.End, $"a frame begins, and {EndsEarly}");
        }

        var order = format.Order;
        uint seconds = order.UInt32(header), fraction = order.UInt32(header[4..]);
        uint captured = order.UInt32(header[8..]), original = order.UInt32(header[12..]);
        if (captured > MaximumFrameLength)
        {
            throw Failure(8, $"a frame cannot be {captured} octets long; what begins at octet {input.Position} is no frame");
        }

        if (captured == 0 && original == 0 && ((seconds | fraction) == 0 || PcapFormat.TryRecognise(header, out _)))
        {
            throw Failure(0, seconds == 0 ? "there are zeros where a frame should begin" : "another pcap file begins where a frame should");
        }

        var length = format.RecordHeader + (int)captured;
        if (!input.TryPeek(length, out var record))
        {
            throw new CaptureFormatException(input.End, $"a frame has {captured} octets, and {EndsEarly}");
        }

        var frame = new CapturedFrame
        {
            Number = NextNumber(),
            Time = DateTimeOffset.UnixEpoch.AddTicks(
                (seconds * TimeSpan.TicksPerSecond) + (format.TimestampDigits == 9 ? fraction / TimeSpan.NanosecondsPerTick : fraction * TimeSpan.TicksPerMicrosecond)),
            Interface = from,
            Octets = Octets.Create(record[format.RecordHeader..]),
            OriginalLength = (int)Math.Min(original, int.MaxValue),
        };
        input.Take(length);
        return frame;
    }

    private CaptureInterface ReadFileHeader()
    {
        if (!input.TryPeek(PcapFormat.FileHeader, out var header))
        {
            throw new CaptureFormatException(input.End, input.End == 0 ? "the file is empty" : $"there is a file header, and {EndsEarly}");
        }

        if (!PcapFormat.TryRecognise(header, out format))
        {
            throw Failure(0, "this is no pcap file");
        }

        var order = format.Order;
        if ((order.UInt16(header[4..]), order.UInt16(header[6..])) is var (major, minor) && (major, minor) != (PcapFormat.MajorVersion, PcapFormat.MinorVersion))
        {
            throw Failure(4, string.Create(CultureInfo.InvariantCulture, $"version {major}.{minor} of the file format is not known"));
        }

        // The upper half of the link type says whether frames end with a checksum.
        var described = new CaptureInterface
        {
            LinkType = (LinkType)(order.UInt32(header[20..]) & ushort.MaxValue),
            SnapLength = order.UInt32(header[16..]),
            TimestampResolution = (byte)format.TimestampDigits,
        };
        input.Take(PcapFormat.FileHeader);
        return described;
    }

    private CaptureFormatException Failure(int offset, string reason) => new(input.Position + offset, reason);
}
