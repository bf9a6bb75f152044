using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp.NeighborDiscovery.Options;

/// <summary>Prefix Information option (RFC 4861, 4.6.2; RFC 6275, 7.2).</summary>
public sealed record PrefixInformationOption : NeighborDiscoveryOption
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Prefix Information", "RFC 4861, 4.6.2");

        /// <summary>The fields of every option.</summary>
        public static readonly NeighborDiscoveryOptionFields Header = new(Layout);

        /// <summary>Leading bits of the prefix that are valid.</summary>
        public static readonly Field PrefixLength = Layout.Number("PrefixLength", 8, "leading bits of the prefix that are valid");

        /// <summary>L: the prefix is on the link.</summary>
        public static readonly Field OnLink = Layout.Flag("OnLink", "L: the prefix is on the link");

        /// <summary>A: addresses may be formed from the prefix.</summary>
        public static readonly Field AutonomousAddressConfiguration =
            Layout.Flag("AutonomousAddressConfiguration", "A: addresses may be formed from the prefix");

        /// <summary>R: the prefix field holds an address of the router (RFC 6275, 7.2).</summary>
        public static readonly Field RouterAddress =
            Layout.Flag("RouterAddress", "R: the prefix field holds an address of the router (RFC 6275, 7.2)");

        /// <summary>Reserved bits.</summary>
        public static readonly Field Reserved1 = Layout.Reserved(5, "Reserved1");

        /// <summary>Seconds that the prefix is valid; 4294967295 is infinity.</summary>
        public static readonly Field ValidLifetime =
            Layout.Number("ValidLifetime", 32, "seconds that the prefix is valid; 4294967295 is infinity");

        /// <summary>Seconds that addresses formed from the prefix are preferred; 4294967295 is infinity.</summary>
        public static readonly Field PreferredLifetime =
            Layout.Number("PreferredLifetime", 32, "seconds that addresses formed from the prefix are preferred; 4294967295 is infinity");

        /// <summary>Reserved octets.</summary>
        public static readonly Field Reserved2 = Layout.Reserved(32, "Reserved2");

        /// <summary>The prefix; with R, a whole address.</summary>
        public static readonly Field Prefix = Layout.IPv6("Prefix", "the prefix; with R, a whole address");
    }

    /// <summary>Leading bits of the prefix that are valid.</summary>
    public byte PrefixLength { get; init; }

    /// <summary>L: the prefix is on the link.</summary>
    public bool OnLink { get; init; }

    /// <summary>A: addresses may be formed from the prefix.</summary>
    public bool AutonomousAddressConfiguration { get; init; }

    /// <summary>R: the prefix field holds an address of the router (RFC 6275, 7.2).</summary>
    public bool RouterAddress { get; init; }

    /// <summary>Reserved bits.</summary>
    public byte Reserved1 { get; init; }

    /// <summary>Seconds that the prefix is valid; 4294967295 is infinity.</summary>
    public uint ValidLifetime { get; init; }

    /// <summary>Seconds that addresses formed from the prefix are preferred; 4294967295 is infinity.</summary>
    public uint PreferredLifetime { get; init; }

    /// <summary>Reserved octets.</summary>
    public uint Reserved2 { get; init; }

    /// <summary>The prefix; with R, a whole address.</summary>
    public Address Prefix { get; init; }

    /// <summary>Prefix and length as one value; bits beyond the length are kept.</summary>
    public Prefix AdvertisedPrefix
    {
        get => new(Prefix.Value, PrefixLength);
        init
        {
            Prefix = value.Address;
            PrefixLength = value.Length;
        }
    }

    /// <inheritdoc/>
    public override NeighborDiscoveryOptionType Type => NeighborDiscoveryOptionType.PrefixInformation;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    internal static PrefixInformationOption Read(ReadOnlySpan<byte> octets) => new()
    {
        PrefixLength = Fields.PrefixLength.ReadByte(octets),
        OnLink = Fields.OnLink.ReadFlag(octets),
        AutonomousAddressConfiguration = Fields.AutonomousAddressConfiguration.ReadFlag(octets),
        RouterAddress = Fields.RouterAddress.ReadFlag(octets),
        Reserved1 = Fields.Reserved1.ReadByte(octets),
        ValidLifetime = Fields.ValidLifetime.ReadUInt32(octets),
        PreferredLifetime = Fields.PreferredLifetime.ReadUInt32(octets),
        Reserved2 = Fields.Reserved2.ReadUInt32(octets),
        Prefix = Fields.Prefix.ReadAddress(octets),
    };

    /// <summary>Reads the prefix; false when the option is of another type or length.</summary>
    public static bool TryRead(NeighborDiscoveryOptionView view, out Prefix prefix)
    {
        var fits = view.Is(NeighborDiscoveryOptionType.PrefixInformation, Fields.Layout);
        prefix = fits ? new Prefix(Fields.Prefix.ReadUInt128(view.Octets), Fields.PrefixLength.ReadByte(view.Octets)) : default;
        return fits;
    }

    private protected override void WriteFields(Span<byte> structure)
    {
        Fields.PrefixLength.Write(structure, PrefixLength);
        Fields.OnLink.Write(structure, OnLink);
        Fields.AutonomousAddressConfiguration.Write(structure, AutonomousAddressConfiguration);
        Fields.RouterAddress.Write(structure, RouterAddress);
        Fields.Reserved1.Write(structure, Reserved1);
        Fields.ValidLifetime.Write(structure, ValidLifetime);
        Fields.PreferredLifetime.Write(structure, PreferredLifetime);
        Fields.Reserved2.Write(structure, Reserved2);
        Fields.Prefix.Write(structure, Prefix);
    }
}
