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

        /// <summary>Option type.</summary>
        public static readonly Field Type = Layout.Code<MobilityOptionType>("Type", 8, "3");

        /// <summary>Option length.</summary>
        public static readonly Field Length = Layout.Computed("Length", 8, "16");

        /// <summary>The address.</summary>
        public static readonly Field AlternateCareOfAddress = Layout.IPv6("AlternateCareOfAddress", "the care-of address of the binding");
    }

    /// <summary>The care-of address, IPv6.</summary>
    public required Address AlternateCareOfAddress { get; init; }

    /// <inheritdoc/>
    public override MobilityOptionType Type => MobilityOptionType.AlternateCareOfAddress;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    /// <inheritdoc/>
    public override (int Multiple, int Remainder) Alignment => (8, 6);

    /// <inheritdoc/>
    public override int GetLength() => Fields.Layout.Length;

    /// <summary>Reads the address; false when the option is of another type or its length is not 16.</summary>
    public static bool TryRead(MobilityOptionView view, out Address address)
    {
        var fits = view.Type == MobilityOptionType.AlternateCareOfAddress && view.Octets.Length == Fields.Layout.Length;
        address = fits ? Fields.AlternateCareOfAddress.ReadAddress(view.Octets) : default;
        return fits;
    }

    private protected override void WriteFields(Span<byte> option) => Fields.AlternateCareOfAddress.Write(option, AlternateCareOfAddress);
}
