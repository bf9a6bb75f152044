using System.Runtime.CompilerServices;

namespace DsmipTools.Worlds;

/// <summary>How packets travel one way between two addresses of a simulated world. Rates are 0 to 1 and hold for each packet by itself.</summary>
public sealed record Link
{
    /// <summary>A link without faults and with a latency of 5 ms.</summary>
    public static Link Default { get; } = new();

    /// <summary>How long a packet takes; 5 ms unless set.</summary>
    public TimeSpan Latency { get; init => field = NotNegative(value); } = TimeSpan.FromMilliseconds(5);

    /// <summary>At most this much is added to the latency, evenly distributed. Packets keep their order.</summary>
    public TimeSpan Jitter { get; init => field = NotNegative(value); }

    /// <summary>The share of packets that are lost.</summary>
    public double Loss { get; init => field = Rate(value); }

    /// <summary>The share of packets that arrive twice.</summary>
    public double Duplication { get; init => field = Rate(value); }

    /// <summary>The share of packets that are held back for one to two more latencies, so that later ones overtake them.</summary>
    public double Reordering { get; init => field = Rate(value); }

    /// <summary>The share of packets that arrive with one bit changed.</summary>
    public double Corruption { get; init => field = Rate(value); }

    /// <summary>Nothing arrives at all.</summary>
    public bool IsPartitioned { get; init; }

    private static double Rate(double value, [CallerMemberName] string? name = null) =>
        value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(name, value, "A rate is between 0 and 1.");

    private static TimeSpan NotNegative(TimeSpan value, [CallerMemberName] string? name = null) =>
        value >= TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(name, value, "A duration is not negative.");
}
