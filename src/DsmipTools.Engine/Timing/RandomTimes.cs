namespace DsmipTools.Engine.Timing;

/// <summary>Times by chance, so that nodes that began together do not go on together.</summary>
internal static class RandomTimes
{
    private const double Unit = 1.0 / (1UL << 53);

    /// <summary>A time between two, each as likely as the other.</summary>
    public static TimeSpan NextBetween(this IRandomSource random, TimeSpan shortest, TimeSpan longest) =>
        shortest + ((longest - shortest) * ((random.NextUInt64() >> 11) * Unit));
}
