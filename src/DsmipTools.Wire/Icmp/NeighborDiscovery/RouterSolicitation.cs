using DsmipTools.Wire.Icmp.IcmpV6;
using DsmipTools.Wire.Icmp.NeighborDiscovery.Options;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp.NeighborDiscovery;

/// <summary>Router Solicitation (RFC 4861, 4.1).</summary>
public sealed record RouterSolicitation : IcmpV6Message
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Router Solicitation", "RFC 4861, 4.1");

        /// <summary>The fields of every ICMP message.</summary>
        public static readonly IcmpHeaderFields Header = IcmpHeaderFields.OfIcmpV6(Layout);

        /// <summary>Reserved octets.</summary>
        public static readonly Field Reserved = Layout.Reserved(32);
    }

    /// <summary>Reserved octets.</summary>
    public uint Reserved { get; init; }

    /// <summary>The options in wire order.</summary>
    public ValueList<NeighborDiscoveryOption> Options { get; init; }

    /// <inheritdoc/>
    public override IcmpV6Type Type => IcmpV6Type.RouterSolicitation;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    private protected override IEnumerable<Structure> Listed => Options;

    internal static RouterSolicitation Read(ref IcmpReader reader)
    {
        var octets = reader.Octets;
        return new RouterSolicitation
        {
            Reserved = Fields.Reserved.ReadUInt32(octets),
            Options = reader.Options(),
        };
    }

    private protected override void WriteFields(Span<byte> structure)
    {
        Fields.Reserved.Write(structure, Reserved);
    }
}
