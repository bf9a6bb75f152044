using DsmipTools.Wire.Capture;

namespace DsmipTools.Worlds;

/// <summary>A pcapng file of the IP packets of a world. Safe for any number of writers.</summary>
public sealed class PacketCapture : IDisposable
{
    private readonly Lock gate = new();
    private readonly Stream stream;
    private readonly PcapngWriter writer;
    private readonly int interfaceId;
    private long count;
    private bool disposed;

    /// <summary>Starts a capture in a file; one that exists is replaced.</summary>
    public PacketCapture(string path)
        : this(new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.Read))
    {
    }

    /// <summary>Starts a capture in a stream.</summary>
    /// <param name="stream">Where the file goes.</param>
    /// <param name="leaveOpen">True when disposing has to leave the stream open.</param>
    public PacketCapture(Stream stream, bool leaveOpen = false)
    {
        this.stream = stream;
        writer = new PcapngWriter(stream, leaveOpen);
        interfaceId = writer.AddInterface("dsmip");
    }

    /// <summary>The number of packets written.</summary>
    public long Count => Interlocked.Read(ref count);

    /// <summary>Writes a packet; after the capture has ended this does nothing.</summary>
    /// <param name="time">When it was sent or received.</param>
    /// <param name="packet">The packet, from its IP header on.</param>
    /// <param name="comment">A comment for the reader of the capture.</param>
    public void Write(DateTimeOffset time, ReadOnlySpan<byte> packet, string? comment = null)
    {
        lock (gate)
        {
            if (!disposed)
            {
                writer.Write(interfaceId, time, packet, comment);
                count++;
            }
        }
    }

    /// <summary>The packets written so far.</summary>
    /// <exception cref="NotSupportedException">The stream cannot be read or sought.</exception>
    /// <exception cref="ObjectDisposedException">The capture has ended.</exception>
    public IReadOnlyList<CapturedFrame> Read()
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            stream.Position = 0;
            try
            {
                using var reader = CaptureReader.Open(stream, leaveOpen: true);
                return [.. reader.ReadFrames()];
            }
            finally
            {
                stream.Seek(0, SeekOrigin.End);
            }
        }
    }

    /// <summary>Ends the capture: the file is complete.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (!disposed)
            {
                disposed = true;
                writer.Dispose();
            }
        }
    }
}
