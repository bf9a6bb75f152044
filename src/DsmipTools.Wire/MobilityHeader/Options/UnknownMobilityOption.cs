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

        /// <summary>Type and length; the type itself is each option's own.</summary>
        public static readonly MobilityOptionForm Form = new(Layout, (MobilityOptionType)byte.MaxValue, From);

        /// <summary>Option data.</summary>
        public static readonly Field Data = Layout.Rest("Data", "option data");
    }

    /// <summary>The type octet, 2 to 255.</summary>
    public byte OptionType { get; init; }

    /// <summary>The option data, at most 255 octets.</summary>
    public Octets Data { get; init; }

    /// <inheritdoc/>
    public override MobilityOptionType Type => (MobilityOptionType)OptionType;

    private protected override MobilityOptionForm Form => Fields.Form;

    /// <inheritdoc/>
    public override int GetLength() => Fields.Layout.Length + Data.Length;

    internal static UnknownMobilityOption From(ReadOnlySpan<byte> option) => new()
    {
        OptionType = option[0],
        Data = Octets.Create(Fields.Data.ReadRest(option)),
    };

    private protected override void WriteFields(Span<byte> option) => Data.Span.CopyTo(option[Fields.Data.Offset..]);
}
