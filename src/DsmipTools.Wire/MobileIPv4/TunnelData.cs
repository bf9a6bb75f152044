using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobileIPv4;

/// <summary>
/// MIP Tunnel Data message (RFC 3519, 3.3): a packet tunnelled through UDP. A keepalive is one as well: it carries an ICMP echo
/// request or reply (RFC 3519, 4.9).
/// </summary>
public sealed record TunnelData : MobileIPv4Message
{
    /// <summary>The layout table of the header; what is tunnelled follows it.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Tunnel Data", "RFC 3519, 3.3");

        /// <summary>Message type.</summary>
        public static readonly Field Type = Layout.Code<MobileIPv4MessageType>("Type", 8, "4");

        /// <summary>What is tunnelled.</summary>
        public static readonly Field NextHeader = Layout.Code<IpProtocol>("NextHeader", 8, "what is tunnelled: 4 IP, 47 GRE, 55 minimal encapsulation");

        /// <summary>Reserved.</summary>
        public static readonly Field Reserved = Layout.Reserved(16);
    }

    /// <summary>
    /// What is tunnelled, as in the protocol field of an IP header: 4 IP, 47 GRE, 55 minimal encapsulation. Null takes it from the layer
    /// that follows when a packet is composed, and is no next header without one.
    /// </summary>
    public IpProtocol? NextHeader { get; init; }

    /// <summary>The reserved octets.</summary>
    public ushort Reserved { get; init; }

    /// <summary>The tunnelled packet, from the header that <see cref="NextHeader"/> names; empty when it follows as layers of its own.</summary>
    public Octets Payload { get; init; }

    /// <inheritdoc/>
    public override MobileIPv4MessageType Type => MobileIPv4MessageType.TunnelData;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    /// <inheritdoc/>
    public override int GetLength() => Fields.Layout.Length + Payload.Length;

    /// <inheritdoc/>
    public override int Write(Span<byte> destination)
    {
        WriteFields(destination);
        Payload.Span.CopyTo(destination[Fields.Layout.Length..]);
        return GetLength();
    }

    /// <summary>Reads octets that hold the header; what stands behind it is the payload.</summary>
    internal static TunnelData ReadData(ReadOnlySpan<byte> octets) => new()
    {
        NextHeader = (IpProtocol)Fields.NextHeader.ReadByte(octets),
        Reserved = Fields.Reserved.ReadUInt16(octets),
        Payload = Octets.Create(octets[Fields.Layout.Length..]),
    };

    internal override void Complete(Span<byte> octets, in PacketPlace place)
    {
        place.WriteProtocol(octets, Fields.NextHeader, NextHeader);
    }

    private protected override void WriteFields(Span<byte> message)
    {
        Fields.Type.Write(message, (byte)MobileIPv4MessageType.TunnelData);
        Fields.NextHeader.Write(message, (byte)(NextHeader ?? IpProtocol.NoNextHeader));
        Fields.Reserved.Write(message, Reserved);
    }
}
