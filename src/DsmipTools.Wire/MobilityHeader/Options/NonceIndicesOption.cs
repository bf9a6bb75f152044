using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobilityHeader.Options;

/// <summary>Nonce Indices option (RFC 6275, 6.2.6): the nonces behind the tokens that authorize a Binding Update.</summary>
public sealed record NonceIndicesOption : MobilityOption
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Nonce Indices", "RFC 6275, 6.2.6");

        /// <summary>Type and length.</summary>
        public static readonly MobilityOptionForm Form = new(Layout, MobilityOptionType.NonceIndices, From, 2);

        /// <summary>The nonce of the home keygen token.</summary>
        public static readonly Field HomeNonceIndex = Layout.Number("HomeNonceIndex", 16, "the nonce of the home keygen token");

        /// <summary>The nonce of the care-of keygen token; ignored when a binding is deleted.</summary>
        public static readonly Field CareOfNonceIndex = Layout.Number("CareOfNonceIndex", 16, "the nonce of the care-of keygen token");
    }

    /// <summary>The nonce of the home keygen token.</summary>
    public required ushort HomeNonceIndex { get; init; }

    /// <summary>The nonce of the care-of keygen token; ignored when a binding is deleted.</summary>
    public required ushort CareOfNonceIndex { get; init; }

    private protected override MobilityOptionForm Form => Fields.Form;

    /// <summary>Reads the indices; false when the option is of another type or its length does not fit.</summary>
    public static bool TryRead(MobilityOptionView view, out ushort homeNonceIndex, out ushort careOfNonceIndex)
    {
        var fits = Fields.Form.Matches(view);
        homeNonceIndex = fits ? Fields.HomeNonceIndex.ReadUInt16(view.Octets) : default;
        careOfNonceIndex = fits ? Fields.CareOfNonceIndex.ReadUInt16(view.Octets) : default;
        return fits;
    }

    private static NonceIndicesOption From(ReadOnlySpan<byte> option) => new()
    {
        HomeNonceIndex = Fields.HomeNonceIndex.ReadUInt16(option),
        CareOfNonceIndex = Fields.CareOfNonceIndex.ReadUInt16(option),
    };

    private protected override void WriteFields(Span<byte> option)
    {
        Fields.HomeNonceIndex.Write(option, HomeNonceIndex);
        Fields.CareOfNonceIndex.Write(option, CareOfNonceIndex);
    }
}
