using DsmipTools.Wire.Ip;

namespace DsmipTools.Wire.Decoding;

/// <content>UDP and what its ports say that it carries.</content>
internal ref partial struct Dissection
{
    private enum Carried
    {
        Unknown,
        MobileIPv4,
        ProxyMobileIPv6,
        DualStackMobileIPv6,
    }

    private void Udp(int start, int end)
    {
        if (!TryHeader(UdpHeader.Fields.Layout, UdpHeader.Read, start, end))
        {
            return;
        }

        var udp = frame[start..end];
        var next = start + UdpHeader.Fields.Layout.Length;
        ushort from = UdpHeader.Fields.SourcePort.ReadUInt16(udp), to = UdpHeader.Fields.DestinationPort.ReadUInt16(udp);
        source = source is { } sender ? sender with { Port = from } : null;
        destination = destination is { } receiver ? receiver with { Port = to } : null;
        var length = UdpHeader.Fields.Length.ReadUInt16(udp);
        var udpEnd = End(UdpHeader.Fields.Length, start, start + length, next, end);
        if (length == udpEnd - start)
        {
            UdpChecksum(start, udpEnd);
        }

        switch (CarriedAt(to) is var carried and not Carried.Unknown ? carried : CarriedAt(from))
        {
            case Carried.MobileIPv4:
                MobileIPv4(next, udpEnd);
                break;
            case Carried.ProxyMobileIPv6:
                MobilityHeader(next, udpEnd, checksumCounts: false);
                break;
            case Carried.DualStackMobileIPv6:
                DualStackMobileIPv6(next, udpEnd);
                break;
            default:
                Data(next, udpEnd);
                break;
        }

        Data(udpEnd, end);
    }

    private readonly Carried CarriedAt(ushort port) =>
        options.MobileIPv4Ports.Contains(port) ? Carried.MobileIPv4
        : options.ProxyMobileIPv6Ports.Contains(port) ? Carried.ProxyMobileIPv6
        : options.DualStackMobileIPv6Ports.Contains(port) ? Carried.DualStackMobileIPv6
        : Carried.Unknown;

    private void UdpChecksum(int start, int end)
    {
        if (addresses is not { } known || !hasUdpChecksums)
        {
            return;
        }

        var udp = frame[start..end];
        var checksum = UdpHeader.Fields.Checksum.ReadUInt16(udp);
        if (checksum == 0 && known.Source.IsIPv6)
        {
            Fail(UdpHeader.Fields.Checksum, start, "is zero, which IPv6 does not allow (RFC 8200, 8.1)");
        }
        else if (checksum != 0
            && !InternetChecksum.Verify(known.Sum(IpProtocol.Udp, udp.Length), udp)
            && !known.IsUnfinished(checksum, IpProtocol.Udp, udp.Length))
        {
            Fail(UdpHeader.Fields.Checksum, start, "is wrong");
        }
    }
}
