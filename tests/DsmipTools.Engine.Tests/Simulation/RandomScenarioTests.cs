using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace DsmipTools.Engine.Tests.Simulation;

public sealed class RandomScenarioTests
{
    private const int Seeds = 300;

    /// <summary>Set it to a seed to run that one alone.</summary>
    private const string SeedVariable = "DSMIPTOOLS_SEED";

    private const string HashVariable = "DSMIPTOOLS_HASH_FILE";

    [Fact]
    public void After_healing_both_sides_agree_and_nothing_leaks()
    {
        var failures = new ConcurrentDictionary<int, string>();
        var revocations = 0;
        var seeds = Environment.GetEnvironmentVariable(SeedVariable) is { } one
            ? [int.Parse(one, CultureInfo.InvariantCulture)]
            : Enumerable.Range(1, Seeds);
        Parallel.ForEach(seeds, seed =>
        {
            var scenario = new RandomScenario((ulong)seed);
            if (Record.Exception(scenario.Run) is { } failure)
            {
                failures[seed] = $"{SeedVariable}={seed} repeats it: {failure}";
            }

            Interlocked.Add(ref revocations, scenario.Revocations);
        });
        Assert.True(failures.IsEmpty, $"{failures.Count} seeds failed. {failures.OrderBy(pair => pair.Key).FirstOrDefault().Value}");
        Assert.True(revocations > 0);
    }

    [Fact]
    public void One_seed_gives_the_same_octets_in_every_run_and_in_every_process()
    {
        const ulong Seed = 77;
        var first = Run(Seed);
        if (Environment.GetEnvironmentVariable(HashVariable) is { } path)
        {
            File.WriteAllText(path, first);
            return;
        }

        Assert.Equal(first, Run(Seed));
        Assert.NotEqual(first, Run(Seed + 1));
        Assert.Equal(first, RunInAChild());
    }

    private static string Run(ulong seed)
    {
        var scenario = new RandomScenario(seed);
        scenario.Run();
        return string.Create(CultureInfo.InvariantCulture, $"{scenario.Packets} {scenario.Hash:x16}");
    }

    private static string RunInAChild()
    {
        var file = Path.GetTempFileName();
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList =
            {
                typeof(RandomScenarioTests).Assembly.Location, "-method",
                $"{typeof(RandomScenarioTests).FullName}.{nameof(One_seed_gives_the_same_octets_in_every_run_and_in_every_process)}",
            },
            Environment = { [HashVariable] = file },
            RedirectStandardOutput = true,
        };
        using var child = Process.Start(start)!;
        var output = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        Assert.True(child.ExitCode == 0, output);
        var hash = File.ReadAllText(file);
        File.Delete(file);
        return hash;
    }
}
