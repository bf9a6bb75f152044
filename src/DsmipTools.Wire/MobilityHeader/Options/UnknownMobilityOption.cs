using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobilityHeader.Options;

/// <summary>An option that this library does not know, or whose length its type does not have: skipped by agents, kept by decoders (RFC 6275, 6.2.1).</summary>
public sealed record UnknownMobilityOption : MobilityOption
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Unknown Mobility Option", "RFC 6275, 6.2.1");

        /// <summary>Option type.</summary>
        public static readonly Field Type = Layout.Code<MobilityOptionType>("Type", 8, "the option type");

        /// <summary>Option length.</summary>
        public static readonly Field Length = Layout.Computed("Length", 8, "octets after this field");

        /// <summary>Option data.</summary>
        public static readonly Field Data = Layout.Rest("Data", "option data");
    }

    /// <summary>The type octet, 2 to 255.</summary>
    public byte OptionType { get; init; }

    /// <summary>The option data, at most 255 octets.</summary>
    public Octets Data { get; init; }

    /// <inheritdoc/>
    public override MobilityOptionType Type => (MobilityOptionType)OptionType;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    /// <inheritdoc/>
    public override int GetLength() => 2 + Data.Length;

    private protected override void WriteFields(Span<byte> option) => Data.Span.CopyTo(option[2..]);
}
