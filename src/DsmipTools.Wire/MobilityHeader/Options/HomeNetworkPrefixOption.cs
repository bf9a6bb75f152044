using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobilityHeader.Options;

/// <summary>Home Network Prefix option (RFC 5213, 8.3); the prefix ::/0 asks the local mobility anchor to assign one.</summary>
public sealed record HomeNetworkPrefixOption : PrefixOption
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Home Network Prefix", "RFC 5213, 8.3");

        /// <summary>Type and length.</summary>
        public static readonly MobilityOptionForm Form = new(Layout, MobilityOptionType.HomeNetworkPrefix, From, 8, 4);

        /// <summary>Reserved bits, ignored on receipt.</summary>
        public static readonly Field Reserved = Layout.Reserved(8);

        /// <summary>Length of the prefix in bits.</summary>
        public static readonly Field PrefixLength = Layout.Number("PrefixLength", 8, "length of the prefix in bits");

        /// <summary>The mobile node's home network prefix.</summary>
        public static readonly Field HomeNetworkPrefix = Layout.IPv6("HomeNetworkPrefix", "the mobile node's home network prefix");
    }

    /// <summary>The 16 octets of the prefix.</summary>
    public Address HomeNetworkPrefix => Prefix.Address;

    private protected override MobilityOptionForm Form => Fields.Form;

    /// <summary>Reads the prefix; false when the option is of another type or its length does not fit.</summary>
    public static bool TryRead(MobilityOptionView view, out Prefix prefix)
    {
        var fits = Fields.Form.Matches(view);
        prefix = fits ? PrefixOf(view.Octets) : default;
        return fits;
    }

    private static HomeNetworkPrefixOption From(ReadOnlySpan<byte> option) => new()
    {
        Reserved = Fields.Reserved.ReadByte(option),
        Prefix = PrefixOf(option),
    };

    private static Prefix PrefixOf(ReadOnlySpan<byte> option) =>
        new(Fields.HomeNetworkPrefix.ReadUInt128(option), Fields.PrefixLength.ReadByte(option));

    private protected override void WriteFields(Span<byte> option)
    {
        Fields.Reserved.Write(option, Reserved);
        Fields.PrefixLength.Write(option, Prefix.Length);
        Fields.HomeNetworkPrefix.Write(option, Prefix.Bits);
    }
}
