using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Tunneling;

/// <summary>The minimal forwarding header (RFC 2004, 3.1); never used for IPv6 (conformance list, 5454-3.3.2-04).</summary>
public sealed record MinimalForwardingHeader : Structure
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Minimal Forwarding", "RFC 2004, 3.1");

        /// <summary>Protocol.</summary>
        public static readonly Field Protocol = Layout.Code<IpProtocol>("Protocol", 8, "the protocol of the original IP header");

        /// <summary>S.</summary>
        public static readonly Field OriginalSourceAddressPresent = Layout.Flag("OriginalSourceAddressPresent", "S: the original source address is present");

        /// <summary>Reserved.</summary>
        public static readonly Field Reserved = Layout.Reserved(7);

        /// <summary>Header checksum.</summary>
        public static readonly Field HeaderChecksum = Layout.Computed("HeaderChecksum", 16, "over the minimal forwarding header");

        /// <summary>Original destination address.</summary>
        public static readonly Field OriginalDestinationAddress = Layout.IPv4("OriginalDestinationAddress", "the destination of the original IP header");
    }

    /// <summary>The protocol of the original IP header; null finds out when a packet is composed.</summary>
    public IpProtocol? Protocol { get; init; }

    /// <summary>The reserved bits, 0 to 127.</summary>
    public byte Reserved { get; init; }

    /// <summary>The checksum of this header; null computes it.</summary>
    public ushort? HeaderChecksum { get; init; }

    /// <summary>The destination of the original IP header.</summary>
    public Address OriginalDestinationAddress { get; init; } = Address.AnyIPv4;

    /// <summary>The source of the original IP header; null when the encapsulator is the source.</summary>
    public Address? OriginalSourceAddress { get; init; }

    /// <summary>S: the original source address is present.</summary>
    public bool OriginalSourceAddressPresent => OriginalSourceAddress is not null;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    /// <inheritdoc/>
    public override IEnumerable<Structure> Parts => OriginalSourceAddress is { } source ? [new OriginalSourceAddress { SourceAddress = source }] : [];

    internal override IpProtocol? ProtocolNumber => IpProtocol.MinimalEncapsulation;

    /// <inheritdoc/>
    public override int GetLength() => LengthOf(OriginalSourceAddressPresent);

    /// <inheritdoc/>
    public override int Write(Span<byte> destination)
    {
        Fields.Protocol.Write(destination, (ulong)(Protocol ?? IpProtocol.NoNextHeader));
        Fields.OriginalSourceAddressPresent.Write(destination, OriginalSourceAddressPresent);
        Fields.Reserved.Write(destination, Reserved);
        Fields.HeaderChecksum.Write(destination, HeaderChecksum ?? 0u);
        Fields.OriginalDestinationAddress.Write(destination, OriginalDestinationAddress);
        foreach (var part in Parts)
        {
            part.Write(destination[Fields.Layout.Length..]);
        }

        return GetLength();
    }

    /// <summary>The length of a header, by its first octets.</summary>
    internal static int LengthOf(ReadOnlySpan<byte> octets) => LengthOf(Fields.OriginalSourceAddressPresent.ReadFlag(octets));

    /// <summary>Reads a header of exactly these octets.</summary>
    internal static MinimalForwardingHeader Read(ReadOnlySpan<byte> octets) => new()
    {
        Protocol = (IpProtocol)Fields.Protocol.ReadByte(octets),
        Reserved = Fields.Reserved.ReadByte(octets),
        HeaderChecksum = Fields.HeaderChecksum.ReadUInt16(octets),
        OriginalDestinationAddress = Fields.OriginalDestinationAddress.ReadAddress(octets),
        OriginalSourceAddress = octets.Length > Fields.Layout.Length
            ? Tunneling.OriginalSourceAddress.Fields.SourceAddress.ReadAddress(octets[Fields.Layout.Length..])
            : (Address?)null,
    };

    internal override void Complete(Span<byte> octets, in PacketPlace place)
    {
        place.WriteProtocol(octets, Fields.Protocol, Protocol);

        if (HeaderChecksum is null)
        {
            Fields.HeaderChecksum.Write(octets, InternetChecksum.Finish(InternetChecksum.Sum(octets[..GetLength()])));
        }
    }

    private static int LengthOf(bool hasSource) => Fields.Layout.Length + (hasSource ? Tunneling.OriginalSourceAddress.Fields.Layout.Length : 0);
}

/// <summary>The original source address of a minimal forwarding header with S set (RFC 2004, 3.1).</summary>
public sealed record OriginalSourceAddress : Structure
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Original Source Address", "RFC 2004, 3.1");

        /// <summary>Address.</summary>
        public static readonly Field SourceAddress = Layout.IPv4("SourceAddress", "the source of the original IP header");
    }

    /// <summary>The source of the original IP header.</summary>
    public Address SourceAddress { get; init; } = Address.AnyIPv4;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    /// <inheritdoc/>
    public override int GetLength() => Fields.Layout.Length;

    /// <inheritdoc/>
    public override int Write(Span<byte> destination)
    {
        Fields.SourceAddress.Write(destination, SourceAddress);
        return GetLength();
    }
}
