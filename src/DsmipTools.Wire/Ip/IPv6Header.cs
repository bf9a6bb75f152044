using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Ip;

/// <summary>The IPv6 header (RFC 8200, 3). What is null is computed when a packet is composed.</summary>
public sealed record IPv6Header : Structure
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("IPv6", "RFC 8200, 3");

        /// <summary>Version.</summary>
        public static readonly Field Version = Layout.Number("Version", 4, "6");

        /// <summary>Traffic class.</summary>
        public static readonly Field TrafficClass = Layout.Number("TrafficClass", 8, "DSCP and ECN");

        /// <summary>Flow label.</summary>
        public static readonly Field FlowLabel = Layout.Number("FlowLabel", 20, "flow label (RFC 6437)");

        /// <summary>Payload length.</summary>
        public static readonly Field PayloadLength = Layout.Computed("PayloadLength", 16, "octets after this header");

        /// <summary>Next header.</summary>
        public static readonly Field NextHeader = Layout.Code<IpProtocol>("NextHeader", 8, "what the packet carries");

        /// <summary>Hop limit.</summary>
        public static readonly Field HopLimit = Layout.Number("HopLimit", 8, "hops left");

        /// <summary>Source.</summary>
        public static readonly Field Source = Layout.IPv6("Source", "source address");

        /// <summary>Destination.</summary>
        public static readonly Field Destination = Layout.IPv6("Destination", "destination address");
    }

    /// <summary>The version, 6.</summary>
    public byte Version { get; init; } = 6;

    /// <summary>DSCP and ECN, 0 to 255.</summary>
    public byte TrafficClass { get; init; }

    /// <summary>The flow label, 0 to 1,048,575 (RFC 6437).</summary>
    public uint FlowLabel { get; init; }

    /// <summary>Octets after this header.</summary>
    public ushort? PayloadLength { get; init; }

    /// <summary>What the packet carries.</summary>
    public IpProtocol? NextHeader { get; init; }

    /// <summary>Hops left.</summary>
    public byte HopLimit { get; init; } = PacketFrame.HopLimit;

    /// <summary>The source address.</summary>
    public Address Source { get; init; }

    /// <summary>The destination address.</summary>
    public Address Destination { get; init; }

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    internal override IpProtocol? ProtocolNumber => IpProtocol.IPv6;

    /// <inheritdoc/>
    public override int GetLength() => Fields.Layout.Length;

    /// <inheritdoc/>
    public override int Write(Span<byte> destination)
    {
        var header = destination[..GetLength()];
        header.Clear();
        Fields.Version.Write(header, Version);
        Fields.TrafficClass.Write(header, TrafficClass);
        Fields.FlowLabel.Write(header, FlowLabel);
        Fields.PayloadLength.Write(header, PayloadLength ?? 0u);
        Fields.NextHeader.Write(header, (ulong)(NextHeader ?? IpProtocol.NoNextHeader));
        Fields.HopLimit.Write(header, HopLimit);
        Fields.Source.Write(header, Source);
        Fields.Destination.Write(header, Destination);
        return header.Length;
    }

    /// <summary>Reads a header of 40 octets.</summary>
    internal static IPv6Header Read(ReadOnlySpan<byte> octets) => new()
    {
        Version = Fields.Version.ReadByte(octets),
        TrafficClass = (byte)Fields.TrafficClass.ReadNumber(octets),
        FlowLabel = (uint)Fields.FlowLabel.ReadNumber(octets),
        PayloadLength = Fields.PayloadLength.ReadUInt16(octets),
        NextHeader = (IpProtocol)Fields.NextHeader.ReadByte(octets),
        HopLimit = Fields.HopLimit.ReadByte(octets),
        Source = Fields.Source.ReadAddress(octets),
        Destination = Fields.Destination.ReadAddress(octets),
    };

    internal override void Complete(Span<byte> octets, in PacketPlace place)
    {
        if (PayloadLength is null)
        {
            Fields.PayloadLength.WriteLength(octets, octets.Length - GetLength());
        }

        place.WriteProtocol(octets, Fields.NextHeader, NextHeader);
    }
}
