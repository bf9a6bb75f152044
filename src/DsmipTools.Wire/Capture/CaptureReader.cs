using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace DsmipTools.Wire.Capture;

/// <summary>Reads the frames of a capture file one after the other, from a stream that need not seek. <see cref="Open"/> finds out the format.</summary>
/// <remarks>
/// Memory does not grow with the file: a window of bounded size is held. A corrupt file gives its good frames first.
/// Not safe for use by several threads.
/// </remarks>
public abstract class CaptureReader : IDisposable
{
    /// <summary>The longest frame that a file may hold; a longer one counts as corrupt.</summary>
    public const int MaximumFrameLength = 1 << 20;

    private protected const string EndsEarly = "the file ends within it";

    private readonly CaptureInput input;
    private int frames;
    private CaptureFormatException? failure;

    private protected CaptureReader(CaptureInput input) => this.input = input;

    /// <summary>Octets read so far, for a progress display: up to the end of the last frame.</summary>
    public long Position => input.Position;

    /// <summary>Opens a pcapng or pcap file, whichever it is, in either byte order.</summary>
    /// <param name="stream">The capture file; it is read from where it stands.</param>
    /// <param name="leaveOpen">True when disposing has to leave the stream open.</param>
    /// <exception cref="CaptureFormatException">The file is empty, or of another kind.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "The reader takes the input over; it closes nothing but the stream.")]
    public static CaptureReader Open(Stream stream, bool leaveOpen = false)
    {
        var input = new CaptureInput(stream, leaveOpen);
        if (!input.TryPeek(4, out var octets))
        {
            throw new CaptureFormatException(input.End, input.End == 0 ? "the file is empty" : "the file ends before anything tells what it is");
        }

        return BinaryPrimitives.ReadUInt32BigEndian(octets) == PcapngFormat.SectionHeaderBlock ? new PcapngReader(input)
            : PcapFormat.TryRecognise(octets, out _) ? new PcapReader(input)
            : throw new CaptureFormatException(0, $"this is no pcap or pcapng file; {KindOf(octets)}");
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
            frame = ReadFrame();
            return frame is not null;
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
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the stream, unless it is to be left open.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            input.Dispose();
        }
    }

    /// <summary>Reads up to the next frame; null at the end of the file.</summary>
    private protected abstract CapturedFrame? ReadFrame();

    private protected int NextNumber() => ++frames;

    private static string KindOf(ReadOnlySpan<byte> octets) => octets switch
    {
        [0x1F, 0x8B, ..] => "it is compressed with gzip: 'gunzip' first",
        [0x28, 0xB5, 0x2F, 0xFD, ..] => "it is compressed with zstd: 'unzstd' first",
        [0xFD, 0x37, 0x7A, 0x58, ..] => "it is compressed with xz: 'unxz' first",
        [(byte)'B', (byte)'Z', (byte)'h', ..] => "it is compressed with bzip2: 'bunzip2' first",
        [0x04, 0x22, 0x4D, 0x18, ..] => "it is compressed with lz4: 'unlz4' first",
        [(byte)'P', (byte)'K', ..] => "it is an archive: 'unzip' first",
        _ => $"it begins with the octets {Convert.ToHexStringLower(octets)} (if Wireshark reads it, 'editcap -F pcapng' converts it)",
    };
}
