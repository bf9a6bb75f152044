using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobilityHeader.Options;

/// <summary>Timestamp option (RFC 5213, 8.8).</summary>
public sealed record TimestampOption : MobilityOption
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Timestamp", "RFC 5213, 8.8");

        /// <summary>Type and length.</summary>
        public static readonly MobilityOptionForm Form = new(Layout, MobilityOptionType.Timestamp, From, 8, 2);

        /// <summary>Timestamp.</summary>
        public static readonly Field Timestamp = Layout.Number("Timestamp", 64, "seconds since 1970 (48 bits) and 1/65536 s (16 bits)");
    }

    /// <summary>The raw value: seconds since 1970-01-01 00:00 UTC in the high 48 bits, 1/65536 s in the low 16.</summary>
    public required ulong Timestamp { get; init; }

    private protected override MobilityOptionForm Form => Fields.Form;

    /// <summary>The raw value of a time.</summary>
    public static ulong FromTime(DateTimeOffset time)
    {
        var ticks = (UInt128)(ulong)(time - DateTimeOffset.UnixEpoch).Ticks;
        return (ulong)((ticks << 16) / TimeSpan.TicksPerSecond);
    }

    /// <summary>The signed distance between two raw values, as far as a TimeSpan holds it.</summary>
    public static TimeSpan Difference(ulong later, ulong earlier)
    {
        var sixteenths = (Int128)later - (Int128)earlier;
        var ticks = sixteenths * TimeSpan.TicksPerSecond / 65536;
        return ticks > long.MaxValue ? TimeSpan.MaxValue : ticks < long.MinValue ? TimeSpan.MinValue : TimeSpan.FromTicks((long)ticks);
    }

    /// <summary>Reads the raw value; false when the option is of another type or its length does not fit.</summary>
    public static bool TryRead(MobilityOptionView view, out ulong timestamp)
    {
        var fits = Fields.Form.Matches(view);
        timestamp = fits ? Fields.Timestamp.ReadUInt64(view.Octets) : 0;
        return fits;
    }

    private static TimestampOption From(ReadOnlySpan<byte> option) => new()
    {
        Timestamp = Fields.Timestamp.ReadUInt64(option),
    };

    private protected override void WriteFields(Span<byte> option) => Fields.Timestamp.Write(option, Timestamp);
}
