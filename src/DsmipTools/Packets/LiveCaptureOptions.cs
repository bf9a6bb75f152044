using DsmipTools.Net.Capture;
using DsmipTools.Wire.Decoding;

namespace DsmipTools.Packets;

/// <summary>What a live capture captures, and where its packets go.</summary>
public sealed record LiveCaptureOptions
{
    /// <summary>Filter, snap length and the like.</summary>
    public CaptureOptions Capture { get; init; } = new();

    /// <summary>A pcapng file for the frames, or null. A file of that name is replaced at once, and can be read while it grows.</summary>
    public string? Path { get; init; }

    /// <summary>How many packets wait for a reader; later ones are discarded for him and counted. 0 when nobody reads.</summary>
    public int BufferedPackets { get; init; } = 65_536;

    /// <summary>How many octets wait for a reader.</summary>
    public long BufferedOctets { get; init; } = 64 << 20;

    /// <summary>The ports of the protocols; null for those that IANA assigned.</summary>
    public PacketDecoderOptions? Decoder { get; init; }
}
