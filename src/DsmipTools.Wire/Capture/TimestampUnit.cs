namespace DsmipTools.Wire.Capture;

/// <summary>The unit and origin of the timestamps of an interface (if_tsresol and if_tsoffset of pcapng).</summary>
internal readonly struct TimestampUnit
{
    private const byte PowerOfTwo = 0x80;
    private const int DigitsOfTicks = 7;
    private static readonly long earliest = (DateTimeOffset.MinValue - DateTimeOffset.UnixEpoch).Ticks;
    private static readonly long latest = (DateTimeOffset.MaxValue - DateTimeOffset.UnixEpoch).Ticks;

    private readonly byte resolution;
    private readonly long offset;

    /// <summary>Ticks per unit, or units per tick; 0 where the other counts, or where a unit is too small for any tick.</summary>
    private readonly ulong factor;
    private readonly ulong divisor;

    internal TimestampUnit(byte resolution, long offset)
    {
        this.resolution = resolution;
        this.offset = offset;
        if (resolution <= DigitsOfTicks)
        {
            factor = Power(DigitsOfTicks - resolution);
        }
        else if (resolution - DigitsOfTicks <= 19)
        {
            divisor = Power(resolution - DigitsOfTicks);
        }
    }

    /// <summary>The time of a timestamp, cut to 100 ns; false when it is not within the years 1 to 9999.</summary>
    internal bool TryRead(ulong timestamp, out DateTimeOffset time)
    {
        var ticks = offset * (Int128)TimeSpan.TicksPerSecond + Ticks(timestamp);
        var fits = ticks >= earliest && ticks <= latest;
        time = fits ? DateTimeOffset.UnixEpoch.AddTicks((long)ticks) : default;
        return fits;
    }

    /// <summary>The timestamp of a time; false when the unit cannot say it.</summary>
    internal bool TryWrite(DateTimeOffset time, out ulong timestamp)
    {
        var ticks = (time - DateTimeOffset.UnixEpoch).Ticks - offset * (Int128)TimeSpan.TicksPerSecond;
        var units = ticks < 0 ? UInt128.MaxValue
            : resolution >= PowerOfTwo ? Binary((UInt128)ticks)
            : factor != 0 ? (UInt128)ticks / factor
            : divisor != 0 && ticks <= ulong.MaxValue ? (UInt128)ticks * divisor
            : ticks == 0 ? UInt128.Zero : UInt128.MaxValue;
        timestamp = (ulong)units;
        return units <= ulong.MaxValue;
    }

    private static ulong Power(int digits)
    {
        var power = 1UL;
        for (; digits > 0; digits--)
        {
            power *= 10;
        }

        return power;
    }

    private Int128 Ticks(ulong timestamp)
    {
        if (divisor != 0)
        {
            return timestamp / divisor;
        }

        return resolution >= PowerOfTwo
            ? (Int128)((timestamp * (UInt128)TimeSpan.TicksPerSecond) >> (resolution - PowerOfTwo))
            : (Int128)timestamp * factor;
    }

    /// <summary>The units of a power of two, rounded up, because reading them cuts.</summary>
    private UInt128 Binary(UInt128 ticks)
    {
        // With 64 bits for the fraction, a single tick would not fit in a timestamp of 64 bits.
        var bits = resolution - PowerOfTwo;
        return ticks == 0 ? UInt128.Zero
            : bits > 63 || ticks > ulong.MaxValue ? UInt128.MaxValue
            : ((ticks << bits) + (TimeSpan.TicksPerSecond - 1)) / TimeSpan.TicksPerSecond;
    }
}
