using DsmipTools.Wire.Icmp.IcmpV6;
using DsmipTools.Wire.Icmp.NeighborDiscovery.Options;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp.MobileIPv6;

/// <summary>ICMP Mobile Prefix Solicitation (RFC 6275, 6.7).</summary>
public sealed record MobilePrefixSolicitation : IcmpV6Message
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Mobile Prefix Solicitation", "RFC 6275, 6.7");

        /// <summary>The fields of every ICMP message.</summary>
        public static readonly IcmpHeaderFields Header = IcmpHeaderFields.OfIcmpV6(Layout);

        /// <summary>Matches advertisements with solicitations.</summary>
        public static readonly Field Identifier = Layout.Number("Identifier", 16, "matches advertisements with solicitations");

        /// <summary>Reserved octets.</summary>
        public static readonly Field Reserved = Layout.Reserved(16);
    }

    /// <summary>Matches advertisements with solicitations.</summary>
    public ushort Identifier { get; init; }

    /// <summary>Reserved octets.</summary>
    public ushort Reserved { get; init; }

    /// <summary>The options in wire order.</summary>
    public ValueList<NeighborDiscoveryOption> Options { get; init; }

    /// <inheritdoc/>
    public override IcmpV6Type Type => IcmpV6Type.MobilePrefixSolicitation;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    private protected override IEnumerable<Structure> Listed => Options;

    internal static MobilePrefixSolicitation Read(ref IcmpReader reader)
    {
        var octets = reader.Octets;
        return new MobilePrefixSolicitation
        {
            Identifier = Fields.Identifier.ReadUInt16(octets),
            Reserved = Fields.Reserved.ReadUInt16(octets),
            Options = reader.Options(),
        };
    }

    private protected override void WriteFields(Span<byte> structure)
    {
        Fields.Identifier.Write(structure, Identifier);
        Fields.Reserved.Write(structure, Reserved);
    }
}
