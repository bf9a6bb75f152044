namespace DsmipTools.Benchmarks;

/// <summary>What a forged message costs a local mobility anchor, beside a valid one.</summary>
internal static class ForgeryBenchmarks
{
    /// <summary>At most twice as much.</summary>
    private const double LeastRatio = 0.5;

    public static IEnumerable<Benchmark> All => [new("forged messages at an LMA", Measure)];

    private static IEnumerable<Row> Measure()
    {
        var load = new AnchorLoad(100_000, realms: 10, peers: 100);
        load.Attach();
        foreach (var kind in Enum.GetValues<Forgery>())
        {
            var comparison = Comparison.Measure(load.Forgeries(kind), load.Renewals(), operations: 5000);
            yield return Row.Of($"forged message at an LMA of 100,000 bindings: {kind}", "PBU renewal", comparison) with
            {
                Target = "ratio 0.50", IsMet = comparison.Ratio >= LeastRatio,
            };
        }
    }
}
