namespace DsmipTools.Net.Links;

/// <summary>What becomes of a frame on its way from one port of a link to another.</summary>
public readonly record struct FrameFate
{
    /// <summary>It is lost.</summary>
    public static FrameFate Lost => new() { IsLost = true };

    /// <summary>True when it does not arrive.</summary>
    public bool IsLost { get; init; }

    /// <summary>When it arrives, in the time in which it was asked for.</summary>
    public TimeSpan Arrival { get; init; }

    /// <summary>When a second copy arrives; null when there is none.</summary>
    public TimeSpan? CopyArrival { get; init; }

    /// <summary>True when it is held back so that later ones overtake it.</summary>
    public bool IsReordered { get; init; }

    /// <summary>Where one bit is changed on the way, as a share of the length, from 0 up to but not including 1; null when none is.</summary>
    public double? CorruptedAt { get; init; }
}
