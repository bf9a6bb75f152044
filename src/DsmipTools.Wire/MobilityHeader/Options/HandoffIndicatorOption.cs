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

        /// <summary>Option type.</summary>
        public static readonly Field Type = Layout.Code<MobilityOptionType>("Type", 8, "23");

        /// <summary>Option length.</summary>
        public static readonly Field Length = Layout.Computed("Length", 8, "2");

        /// <summary>Reserved.</summary>
        public static readonly Field Reserved = Layout.Reserved(8);

        /// <summary>The value.</summary>
        public static readonly Field Indicator = Layout.Code<HandoffIndicator>("Indicator", 8, "the kind of handoff");
    }

    /// <summary>The kind of handoff.</summary>
    public required HandoffIndicator Indicator { get; init; }

    /// <summary>The reserved octet.</summary>
    public byte Reserved { get; init; }

    /// <inheritdoc/>
    public override MobilityOptionType Type => MobilityOptionType.HandoffIndicator;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    /// <inheritdoc/>
    public override int GetLength() => Fields.Layout.Length;

    /// <summary>Reads the value; false when the option is of another type or its length is not 2.</summary>
    public static bool TryRead(MobilityOptionView view, out HandoffIndicator value)
    {
        var fits = view.Type == MobilityOptionType.HandoffIndicator && view.Octets.Length == Fields.Layout.Length;
        value = fits ? (HandoffIndicator)Fields.Indicator.ReadByte(view.Octets) : default;
        return fits;
    }

    private protected override void WriteFields(Span<byte> option)
    {
        Fields.Reserved.Write(option, Reserved);
        Fields.Indicator.Write(option, (byte)Indicator);
    }
}
