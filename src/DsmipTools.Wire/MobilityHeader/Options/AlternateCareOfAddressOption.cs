using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobilityHeader.Options;

/// <summary>Alternate Care-of Address option (RFC 6275, 6.2.5).</summary>
public sealed record AlternateCareOfAddressOption : MobilityOption
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Alternate Care-of Address", "RFC 6275, 6.2.5");

        /// <summary>Type and length.</summary>
        public static readonly MobilityOptionForm Form = new(Layout, MobilityOptionType.AlternateCareOfAddress, From, 8, 6);

        /// <summary>The care-of address, IPv6.</summary>
        public static readonly Field AlternateCareOfAddress = Layout.IPv6("AlternateCareOfAddress", "the care-of address of the binding");
    }

    /// <summary>The care-of address, IPv6.</summary>
    public required Address AlternateCareOfAddress { get; init; }

    private protected override MobilityOptionForm Form => Fields.Form;

    /// <summary>Reads the address; false when the option is of another type or its length does not fit.</summary>
    public static bool TryRead(MobilityOptionView view, out Address address)
    {
        var fits = Fields.Form.Matches(view);
        address = fits ? Fields.AlternateCareOfAddress.ReadAddress(view.Octets) : default;
        return fits;
    }

    private static AlternateCareOfAddressOption From(ReadOnlySpan<byte> option) => new()
    {
        AlternateCareOfAddress = Fields.AlternateCareOfAddress.ReadAddress(option),
    };

    private protected override void WriteFields(Span<byte> option)
    {
        Fields.AlternateCareOfAddress.Write(option, AlternateCareOfAddress);
    }
}
