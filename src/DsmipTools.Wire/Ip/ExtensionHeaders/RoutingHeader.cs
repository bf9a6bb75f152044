using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Ip.ExtensionHeaders;

/// <summary>A routing header of any type but 2 (RFC 8200, 4.4).</summary>
public sealed record RoutingHeader : Structure
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Routing", "RFC 8200, 4.4");

        /// <summary>Next header.</summary>
        public static readonly Field NextHeader = Layout.Code<IpProtocol>("NextHeader", 8, "what follows");

        /// <summary>Header length.</summary>
        public static readonly Field HeaderLength = Layout.Computed("HeaderLength", 8, "units of 8 octets, not counting the first 8");

        /// <summary>Routing type.</summary>
        public static readonly Field RoutingType = Layout.Number("RoutingType", 8, "the variant of the routing header");

        /// <summary>Segments left.</summary>
        public static readonly Field SegmentsLeft = Layout.Number("SegmentsLeft", 8, "nodes that are still to be visited");

        /// <summary>Type-specific data.</summary>
        public static readonly Field TypeSpecificData = Layout.Rest("TypeSpecificData", "what the routing type says");
    }

    /// <summary>What follows; null finds out when a packet is composed.</summary>
    public IpProtocol? NextHeader { get; init; }

    /// <summary>The length in units of 8 octets after the first 8; null computes it.</summary>
    public byte? HeaderLength { get; init; }

    /// <summary>The variant of the routing header.</summary>
    public byte RoutingType { get; init; }

    /// <summary>Nodes that are still to be visited.</summary>
    public byte SegmentsLeft { get; init; }

    /// <summary>What the routing type says; 4 octets and a multiple of 8.</summary>
    public Octets TypeSpecificData { get; init; }

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    internal override IpProtocol? ProtocolNumber => IpProtocol.Routing;

    /// <inheritdoc/>
    public override int GetLength() => Fields.Layout.Length + TypeSpecificData.Length;

    /// <inheritdoc/>
    public override int Write(Span<byte> destination)
    {
        Fields.NextHeader.Write(destination, (ulong)(NextHeader ?? IpProtocol.NoNextHeader));
        Fields.HeaderLength.WriteLength(destination, Math.Max(0, (GetLength() / 8) - 1), HeaderLength);
        Fields.RoutingType.Write(destination, RoutingType);
        Fields.SegmentsLeft.Write(destination, SegmentsLeft);
        TypeSpecificData.Span.CopyTo(destination[Fields.TypeSpecificData.Offset..]);
        return GetLength();
    }

    /// <summary>Reads a header of exactly these octets.</summary>
    internal static RoutingHeader Read(ReadOnlySpan<byte> octets) => new()
    {
        NextHeader = (IpProtocol)Fields.NextHeader.ReadByte(octets),
        HeaderLength = Fields.HeaderLength.ReadByte(octets),
        RoutingType = Fields.RoutingType.ReadByte(octets),
        SegmentsLeft = Fields.SegmentsLeft.ReadByte(octets),
        TypeSpecificData = Octets.Create(Fields.TypeSpecificData.ReadRest(octets)),
    };

    internal override void Complete(Span<byte> octets, in PacketPlace place)
    {
        place.WriteProtocol(octets, Fields.NextHeader, NextHeader);
    }
}
