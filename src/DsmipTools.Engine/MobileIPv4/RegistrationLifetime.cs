namespace DsmipTools.Engine.MobileIPv4;

/// <summary>Lifetimes of registration messages: seconds in 16 bits, 65535 is infinity (RFC 5944, 3.3). As numbers they compare rightly: infinity is the longest.</summary>
internal static class RegistrationLifetime
{
    public const ushort Infinite = ushort.MaxValue;

    /// <summary>The lifetime that a field value means.</summary>
    public static TimeSpan ToTimeSpan(ushort seconds) => seconds == Infinite ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(seconds);

    /// <summary>The field value of a configured lifetime.</summary>
    /// <exception cref="ArgumentException">Neither infinite nor 1 to 65534 whole seconds.</exception>
    public static ushort ToWire(TimeSpan lifetime, string name)
    {
        if (lifetime == Timeout.InfiniteTimeSpan)
        {
            return Infinite;
        }

        return lifetime.Ticks % TimeSpan.TicksPerSecond == 0 && lifetime.TotalSeconds is >= 1 and < Infinite
            ? (ushort)lifetime.TotalSeconds
            : throw new ArgumentException($"{name} is {lifetime}; a lifetime is 1 to 65534 whole seconds, or infinite (Timeout.InfiniteTimeSpan).", name);
    }

    /// <summary>When a lifetime that started at a time ends; <see cref="TimeSpan.MaxValue"/> for never.</summary>
    public static TimeSpan End(TimeSpan start, ushort seconds) => seconds == Infinite ? TimeSpan.MaxValue : start + TimeSpan.FromSeconds(seconds);

    /// <summary>What is left until an end.</summary>
    public static TimeSpan Remaining(TimeSpan end, TimeSpan now) =>
        end == TimeSpan.MaxValue ? Timeout.InfiniteTimeSpan : end > now ? end - now : TimeSpan.Zero;
}
