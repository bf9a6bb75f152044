using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Ip.ExtensionHeaders;
using DsmipTools.Wire.Tunneling;

namespace DsmipTools.Wire.Tests;

/// <summary>The headers of tunnels against the composer, which computes them another way.</summary>
public sealed class TunnelFrameTests
{
    public static TheoryData<Encapsulation, bool, bool, bool> Forms()
    {
        var forms = new TheoryData<Encapsulation, bool, bool, bool>();
        foreach (var encapsulation in Enum.GetValues<Encapsulation>())
        {
            foreach (var bits in Enumerable.Range(0, encapsulation == Encapsulation.Gre ? 8 : 4))
            {
                forms.Add(encapsulation, (bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0);
            }
        }

        return forms;
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Written_as_composed_and_read_again(Encapsulation encapsulation, bool outerIPv4, bool innerIPv4, bool hasKey)
    {
        uint? key = hasKey ? 0xCAFE0001 : null;
        var port = encapsulation == Encapsulation.Udp ? Envelope.ProxyMobileIPv6DataPort : (ushort)0;
        var ends = outerIPv4
            ? new TunnelEnds(encapsulation, new Endpoint("198.51.100.1", port), new Endpoint("203.0.113.7", port))
            : new TunnelEnds(encapsulation, new Endpoint("2001:db8:a::1", port), new Endpoint("2001:db8:b::1", port));
        Structure[] inner = innerIPv4
            ? [new IPv4Header { Source = "198.18.0.9", Destination = "192.0.2.7", DontFragment = true, DifferentiatedServices = 46, CongestionNotification = 2 }]
            : [new IPv6Header { Source = "2001:db8:ffff::9", Destination = "2001:db8:100::7", TrafficClass = 0xBA }];
        inner = [.. inner, new UdpHeader { SourcePort = 1, DestinationPort = 7 }, new Data { Octets = "payload"u8.ToArray() }];
        Structure outer = outerIPv4
            ? new IPv4Header
            {
                Source = ends.Local.Address, Destination = ends.Remote.Address, Identification = 99, DontFragment = innerIPv4,
                DifferentiatedServices = 46, CongestionNotification = 2,
            }
            : new IPv6Header { Source = ends.Local.Address, Destination = ends.Remote.Address, TrafficClass = 0xBA };
        Structure[] between = encapsulation switch
        {
            Encapsulation.Gre => [new GreHeader { Key = key }],
            Encapsulation.Udp => [new UdpHeader { SourcePort = port, DestinationPort = port, Checksum = outerIPv4 ? (ushort)0 : null }],
            _ => [],
        };
        var expected = PacketComposer.Compose([outer, .. between, .. inner]);

        var packet = PacketComposer.Compose(inner);
        var overhead = TunnelFrame.Overhead(ends, hasKey);
        var frame = new byte[overhead + packet.Length];
        Array.Fill(frame, (byte)0xEE);
        packet.Span.CopyTo(frame.AsSpan(overhead));
        TunnelFrame.Write(ends, key, 99, frame);
        Assert.Equal(expected, Octets.Create(frame));

        Assert.True(IpPacketView.TryParse(frame, out var view, out _));
        Assert.True(TunnelFrame.TryRead(view, out var read, out var offset, out var readKey, out var error), error.ToString());
        Assert.Equal((encapsulation, ends.Remote, ends.Local), (read.Encapsulation, read.Local, read.Remote));
        Assert.Equal((overhead, key), (offset, readKey));
    }

    /// <summary>Linux puts a tunnel encapsulation limit into IPv6 tunnels unless it is told not to (RFC 2473, 4.1.1).</summary>
    [Fact]
    public void A_tunnel_encapsulation_limit_is_skipped()
    {
        var packet = PacketComposer.Compose(
            new IPv6Header { Source = "2001:db8:a::1", Destination = "2001:db8:b::1" },
            new DestinationOptionsHeader(),
            new IPv6Header { Source = "2001:db8:ffff::9", Destination = "2001:db8:100::7" },
            new Data { Octets = "payload"u8.ToArray() });
        Assert.True(IpPacketView.TryParse(packet.Span, out var view, out _));
        Assert.True(TunnelFrame.TryRead(view, out var ends, out var offset, out _, out var error), error.ToString());
        Assert.Equal(Encapsulation.IpInIp, ends.Encapsulation);
        Assert.True(IpPacketView.TryParse(packet.Span[offset..], out var inner, out _));
        Assert.Equal("2001:db8:100::7", inner.Destination.ToString());
    }

    [Theory]
    [InlineData("4", 0x08)]
    [InlineData("version", 0x00)]
    public void GRE_that_is_not_understood_is_an_error(string what, byte first)
    {
        var packet = PacketComposer.Compose(
            new IPv4Header { Source = "198.51.100.1", Destination = "203.0.113.7" },
            new GreHeader(),
            new IPv4Header { Source = "198.18.0.9", Destination = "192.0.2.7" }).ToArray();
        packet[20] = first;
        packet[21] = what == "version" ? (byte)1 : (byte)0;
        Assert.True(IpPacketView.TryParse(packet, out var view, out _));
        Assert.False(TunnelFrame.TryRead(view, out _, out _, out _, out var error));
        Assert.True(error.IsError);
    }

    [Fact]
    public void One_hop_less_keeps_the_checksum_right()
    {
        var packet = PacketComposer.Compose(
            new IPv4Header { Source = "198.18.0.9", Destination = "192.0.2.7", TimeToLive = 64 }, new Data { Octets = "x"u8.ToArray() }).ToArray();
        for (var hops = 63; hops > 0; hops--)
        {
            IpPacketView.DecrementHopLimit(packet);
            IpPacketView.WriteCongestionNotification(packet, (byte)(hops & 3));
            Assert.True(IpPacketView.TryParse(packet, out var view, out var error), error.ToString());
            Assert.Equal((hops, hops & 3), (view.HopLimit, view.CongestionNotification));
        }
    }
}
