namespace DsmipTools.Benchmarks;

/// <summary>A whole registration through the home agent: verify, bind or renew, reply, authenticate, with HMAC-MD5.</summary>
internal static class RegistrationBenchmarks
{
    private const int ManyKeys = 100_000;

    public static IEnumerable<Benchmark> All =>
    [
        new("registration, one hot key", OneKey),
        new("registration, 100,000 keys", Keys),
    ];

    private static IEnumerable<Row> OneKey()
    {
        using var load = new RegistrationLoad(1);
        var comparison = Comparison.Measure(load.Registrations, load.KeptKey(load.CoveredReplyLength()), operations: 5000);
        yield return Row.Of("registration (renewal), one hot key", "its two HMACs, kept instance", comparison, 250e3);
    }

    private static IEnumerable<Row> Keys()
    {
        using var load = new RegistrationLoad(ManyKeys);
        load.RegisterAll();
        // In turn through all nodes, a bounded cache that drops the least recently used key never has the next one: the worst case.
        var comparison = Comparison.Measure(load.Registrations, load.FreshKeys(load.CoveredReplyLength()), operations: 5000);
        yield return Row.Of($"registration (renewal), 100,000 keys in turn, {Row.Octets(load.CacheSize)} kept", "its two HMACs, key set anew", comparison, 130e3);

        var times = new List<double>();
        for (var round = 0; round < 3; round++)
        {
            using var fresh = new RegistrationLoad(ManyKeys);
            times.Add(fresh.RegisterAll());
        }

        yield return new Row("registration (first one), 100,000 nodes", Row.Rate(Comparison.Median(times)));
    }
}
