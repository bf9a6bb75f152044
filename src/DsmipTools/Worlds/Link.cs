using System.Globalization;
using System.Runtime.CompilerServices;

namespace DsmipTools.Worlds;

/// <summary>How packets travel one way between two addresses of a simulated world, or on a link between namespaces. Shares are 0 to 1 and hold for each packet by itself.</summary>
public sealed record Link
{
    /// <summary>A link without faults and with a latency of 5 ms.</summary>
    public static Link Default { get; } = new();

    /// <summary>A link that does nothing to packets: no latency either.</summary>
    public static Link Perfect { get; } = new() { Latency = TimeSpan.Zero };

    /// <summary>How long a packet takes; 5 ms unless set.</summary>
    public TimeSpan Latency { get; init => field = NotNegative(value); } = TimeSpan.FromMilliseconds(5);

    /// <summary>At most this much is added to the latency, evenly distributed. Packets keep their order.</summary>
    public TimeSpan Jitter { get; init => field = NotNegative(value); }

    /// <summary>The share of packets that are lost.</summary>
    public double Loss { get; init => field = Share(value); }

    /// <summary>The share of packets that arrive twice.</summary>
    public double Duplication { get; init => field = Share(value); }

    /// <summary>The share of packets that are held back for one to two more latencies, so that later ones overtake them.</summary>
    public double Reordering { get; init => field = Share(value); }

    /// <summary>The share of packets that arrive with one bit changed.</summary>
    public double Corruption { get; init => field = Share(value); }

    /// <summary>Bits a second that leave; null for no limit. A packet waits until those before it have left.</summary>
    public long? Rate { get; init => field = value is null or > 0 ? value : throw new ArgumentOutOfRangeException(nameof(Rate), value, "A rate is above 0 bit/s."); }

    /// <summary>So many packets wait at most where there is a <see cref="Rate"/>; one more is lost.</summary>
    public int QueueLimit { get; init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(QueueLimit), value, "A queue has room for a packet."); } = 1000;

    /// <summary>Nothing arrives at all.</summary>
    public bool IsPartitioned { get; init; }

    /// <summary>What it does to packets, in words.</summary>
    public override string ToString()
    {
        string[] parts =
        [
            Latency > TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $"{Latency.TotalMilliseconds} ms") : "",
            Jitter > TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $"to {(Latency + Jitter).TotalMilliseconds} ms") : "",
            Rate is { } rate ? string.Create(CultureInfo.InvariantCulture, $"{rate} bit/s") : "",
            Percent("lost", Loss), Percent("twice", Duplication), Percent("reordered", Reordering), Percent("corrupted", Corruption),
            IsPartitioned ? "partitioned" : "",
        ];
        return string.Join(", ", parts.Where(part => part.Length > 0));

        static string Percent(string what, double share) => share > 0 ? string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.###}% {what}") : "";
    }

    /// <summary>True when it does nothing to packets.</summary>
    public bool IsPerfect => this with { QueueLimit = Perfect.QueueLimit } == Perfect;

    /// <summary>True when it does something to single packets, and not the same to all.</summary>
    internal bool IsSelective => this with { QueueLimit = Perfect.QueueLimit, Latency = TimeSpan.Zero } != Perfect;

    private static double Share(double value, [CallerMemberName] string? name = null) =>
        value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(name, value, "A share is between 0 and 1.");

    private static TimeSpan NotNegative(TimeSpan value, [CallerMemberName] string? name = null) =>
        value >= TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(name, value, "A duration is not negative.");
}
