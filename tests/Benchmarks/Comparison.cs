namespace DsmipTools.Benchmarks;

/// <summary>One side of a comparison.</summary>
/// <param name="Run">Does so many operations; what it takes is measured.</param>
/// <param name="Prepare">Makes what the next so many operations need; not measured.</param>
internal sealed record Contender(Action<int> Run, Action<int>? Prepare = null);

/// <summary>
/// Two contenders, measured in interleaved rounds: what disturbs the machine disturbs both, and the ratio of each round compares what ran
/// within the same moment. All values are medians over the rounds.
/// </summary>
/// <param name="Nanoseconds">For one operation of the first contender.</param>
/// <param name="BaselineNanoseconds">For one operation of the second.</param>
/// <param name="Ratio">The first one's speed as a multiple of the second's.</param>
/// <param name="Allocated">Octets that one operation of the first allocates, on all threads.</param>
internal readonly record struct Comparison(double Nanoseconds, double BaselineNanoseconds, double Ratio, double Allocated)
{
    private const int FewestRounds = 9;
    private const int WarmUps = 5;

    private static readonly TimeSpan warmUp = TimeSpan.FromMilliseconds(60);
    private static readonly TimeSpan round = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan longest = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(12);

    /// <summary>Measures.</summary>
    /// <param name="contender">What is measured.</param>
    /// <param name="baseline">What it is compared with.</param>
    /// <param name="operations">Operations in a round; null takes as many as fill 20 ms, which only contenders without preparation can do.</param>
    /// <param name="clock">What to measure; processor time when nothing is said.</param>
    public static Comparison Measure(Contender contender, Contender baseline, int? operations = null, Func<TimeSpan>? clock = null)
    {
        clock ??= Clock.Processor;
        var count = WarmUp(contender, operations, clock);
        var baselineCount = WarmUp(baseline, operations, clock);
        List<double> times = [], baselineTimes = [], ratios = [];
        TimeSpan start = clock(), begun = Clock.Wall();
        while (times.Count < FewestRounds || (clock() - start < longest && Clock.Wall() - begun < patience))
        {
            // By turns the one and the other comes first.
            var isFirst = times.Count % 2 == 0;
            var before = isFirst ? Time(contender, count, clock) : 0;
            var baselineTime = Time(baseline, baselineCount, clock);
            var time = isFirst ? before : Time(contender, count, clock);
            times.Add(time);
            baselineTimes.Add(baselineTime);
            ratios.Add(baselineTime / time);
        }

        return new Comparison(Median(times), Median(baselineTimes), Median(ratios), Median([.. Enumerable.Range(0, 3).Select(_ => Allocation(contender, count))]));
    }

    /// <summary>The median.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>Runs until the code is compiled for speed; returns how many operations fill a round.</summary>
    private static int WarmUp(Contender contender, int? operations, Func<TimeSpan> clock)
    {
        // Short calls, many of them, and pauses: the runtime compiles a method again when it has been called often and nothing new is called,
        // on a thread of its own.
        var few = Math.Min(operations ?? 200, 200);
        var fastest = double.MaxValue;
        for (var time = 0; time < WarmUps; time++)
        {
            var start = clock();
            var done = 0;
            var spent = 0.0;
            for (var call = 0; call < 40 || clock() - start < warmUp; call++)
            {
                spent += Time(contender, few, clock) * few;
                done += few;
            }

            fastest = Math.Min(fastest, spent / done);
            Thread.Sleep(120);
        }

        return operations ?? (int)Math.Clamp(round.TotalNanoseconds / Math.Max(1, fastest), 1, 100_000_000);
    }

    /// <summary>Nanoseconds for one operation.</summary>
    private static double Time(Contender contender, int operations, Func<TimeSpan> clock)
    {
        contender.Prepare?.Invoke(operations);
        var start = clock();
        contender.Run(operations);
        return (clock() - start).TotalNanoseconds / operations;
    }

    private static double Allocation(Contender contender, int operations)
    {
        contender.Prepare?.Invoke(operations);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        contender.Run(operations);
        return (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)operations;
    }
}
