namespace DsmipTools.Wire.Capture;

/// <summary>One frame of a capture.</summary>
public sealed record CapturedFrame
{
    /// <summary>The number of the frame in the capture, from 1, as other tools count.</summary>
    public required int Number { get; init; }

    /// <summary>When the frame was captured, to 100 ns; the Unix epoch for a frame that the file gives no time.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The interface on which it was captured; frames of one interface share the object.</summary>
    public required CaptureInterface Interface { get; init; }

    /// <summary>What the octets begin with.</summary>
    public LinkType LinkType => Interface.LinkType;

    /// <summary>The name of the interface; empty when the file does not say.</summary>
    public string InterfaceName => Interface.Name;

    /// <summary>The octets that were captured.</summary>
    public required Octets Octets { get; init; }

    /// <summary>The length of the frame on the link; more than the octets captured when the capture cut it.</summary>
    public required int OriginalLength { get; init; }

    /// <summary>What the capture says of the direction and the checksum.</summary>
    public CapturedFrameFlags Flags { get; init; }

    /// <summary>The comments on the frame.</summary>
    public ValueList<string> Comments { get; init; }

    /// <summary>The comments on the frame, a line each, or null.</summary>
    public string? Comment => Comments.Count switch
    {
        0 => null,
        1 => Comments[0],
        _ => string.Join('\n', Comments),
    };
}
