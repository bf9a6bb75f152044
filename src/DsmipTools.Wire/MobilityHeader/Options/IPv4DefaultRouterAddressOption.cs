using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobilityHeader.Options;

/// <summary>IPv4 Default-Router Address option of a Proxy Binding Acknowledgement (RFC 5844, 3.3.3).</summary>
public sealed record IPv4DefaultRouterAddressOption : MobilityOption
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("IPv4 Default-Router Address", "RFC 5844, 3.3.3");

        /// <summary>Type and length.</summary>
        public static readonly MobilityOptionForm Form = new(Layout, MobilityOptionType.IPv4DefaultRouterAddress, From, 4);

        /// <summary>Reserved bits, ignored on receipt.</summary>
        public static readonly Field Reserved = Layout.Reserved(16);

        /// <summary>The default router of the mobile node, IPv4.</summary>
        public static readonly Field IPv4DefaultRouterAddress = Layout.IPv4("IPv4DefaultRouterAddress", "the default router of the mobile node");
    }

    /// <summary>Reserved bits, ignored on receipt.</summary>
    public ushort Reserved { get; init; }

    /// <summary>The default router of the mobile node, IPv4.</summary>
    public required Address IPv4DefaultRouterAddress { get; init; }

    private protected override MobilityOptionForm Form => Fields.Form;

    /// <summary>Reads the address; false when the option is of another type or its length does not fit.</summary>
    public static bool TryRead(MobilityOptionView view, out Address address)
    {
        var fits = Fields.Form.Matches(view);
        address = fits ? Fields.IPv4DefaultRouterAddress.ReadAddress(view.Octets) : default;
        return fits;
    }

    private static IPv4DefaultRouterAddressOption From(ReadOnlySpan<byte> option) => new()
    {
        Reserved = Fields.Reserved.ReadUInt16(option),
        IPv4DefaultRouterAddress = Fields.IPv4DefaultRouterAddress.ReadAddress(option),
    };

    private protected override void WriteFields(Span<byte> option)
    {
        Fields.Reserved.Write(option, Reserved);
        Fields.IPv4DefaultRouterAddress.Write(option, IPv4DefaultRouterAddress);
    }
}
