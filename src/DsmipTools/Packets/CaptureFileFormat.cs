namespace DsmipTools.Packets;

/// <summary>The format of a capture file.</summary>
public enum CaptureFileFormat
{
    /// <summary>pcapng: several link types, interfaces and comments (draft-ietf-opsawg-pcapng).</summary>
    Pcapng,

    /// <summary>pcap with nanoseconds: one link type, no comments (draft-ietf-opsawg-pcap).</summary>
    Pcap,
}
