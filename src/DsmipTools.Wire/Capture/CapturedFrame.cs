namespace DsmipTools.Wire.Capture;

/// <summary>One frame of a capture file.</summary>
public sealed record CapturedFrame
{
    /// <summary>The number of the frame in the file, from 1, as other tools count.</summary>
    public required int Number { get; init; }

    /// <summary>When the frame was captured, to 100 ns; the Unix epoch for a frame that the file gives no time.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>What the octets begin with.</summary>
    public required LinkType LinkType { get; init; }

    /// <summary>The name of the interface; empty when the file does not say.</summary>
    public string InterfaceName { get; init; } = "";

    /// <summary>The octets that were captured.</summary>
    public required Octets Octets { get; init; }

    /// <summary>The length of the frame on the link; more than the octets captured when the capture cut it.</summary>
    public required int OriginalLength { get; init; }

    /// <summary>The comment of the frame, or null.</summary>
    public string? Comment { get; init; }
}
