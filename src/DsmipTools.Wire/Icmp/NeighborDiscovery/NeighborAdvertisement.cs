using DsmipTools.Wire.Icmp.IcmpV6;
using DsmipTools.Wire.Icmp.NeighborDiscovery.Options;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp.NeighborDiscovery;

/// <summary>Neighbor Advertisement (RFC 4861, 4.4).</summary>
public sealed record NeighborAdvertisement : IcmpV6Message
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Neighbor Advertisement", "RFC 4861, 4.4");

        /// <summary>The fields of every ICMP message.</summary>
        public static readonly IcmpHeaderFields Header = IcmpHeaderFields.OfIcmpV6(Layout);

        /// <summary>R: the sender is a router.</summary>
        public static readonly Field Router = Layout.Flag("Router", "R: the sender is a router");

        /// <summary>S: the answer to a solicitation.</summary>
        public static readonly Field Solicited = Layout.Flag("Solicited", "S: the answer to a solicitation");

        /// <summary>O: overrides what is cached.</summary>
        public static readonly Field Override = Layout.Flag("Override", "O: overrides what is cached");

        /// <summary>Reserved bits.</summary>
        public static readonly Field Reserved = Layout.Reserved(29);

        /// <summary>The address that is advertised.</summary>
        public static readonly Field TargetAddress = Layout.IPv6("TargetAddress", "the address that is advertised");
    }

    /// <summary>R: the sender is a router.</summary>
    public bool Router { get; init; }

    /// <summary>S: the answer to a solicitation.</summary>
    public bool Solicited { get; init; }

    /// <summary>O: overrides what is cached.</summary>
    public bool Override { get; init; }

    /// <summary>Reserved bits.</summary>
    public uint Reserved { get; init; }

    /// <summary>The address that is advertised.</summary>
    public Address TargetAddress { get; init; }

    /// <summary>The options in wire order.</summary>
    public ValueList<NeighborDiscoveryOption> Options { get; init; }

    /// <inheritdoc/>
    public override IcmpV6Type Type => IcmpV6Type.NeighborAdvertisement;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    private protected override IEnumerable<Structure> Listed => Options;

    internal static NeighborAdvertisement Read(ref IcmpReader reader)
    {
        var octets = reader.Octets;
        return new NeighborAdvertisement
        {
            Router = Fields.Router.ReadFlag(octets),
            Solicited = Fields.Solicited.ReadFlag(octets),
            Override = Fields.Override.ReadFlag(octets),
            Reserved = (uint)Fields.Reserved.ReadNumber(octets),
            TargetAddress = Fields.TargetAddress.ReadAddress(octets),
            Options = reader.Options(),
        };
    }

    private protected override void WriteFields(Span<byte> structure)
    {
        Fields.Router.Write(structure, Router);
        Fields.Solicited.Write(structure, Solicited);
        Fields.Override.Write(structure, Override);
        Fields.Reserved.Write(structure, Reserved);
        Fields.TargetAddress.Write(structure, TargetAddress);
    }
}
