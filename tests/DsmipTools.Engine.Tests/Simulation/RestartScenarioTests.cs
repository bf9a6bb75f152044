using System.Collections.Concurrent;

namespace DsmipTools.Engine.Tests.Simulation;

public sealed class RestartScenarioTests
{
    private const int Seeds = 200;

    [Fact]
    public void After_restarts_at_any_moment_both_sides_agree_and_nothing_leaks()
    {
        var failures = new ConcurrentDictionary<int, string>();
        var restarts = 0;
        Parallel.ForEach(Enumerable.Range(1, Seeds), seed =>
        {
            var scenario = new RestartScenario((ulong)seed);
            if (Record.Exception(scenario.Run) is { } failure)
            {
                failures[seed] = $"seed {seed}: {failure}";
            }

            Interlocked.Add(ref restarts, scenario.Restarts);
        });
        Assert.True(failures.IsEmpty, $"{failures.Count} seeds failed. {failures.OrderBy(pair => pair.Key).FirstOrDefault().Value}");
        Assert.True(restarts > Seeds);
    }
}
