namespace DsmipTools.Engine.Security;

/// <summary>
/// Timestamps in the format of the Network Time Protocol (RFC 5944, 5.7.1; RFC 1305): the upper 32 bits are seconds since 1900, the lower
/// 32 bits a fraction of a second. They wrap round in 2036, so they are compared by their difference.
/// </summary>
public static class NtpTimestamp
{
    private const long TicksTo1900 = 599_266_080_000_000_000;

    /// <summary>The timestamp of a time of day; the resolution of 100 nanoseconds leaves the lowest 8 bits meaningless.</summary>
    public static ulong From(DateTimeOffset time)
    {
        var ticks = unchecked((ulong)(time.UtcTicks - TicksTo1900));
        if (time.UtcTicks < TicksTo1900)
        {
            throw new ArgumentOutOfRangeException(nameof(time), time, "There are no NTP timestamps before 1900.");
        }

        return From(ticks);
    }

    /// <summary>A duration in units of 2^-32 seconds.</summary>
    public static ulong From(TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.Zero);
        return From((ulong)duration.Ticks);
    }

    /// <summary>How much later one timestamp is than another, in units of 2^-32 seconds; negative when it is earlier.</summary>
    public static long Difference(ulong later, ulong earlier) => unchecked((long)(later - earlier));

    /// <summary>True when two timestamps are no further apart than a duration.</summary>
    public static bool AreClose(ulong one, ulong other, TimeSpan tolerance)
    {
        var difference = Difference(one, other);
        // Negating the smallest number gives itself; as an unsigned number it is the right distance all the same.
        return unchecked((ulong)(difference < 0 ? -difference : difference)) <= From(tolerance);
    }

    private static ulong From(ulong ticks)
    {
        var (seconds, rest) = Math.DivRem(ticks, (ulong)TimeSpan.TicksPerSecond);
        return (seconds << 32) | ((rest << 32) / (ulong)TimeSpan.TicksPerSecond);
    }
}
