using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobilityHeader.Options;

/// <summary>Handoff Indicator option (RFC 5213, 8.4).</summary>
public sealed record HandoffIndicatorOption : MobilityOption
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Handoff Indicator", "RFC 5213, 8.4");

        /// <summary>Type and length.</summary>
        public static readonly MobilityOptionForm Form = new(Layout, MobilityOptionType.HandoffIndicator, From);

        /// <summary>Reserved.</summary>
        public static readonly Field Reserved = Layout.Reserved(8);

        /// <summary>The value.</summary>
        public static readonly Field Indicator = Layout.Code<HandoffIndicator>("Indicator", 8, "the kind of handoff");
    }

    /// <summary>The kind of handoff.</summary>
    public required HandoffIndicator Indicator { get; init; }

    /// <summary>The reserved octet.</summary>
    public byte Reserved { get; init; }

    private protected override MobilityOptionForm Form => Fields.Form;

    /// <summary>Reads the value; false when the option is of another type or its length does not fit.</summary>
    public static bool TryRead(MobilityOptionView view, out HandoffIndicator value)
    {
        var fits = Fields.Form.Matches(view);
        value = fits ? (HandoffIndicator)Fields.Indicator.ReadByte(view.Octets) : default;
        return fits;
    }

    private static HandoffIndicatorOption From(ReadOnlySpan<byte> option) => new()
    {
        Reserved = Fields.Reserved.ReadByte(option),
        Indicator = (HandoffIndicator)Fields.Indicator.ReadByte(option),
    };

    private protected override void WriteFields(Span<byte> option)
    {
        Fields.Reserved.Write(option, Reserved);
        Fields.Indicator.Write(option, (byte)Indicator);
    }
}
