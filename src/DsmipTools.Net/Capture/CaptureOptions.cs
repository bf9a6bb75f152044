namespace DsmipTools.Net.Capture;

/// <summary>How to capture.</summary>
public sealed record CaptureOptions
{
    /// <summary>The filter that needs no library: what the Mobile IP protocols send (<see cref="MobileIpFilter"/>).</summary>
    public const string MobileIpFilterName = "mobile-ip";

    /// <summary>The longest snap length: a frame of any interface fits.</summary>
    public const int MaximumSnapLength = 262_144;

    /// <summary>A filter in the language of pcap (man pcap-filter), <see cref="MobileIpFilterName"/>, or null for all frames.</summary>
    public string? Filter { get; init; }

    /// <summary>Octets of each frame to keep, 1 to 262,144.</summary>
    public int SnapLength { get; init; } = MaximumSnapLength;

    /// <summary>True to take in what is sent to others, where the interface can see it.</summary>
    public bool Promiscuous { get; init; }

    /// <summary>True to take in only what comes to the interface, and not what leaves by it; packet sockets alone can.</summary>
    public bool IncomingOnly { get; init; }

    /// <summary>Octets in the operating system for frames that have not been received yet.</summary>
    public int BufferSize { get; init; } = 16 << 20;

    /// <summary>What captures.</summary>
    public CaptureBackend Backend { get; init; }
}
