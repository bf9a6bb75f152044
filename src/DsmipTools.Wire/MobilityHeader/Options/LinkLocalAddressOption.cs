using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobilityHeader.Options;

/// <summary>Link-local Address option (RFC 5213, 8.7): the address of the mobile access gateway on the access link.</summary>
public sealed record LinkLocalAddressOption : MobilityOption
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Link-local Address", "RFC 5213, 8.7");

        /// <summary>Type and length.</summary>
        public static readonly MobilityOptionForm Form = new(Layout, MobilityOptionType.LinkLocalAddress, From, 8, 6);

        /// <summary>The link-local address, IPv6; unspecified asks for one.</summary>
        public static readonly Field LinkLocalAddress = Layout.IPv6("LinkLocalAddress", "the link-local address of the mobile access gateway");
    }

    /// <summary>The link-local address, IPv6; unspecified asks for one.</summary>
    public required Address LinkLocalAddress { get; init; }

    private protected override MobilityOptionForm Form => Fields.Form;

    /// <summary>Reads the address; false when the option is of another type or its length does not fit.</summary>
    public static bool TryRead(MobilityOptionView view, out Address address)
    {
        var fits = Fields.Form.Matches(view);
        address = fits ? Fields.LinkLocalAddress.ReadAddress(view.Octets) : default;
        return fits;
    }

    private static LinkLocalAddressOption From(ReadOnlySpan<byte> option) => new()
    {
        LinkLocalAddress = Fields.LinkLocalAddress.ReadAddress(option),
    };

    private protected override void WriteFields(Span<byte> option)
    {
        Fields.LinkLocalAddress.Write(option, LinkLocalAddress);
    }
}
