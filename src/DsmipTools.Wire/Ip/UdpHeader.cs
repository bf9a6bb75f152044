using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Ip;

/// <summary>The UDP header (RFC 768). What is null is computed when a packet is composed.</summary>
public sealed record UdpHeader : Structure
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("UDP", "RFC 768");

        /// <summary>Source port.</summary>
        public static readonly Field SourcePort = Layout.Number("SourcePort", 16, "source port");

        /// <summary>Destination port.</summary>
        public static readonly Field DestinationPort = Layout.Number("DestinationPort", 16, "destination port");

        /// <summary>Length.</summary>
        public static readonly Field Length = Layout.Computed("Length", 16, "octets of header and data");

        /// <summary>Checksum.</summary>
        public static readonly Field Checksum = Layout.Computed("Checksum", 16, "0 means none (IPv4 only)");
    }

    /// <summary>The source port.</summary>
    public ushort SourcePort { get; init; }

    /// <summary>The destination port.</summary>
    public ushort DestinationPort { get; init; }

    /// <summary>Octets of header and data.</summary>
    public ushort? Length { get; init; }

    /// <summary>The checksum over pseudo-header, header and data; 0 means none (IPv4 only).</summary>
    public ushort? Checksum { get; init; }

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    internal override IpProtocol? ProtocolNumber => IpProtocol.Udp;

    /// <inheritdoc/>
    public override int GetLength() => Fields.Layout.Length;

    /// <inheritdoc/>
    public override int Write(Span<byte> destination)
    {
        Fields.SourcePort.Write(destination, SourcePort);
        Fields.DestinationPort.Write(destination, DestinationPort);
        Fields.Length.Write(destination, Length ?? (ulong)GetLength());
        Fields.Checksum.Write(destination, Checksum ?? 0u);
        return GetLength();
    }

    /// <summary>Reads a header of 8 octets.</summary>
    internal static UdpHeader Read(ReadOnlySpan<byte> octets) => new()
    {
        SourcePort = Fields.SourcePort.ReadUInt16(octets),
        DestinationPort = Fields.DestinationPort.ReadUInt16(octets),
        Length = Fields.Length.ReadUInt16(octets),
        Checksum = Fields.Checksum.ReadUInt16(octets),
    };

    internal override void Complete(Span<byte> octets, in PacketPlace place)
    {
        if (Length is null)
        {
            Fields.Length.WriteLength(octets, octets.Length);
        }

        if (Checksum is null && place.Addresses is { } addresses)
        {
            WriteChecksum(octets, addresses);
        }
    }

    /// <summary>Computes the checksum of a datagram whose checksum field is zero.</summary>
    internal static void WriteChecksum(Span<byte> datagram, PseudoAddresses addresses)
    {
        var checksum = InternetChecksum.Finish(addresses.Sum(IpProtocol.Udp, datagram.Length) + InternetChecksum.Sum(datagram));
        // RFC 768: a computed zero is sent as all ones, because zero means that there is no checksum.
        Fields.Checksum.Write(datagram, checksum == 0 ? 0xFFFFu : checksum);
    }
}
