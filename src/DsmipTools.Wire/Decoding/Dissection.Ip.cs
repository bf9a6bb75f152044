using System.Globalization;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Decoding;

/// <content>IPv4, IPv6, and what a protocol number says that follows.</content>
internal ref partial struct Dissection
{
    /// <summary>Deeper than any network tunnels; a packet made of nothing but headers must not exhaust the stack.</summary>
    private const int MaximumDepth = 16;

    /// <summary>An IP packet of either version.</summary>
    private void Ip(int start, int end)
    {
        switch (start < end ? frame[start] >> 4 : -1)
        {
            case 4:
                IPv4(start, end);
                break;
            case 6:
                IPv6(start, end);
                break;
            default:
                Fail(IPv4Header.Fields.Version, start, start < end ? "is neither 4 nor 6" : "there is no packet");
                Data(start, end);
                break;
        }
    }

    private void IPv4(int start, int end)
    {
        var packet = frame[start..end];
        var table = IPv4Header.Fields.Layout;
        if (IsTooDeep(IPv4Header.Fields.Version, start, end))
        {
            return;
        }

        if (packet.Length < table.Length)
        {
            TryHeader(table, IPv4Header.Read, start, end);
            return;
        }

        var headerLength = IPv4Header.Fields.HeaderLength.ReadByte(packet) * 4;
        if (IPv4Header.Fields.Version.ReadByte(packet) != 4 || headerLength < table.Length || headerLength > packet.Length)
        {
            var isVersion = IPv4Header.Fields.Version.ReadByte(packet) != 4;
            Fail(isVersion ? IPv4Header.Fields.Version : IPv4Header.Fields.HeaderLength, start, isVersion ? "is not 4" : "does not fit the packet");
            Add(table, start, start + table.Length);
            Data(start + table.Length, end);
            return;
        }

        var next = start + headerLength;
        Add(table, start, next, IPv4Header.Read);
        SetAddresses(IPv4Header.Fields.Source.ReadAddress(packet), IPv4Header.Fields.Destination.ReadAddress(packet));
        if (!InternetChecksum.Verify(0, packet[..headerLength]))
        {
            Fail(IPv4Header.Fields.HeaderChecksum, start, "is wrong");
        }

        var packetEnd = End(IPv4Header.Fields.TotalLength, start, start + IPv4Header.Fields.TotalLength.ReadUInt16(packet), next, end);
        if (IPv4Header.Fields.FragmentOffset.ReadNumber(packet) != 0 || IPv4Header.Fields.MoreFragments.ReadFlag(packet))
        {
            Fail(IPv4Header.Fields.FragmentOffset, start, "the packet is a fragment");
            Data(next, packetEnd);
        }
        else
        {
            Payload((IpProtocol)IPv4Header.Fields.Protocol.ReadByte(packet), next, packetEnd);
        }

        AddIfAny(Trailer, packetEnd, end);
    }

    private void IPv6(int start, int end)
    {
        if (IsTooDeep(IPv6Header.Fields.Version, start, end) || !TryHeader(IPv6Header.Fields.Layout, IPv6Header.Read, start, end))
        {
            return;
        }

        var packet = frame[start..end];
        var next = start + IPv6Header.Fields.Layout.Length;
        if (IPv6Header.Fields.Version.ReadByte(packet) != 6)
        {
            Fail(IPv6Header.Fields.Version, start, "is not 6");
            Data(next, end);
            return;
        }

        SetAddresses(IPv6Header.Fields.Source.ReadAddress(packet), IPv6Header.Fields.Destination.ReadAddress(packet));
        var packetEnd = End(IPv6Header.Fields.PayloadLength, start, next + IPv6Header.Fields.PayloadLength.ReadUInt16(packet), next, end);
        Payload((IpProtocol)IPv6Header.Fields.NextHeader.ReadByte(packet), next, packetEnd);
        AddIfAny(Trailer, packetEnd, end);
    }

    /// <summary>What a header announces by its protocol number.</summary>
    private void Payload(IpProtocol protocol, int start, int end)
    {
        while (TryExtensionHeader(ref protocol, ref start, end))
        {
        }

        switch (protocol)
        {
            case IpProtocol.IPv4:
                IPv4(start, end);
                break;
            case IpProtocol.IPv6:
                IPv6(start, end);
                break;
            case IpProtocol.Udp:
                Udp(start, end);
                break;
            case IpProtocol.Gre:
                Gre(start, end);
                break;
            case IpProtocol.MinimalEncapsulation:
                MinimalEncapsulation(start, end);
                break;
            case IpProtocol.EncapsulatingSecurityPayload:
                EncapsulatingSecurityPayload(start, end);
                break;
            case IpProtocol.Icmp:
                Icmp(start, end);
                break;
            case IpProtocol.IcmpV6:
                IcmpV6(start, end);
                break;
            case IpProtocol.MobilityHeader:
                MobilityHeader(start, end, checksumCounts: true);
                break;
            default:
                Data(start, end);
                break;
        }
    }

    private void SetAddresses(Address from, Address to)
    {
        addresses = new PseudoAddresses(from, to);
        source = new Endpoint(from, 0);
        destination = new Endpoint(to, 0);
    }

    /// <summary>Counts a header that carries whatever its protocol number says, itself included; one too many is data.</summary>
    private bool IsTooDeep(Field first, int start, int end)
    {
        if (++depth <= MaximumDepth)
        {
            return false;
        }

        Fail(first, start, string.Create(CultureInfo.InvariantCulture, $"stands behind {MaximumDepth} IP headers or encapsulations, where decoding ends"));
        Data(start, end);
        return true;
    }
}
