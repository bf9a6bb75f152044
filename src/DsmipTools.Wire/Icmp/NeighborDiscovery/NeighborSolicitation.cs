using DsmipTools.Wire.Icmp.IcmpV6;
using DsmipTools.Wire.Icmp.NeighborDiscovery.Options;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp.NeighborDiscovery;

/// <summary>Neighbor Solicitation (RFC 4861, 4.3).</summary>
public sealed record NeighborSolicitation : IcmpV6Message
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Neighbor Solicitation", "RFC 4861, 4.3");

        /// <summary>The fields of every ICMP message.</summary>
        public static readonly IcmpHeaderFields Header = IcmpHeaderFields.OfIcmpV6(Layout);

        /// <summary>Reserved octets.</summary>
        public static readonly Field Reserved = Layout.Reserved(32);

        /// <summary>The address that is asked for.</summary>
        public static readonly Field TargetAddress = Layout.IPv6("TargetAddress", "the address that is asked for");
    }

    /// <summary>Reserved octets.</summary>
    public uint Reserved { get; init; }

    /// <summary>The address that is asked for.</summary>
    public Address TargetAddress { get; init; }

    /// <summary>The options in wire order.</summary>
    public ValueList<NeighborDiscoveryOption> Options { get; init; }

    /// <inheritdoc/>
    public override IcmpV6Type Type => IcmpV6Type.NeighborSolicitation;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    private protected override IEnumerable<Structure> Listed => Options;

    internal static NeighborSolicitation Read(ref IcmpReader reader)
    {
        var octets = reader.Octets;
        return new NeighborSolicitation
        {
            Reserved = Fields.Reserved.ReadUInt32(octets),
            TargetAddress = Fields.TargetAddress.ReadAddress(octets),
            Options = reader.Options(),
        };
    }

    private protected override void WriteFields(Span<byte> structure)
    {
        Fields.Reserved.Write(structure, Reserved);
        Fields.TargetAddress.Write(structure, TargetAddress);
    }
}
