using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobilityHeader.Options;

/// <summary>Mobility Message Replay Protection option, MESG-ID (RFC 4285, 6).</summary>
public sealed record MobilityMessageReplayProtectionOption : MobilityOption
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Mobility Message Replay Protection", "RFC 4285, 6");

        /// <summary>Type and length.</summary>
        public static readonly MobilityOptionForm Form = new(Layout, MobilityOptionType.MobilityMessageReplayProtection, From, 8, 2);

        /// <summary>The time as NTP writes it: seconds since 1900 in the high 32 bits, fractions in the low 32.</summary>
        public static readonly Field Timestamp = Layout.Number("Timestamp", 64, "the time in the format of NTP");
    }

    /// <summary>The time as NTP writes it: seconds since 1900 in the high 32 bits, fractions in the low 32.</summary>
    public required ulong Timestamp { get; init; }

    private protected override MobilityOptionForm Form => Fields.Form;

    /// <summary>Reads the raw value; false when the option is of another type or its length does not fit.</summary>
    public static bool TryRead(MobilityOptionView view, out ulong timestamp)
    {
        var fits = Fields.Form.Matches(view);
        timestamp = fits ? Fields.Timestamp.ReadUInt64(view.Octets) : default;
        return fits;
    }

    private static MobilityMessageReplayProtectionOption From(ReadOnlySpan<byte> option) => new()
    {
        Timestamp = Fields.Timestamp.ReadUInt64(option),
    };

    private protected override void WriteFields(Span<byte> option)
    {
        Fields.Timestamp.Write(option, Timestamp);
    }
}
