using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobilityHeader.Options;

/// <summary>Pad1: one octet of padding (RFC 6275, 6.2.2).</summary>
public sealed record Pad1Option : MobilityOption
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Pad1", "RFC 6275, 6.2.2");

        /// <summary>Option type.</summary>
        public static readonly Field Type = Layout.Code<MobilityOptionType>("Type", 8, "0");
    }

    /// <inheritdoc/>
    public override MobilityOptionType Type => MobilityOptionType.Pad1;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    /// <inheritdoc/>
    public override int GetLength() => 1;

    private protected override void WriteFields(Span<byte> option)
    {
    }
}

/// <summary>PadN: two or more octets of padding (RFC 6275, 6.2.3).</summary>
public sealed record PadNOption : MobilityOption
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("PadN", "RFC 6275, 6.2.3");

        /// <summary>Option type.</summary>
        public static readonly Field Type = Layout.Code<MobilityOptionType>("Type", 8, "1");

        /// <summary>Option length.</summary>
        public static readonly Field Length = Layout.Computed("Length", 8, "octets after this field");

        /// <summary>Padding octets.</summary>
        public static readonly Field Padding = Layout.Rest("Padding", "sent as zero, ignored on receipt");
    }

    /// <summary>The octets of padding after type and length, 0 to 253.</summary>
    public Octets Padding { get; init; }

    /// <inheritdoc/>
    public override MobilityOptionType Type => MobilityOptionType.PadN;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    /// <inheritdoc/>
    public override int GetLength() => 2 + Padding.Length;

    private protected override void WriteFields(Span<byte> option) => Padding.Span.CopyTo(option[2..]);
}
