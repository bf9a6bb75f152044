namespace DsmipTools.Packets;

/// <summary>How a capture file is written.</summary>
public sealed record PacketFileOptions
{
    /// <summary>The format; null for the one that the file has or its name says: pcap for .pcap and .cap, else pcapng.</summary>
    public CaptureFileFormat? Format { get; init; }

    /// <summary>True to write behind the frames that the file holds; one that is not there yet is made.</summary>
    public bool Append { get; init; }

    /// <summary>True to leave a file that is there alone: an error.</summary>
    public bool NoClobber { get; init; }

    /// <summary>True to replace even a file that is read-only.</summary>
    public bool Force { get; init; }

    /// <summary>A comment to add to each packet; pcapng alone has comments.</summary>
    public string? Comment { get; init; }
}
