namespace DsmipTools.Benchmarks;

/// <summary>A realm of 100,000 bindings on 100 peers is revoked, among a million bindings and among 200,000.</summary>
internal static class RealmRevocationBenchmarks
{
    private const int Matching = 100_000;
    private const int Peers = 100;
    private const int ManyRealms = 10;
    private const int FewRealms = 2;
    private const int Rounds = 7;

    public static IEnumerable<Benchmark> All => [new("realm revocation and attachment at an LMA", Revoke)];

    private static IEnumerable<Row> Revoke()
    {
        var few = new AnchorLoad(FewRealms * Matching, FewRealms, Peers);
        few.Attach();
        var many = new AnchorLoad(ManyRealms * Matching, ManyRealms, Peers);
        var beforeAttaching = GC.GetTotalMemory(forceFullCollection: true);
        var attached = many.Attach();
        var octets = (double)(GC.GetTotalMemory(forceFullCollection: true) - beforeAttaching) / many.Bindings;
        yield return new Row("attachment at an LMA, up to 1,000,000 bindings", Row.Rate(attached));
        yield return new Row("memory of a binding, with all indexes", $"{Row.Octets(octets)} octets");

        List<double> indications = [], fewIndications = [], acknowledgements = [], fewAcknowledgements = [], attachments = [];
        for (var round = 0; round < Rounds; round++)
        {
            var (sent, done) = many.Revoke(round % ManyRealms);
            var (fewSent, fewDone) = few.Revoke(round % FewRealms);
            indications.Add(sent);
            acknowledgements.Add(done);
            fewIndications.Add(fewSent);
            fewAcknowledgements.Add(fewDone);
            attachments.Add(many.Attach(round % ManyRealms));
            few.Attach(round % FewRealms);
        }

        yield return new Row("attachment at an LMA of 900,000 bindings", Row.Rate(Comparison.Median(attachments)));
        yield return Of("realm revocation, 100,000 of 1,000,000: state and 100 BRIs", indications, fewIndications) with
        {
            Target = "250 ms",
            IsMet = Comparison.Median(indications) < 250,
        };
        yield return Of("realm revocation: 100 BRAs, 100,000 bindings removed", acknowledgements, fewAcknowledgements);
        var (read, longest) = many.Read();
        yield return new Row("1,000,000 bindings read for an administrator", Row.Milliseconds(read)) { Baseline = $"longest pause of the LMA: {Row.Milliseconds(longest)}" };
        few.Expire();
        var (expiry, longestCall) = many.Expire();
        yield return new Row("expiry of 1,000,000 bindings at once", Row.Milliseconds(expiry)) { Baseline = $"longest pause of the LMA: {Row.Milliseconds(longestCall)}" };
    }

    private static Row Of(string name, List<double> times, List<double> fewTimes) => new(name, Row.Milliseconds(Comparison.Median(times)))
    {
        Baseline = $"100,000 of 200,000: {Row.Milliseconds(Comparison.Median(fewTimes))}",
        Ratio = Row.Times(Comparison.Median(times.Zip(fewTimes, (time, fewTime) => fewTime / time))),
    };
}
