using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobilityHeader.Options;

/// <summary>IPv4 Care-of Address option of a Binding Update (RFC 5555, 3.1.2).</summary>
public sealed record IPv4CareOfAddressOption : MobilityOption
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("IPv4 Care-of Address", "RFC 5555, 3.1.2");

        /// <summary>Type and length.</summary>
        public static readonly MobilityOptionForm Form = new(Layout, MobilityOptionType.IPv4CareOfAddress, From, 4);

        /// <summary>Reserved bits, ignored on receipt.</summary>
        public static readonly Field Reserved = Layout.Reserved(16);

        /// <summary>The care-of address, IPv4.</summary>
        public static readonly Field IPv4CareOfAddress = Layout.IPv4("IPv4CareOfAddress", "the IPv4 care-of address of the mobile node");
    }

    /// <summary>Reserved bits, ignored on receipt.</summary>
    public ushort Reserved { get; init; }

    /// <summary>The care-of address, IPv4.</summary>
    public required Address IPv4CareOfAddress { get; init; }

    private protected override MobilityOptionForm Form => Fields.Form;

    /// <summary>Reads the address; false when the option is of another type or its length does not fit.</summary>
    public static bool TryRead(MobilityOptionView view, out Address address)
    {
        var fits = Fields.Form.Matches(view);
        address = fits ? Fields.IPv4CareOfAddress.ReadAddress(view.Octets) : default;
        return fits;
    }

    private static IPv4CareOfAddressOption From(ReadOnlySpan<byte> option) => new()
    {
        Reserved = Fields.Reserved.ReadUInt16(option),
        IPv4CareOfAddress = Fields.IPv4CareOfAddress.ReadAddress(option),
    };

    private protected override void WriteFields(Span<byte> option)
    {
        Fields.Reserved.Write(option, Reserved);
        Fields.IPv4CareOfAddress.Write(option, IPv4CareOfAddress);
    }
}
