using DsmipTools.Wire;
using DsmipTools.Wire.Capture;

namespace DsmipTools.Packets;

/// <summary>A pcapng or pcap file that is being written. It takes the place of a file of that name only when it is complete.</summary>
/// <remarks>Not safe for use by several threads.</remarks>
public sealed class PacketFile : IDisposable
{
    private const int BufferLength = 1 << 16;

    private readonly string path;
    private readonly string unfinished;
    private readonly string? comment;
    private readonly FileStream stream;
    private readonly Dictionary<CaptureInterface, int> interfaces = [];
    private PcapngWriter? pcapng;
    private PcapWriter? pcap;
    private CaptureInterface? lastInterface;
    private int lastNumber;
    private bool disposed;

    /// <summary>Begins a file.</summary>
    /// <param name="path">The file that <see cref="Complete"/> makes.</param>
    /// <param name="options">How; null to replace whatever is there by a file of the format that the name says.</param>
    /// <exception cref="IOException">The folder does not exist or cannot be written, or the file is there and is to be left alone.</exception>
    /// <exception cref="UnauthorizedAccessException">A permission is missing, or the file is read-only.</exception>
    /// <exception cref="CaptureFormatException">The file to append to is no capture, or corrupt.</exception>
    /// <exception cref="ArgumentException">A pcap file is to have comments, or the file to append to has another format.</exception>
    public PacketFile(string path, PacketFileOptions? options = null)
    {
        options ??= new PacketFileOptions();
        this.path = Path.GetFullPath(path);
        comment = options.Comment;
        Check(this.path, options);
        var isThere = options.Append && File.Exists(this.path);
        Format = options.Format ?? FormatOf(path);
        unfinished = $"{this.path}.{Environment.ProcessId}.unfinished";
        stream = new FileStream(unfinished, FileMode.Create, FileAccess.ReadWrite, FileShare.None, BufferLength);
        try
        {
            if (isThere)
            {
                Copy(options.Format);
            }

            if (Format == CaptureFileFormat.Pcap && comment is not null)
            {
                throw new ArgumentException("A pcap file has no comments; pcapng has.");
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The format that is written.</summary>
    public CaptureFileFormat Format { get; private set; }

    /// <summary>Packets written, without those that were there before.</summary>
    public int Count { get; private set; }

    /// <summary>True when a comment was left out, because the format has none.</summary>
    public bool HasLostComments { get; private set; }

    /// <summary>The format that the name of a file says: pcap for .pcap and .cap, else pcapng.</summary>
    public static CaptureFileFormat FormatOf(string path) =>
        Path.GetExtension(path).ToUpperInvariant() is ".PCAP" or ".CAP" or ".DMP" ? CaptureFileFormat.Pcap : CaptureFileFormat.Pcapng;

    /// <summary>Writes a packet; without a time it gets that of the Unix epoch.</summary>
    /// <exception cref="ArgumentException">It is a bare message, which no link type describes, or the format cannot hold it.</exception>
    public void Write(DsmipPacket packet)
    {
        ArgumentNullException.ThrowIfNull(packet);
        if (packet.Form != PacketForm.Packet)
        {
            throw new ArgumentException("A capture holds packets. This is a message without an IP header: say where it comes from and goes to.", nameof(packet));
        }

        Write(new CapturedFrame
        {
            Number = packet.Number,
            Time = packet.Time ?? DateTimeOffset.UnixEpoch,
            Interface = packet.Interface ?? Unnamed(packet.LinkType),
            Octets = packet.Octets,
            OriginalLength = Math.Max(packet.Length, packet.Octets.Length),
            Flags = packet.Flags,
            Comments = comment is null ? packet.Comments : [.. packet.Comments, comment],
        });
        Count++;
    }

    /// <summary>Ends the file and puts it in its place.</summary>
    public void Complete()
    {
        if (Format == CaptureFileFormat.Pcapng)
        {
            pcapng ??= new PcapngWriter(stream, leaveOpen: true);
        }
        else
        {
            pcap ??= new PcapWriter(stream, LinkType.Raw, timestampDigits: 9, leaveOpen: true);
        }

        stream.Dispose();
        if (!OperatingSystem.IsWindows() && File.Exists(path))
        {
            // What only some may read stays so.
            File.SetUnixFileMode(unfinished, File.GetUnixFileMode(path));
        }

        File.Move(unfinished, path, overwrite: true);
        disposed = true;
    }

    /// <summary>Throws an incomplete file away.</summary>
    public void Dispose()
    {
        if (!disposed)
        {
            disposed = true;
            try
            {
                stream.Dispose();
            }
            finally
            {
                File.Delete(unfinished);
            }
        }
    }

    private static void Check(string path, PacketFileOptions options)
    {
        if (Directory.Exists(path))
        {
            throw new IOException($"'{path}' is a folder.");
        }

        if (!File.Exists(path))
        {
            return;
        }

        if (options.NoClobber && !options.Append)
        {
            throw new IOException($"'{path}' is there already.");
        }

        if (!options.Force && (File.GetAttributes(path) & FileAttributes.ReadOnly) != 0)
        {
            throw new UnauthorizedAccessException($"'{path}' is read-only; -Force replaces it all the same.");
        }
    }

    private static CaptureInterface Unnamed(LinkType linkType) => new() { LinkType = linkType, Name = "dsmip" };

    /// <summary>Takes over what the file holds; frames are copied as they are.</summary>
    private void Copy(CaptureFileFormat? wanted)
    {
        using var reader = CaptureReader.Open(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, BufferLength));
        Format = reader is PcapReader ? CaptureFileFormat.Pcap : CaptureFileFormat.Pcapng;
        if (wanted is { } format && format != Format)
        {
            throw new ArgumentException($"'{path}' is a {Format} file, and cannot go on as {format}.");
        }

        while (reader.TryRead(out var frame))
        {
            Write(frame);
        }
    }

    private void Write(CapturedFrame frame)
    {
        if (Format == CaptureFileFormat.Pcapng)
        {
            pcapng ??= new PcapngWriter(stream, leaveOpen: true);
            pcapng.Write(NumberOf(frame.Interface), frame);
            return;
        }

        lastInterface ??= frame.Interface;
        if (frame.LinkType != lastInterface.LinkType)
        {
            throw new ArgumentException($"A pcap file has one link type, and begins with {lastInterface.LinkType}; this packet has {frame.LinkType}. Write pcapng.");
        }

        HasLostComments |= frame.Comments.Count > 0;
        pcap ??= new PcapWriter(stream, frame.LinkType, timestampDigits: 9, leaveOpen: true);
        pcap.Write(frame.Time, frame.Octets.Span, frame.OriginalLength);
    }

    /// <summary>Frames of one interface follow each other, and comparing descriptions takes longer than writing a frame.</summary>
    private int NumberOf(CaptureInterface from)
    {
        if (!ReferenceEquals(from, lastInterface))
        {
            if (!interfaces.TryGetValue(from, out lastNumber))
            {
                lastNumber = pcapng!.AddInterface(from);
                interfaces.Add(from, lastNumber);
            }

            lastInterface = from;
        }

        return lastNumber;
    }
}
