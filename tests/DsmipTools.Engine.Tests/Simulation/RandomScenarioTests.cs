using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using DsmipTools.Wire.Capture;

namespace DsmipTools.Engine.Tests.Simulation;

public sealed class RandomScenarioTests
{
    private const int Seeds = 500;
    private const int SoakSeeds = 1_000_000;

    /// <summary>Set it to a seed to run that one alone.</summary>
    private const string SeedVariable = "DSMIPTOOLS_SEED";

    /// <summary>Set it to run so many seeds.</summary>
    private const string CountVariable = "DSMIPTOOLS_SEEDS";

    private const string HashVariable = "DSMIPTOOLS_HASH_FILE";

    /// <summary>500 seeds, or a million where DSMIP_SOAK is set. The first that fails is run again alone, and its packets are kept.</summary>
    [Fact]
    [Trait("Category", "Soak")]
    public void After_healing_both_sides_agree_and_nothing_leaks()
    {
        var failures = new ConcurrentDictionary<int, string>();
        var (revocations, restarts) = (0, 0);
        var seeds = Environment.GetEnvironmentVariable(SeedVariable) is { } one
            ? [int.Parse(one, CultureInfo.InvariantCulture)]
            : Enumerable.Range(1, Environment.GetEnvironmentVariable("DSMIP_SOAK") is { Length: > 0 } ? SoakSeeds
                : Environment.GetEnvironmentVariable(CountVariable) is { } count ? int.Parse(count, CultureInfo.InvariantCulture) : Seeds);
        Parallel.ForEach(seeds, (seed, all) =>
        {
            var scenario = new RandomScenario((ulong)seed);
            if (Record.Exception(scenario.Run) is { } failure)
            {
                failures[seed] = failure.ToString();
                all.Stop();
            }

            Interlocked.Add(ref revocations, scenario.Revocations);
            Interlocked.Add(ref restarts, scenario.Restarts);
        });
        Assert.True(failures.IsEmpty, failures.OrderBy(pair => pair.Key).Select(pair => Explain(pair.Key, pair.Value)).FirstOrDefault());
        Assert.True(revocations > 0 && restarts > 0);
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

    private static string Explain(int seed, string failure)
    {
        var path = Path.Combine(Path.GetTempPath(), $"dsmip-seed-{seed}.pcapng");
        using var file = File.Create(path);
        using var capture = new PcapngWriter(file);
        capture.AddInterface("network");
        _ = Record.Exception(new RandomScenario((ulong)seed, capture).Run);
        return $"Seed {seed} failed; {SeedVariable}={seed} repeats it alone, and its packets are in {path}. {failure}";
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
