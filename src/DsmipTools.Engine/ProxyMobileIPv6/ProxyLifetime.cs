namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>Lifetimes of Binding Updates and Acknowledgements: units of 4 seconds, 65535 for infinity (RFC 6275, 6.1.7).</summary>
internal static class ProxyLifetime
{
    public const ushort Infinite = ushort.MaxValue;

    private const int UnitSeconds = 4;

    /// <summary>The longest lifetime that is no infinity.</summary>
    public static TimeSpan Maximum { get; } = TimeSpan.FromSeconds((ushort.MaxValue - 1) * UnitSeconds);

    public static ushort ToUnits(TimeSpan lifetime) => lifetime == Timeout.InfiniteTimeSpan
        ? Infinite
        : (ushort)Math.Clamp(Math.Ceiling(lifetime.TotalSeconds / UnitSeconds), 1, ushort.MaxValue - 1);

    public static TimeSpan FromUnits(ushort units) =>
        units == Infinite ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(units * UnitSeconds);

    /// <summary>What is left until a deadline.</summary>
    public static TimeSpan Until(TimeSpan deadline, Instant now) => deadline > now.Elapsed ? deadline - now.Elapsed : TimeSpan.Zero;
}
