using DsmipTools.Wire.Icmp.IcmpV6;
using DsmipTools.Wire.Icmp.NeighborDiscovery.Options;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp.NeighborDiscovery;

/// <summary>Redirect (RFC 4861, 4.5).</summary>
public sealed record Redirect : IcmpV6Message
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Redirect", "RFC 4861, 4.5");

        /// <summary>The fields of every ICMP message.</summary>
        public static readonly IcmpHeaderFields Header = IcmpHeaderFields.OfIcmpV6(Layout);

        /// <summary>Reserved octets.</summary>
        public static readonly Field Reserved = Layout.Reserved(32);

        /// <summary>The better first hop, or the destination itself when it is on the link.</summary>
        public static readonly Field TargetAddress =
            Layout.IPv6("TargetAddress", "the better first hop, or the destination itself when it is on the link");

        /// <summary>The destination that is redirected.</summary>
        public static readonly Field DestinationAddress = Layout.IPv6("DestinationAddress", "the destination that is redirected");
    }

    /// <summary>Reserved octets.</summary>
    public uint Reserved { get; init; }

    /// <summary>The better first hop, or the destination itself when it is on the link.</summary>
    public Address TargetAddress { get; init; }

    /// <summary>The destination that is redirected.</summary>
    public Address DestinationAddress { get; init; }

    /// <summary>The options in wire order.</summary>
    public ValueList<NeighborDiscoveryOption> Options { get; init; }

    /// <inheritdoc/>
    public override IcmpV6Type Type => IcmpV6Type.Redirect;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    private protected override IEnumerable<Structure> Listed => Options;

    internal static Redirect Read(ref IcmpReader reader)
    {
        var octets = reader.Octets;
        return new Redirect
        {
            Reserved = Fields.Reserved.ReadUInt32(octets),
            TargetAddress = Fields.TargetAddress.ReadAddress(octets),
            DestinationAddress = Fields.DestinationAddress.ReadAddress(octets),
            Options = reader.Options(),
        };
    }

    private protected override void WriteFields(Span<byte> structure)
    {
        Fields.Reserved.Write(structure, Reserved);
        Fields.TargetAddress.Write(structure, TargetAddress);
        Fields.DestinationAddress.Write(structure, DestinationAddress);
    }
}
