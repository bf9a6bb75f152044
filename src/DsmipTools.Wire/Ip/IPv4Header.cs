using DsmipTools.Wire.Ip.Options;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Ip;

/// <summary>The IPv4 header (RFC 791, 3.1). What is null is computed when a packet is composed.</summary>
public sealed record IPv4Header : Structure
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("IPv4", "RFC 791, 3.1");

        /// <summary>Version.</summary>
        public static readonly Field Version = Layout.Number("Version", 4, "4");

        /// <summary>Header length.</summary>
        public static readonly Field HeaderLength = Layout.Computed("HeaderLength", 4, "units of 4 octets");

        /// <summary>DSCP.</summary>
        public static readonly Field DifferentiatedServices = Layout.Number("DifferentiatedServices", 6, "DSCP (RFC 2474)");

        /// <summary>ECN.</summary>
        public static readonly Field CongestionNotification = Layout.Number("CongestionNotification", 2, "ECN (RFC 3168)");

        /// <summary>Total length.</summary>
        public static readonly Field TotalLength = Layout.Computed("TotalLength", 16, "octets of header and data");

        /// <summary>Identification.</summary>
        public static readonly Field Identification = Layout.Number("Identification", 16, "tells the fragments of a packet");

        /// <summary>Reserved.</summary>
        public static readonly Field Reserved = Layout.Reserved(1);

        /// <summary>DF.</summary>
        public static readonly Field DontFragment = Layout.Flag("DontFragment", "DF: no router may fragment the packet");

        /// <summary>MF.</summary>
        public static readonly Field MoreFragments = Layout.Flag("MoreFragments", "MF: not the last fragment");

        /// <summary>Fragment offset.</summary>
        public static readonly Field FragmentOffset = Layout.Number("FragmentOffset", 13, "units of 8 octets");

        /// <summary>Time to live.</summary>
        public static readonly Field TimeToLive = Layout.Number("TimeToLive", 8, "hops left");

        /// <summary>Protocol.</summary>
        public static readonly Field Protocol = Layout.Code<IpProtocol>("Protocol", 8, "what the packet carries");

        /// <summary>Header checksum.</summary>
        public static readonly Field HeaderChecksum = Layout.Computed("HeaderChecksum", 16, "over the header");

        /// <summary>Source.</summary>
        public static readonly Field Source = Layout.IPv4("Source", "source address");

        /// <summary>Destination.</summary>
        public static readonly Field Destination = Layout.IPv4("Destination", "destination address");
    }

    /// <summary>The version, 4.</summary>
    public byte Version { get; init; } = 4;

    /// <summary>The header length in units of 4 octets, 5 to 15.</summary>
    public byte? HeaderLength { get; init; }

    /// <summary>The DSCP, 0 to 63 (RFC 2474).</summary>
    public byte DifferentiatedServices { get; init; }

    /// <summary>The ECN field, 0 to 3 (RFC 3168).</summary>
    public byte CongestionNotification { get; init; }

    /// <summary>Octets of header and data.</summary>
    public ushort? TotalLength { get; init; }

    /// <summary>The identification of a packet's fragments.</summary>
    public ushort Identification { get; init; }

    /// <summary>The reserved bit before DF.</summary>
    public bool Reserved { get; init; }

    /// <summary>DF: no router may fragment the packet.</summary>
    public bool DontFragment { get; init; }

    /// <summary>MF: not the last fragment.</summary>
    public bool MoreFragments { get; init; }

    /// <summary>The fragment's offset in units of 8 octets, 0 to 8191.</summary>
    public ushort FragmentOffset { get; init; }

    /// <summary>Hops left.</summary>
    public byte TimeToLive { get; init; } = PacketFrame.HopLimit;

    /// <summary>What the packet carries.</summary>
    public IpProtocol? Protocol { get; init; }

    /// <summary>The checksum of the header.</summary>
    public ushort? HeaderChecksum { get; init; }

    /// <summary>The source address.</summary>
    public Address Source { get; init; } = Address.AnyIPv4;

    /// <summary>The destination address.</summary>
    public Address Destination { get; init; } = Address.AnyIPv4;

    /// <summary>The options: <see cref="IPv4Option"/>, and <see cref="Data"/> for octets that are none. Composing fills up to 4 octets.</summary>
    public ValueList<Structure> Options { get; init; }

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    /// <inheritdoc/>
    public override IEnumerable<Structure> Parts => Options;

    internal override IpProtocol? ProtocolNumber => IpProtocol.IPv4;

    /// <inheritdoc/>
    public override int GetLength()
    {
        var length = Fields.Layout.Length;
        foreach (var option in Options)
        {
            length += option.GetLength();
        }

        return (length + 3) & ~3;
    }

    /// <inheritdoc/>
    public override int Write(Span<byte> destination)
    {
        var header = destination[..GetLength()];
        header.Clear();
        Fields.Version.Write(header, Version);
        Fields.HeaderLength.WriteLength(header, header.Length / 4, HeaderLength);
        Fields.DifferentiatedServices.Write(header, DifferentiatedServices);
        Fields.CongestionNotification.Write(header, CongestionNotification);
        Fields.TotalLength.Write(header, TotalLength ?? (ulong)header.Length);
        Fields.Identification.Write(header, Identification);
        Fields.Reserved.Write(header, Reserved);
        Fields.DontFragment.Write(header, DontFragment);
        Fields.MoreFragments.Write(header, MoreFragments);
        Fields.FragmentOffset.Write(header, FragmentOffset);
        Fields.TimeToLive.Write(header, TimeToLive);
        Fields.Protocol.Write(header, (ulong)(Protocol ?? IpProtocol.NoNextHeader));
        Fields.HeaderChecksum.Write(header, HeaderChecksum ?? 0u);
        Fields.Source.Write(header, Source);
        Fields.Destination.Write(header, Destination);
        var at = Fields.Layout.Length;
        foreach (var option in Options)
        {
            at += option.Write(header[at..]);
        }

        return header.Length;
    }

    /// <summary>Reads a header of exactly these octets, of which there are at least 20.</summary>
    internal static IPv4Header Read(ReadOnlySpan<byte> octets) => new()
    {
        Version = Fields.Version.ReadByte(octets),
        HeaderLength = Fields.HeaderLength.ReadByte(octets),
        DifferentiatedServices = Fields.DifferentiatedServices.ReadByte(octets),
        CongestionNotification = Fields.CongestionNotification.ReadByte(octets),
        TotalLength = Fields.TotalLength.ReadUInt16(octets),
        Identification = Fields.Identification.ReadUInt16(octets),
        Reserved = Fields.Reserved.ReadFlag(octets),
        DontFragment = Fields.DontFragment.ReadFlag(octets),
        MoreFragments = Fields.MoreFragments.ReadFlag(octets),
        FragmentOffset = (ushort)Fields.FragmentOffset.ReadNumber(octets),
        TimeToLive = Fields.TimeToLive.ReadByte(octets),
        Protocol = (IpProtocol)Fields.Protocol.ReadByte(octets),
        HeaderChecksum = Fields.HeaderChecksum.ReadUInt16(octets),
        Source = Fields.Source.ReadAddress(octets),
        Destination = Fields.Destination.ReadAddress(octets),
        Options = IPv4Option.ReadAll(octets[Fields.Layout.Length..]),
    };

    internal override void Complete(Span<byte> octets, in PacketPlace place)
    {
        if (TotalLength is null)
        {
            Fields.TotalLength.WriteLength(octets, octets.Length);
        }

        place.WriteProtocol(octets, Fields.Protocol, Protocol);

        if (HeaderChecksum is null)
        {
            Fields.HeaderChecksum.Write(octets, InternetChecksum.Finish(InternetChecksum.Sum(octets[..GetLength()])));
        }
    }
}
