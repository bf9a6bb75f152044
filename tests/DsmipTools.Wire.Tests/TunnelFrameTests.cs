using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Ip.ExtensionHeaders;
using DsmipTools.Wire.MobileIPv4;
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
            // Bits: over IPv4, carries IPv4, has a key.
            foreach (var bits in encapsulation switch { Encapsulation.Gre => Enumerable.Range(0, 8), Encapsulation.Minimal => [3], _ => Enumerable.Range(0, 4) })
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
        var port = encapsulation is Encapsulation.Udp or Encapsulation.UdpMobileIPv4 ? (ushort)434 : (ushort)0;
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
            Encapsulation.UdpMobileIPv4 =>
                [new UdpHeader { SourcePort = port, DestinationPort = port, Checksum = outerIPv4 ? (ushort)0 : null }, new TunnelData()],
            Encapsulation.Minimal => [new MinimalForwardingHeader { OriginalSourceAddress = "198.18.0.9", OriginalDestinationAddress = "192.0.2.7" }],
            _ => [],
        };
        if (encapsulation == Encapsulation.Minimal)
        {
            outer = (IPv4Header)outer with { Identification = 0 };
        }

        var expected = encapsulation == Encapsulation.Minimal
            ? PacketComposer.Compose([outer, .. between, new UdpHeader { SourcePort = 1, DestinationPort = 7, Checksum = ChecksumOf(inner) }, inner[^1]])
            : PacketComposer.Compose([outer, .. between, .. inner]);

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
        Assert.True(TunnelFrame.TryOpen(view, read.Encapsulation, offset, new byte[60], out var opened));
        Assert.Equal(packet.Length, opened.Length);
        Assert.Equal(packet.Span[..opened.HeaderLength].ToArray(), opened.Octets[..opened.HeaderLength].ToArray());
        var copy = new byte[packet.Length];
        TunnelFrame.CopyInner(frame, read.Encapsulation, offset, copy);
        Assert.Equal(packet, Octets.Create(copy));

        Assert.True(IpPacketView.TryParseQuoted(frame, out var quoted));
        Assert.True(TunnelFrame.TryReadQuoted(quoted, out var sent, out var sentOffset));
        Assert.Equal((ends, overhead), (sent, sentOffset));
    }

    [Theory]
    [InlineData(0, "Protocol")]
    [InlineData(2, "HeaderChecksum")]
    [InlineData(9, "OriginalSourceAddress")]
    public void A_minimal_forwarding_header_with_a_wrong_checksum_is_an_error(int at, string field)
    {
        var packet = Minimal(hasSource: true).ToArray();
        packet[20 + at] ^= 1;
        Assert.True(IpPacketView.TryParse(packet, out var view, out _));
        Assert.False(TunnelFrame.TryRead(view, out var ends, out _, out _, out var error), field);
        Assert.Equal((Encapsulation.Minimal, true), (ends.Encapsulation, error.IsError));
    }

    /// <summary>RFC 2004, 3: without S the encapsulator is the source.</summary>
    [Theory]
    [InlineData(true, "198.18.0.9", 12)]
    [InlineData(false, "198.51.100.1", 8)]
    public void The_source_behind_minimal_encapsulation(bool hasSource, string source, int added)
    {
        var packet = Minimal(hasSource);
        Assert.True(IpPacketView.TryParse(packet.Span, out var view, out _));
        Assert.True(TunnelFrame.TryRead(view, out var ends, out var offset, out _, out var error), error.ToString());
        var inner = new byte[packet.Length - offset];
        TunnelFrame.CopyInner(packet.Span, ends.Encapsulation, offset, inner);
        Assert.True(IpPacketView.TryParse(inner, out var opened, out error), error.ToString());
        Assert.Equal((added, source, "192.0.2.7", IpProtocol.NoNextHeader), (offset, opened.Source.ToString(), opened.Destination.ToString(), opened.Protocol));
        Assert.Equal("payload"u8.ToArray(), opened.Payload.ToArray());
    }

    [Fact]
    public void Minimal_encapsulation_refuses_fragments_and_IPv6()
    {
        var ends = new TunnelEnds(Encapsulation.Minimal, "198.51.100.1", "203.0.113.7");
        Structure[] others =
        [
            new IPv6Header { Source = "2001:db8::1", Destination = "2001:db8::2" },
            new IPv4Header { Source = "198.18.0.9", Destination = "192.0.2.7", MoreFragments = true },
            new IPv4Header { Source = "198.18.0.9", Destination = "192.0.2.7", FragmentOffset = 8 },
        ];
        foreach (var header in others)
        {
            var packet = PacketComposer.Compose(header, new Data { Octets = "12345678"u8.ToArray() });
            Assert.True(IpPacketView.TryParse(packet.Span, out var view, out _));
            Assert.Equal(Encapsulation.IpInIp, TunnelFrame.Choose(Encapsulation.Minimal, view));
            byte[] frame = [.. new byte[TunnelFrame.Overhead(ends, false)], .. packet.Span];
            Assert.Throws<ArgumentException>(() => TunnelFrame.Write(ends, null, 1, frame));
        }
    }

    /// <summary>RFC 3519, 3.3: the next header is that of the tunnel's mode, and reserved octets are ignored.</summary>
    [Theory]
    [InlineData(1, 47, false)]
    [InlineData(1, 55, false)]
    [InlineData(1, 41, false)]
    [InlineData(1, 4, true)]
    [InlineData(3, 9, true)]
    public void A_tunnel_data_message_says_what_follows(int at, byte value, bool isGood)
    {
        var packet = PacketComposer.Compose(
            new IPv4Header { Source = "198.51.100.1", Destination = "203.0.113.7" },
            new UdpHeader { SourcePort = 434, DestinationPort = 434, Checksum = 0 },
            new TunnelData(),
            new IPv4Header { Source = "198.18.0.9", Destination = "192.0.2.7" }).ToArray();
        packet[28 + at] = value;
        Assert.True(IpPacketView.TryParse(packet, out var view, out _));
        Assert.Equal(isGood, TunnelFrame.TryRead(view, out var ends, out _, out _, out var error));
        Assert.Equal((Encapsulation.UdpMobileIPv4, !isGood), (ends.Encapsulation, error.IsError));
    }

    [Fact]
    public void No_quoted_octets_throw()
    {
        foreach (var packet in new[] { Minimal(hasSource: true), Minimal(hasSource: false) })
        {
            for (var length = 0; length <= packet.Length; length++)
            {
                if (IpPacketView.TryParseQuoted(packet.Span[..length], out var view))
                {
                    Assert.True(TunnelFrame.TryReadQuoted(view, out var ends, out _));
                    Assert.Equal("198.51.100.1", ends.Local.Address.ToString());
                }
            }
        }
    }

    private static Octets Minimal(bool hasSource) => PacketComposer.Compose(
        new IPv4Header { Source = "198.51.100.1", Destination = "203.0.113.7", TimeToLive = 9 },
        new MinimalForwardingHeader { OriginalSourceAddress = hasSource ? "198.18.0.9" : (Address?)null, OriginalDestinationAddress = "192.0.2.7" },
        new Data { Octets = "payload"u8.ToArray() });

    /// <summary>Its pseudo-header is that of the packet inside.</summary>
    private static ushort ChecksumOf(Structure[] packet) => UdpHeader.Fields.Checksum.ReadUInt16(PacketComposer.Compose(packet).Span[20..]);

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
