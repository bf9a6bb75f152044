using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Ip.Options;

/// <summary>Home Address destination option (RFC 6275, 6.3): a mobile node away from home says which its home address is.</summary>
public sealed record HomeAddressOption : IPv6Option
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Home Address", "RFC 6275, 6.3");

        /// <summary>Option type.</summary>
        public static readonly Field Type = Layout.Code<IPv6OptionType>("Type", 8, "201");

        /// <summary>Option length.</summary>
        public static readonly Field Length = Layout.Computed("Length", 8, "16");

        /// <summary>Home address.</summary>
        public static readonly Field HomeAddress = Layout.IPv6("HomeAddress", "the home address of the node that sends the packet");
    }

    /// <summary>The home address of the node that sends the packet.</summary>
    public required Address HomeAddress { get; init; }

    /// <inheritdoc/>
    public override IPv6OptionType Type => IPv6OptionType.HomeAddress;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    /// <inheritdoc/>
    public override (int Multiple, int Remainder) Alignment => (8, 6);

    /// <inheritdoc/>
    public override int GetLength() => Fields.Layout.Length;

    private protected override void WriteFields(Span<byte> option) => Fields.HomeAddress.Write(option, HomeAddress);
}
