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

        /// <summary>The type, without a length.</summary>
        public static readonly MobilityOptionForm Form = new(Layout, MobilityOptionType.Pad1, _ => new Pad1Option());
    }

    private protected override MobilityOptionForm Form => Fields.Form;

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

        /// <summary>Type and length.</summary>
        public static readonly MobilityOptionForm Form = new(Layout, MobilityOptionType.PadN, From);

        /// <summary>Padding octets.</summary>
        public static readonly Field Padding = Layout.Rest("Padding", "sent as zero, ignored on receipt");
    }

    /// <summary>The octets of padding after type and length, 0 to 253.</summary>
    public Octets Padding { get; init; }

    private protected override MobilityOptionForm Form => Fields.Form;

    /// <inheritdoc/>
    public override int GetLength() => Fields.Layout.Length + Padding.Length;

    private static PadNOption From(ReadOnlySpan<byte> option) => new() { Padding = Octets.Create(Fields.Padding.ReadRest(option)) };

    private protected override void WriteFields(Span<byte> option) => Padding.Span.CopyTo(option[Fields.Padding.Offset..]);
}
