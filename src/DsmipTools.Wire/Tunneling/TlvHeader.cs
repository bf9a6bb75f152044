using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Tunneling;

/// <summary>The TLV header between UDP and a tunneled packet (RFC 5845, 7.2), where T was negotiated; type 0 tells it from an IP header.</summary>
public sealed record TlvHeader : Structure
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("TLV", "RFC 5845, 7.2");

        /// <summary>Type.</summary>
        public static readonly Field Type = Layout.Number("Type", 4, "0");

        /// <summary>Reserved.</summary>
        public static readonly Field Reserved = Layout.Reserved(4);

        /// <summary>Next header.</summary>
        public static readonly Field NextHeader = Layout.Code<IpProtocol>("NextHeader", 8, "what follows");

        /// <summary>Length.</summary>
        public static readonly Field Length = Layout.Computed("Length", 16, "octets after this header");
    }

    /// <summary>The type, 0 to 15; 0 unless a wrong packet is wanted.</summary>
    public byte Type { get; init; }

    /// <summary>The reserved bits, 0 to 15.</summary>
    public byte Reserved { get; init; }

    /// <summary>What follows; null finds out when a packet is composed.</summary>
    public IpProtocol? NextHeader { get; init; }

    /// <summary>Octets after this header; null computes it.</summary>
    public ushort? Length { get; init; }

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    /// <inheritdoc/>
    public override int GetLength() => Fields.Layout.Length;

    /// <inheritdoc/>
    public override int Write(Span<byte> destination)
    {
        Fields.Type.Write(destination, Type);
        Fields.Reserved.Write(destination, Reserved);
        Fields.NextHeader.Write(destination, (ulong)(NextHeader ?? IpProtocol.NoNextHeader));
        Fields.Length.Write(destination, Length ?? 0u);
        return GetLength();
    }

    internal static TlvHeader Read(ReadOnlySpan<byte> octets) => new()
    {
        Type = Fields.Type.ReadByte(octets),
        Reserved = Fields.Reserved.ReadByte(octets),
        NextHeader = (IpProtocol)Fields.NextHeader.ReadByte(octets),
        Length = Fields.Length.ReadUInt16(octets),
    };

    internal override void Complete(Span<byte> octets, in PacketPlace place)
    {
        place.WriteProtocol(octets, Fields.NextHeader, NextHeader);

        if (Length is null)
        {
            Fields.Length.WriteLength(octets, octets.Length - GetLength());
        }
    }
}
