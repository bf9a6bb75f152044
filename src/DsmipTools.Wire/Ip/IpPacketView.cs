namespace DsmipTools.Wire.Ip;

/// <summary>An IPv4 or IPv6 packet, read for forwarding: its header has been checked, and octets beyond its length are cut off. Does not allocate.</summary>
public readonly ref struct IpPacketView
{
    private IpPacketView(ReadOnlySpan<byte> octets, int headerLength, int length)
    {
        Octets = octets;
        HeaderLength = headerLength;
        Length = length;
    }

    /// <summary>The whole packet; of one that is quoted, what is there.</summary>
    public ReadOnlySpan<byte> Octets { get; }

    /// <summary>Its length in octets, as the header says.</summary>
    public int Length { get; }

    /// <summary>Octets of the IP header: IPv4 options are part of it, IPv6 extension headers are not.</summary>
    public int HeaderLength { get; }

    /// <summary>True for an IPv4 packet.</summary>
    public bool IsIPv4 => Octets[0] >> 4 == 4;

    /// <summary>The source address.</summary>
    public Address Source => IsIPv4 ? IPv4Header.Fields.Source.ReadAddress(Octets) : IPv6Header.Fields.Source.ReadAddress(Octets);

    /// <summary>The destination address.</summary>
    public Address Destination => IsIPv4 ? IPv4Header.Fields.Destination.ReadAddress(Octets) : IPv6Header.Fields.Destination.ReadAddress(Octets);

    /// <summary>What follows the IP header.</summary>
    public IpProtocol Protocol =>
        (IpProtocol)(IsIPv4 ? IPv4Header.Fields.Protocol.ReadByte(Octets) : IPv6Header.Fields.NextHeader.ReadByte(Octets));

    /// <summary>The TTL or hop limit.</summary>
    public byte HopLimit => IsIPv4 ? IPv4Header.Fields.TimeToLive.ReadByte(Octets) : IPv6Header.Fields.HopLimit.ReadByte(Octets);

    /// <summary>DSCP and ECN together: the TOS octet or the traffic class.</summary>
    public byte TrafficClass => IsIPv4 ? Octets[1] : (byte)IPv6Header.Fields.TrafficClass.ReadNumber(Octets);

    /// <summary>The ECN field, 0 to 3 (RFC 3168).</summary>
    public byte CongestionNotification => (byte)(TrafficClass & 3);

    /// <summary>True for an IPv4 packet that no router may fragment.</summary>
    public bool DontFragment => IsIPv4 && IPv4Header.Fields.DontFragment.ReadFlag(Octets);

    /// <summary>True for a fragment of an IPv4 packet.</summary>
    public bool IsFragment =>
        IsIPv4 && (IPv4Header.Fields.FragmentOffset.ReadNumber(Octets) != 0 || IPv4Header.Fields.MoreFragments.ReadFlag(Octets));

    /// <summary>What follows the IP header.</summary>
    public ReadOnlySpan<byte> Payload => Octets[HeaderLength..];

    /// <summary>Reads the header of a packet; lengths have to fit, and the IPv4 header checksum has to be right.</summary>
    public static bool TryParse(ReadOnlySpan<byte> octets, out IpPacketView packet, out WireError error)
    {
        packet = default;
        error = octets.IsEmpty ? new WireError("Version", 0, "the packet is empty") : default;
        if (error.IsError)
        {
            return false;
        }

        return octets[0] >> 4 == 6 ? TryParseIPv6(octets, out packet, out error) : TryParseIPv4(octets, out packet, out error);
    }

    /// <summary>
    /// Reads the header of a packet of which something may be cut off behind it, as ICMP errors quote packets. Its checksum is not verified: the
    /// router that quotes it may have changed the TTL.
    /// </summary>
    public static bool TryParseQuoted(ReadOnlySpan<byte> octets, out IpPacketView packet)
    {
        packet = default;
        if (octets.Length >= IPv6Header.Fields.Layout.Length && octets[0] >> 4 == 6)
        {
            var length = IPv6Header.Fields.Layout.Length + IPv6Header.Fields.PayloadLength.ReadUInt16(octets);
            packet = new IpPacketView(octets[..Math.Min(length, octets.Length)], IPv6Header.Fields.Layout.Length, length);
        }
        else if (octets.Length >= IPv4Header.Fields.Layout.Length && octets[0] >> 4 == 4)
        {
            var header = IPv4Header.Fields.HeaderLength.ReadByte(octets) * 4;
            var length = IPv4Header.Fields.TotalLength.ReadUInt16(octets);
            packet = header >= IPv4Header.Fields.Layout.Length && header <= octets.Length && header <= length
                ? new IpPacketView(octets[..Math.Min(length, octets.Length)], header, length)
                : default;
        }

        return !packet.Octets.IsEmpty;
    }

    /// <summary>Takes one hop off a packet that is forwarded, and keeps its IPv4 header checksum right.</summary>
    public static void DecrementHopLimit(Span<byte> packet)
    {
        if (packet[0] >> 4 == 6)
        {
            packet[IPv6Header.Fields.HopLimit.Offset]--;
            return;
        }

        packet[IPv4Header.Fields.TimeToLive.Offset]--;
        WriteHeaderChecksum(packet);
    }

    /// <summary>Writes the ECN field of a packet, and keeps its IPv4 header checksum right.</summary>
    public static void WriteCongestionNotification(Span<byte> packet, byte value)
    {
        if (packet[0] >> 4 == 6)
        {
            IPv6Header.Fields.TrafficClass.Write(packet, (IPv6Header.Fields.TrafficClass.ReadNumber(packet) & ~3UL) | value);
            return;
        }

        IPv4Header.Fields.CongestionNotification.Write(packet, value);
        WriteHeaderChecksum(packet);
    }

    /// <summary>Writes the header checksum of an IPv4 packet.</summary>
    internal static void WriteHeaderChecksum(Span<byte> packet)
    {
        var header = packet[..(IPv4Header.Fields.HeaderLength.ReadByte(packet) * 4)];
        IPv4Header.Fields.HeaderChecksum.Write(header, 0);
        IPv4Header.Fields.HeaderChecksum.Write(header, InternetChecksum.Finish(InternetChecksum.Sum(header)));
    }

    private static bool TryParseIPv6(ReadOnlySpan<byte> octets, out IpPacketView packet, out WireError error)
    {
        packet = default;
        var header = IPv6Header.Fields.Layout.Length;
        if (octets.Length < header)
        {
            error = new WireError("IPv6", octets.Length, "ends before its 40 octets");
            return false;
        }

        var length = header + IPv6Header.Fields.PayloadLength.ReadUInt16(octets);
        error = length > octets.Length
            ? new WireError(IPv6Header.Fields.PayloadLength.Name, IPv6Header.Fields.PayloadLength.Offset, "says more octets than there are")
            : default;
        packet = error.IsError ? default : new IpPacketView(octets[..length], header, length);
        return !error.IsError;
    }

    private static bool TryParseIPv4(ReadOnlySpan<byte> octets, out IpPacketView packet, out WireError error)
    {
        packet = default;
        if (octets.Length < IPv4Header.Fields.Layout.Length)
        {
            error = new WireError("IPv4", octets.Length, "ends before its 20 octets");
            return false;
        }

        var header = IPv4Header.Fields.HeaderLength.ReadByte(octets) * 4;
        var total = IPv4Header.Fields.TotalLength.ReadUInt16(octets);
        error = octets[0] >> 4 != 4 ? new WireError(IPv4Header.Fields.Version.Name, 0, "is neither 4 nor 6")
            : header < IPv4Header.Fields.Layout.Length || header > total
                ? new WireError(IPv4Header.Fields.HeaderLength.Name, IPv4Header.Fields.HeaderLength.Offset, "does not fit the packet")
            : total > octets.Length
                ? new WireError(IPv4Header.Fields.TotalLength.Name, IPv4Header.Fields.TotalLength.Offset, "says more octets than there are")
            : !InternetChecksum.Verify(0, octets[..header])
                ? new WireError(IPv4Header.Fields.HeaderChecksum.Name, IPv4Header.Fields.HeaderChecksum.Offset, "is wrong")
            : default;
        packet = error.IsError ? default : new IpPacketView(octets[..total], header, total);
        return !error.IsError;
    }
}
