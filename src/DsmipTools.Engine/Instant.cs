namespace DsmipTools.Engine;

/// <summary>The time of an input, handed in from outside: agents never read a clock.</summary>
/// <param name="Elapsed">Monotonic time since an arbitrary start; timers use it.</param>
/// <param name="WallClock">Time of day; timestamps on the wire use it. It may jump.</param>
public readonly record struct Instant(TimeSpan Elapsed, DateTimeOffset WallClock)
{
    /// <summary>Both clocks later by a duration.</summary>
    public static Instant operator +(Instant instant, TimeSpan duration) => instant.Add(duration);

    /// <summary>The time of day.</summary>
    public override string ToString() => WallClock.ToString("yyyy-MM-dd HH:mm:ss.ffffffK", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Both clocks later by a duration.</summary>
    public Instant Add(TimeSpan duration) => new(Elapsed + duration, WallClock + duration);
}
