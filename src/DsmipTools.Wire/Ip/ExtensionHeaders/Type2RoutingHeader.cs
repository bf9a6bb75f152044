using System.Diagnostics.CodeAnalysis;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Ip.ExtensionHeaders;

/// <summary>The type 2 routing header (RFC 6275, 6.4): a packet goes to the care-of address and from there to the home address.</summary>
public sealed record Type2RoutingHeader : Structure
{
    /// <summary>The routing type.</summary>
    public const byte Type = 2;

    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Type 2 Routing", "RFC 6275, 6.4");

        /// <summary>Next header.</summary>
        public static readonly Field NextHeader = Layout.Code<IpProtocol>("NextHeader", 8, "what follows");

        /// <summary>Header length.</summary>
        public static readonly Field HeaderLength = Layout.Computed("HeaderLength", 8, "2");

        /// <summary>Routing type.</summary>
        public static readonly Field RoutingType = Layout.Number("RoutingType", 8, "2");

        /// <summary>Segments left.</summary>
        public static readonly Field SegmentsLeft = Layout.Number("SegmentsLeft", 8, "1 on the way to the care-of address");

        /// <summary>Reserved.</summary>
        public static readonly Field Reserved = Layout.Reserved(32);

        /// <summary>Home address.</summary>
        public static readonly Field HomeAddress = Layout.IPv6("HomeAddress", "the home address of the mobile node");
    }

    /// <summary>What follows; null finds out when a packet is composed.</summary>
    public IpProtocol? NextHeader { get; init; }

    /// <summary>The length in units of 8 octets after the first 8; null means 2.</summary>
    public byte? HeaderLength { get; init; }

    /// <summary>The routing type, 2.</summary>
    [SuppressMessage("Performance", "CA1822", Justification = "A field of the table is a property of the record.")]
    public byte RoutingType => Type;

    /// <summary>1 on the way to the care-of address, 0 from there on.</summary>
    public byte SegmentsLeft { get; init; } = 1;

    /// <summary>The reserved octets.</summary>
    public uint Reserved { get; init; }

    /// <summary>The home address of the mobile node.</summary>
    public Address HomeAddress { get; init; }

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    internal override IpProtocol? ProtocolNumber => IpProtocol.Routing;

    /// <inheritdoc/>
    public override int GetLength() => Fields.Layout.Length;

    /// <inheritdoc/>
    public override int Write(Span<byte> destination)
    {
        Fields.NextHeader.Write(destination, (ulong)(NextHeader ?? IpProtocol.NoNextHeader));
        Fields.HeaderLength.WriteLength(destination, (GetLength() / 8) - 1, HeaderLength);
        Fields.RoutingType.Write(destination, Type);
        Fields.SegmentsLeft.Write(destination, SegmentsLeft);
        Fields.Reserved.Write(destination, Reserved);
        Fields.HomeAddress.Write(destination, HomeAddress);
        return GetLength();
    }

    /// <summary>Reads a header of exactly these 24 octets.</summary>
    internal static Type2RoutingHeader Read(ReadOnlySpan<byte> octets) => new()
    {
        NextHeader = (IpProtocol)Fields.NextHeader.ReadByte(octets),
        HeaderLength = Fields.HeaderLength.ReadByte(octets),
        SegmentsLeft = Fields.SegmentsLeft.ReadByte(octets),
        Reserved = Fields.Reserved.ReadUInt32(octets),
        HomeAddress = Fields.HomeAddress.ReadAddress(octets),
    };

    internal override void Complete(Span<byte> octets, in PacketPlace place)
    {
        place.WriteProtocol(octets, Fields.NextHeader, NextHeader);
    }
}
