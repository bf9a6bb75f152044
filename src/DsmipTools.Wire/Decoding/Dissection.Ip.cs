using DsmipTools.Wire.Ip;

namespace DsmipTools.Wire.Decoding;

/// <content>IPv4 and IPv6.</content>
internal ref partial struct Dissection
{
    private void IPv4(int start, int end)
    {
        var packet = frame[start..end];
        if (packet.Length < IPv4Header.Layout.Length)
        {
            TryHeader(IPv4Header.Layout, start, end);
            return;
        }

        var headerLength = IPv4Header.HeaderLength.ReadByte(packet) * 4;
        if (IPv4Header.Version.ReadByte(packet) != 4 || headerLength < IPv4Header.Layout.Length || headerLength > packet.Length)
        {
            var field = IPv4Header.Version.ReadByte(packet) != 4 ? IPv4Header.Version : IPv4Header.HeaderLength;
            Fail(field, start, field == IPv4Header.Version ? "is not 4" : "does not fit the packet");
            Add(IPv4Header.Layout, start, start + IPv4Header.Layout.Length);
            Data(start + IPv4Header.Layout.Length, end);
            return;
        }

        var next = start + headerLength;
        Add(IPv4Header.Layout, start, next, headerLength == IPv4Header.Layout.Length
            ? []
            : [LayerReader.Read(LayerReader.IPv4Options, frame, start + IPv4Header.Layout.Length, next)]);
        source = new Endpoint(IPv4Header.Source.ReadAddress(packet), 0);
        destination = new Endpoint(IPv4Header.Destination.ReadAddress(packet), 0);
        if (!InternetChecksum.Verify(0, packet[..headerLength]))
        {
            Fail(IPv4Header.HeaderChecksum, start, "is wrong");
        }

        var packetEnd = End(IPv4Header.TotalLength, start, start + IPv4Header.TotalLength.ReadUInt16(packet), next, end);
        var isFragment = IPv4Header.FragmentOffset.ReadNumber(packet) != 0 || (IPv4Header.Flags.ReadByte(packet) & 1) != 0;
        if (isFragment)
        {
            Fail(IPv4Header.FragmentOffset, start, "the packet is a fragment");
        }

        if (!isFragment && IPv4Header.Protocol.ReadByte(packet) == (byte)IpProtocol.Udp)
        {
            Udp(next, packetEnd);
        }
        else
        {
            Data(next, packetEnd);
        }

        Add(LayerReader.Trailer, packetEnd, end, onlyIfAny: true);
    }

    private void IPv6(int start, int end)
    {
        if (!TryHeader(IPv6Header.Layout, start, end))
        {
            return;
        }

        var packet = frame[start..end];
        var next = start + IPv6Header.Layout.Length;
        if (IPv6Header.Version.ReadByte(packet) != 6)
        {
            Fail(IPv6Header.Version, start, "is not 6");
            Data(next, end);
            return;
        }

        source = new Endpoint(IPv6Header.Source.ReadAddress(packet), 0);
        destination = new Endpoint(IPv6Header.Destination.ReadAddress(packet), 0);
        var packetEnd = End(IPv6Header.PayloadLength, start, next + IPv6Header.PayloadLength.ReadUInt16(packet), next, end);
        switch ((IpProtocol)IPv6Header.NextHeader.ReadByte(packet))
        {
            case IpProtocol.MobilityHeader:
                MobilityHeader(next, packetEnd, checksumCounts: true);
                break;
            case IpProtocol.Udp:
                Udp(next, packetEnd);
                break;
            default:
                Data(next, packetEnd);
                break;
        }

        Add(LayerReader.Trailer, packetEnd, end, onlyIfAny: true);
    }
}
