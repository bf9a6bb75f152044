namespace DsmipTools.Engine.Tests.Simulation;

/// <summary>What a network does to packets.</summary>
internal sealed record Link
{
    public static Link Perfect { get; } = new();

    public TimeSpan Latency { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>Added at random up to this: packets overtake one another.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>Percent of packets that get lost.</summary>
    public int Loss { get; init; }

    /// <summary>Percent of packets that arrive twice.</summary>
    public int Duplication { get; init; }

    /// <summary>True when nothing gets through.</summary>
    public bool Partitioned { get; init; }
}
