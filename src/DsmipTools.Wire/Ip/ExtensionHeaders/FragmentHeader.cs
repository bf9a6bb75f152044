using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Ip.ExtensionHeaders;

/// <summary>The fragment header (RFC 8200, 4.5).</summary>
public sealed record FragmentHeader : Structure
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Fragment", "RFC 8200, 4.5");

        /// <summary>Next header.</summary>
        public static readonly Field NextHeader = Layout.Code<IpProtocol>("NextHeader", 8, "what the original packet carries here");

        /// <summary>Reserved.</summary>
        public static readonly Field Reserved = Layout.Reserved(8);

        /// <summary>Fragment offset.</summary>
        public static readonly Field FragmentOffset = Layout.Number("FragmentOffset", 13, "units of 8 octets");

        /// <summary>Reserved bits.</summary>
        public static readonly Field ReservedBits = Layout.Reserved(2, "ReservedBits");

        /// <summary>M flag.</summary>
        public static readonly Field MoreFragments = Layout.Flag("MoreFragments", "M: not the last fragment");

        /// <summary>Identification.</summary>
        public static readonly Field Identification = Layout.Number("Identification", 32, "tells the fragments of a packet");
    }

    /// <summary>What the original packet carries here; null finds out when a packet is composed.</summary>
    public IpProtocol? NextHeader { get; init; }

    /// <summary>The reserved octet.</summary>
    public byte Reserved { get; init; }

    /// <summary>The offset in units of 8 octets, 0 to 8191.</summary>
    public ushort FragmentOffset { get; init; }

    /// <summary>The two reserved bits before M.</summary>
    public byte ReservedBits { get; init; }

    /// <summary>M: not the last fragment.</summary>
    public bool MoreFragments { get; init; }

    /// <summary>The identification of a packet's fragments.</summary>
    public uint Identification { get; init; }

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    internal override IpProtocol? ProtocolNumber => IpProtocol.Fragment;

    /// <inheritdoc/>
    public override int GetLength() => Fields.Layout.Length;

    /// <inheritdoc/>
    public override int Write(Span<byte> destination)
    {
        Fields.NextHeader.Write(destination, (ulong)(NextHeader ?? IpProtocol.NoNextHeader));
        Fields.Reserved.Write(destination, Reserved);
        Fields.FragmentOffset.Write(destination, FragmentOffset);
        Fields.ReservedBits.Write(destination, ReservedBits);
        Fields.MoreFragments.Write(destination, MoreFragments);
        Fields.Identification.Write(destination, Identification);
        return GetLength();
    }

    /// <summary>Reads a header of 8 octets.</summary>
    internal static FragmentHeader Read(ReadOnlySpan<byte> octets) => new()
    {
        NextHeader = (IpProtocol)Fields.NextHeader.ReadByte(octets),
        Reserved = Fields.Reserved.ReadByte(octets),
        FragmentOffset = (ushort)Fields.FragmentOffset.ReadNumber(octets),
        ReservedBits = Fields.ReservedBits.ReadByte(octets),
        MoreFragments = Fields.MoreFragments.ReadFlag(octets),
        Identification = Fields.Identification.ReadUInt32(octets),
    };

    internal override void Complete(Span<byte> octets, in PacketPlace place)
    {
        place.WriteProtocol(octets, Fields.NextHeader, NextHeader);
    }
}
