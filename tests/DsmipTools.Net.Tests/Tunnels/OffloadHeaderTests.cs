using System.Buffers.Binary;
using DsmipTools.Net.Tunnels;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Net.Tests.Tunnels;

public sealed class OffloadHeaderTests
{
    private const int Mtu = 1280;

    [Theory]
    [InlineData(true, 1, 20)]
    [InlineData(false, 4, 40)]
    public void Joined_TCP_segments_are_marked_to_be_taken_apart(bool isIPv4, byte type, int start)
    {
        var header = Filled();
        Assert.True(OffloadHeader.TryWrite(header, Tcp(isIPv4, 5000, isFinished: false), Mtu));
        Assert.Equal((1, type), (header[0], header[1]));
        Assert.Equal([start + 20, Mtu - start - 20, start, 16], Numbers(header));
    }

    [Fact]
    public void A_short_packet_whose_checksum_is_left_open_has_it_finished()
    {
        var header = Filled();
        Assert.True(OffloadHeader.TryWrite(header, Tcp(isIPv4: false, 500, isFinished: false), Mtu));
        Assert.Equal((1, 0), (header[0], header[1]));
        Assert.Equal([0, 0, 40, 16], Numbers(header));
    }

    [Fact]
    public void Others_go_as_they_are_and_not_when_they_are_long()
    {
        var header = Filled();
        Assert.True(OffloadHeader.TryWrite(header, Tcp(isIPv4: true, 500, isFinished: true), Mtu));
        Assert.All(header, octet => Assert.Equal(0, octet));
        Assert.False(OffloadHeader.TryWrite(header, Tcp(isIPv4: true, 5000, isFinished: true), Mtu));
        var udp = Tcp(isIPv4: false, 500, isFinished: false);
        udp[6] = (byte)IpProtocol.Udp;
        Assert.True(OffloadHeader.TryWrite(header, udp, Mtu));
        Assert.All(header, octet => Assert.Equal(0, octet));
        udp = Tcp(isIPv4: false, 5000, isFinished: false);
        udp[6] = (byte)IpProtocol.Udp;
        Assert.False(OffloadHeader.TryWrite(header, udp, Mtu));
    }

    private static byte[] Filled()
    {
        var header = new byte[OffloadHeader.Length];
        header.AsSpan().Fill(0xFF);
        return header;
    }

    private static int[] Numbers(byte[] header) => [.. Enumerable.Range(1, 4).Select(i => (int)BitConverter.ToUInt16(header, 2 * i))];

    private static byte[] Tcp(bool isIPv4, int length, bool isFinished)
    {
        Address source = isIPv4 ? "10.0.0.1" : "2001:db8::1", destination = isIPv4 ? "10.0.0.2" : "2001:db8::2";
        var packet = new byte[length];
        var tcp = Wire.Tunneling.TunnelFrame.WriteHeader(source, destination, IpProtocol.Tcp, 0, true, 1, packet);
        tcp[12] = 5 << 4;
        var sum = InternetChecksum.PseudoHeader(source, destination, (byte)IpProtocol.Tcp, tcp.Length);
        BinaryPrimitives.WriteUInt16BigEndian(
            tcp[16..], isFinished ? InternetChecksum.Finish(sum + InternetChecksum.Sum(tcp)) : (ushort)~InternetChecksum.Finish(sum));
        return packet;
    }
}
