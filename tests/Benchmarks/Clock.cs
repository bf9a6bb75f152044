using System.Diagnostics;

namespace DsmipTools.Benchmarks;

/// <summary>What is measured: time, or the time of processors.</summary>
internal static class Clock
{
    /// <summary>Time as it passes: for what waits, and for what takes several processes.</summary>
    public static Func<TimeSpan> Wall { get; } = static () => Stopwatch.GetElapsedTime(0);

    /// <summary>
    /// Processor time of this process, with all its threads: garbage collection and finalizers count, other programs on the machine do not.
    /// Windows counts it in ticks that are too coarse, so that time as it passes has to do there.
    /// </summary>
    public static Func<TimeSpan> Processor { get; } = OperatingSystem.IsWindows() ? Wall : static () => Environment.CpuUsage.TotalTime;
}
