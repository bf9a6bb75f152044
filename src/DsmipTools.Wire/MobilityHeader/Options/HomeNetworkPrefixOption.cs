using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobilityHeader.Options;

/// <summary>Home Network Prefix option (RFC 5213, 8.3); the prefix ::/0 asks the local mobility anchor to assign one.</summary>
public sealed record HomeNetworkPrefixOption : MobilityOption
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Home Network Prefix", "RFC 5213, 8.3");

        /// <summary>Option type.</summary>
        public static readonly Field Type = Layout.Code<MobilityOptionType>("Type", 8, "22");

        /// <summary>Option length.</summary>
        public static readonly Field Length = Layout.Computed("Length", 8, "18");

        /// <summary>Reserved.</summary>
        public static readonly Field Reserved = Layout.Reserved(8);

        /// <summary>Prefix length.</summary>
        public static readonly Field PrefixLength = Layout.Number("PrefixLength", 8, "length of the prefix in bits");

        /// <summary>Home network prefix.</summary>
        public static readonly Field HomeNetworkPrefix = Layout.IPv6("HomeNetworkPrefix", "the mobile node's home network prefix");
    }

    /// <summary>The prefix; bits beyond its length and the raw length octet are kept.</summary>
    public required Prefix Prefix { get; init; }

    /// <summary>The length octet, 0 to 128 in a valid option.</summary>
    public byte PrefixLength => Prefix.Length;

    /// <summary>The 16 octets of the prefix.</summary>
    public Address HomeNetworkPrefix => Prefix.Address;

    /// <summary>The reserved octet.</summary>
    public byte Reserved { get; init; }

    /// <inheritdoc/>
    public override MobilityOptionType Type => MobilityOptionType.HomeNetworkPrefix;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    /// <inheritdoc/>
    public override (int Multiple, int Remainder) Alignment => (8, 4);

    /// <inheritdoc/>
    public override int GetLength() => Fields.Layout.Length;

    /// <summary>Reads the prefix; false when the option is of another type or its length is not 18.</summary>
    public static bool TryRead(MobilityOptionView view, out Prefix prefix)
    {
        var fits = view.Type == MobilityOptionType.HomeNetworkPrefix && view.Octets.Length == Fields.Layout.Length;
        prefix = fits ? new Prefix(Fields.HomeNetworkPrefix.ReadUInt128(view.Octets), Fields.PrefixLength.ReadByte(view.Octets)) : default;
        return fits;
    }

    private protected override void WriteFields(Span<byte> option)
    {
        Fields.Reserved.Write(option, Reserved);
        Fields.PrefixLength.Write(option, Prefix.Length);
        Fields.HomeNetworkPrefix.Write(option, Prefix.Bits);
    }
}
