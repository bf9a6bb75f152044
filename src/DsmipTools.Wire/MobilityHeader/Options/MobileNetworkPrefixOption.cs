using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobilityHeader.Options;

/// <summary>Mobile Network Prefix option (RFC 3963, 4.3).</summary>
public sealed record MobileNetworkPrefixOption : PrefixOption
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Mobile Network Prefix", "RFC 3963, 4.3");

        /// <summary>Type and length.</summary>
        public static readonly MobilityOptionForm Form = new(Layout, MobilityOptionType.MobileNetworkPrefix, From, 8, 4);

        /// <summary>Reserved bits, ignored on receipt.</summary>
        public static readonly Field Reserved = Layout.Reserved(8);

        /// <summary>Length of the prefix in bits.</summary>
        public static readonly Field PrefixLength = Layout.Number("PrefixLength", 8, "length of the prefix in bits");

        /// <summary>The prefix of the mobile network behind a mobile router.</summary>
        public static readonly Field MobileNetworkPrefix = Layout.IPv6("MobileNetworkPrefix", "the prefix of the mobile network behind a mobile router");
    }

    /// <summary>The 16 octets of the prefix.</summary>
    public Address MobileNetworkPrefix => Prefix.Address;

    private protected override MobilityOptionForm Form => Fields.Form;

    /// <summary>Reads the prefix; false when the option is of another type or its length does not fit.</summary>
    public static bool TryRead(MobilityOptionView view, out Prefix prefix)
    {
        var fits = Fields.Form.Matches(view);
        prefix = fits ? PrefixOf(view.Octets) : default;
        return fits;
    }

    private static MobileNetworkPrefixOption From(ReadOnlySpan<byte> option) => new()
    {
        Reserved = Fields.Reserved.ReadByte(option),
        Prefix = PrefixOf(option),
    };

    private static Prefix PrefixOf(ReadOnlySpan<byte> option) =>
        new(Fields.MobileNetworkPrefix.ReadUInt128(option), Fields.PrefixLength.ReadByte(option));

    private protected override void WriteFields(Span<byte> option)
    {
        Fields.Reserved.Write(option, Reserved);
        Fields.PrefixLength.Write(option, Prefix.Length);
        Fields.MobileNetworkPrefix.Write(option, Prefix.Bits);
    }
}
