using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobilityHeader.Options;

/// <summary>IPv4 Home Address option of a Binding Update (RFC 5555, 3.1.1); 0.0.0.0 asks for an address.</summary>
public sealed record IPv4HomeAddressOption : IPv4HomePrefixOption
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("IPv4 Home Address", "RFC 5555, 3.1.1");

        /// <summary>Type and length.</summary>
        public static readonly MobilityOptionForm Form = new(Layout, MobilityOptionType.IPv4HomeAddress, From, 4);

        /// <summary>Length of the prefix in bits.</summary>
        public static readonly Field PrefixLength = Layout.Number("PrefixLength", 6, "length of the prefix in bits");

        /// <summary>P: a mobile network prefix is requested.</summary>
        public static readonly Field MobileNetworkPrefixRequested = Layout.Flag("MobileNetworkPrefixRequested", "P: a mobile network prefix is requested");

        /// <summary>Reserved bits, ignored on receipt.</summary>
        public static readonly Field Reserved = Layout.Reserved(9);

        /// <summary>The IPv4 home address.</summary>
        public static readonly Field IPv4HomeAddress = Layout.IPv4("IPv4HomeAddress", "the IPv4 home address, or 0.0.0.0 to ask for one");
    }

    /// <summary>P: a mobile network prefix is requested.</summary>
    public bool MobileNetworkPrefixRequested { get; init; }

    /// <summary>Reserved bits, ignored on receipt.</summary>
    public ushort Reserved { get; init; }

    private protected override MobilityOptionForm Form => Fields.Form;

    /// <summary>Reads the fields; false when the option is of another type or its length does not fit.</summary>
    public static bool TryRead(MobilityOptionView view, out Address address, out byte prefixLength, out bool mobileNetworkPrefixRequested)
    {
        var fits = Fields.Form.Matches(view);
        address = fits ? Fields.IPv4HomeAddress.ReadAddress(view.Octets) : default;
        prefixLength = fits ? Fields.PrefixLength.ReadByte(view.Octets) : default;
        mobileNetworkPrefixRequested = fits && Fields.MobileNetworkPrefixRequested.ReadFlag(view.Octets);
        return fits;
    }

    private static IPv4HomeAddressOption From(ReadOnlySpan<byte> option) => new()
    {
        PrefixLength = Fields.PrefixLength.ReadByte(option),
        MobileNetworkPrefixRequested = Fields.MobileNetworkPrefixRequested.ReadFlag(option),
        Reserved = (ushort)Fields.Reserved.ReadNumber(option),
        IPv4HomeAddress = Fields.IPv4HomeAddress.ReadAddress(option),
    };

    private protected override void WriteFields(Span<byte> option)
    {
        Fields.PrefixLength.Write(option, PrefixLength);
        Fields.MobileNetworkPrefixRequested.Write(option, MobileNetworkPrefixRequested);
        Fields.Reserved.Write(option, Reserved);
        Fields.IPv4HomeAddress.Write(option, IPv4HomeAddress);
    }
}
