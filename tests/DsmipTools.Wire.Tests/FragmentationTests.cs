using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Ip.ExtensionHeaders;

namespace DsmipTools.Wire.Tests;

public sealed class FragmentationTests
{
    [Theory]
    [InlineData(true, 100, 100, 1)]
    [InlineData(true, 101, 100, 2)]
    [InlineData(true, 1500, 1280, 2)]
    [InlineData(true, 1500, 68, 31)]
    [InlineData(false, 1320, 1280, 2)]
    [InlineData(false, 60_000, 1280, 49)]
    public void Fragments_fit_and_give_the_packet_again(bool isIPv4, int length, int mtu, int count)
    {
        var data = Enumerable.Range(0, length - (isIPv4 ? 20 : 40)).Select(number => (byte)number).ToArray();
        var packet = PacketComposer.Compose(
            isIPv4
                ? new IPv4Header { Source = "192.0.2.1", Destination = "192.0.2.2", Protocol = IpProtocol.IPv6, TimeToLive = 9 }
                : new IPv6Header { Source = "2001:db8::1", Destination = "2001:db8::2", NextHeader = IpProtocol.IPv6 },
            new Data { Octets = data }).Span;
        var joined = new List<byte>();
        var fragment = new byte[mtu];
        var (done, fragments) = (0, 0);
        while (Fragmentation.Write(packet, mtu, 0x12345678, ref done, fragment) is > 0 and var written)
        {
            Array.Fill(fragment, (byte)0xEE, written, mtu - written);
            Assert.True(IpPacketView.TryParse(fragment.AsSpan(0, written), out var view, out var error), error.ToString());
            Assert.Equal(written, view.Length);
            var isLast = done == data.Length;
            if (isIPv4)
            {
                Assert.Equal((joined.Count / 8, !isLast), ((int)IPv4Header.Fields.FragmentOffset.ReadNumber(fragment), IPv4Header.Fields.MoreFragments.ReadFlag(fragment)));
                Assert.Equal((0x5678, IpProtocol.IPv6, 9), (IPv4Header.Fields.Identification.ReadUInt16(fragment), view.Protocol, view.HopLimit));
                joined.AddRange(view.Payload);
            }
            else
            {
                var own = view.Payload[..8];
                Assert.Equal((joined.Count / 8, !isLast), ((int)FragmentHeader.Fields.FragmentOffset.ReadNumber(own), FragmentHeader.Fields.MoreFragments.ReadFlag(own)));
                Assert.Equal((IpProtocol.Fragment, 0x12345678u), (view.Protocol, FragmentHeader.Fields.Identification.ReadUInt32(own)));
                Assert.Equal((byte)IpProtocol.IPv6, FragmentHeader.Fields.NextHeader.ReadByte(own));
                joined.AddRange(view.Payload[8..]);
            }

            fragments++;
        }

        Assert.Equal(count, fragments);
        Assert.Equal(data, joined);
    }
}
