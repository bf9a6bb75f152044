namespace DsmipTools.PowerShell.Agents;

/// <summary>Intervals that zero switches off, as does the word Infinite.</summary>
internal static class IntervalArguments
{
    public static TimeSpan OrNever(TimeSpan interval) => interval == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : interval;

    public static TimeSpan? OrNull(TimeSpan interval) => interval == TimeSpan.Zero || interval == Timeout.InfiniteTimeSpan ? null : interval;
}
