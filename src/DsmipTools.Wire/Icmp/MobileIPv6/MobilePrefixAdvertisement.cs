using DsmipTools.Wire.Icmp.IcmpV6;
using DsmipTools.Wire.Icmp.NeighborDiscovery.Options;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp.MobileIPv6;

/// <summary>ICMP Mobile Prefix Advertisement (RFC 6275, 6.8).</summary>
public sealed record MobilePrefixAdvertisement : IcmpV6Message
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Mobile Prefix Advertisement", "RFC 6275, 6.8");

        /// <summary>The fields of every ICMP message.</summary>
        public static readonly IcmpHeaderFields Header = IcmpHeaderFields.OfIcmpV6(Layout);

        /// <summary>Matches advertisements with solicitations.</summary>
        public static readonly Field Identifier = Layout.Number("Identifier", 16, "matches advertisements with solicitations");

        /// <summary>M: addresses are available by DHCPv6.</summary>
        public static readonly Field ManagedAddressConfiguration =
            Layout.Flag("ManagedAddressConfiguration", "M: addresses are available by DHCPv6");

        /// <summary>O: other configuration is available by DHCPv6.</summary>
        public static readonly Field OtherConfiguration =
            Layout.Flag("OtherConfiguration", "O: other configuration is available by DHCPv6");

        /// <summary>Reserved bits.</summary>
        public static readonly Field Reserved = Layout.Reserved(14);
    }

    /// <summary>Matches advertisements with solicitations.</summary>
    public ushort Identifier { get; init; }

    /// <summary>M: addresses are available by DHCPv6.</summary>
    public bool ManagedAddressConfiguration { get; init; }

    /// <summary>O: other configuration is available by DHCPv6.</summary>
    public bool OtherConfiguration { get; init; }

    /// <summary>Reserved bits.</summary>
    public ushort Reserved { get; init; }

    /// <summary>The options in wire order.</summary>
    public ValueList<NeighborDiscoveryOption> Options { get; init; }

    /// <inheritdoc/>
    public override IcmpV6Type Type => IcmpV6Type.MobilePrefixAdvertisement;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    private protected override IEnumerable<Structure> Listed => Options;

    internal static MobilePrefixAdvertisement Read(ref IcmpReader reader)
    {
        var octets = reader.Octets;
        return new MobilePrefixAdvertisement
        {
            Identifier = Fields.Identifier.ReadUInt16(octets),
            ManagedAddressConfiguration = Fields.ManagedAddressConfiguration.ReadFlag(octets),
            OtherConfiguration = Fields.OtherConfiguration.ReadFlag(octets),
            Reserved = (ushort)Fields.Reserved.ReadNumber(octets),
            Options = reader.Options(),
        };
    }

    private protected override void WriteFields(Span<byte> structure)
    {
        Fields.Identifier.Write(structure, Identifier);
        Fields.ManagedAddressConfiguration.Write(structure, ManagedAddressConfiguration);
        Fields.OtherConfiguration.Write(structure, OtherConfiguration);
        Fields.Reserved.Write(structure, Reserved);
    }
}
