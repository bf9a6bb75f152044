using System.Globalization;

namespace DsmipTools.Benchmarks;

/// <summary>One row of the result.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="This">The median.</param>
internal sealed record Row(string Name, string This)
{
    /// <summary>What it is compared with, and its median in the same rounds.</summary>
    public string Baseline { get; init; } = "";

    /// <summary>The speed as a multiple of the baseline's: the median over the rounds, more is faster.</summary>
    public string Ratio { get; init; } = "";

    /// <summary>Octets that one operation allocates.</summary>
    public string Allocated { get; init; } = "";

    /// <summary>What is asked for; empty for a row that informs.</summary>
    public string Target { get; init; } = "";

    /// <summary>Whether the target is met; null without one, and when nothing was measured.</summary>
    public bool? IsMet { get; init; }

    /// <summary>The row of a comparison of rates.</summary>
    public static Row Of(string name, string baseline, in Comparison comparison, double? operationsPerSecond = null, double? mostAllocated = null)
    {
        var rate = 1e9 / comparison.Nanoseconds;
        var isMet = (operationsPerSecond is null || rate >= operationsPerSecond) && (mostAllocated is null || comparison.Allocated < mostAllocated + 0.05);
        return new Row(name, Rate(comparison.Nanoseconds))
        {
            Baseline = $"{baseline}: {Rate(comparison.BaselineNanoseconds)}",
            Ratio = Times(comparison.Ratio),
            Allocated = Octets(comparison.Allocated),
            Target = string.Join(", ", new[]
            {
                operationsPerSecond is { } least ? PerSecond(least) : null,
                mostAllocated is { } most ? Octets(most) + " octets" : null,
            }.OfType<string>()),
            IsMet = operationsPerSecond is null && mostAllocated is null ? null : isMet,
        };
    }

    /// <summary>A duration of one operation as a rate, with the duration.</summary>
    public static string Rate(double nanoseconds) => $"{PerSecond(1e9 / nanoseconds)} ({Duration(nanoseconds)})";

    /// <summary>A ratio.</summary>
    public static string Times(double ratio) => ratio.ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>A number of octets.</summary>
    public static string Octets(double octets) => octets < 0.05 ? "0" : octets.ToString(octets < 10 ? "0.0" : "#,0", CultureInfo.InvariantCulture);

    /// <summary>A duration in milliseconds.</summary>
    public static string Milliseconds(double milliseconds) => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:#,0.#} ms");

    private static string PerSecond(double rate) => rate >= 1e6
        ? string.Create(CultureInfo.InvariantCulture, $"{rate / 1e6:0.##} M/s")
        : string.Create(CultureInfo.InvariantCulture, $"{rate / 1e3:0.#} k/s");

    private static string Duration(double nanoseconds) => nanoseconds < 1000
        ? string.Create(CultureInfo.InvariantCulture, $"{nanoseconds:0} ns")
        : string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1000:0.00} us");
}
