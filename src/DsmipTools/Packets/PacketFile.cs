using DsmipTools.Wire.Capture;

namespace DsmipTools.Packets;

/// <summary>A pcapng file that is being written. It takes the place of a file of that name only when it is complete.</summary>
public sealed class PacketFile : IDisposable
{
    private readonly string path;
    private readonly string unfinished;
    private readonly PcapngWriter writer;
    private readonly Dictionary<LinkType, int> interfaces = [];
    private bool disposed;

    /// <summary>Begins a file.</summary>
    /// <param name="path">The file that <see cref="Complete"/> makes.</param>
    /// <exception cref="IOException">The folder does not exist or cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">A permission is missing.</exception>
    public PacketFile(string path)
    {
        this.path = Path.GetFullPath(path);
        if (Directory.Exists(this.path))
        {
            throw new IOException($"'{this.path}' is a folder.");
        }

        unfinished = $"{this.path}.{Environment.ProcessId}.unfinished";
        writer = new PcapngWriter(new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.None));
    }

    /// <summary>Writes a packet; without a time it gets that of the Unix epoch.</summary>
    /// <exception cref="ArgumentException">It is a bare message, which no link type describes.</exception>
    public void Write(DsmipPacket packet)
    {
        ArgumentNullException.ThrowIfNull(packet);
        if (packet.Form != PacketForm.Packet)
        {
            throw new ArgumentException("A capture holds packets. This is a message without an IP header: say where it comes from and goes to.", nameof(packet));
        }

        if (!interfaces.TryGetValue(packet.LinkType, out var number))
        {
            number = writer.AddInterface($"dsmip{interfaces.Count}", packet.LinkType);
            interfaces.Add(packet.LinkType, number);
        }

        writer.Write(number, packet.Time ?? DateTimeOffset.UnixEpoch, packet.Octets.Span, packet.Comment, Math.Max(packet.Length, packet.Octets.Length));
    }

    /// <summary>Ends the file and puts it in its place.</summary>
    public void Complete()
    {
        writer.Dispose();
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
                writer.Dispose();
            }
            finally
            {
                File.Delete(unfinished);
            }
        }
    }
}
