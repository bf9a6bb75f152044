using DsmipTools.Wire.Ip;

namespace DsmipTools.Wire.Decoding;

/// <content>UDP and what its ports say that it carries.</content>
internal ref partial struct Dissection
{
    private void Udp(int start, int end)
    {
        if (!TryHeader(UdpHeader.Layout, start, end))
        {
            return;
        }

        var udp = frame[start..end];
        var next = start + UdpHeader.Layout.Length;
        source = source!.Value with { Port = UdpHeader.SourcePort.ReadUInt16(udp) };
        destination = destination!.Value with { Port = UdpHeader.DestinationPort.ReadUInt16(udp) };
        var length = UdpHeader.Length.ReadUInt16(udp);
        var udpEnd = End(UdpHeader.Length, start, start + length, next, end);
        if (length == udpEnd - start)
        {
            UdpChecksum(start, udpEnd);
        }

        if (Carries(options.MobileIPv4Ports, options.ProxyMobileIPv6Ports))
        {
            MobileIPv4(next, udpEnd);
        }
        else if (Carries(options.ProxyMobileIPv6Ports, options.MobileIPv4Ports))
        {
            MobilityHeader(next, udpEnd, checksumCounts: false);
        }
        else
        {
            Data(next, udpEnd);
        }

        Data(udpEnd, end);
    }

    /// <summary>True when the destination port is one of a protocol, or the source port is and the destination port is none of the other's.</summary>
    private readonly bool Carries(IReadOnlySet<ushort> ports, IReadOnlySet<ushort> others)
    {
        ushort from = source!.Value.Port, to = destination!.Value.Port;
        return ports.Contains(to) || (ports.Contains(from) && !others.Contains(to));
    }

    private void UdpChecksum(int start, int end)
    {
        var udp = frame[start..end];
        Address from = source!.Value.Address, to = destination!.Value.Address;
        var checksum = UdpHeader.Checksum.ReadUInt16(udp);
        if (checksum == 0 && from.IsIPv6)
        {
            Fail(UdpHeader.Checksum, start, "is zero, which IPv6 does not allow (RFC 8200, 8.1)");
        }
        else if (checksum != 0 && !InternetChecksum.Verify(InternetChecksum.PseudoHeader(from, to, (byte)IpProtocol.Udp, udp.Length), udp))
        {
            Fail(UdpHeader.Checksum, start, "is wrong");
        }
    }
}
