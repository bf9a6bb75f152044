namespace DsmipTools.Benchmarks;

/// <summary>What importing the module adds to the start of PowerShell.</summary>
internal static class ModuleImportBenchmarks
{
    private const string Name = "import of the module, beyond an empty pwsh";
    private const int Rounds = 9;

    public static IEnumerable<Benchmark> All => [new(Name, Import)];

    private static IEnumerable<Row> Import()
    {
        var target = new Row(Name, "") { Target = "300 ms" };
        if (PowerShellProcess.Find(out var failure) is not { } shell)
        {
            yield return target with { This = failure };
            yield break;
        }

        List<double> empty = [], more = [], processor = [];
        for (var round = 0; round < Rounds; round++)
        {
            var without = shell.Run("1");
            var with = shell.Run("Import-Module ./DsmipTools.psd1");
            empty.Add(without.Elapsed);
            more.Add(with.Elapsed - without.Elapsed);
            processor.Add(with.Processor - without.Processor);
        }

        var median = Comparison.Median(more);
        yield return target with
        {
            This = $"{Row.Milliseconds(median)} ({Row.Milliseconds(Comparison.Median(processor))} of processors)",
            Baseline = $"empty pwsh: {Row.Milliseconds(Comparison.Median(empty))}",
            IsMet = median < 300,
        };
    }
}
