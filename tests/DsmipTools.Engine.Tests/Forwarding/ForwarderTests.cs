using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Tunneling;

namespace DsmipTools.Engine.Tests.Forwarding;

/// <summary>Both ends of a tunnel by themselves: an anchor with two gateways, and the first of the gateways.</summary>
public sealed class ForwarderTests
{
    private const long Link = 5;
    private const uint Uplink = 0x11, Downlink = 0x22;

    private static readonly Prefix Own = "2001:db8:100:1::/64";
    private static readonly Address OwnIPv6 = "2001:db8:100:1::7";
    private static readonly Address OwnIPv4 = "192.0.2.7";
    private static readonly Address Others = "2001:db8:100:2::7";

    public static TheoryData<Encapsulation, bool, bool, int> Ways()
    {
        var ways = new TheoryData<Encapsulation, bool, bool, int>();
        foreach (var encapsulation in Enum.GetValues<Encapsulation>())
        {
            // Minimal encapsulation is for IPv4 alone; IPv6 packets of the tunnel run as IP in IP.
            foreach (var (outer, inner) in new[] { (false, false), (false, true), (true, false), (true, true) }.Where(way => encapsulation != Encapsulation.Minimal || way.Item1))
            {
                var headers = encapsulation switch { Encapsulation.Gre or Encapsulation.Udp => 8, Encapsulation.UdpMobileIPv4 => 12, _ => 0 };
                ways.Add(encapsulation, outer, inner, encapsulation == Encapsulation.Minimal && inner ? 12 : (outer ? 20 : 40) + headers);
            }
        }

        return ways;
    }

    [Theory]
    [MemberData(nameof(Ways))]
    [Trait("Rfc", "5213-6.10.5-06")]
    [Trait("Rfc", "5454-3.3.2-04")]
    [Trait("Rfc", "5844-4.1.4.1-01")]
    [Trait("Rfc", "5844-4.1.4.1-02")]
    [Trait("Rfc", "5844-4.2.2.2-01")]
    [Trait("Rfc", "5844-4.2.2.2-02")]
    [Trait("Rfc", "5845-7.1-01")]
    public void A_packet_goes_there_and_back_in_every_encapsulation(Encapsulation encapsulation, bool outerIPv4, bool innerIPv4, int headers)
    {
        var (anchor, gateway) = Tables(encapsulation, outerIPv4, keys: encapsulation == Encapsulation.Gre);
        var own = innerIPv4 ? OwnIPv4 : OwnIPv6;

        var packet = Datagram.To(own, hopLimit: 9);
        var tunneled = Send(packet, 0, anchor, out var down);
        Assert.Equal((ForwardingAction.Encapsulate, packet.Length + headers), (down.Action, tunneled.Length));
        Assert.Equal(outerIPv4 ? 4 : 6, tunneled[0] >> 4);
        var delivered = Send(tunneled, 0, gateway, out var arrival);
        Assert.Equal((ForwardingAction.Deliver, Link, "mn1@example.com"), (arrival.Action, arrival.Route!.Link, arrival.Route.Node!.ToString()));
        Assert.Equal(Datagram.To(own, hopLimit: 7), delivered);

        var answer = Send(Datagram.From(own), Link, gateway, out _);
        var native = Send(answer, 0, anchor, out var up);
        Assert.Equal(ForwardingAction.Forward, up.Action);
        Assert.Equal(Datagram.From(own)[^40..], native[^40..]);
        Assert.True(IpPacketView.TryParse(native, out _, out var error), error.ToString());
    }

    [Fact]
    public void From_one_mobile_node_to_another_a_packet_turns_round_at_the_anchor()
    {
        var (anchor, gateway) = Tables();
        var up = Send(Datagram.Between(OwnIPv6, Others), Link, gateway, out _);
        var down = Send(up, 0, anchor, out var decision);
        Assert.Equal(ForwardingAction.Encapsulate, decision.Action);
        Assert.Equal("2001:db8:b::2", Read(down).Destination.ToString());
    }

    [Fact]
    public void The_anchor_takes_from_a_tunnel_the_sources_that_its_gateway_has_registered()
    {
        var (anchor, _) = Tables();
        Assert.Equal(ForwardingAction.Forward, Decide(FromTunnel(1, OwnIPv6), anchor).Action);
        foreach (var packet in new[] { FromTunnel(1, Others), FromTunnel(2, OwnIPv6), FromTunnel(1, "2001:db8:666::1"), FromTunnel(1, "10.0.0.1") })
        {
            Assert.Equal(ForwardingDrop.ForeignSource, Decide(packet, anchor).Drop);
        }

        Assert.Equal(ForwardingDrop.ForeignTunnel, Decide(FromTunnel(3, OwnIPv6), anchor).Drop);
        Assert.Equal(ForwardingDrop.LinkScope, Decide(FromTunnel(1, "fe80::1"), anchor).Drop);
        // Somebody outside with a mobile node's address.
        Assert.Equal(ForwardingDrop.ForeignSource, Decide(Datagram.Between(Others, OwnIPv6), anchor).Drop);
    }

    [Fact]
    [Trait("Rfc", "5213-6.10.5-03")]
    [Trait("Rfc", "5213-6.10.5-05")]
    public void The_gateway_takes_from_the_access_link_the_sources_of_the_mobile_node_there_and_no_link_local_one()
    {
        var (_, gateway) = Tables();
        Assert.Equal(ForwardingAction.Encapsulate, Decide(Datagram.From(OwnIPv4), gateway, Link).Action);
        Assert.Equal(ForwardingDrop.ForeignSource, Decide(Datagram.From(OwnIPv6), gateway, Link + 1).Drop);
        Assert.Equal(ForwardingDrop.ForeignSource, Decide(Datagram.From(Others), gateway, Link).Drop);
        Assert.Equal(ForwardingDrop.LinkScope, Decide(Datagram.From("fe80::7"), gateway, Link).Drop);
        Assert.Equal(ForwardingDrop.LinkScope, Decide(Datagram.From("::"), gateway, Link).Drop);
        // What ends on the link is the agent's: a router solicitation, a DHCP request.
        Assert.Equal(ForwardingAction.ToAgent, Decide(Datagram.Between("fe80::7", "ff02::2"), gateway, Link).Action);
        Assert.Equal(ForwardingAction.ToAgent, Decide(Datagram.Between("0.0.0.0", "255.255.255.255"), gateway, Link).Action);
    }

    [Fact]
    public void The_gateway_takes_from_the_anchor_what_goes_to_an_attached_mobile_node_and_from_nobody_else_anything()
    {
        var (_, gateway) = Tables();
        Assert.Equal(ForwardingDrop.NotAttached, Decide(Tunneled(Datagram.To(Others), "2001:db8:a::1", "2001:db8:b::1"), gateway).Drop);
        Assert.Equal(ForwardingDrop.ForeignTunnel, Decide(Tunneled(Datagram.To(OwnIPv6), "2001:db8:a::2", "2001:db8:b::1"), gateway).Drop);
        Assert.Equal(ForwardingDrop.NotThroughTunnel, Decide(Datagram.To(OwnIPv6), gateway).Drop);
        Assert.Equal(ForwardingDrop.NoRoute, Decide(Datagram.To(Others), gateway).Drop);
    }

    [Fact]
    [Trait("Rfc", "5845-4.2-07")]
    [Trait("Rfc", "5845-5.2-03")]
    [Trait("Rfc", "5845-5.2-07")]
    public void A_key_is_the_one_of_the_mobile_node_or_the_packet_is_dropped()
    {
        var (anchor, gateway) = Tables(Encapsulation.Gre, keys: true);
        var (plainAnchor, plainGateway) = Tables(Encapsulation.Gre);
        Assert.Equal(ForwardingDrop.WrongKey, Decide(Send(Datagram.To(OwnIPv6), 0, plainAnchor, out _), gateway).Drop);
        Assert.Equal(ForwardingDrop.WrongKey, Decide(Send(Datagram.To(OwnIPv6), 0, anchor, out _), plainGateway).Drop);
        Assert.Equal(ForwardingDrop.WrongKey, Decide(Send(Datagram.From(OwnIPv6), Link, plainGateway, out _), anchor).Drop);
        Assert.Equal(ForwardingAction.Forward, Decide(Send(Datagram.From(OwnIPv6), Link, gateway, out _), anchor).Action);
    }

    [Fact]
    public void Hop_limit_length_and_loops_are_causes_of_their_own()
    {
        var (anchor, gateway) = Tables();
        Assert.Equal(ForwardingDrop.HopLimitExceeded, Decide(Datagram.To(OwnIPv6, hopLimit: 1), anchor).Drop);
        Assert.Equal(ForwardingDrop.HopLimitExceeded, Decide(Send(Datagram.To(OwnIPv4, hopLimit: 2), 0, anchor, out _), gateway).Drop);

        var tunnel = anchor.Routes[0].Tunnel;
        Assert.Equal(1500 - 40, tunnel.Mtu);
        var headers = 40 + 8;
        Assert.Equal(ForwardingAction.Encapsulate, Decide(Datagram.To(OwnIPv6, payload: tunnel.Mtu - headers), anchor).Action);
        Assert.Equal(ForwardingDrop.TooBig, Decide(Datagram.To(OwnIPv6, payload: tunnel.Mtu - headers + 1), anchor).Drop);

        anchor.Add(new Route(Destination.Of((Prefix)"2001:db8:b::/48"), tunnel));
        Assert.Equal(ForwardingDrop.TunnelLoop, Decide(Datagram.To(tunnel.Remote), anchor).Drop);
        Assert.Equal(ForwardingAction.Encapsulate, Decide(Datagram.To("2001:db8:b::99"), anchor).Action);
    }

    [Fact]
    public void Messages_are_the_agents_and_broken_packets_nobodys()
    {
        var (anchor, _) = Tables();
        Assert.Equal(ForwardingAction.ToAgent, Decide(Datagram.To("2001:db8:a::1"), anchor).Action);
        Assert.Equal(ForwardingDrop.Malformed, Decide([], anchor).Drop);
        Assert.Equal(ForwardingDrop.Malformed, Decide([0x60, 0, 0, 0], anchor).Drop);
        Assert.Equal(ForwardingDrop.Malformed, Decide(FromTunnel(1, OwnIPv6).AsSpan(0, 60), anchor).Drop);
        var truncated = FromTunnel(1, OwnIPv6);
        truncated[40] = 0x45;
        Assert.Equal(ForwardingDrop.Malformed, Decide(truncated, anchor).Drop);
        Assert.Equal(ForwardingDrop.NoRoute, Decide(Datagram.To("2001:db8:100:99::1"), anchor).Drop);
    }

    /// <summary>RFC 5213, 5.6.3: CE reaches a packet that can say so, and nothing else changes it. Without ECN there is nothing to say it with (RFC 6040, 4.2).</summary>
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0, 1, 0)]
    [InlineData(0, 2, 0)]
    [InlineData(0, 3, -1)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 2, 1)]
    [InlineData(1, 3, 3)]
    [InlineData(2, 0, 2)]
    [InlineData(2, 1, 2)]
    [InlineData(2, 3, 3)]
    [InlineData(3, 0, 3)]
    [InlineData(3, 2, 3)]
    [InlineData(3, 3, 3)]
    [Trait("Rfc", "5213-5.6.3-01")]
    [Trait("Rfc", "5213-5.6.3-03")]
    [Trait("Rfc", "5213-5.6.3-02")]
    public void Congestion_on_the_way_is_told_to_the_packet(byte inner, byte outer, int expected)
    {
        foreach (var own in new[] { OwnIPv6, OwnIPv4 })
        {
            var (anchor, gateway) = Tables();
            var tunneled = Send(Datagram.To(own, trafficClass: (byte)((46 << 2) | inner)), 0, anchor, out _);
            Assert.Equal((46 << 2) | inner, Read(tunneled).TrafficClass);
            IpPacketView.WriteCongestionNotification(tunneled, outer);
            var decision = Decide(tunneled, gateway);
            Assert.Equal(expected < 0 ? ForwardingDrop.Congestion : ForwardingDrop.None, decision.Drop);
            Assert.Equal(expected < 0 ? -1 : (46 << 2) | expected, expected < 0 ? -1 : Read(Send(tunneled, 0, gateway, out _)).TrafficClass);
        }
    }

    [Theory]
    [InlineData(Encapsulation.IpInIp)]
    [InlineData(Encapsulation.Gre)]
    [InlineData(Encapsulation.Udp)]
    [InlineData(Encapsulation.UdpMobileIPv4)]
    [InlineData(Encapsulation.Minimal)]
    public void No_octets_throw_or_pass_by_chance(Encapsulation encapsulation)
    {
        var outerIPv4 = encapsulation is not (Encapsulation.IpInIp or Encapsulation.Gre);
        var (anchor, gateway) = Tables(encapsulation, outerIPv4, keys: encapsulation == Encapsulation.Gre);
        var random = new SeededRandom(4);
        var good = Send(Datagram.To(encapsulation == Encapsulation.Minimal ? OwnIPv4 : OwnIPv6), 0, anchor, out _);
        for (var length = 0; length <= good.Length; length++)
        {
            Assert.Equal(length == good.Length, Decide(good.AsSpan(0, length), gateway).Action == ForwardingAction.Deliver);
        }

        var output = new byte[4096];
        for (var round = 0; round < 50_000; round++)
        {
            var packet = good.ToArray();
            for (var change = 0; change < 3; change++)
            {
                packet[random.NextUInt64() % (ulong)packet.Length] = (byte)random.NextUInt64();
            }

            foreach (var (table, link) in new[] { (anchor, 0L), (gateway, 0L), (gateway, Link) })
            {
                var decision = Forwarder.Decide(packet, link, table);
                var written = decision.Action == ForwardingAction.Drop ? 0 : Forwarder.Write(packet, decision, 1, output);
                Assert.InRange(written, 0, packet.Length + 60);
            }
        }
    }

    [Fact]
    public void Nothing_is_allocated_for_a_packet()
    {
        var (anchor, gateway) = Tables(Encapsulation.Gre, keys: true);
        var packet = Datagram.To(OwnIPv6);
        var tunneled = Send(packet, 0, anchor, out _);
        var output = new byte[2048];
        var counters = new ForwardingCounters();
        Run(2000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(1000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal((3000L, 3000L, 6000L), (counters[ForwardingAction.Encapsulate], counters[ForwardingAction.Deliver], counters[ForwardingDrop.None]));

        void Run(int count)
        {
            for (; count > 0; count--)
            {
                var down = Forwarder.Decide(packet, 0, anchor);
                counters.Count(down);
                Forwarder.Write(packet, down, 1, output);
                var arrival = Forwarder.Decide(tunneled, 0, gateway);
                counters.Count(arrival);
                Forwarder.Write(tunneled, arrival, 1, output);
            }
        }
    }

    private static (ForwardingTable Anchor, ForwardingTable Gateway) Tables(
        Encapsulation encapsulation = Encapsulation.IpInIp, bool outerIPv4 = false, bool keys = false)
    {
        Address home = outerIPv4 ? "198.51.100.1" : "2001:db8:a::1";
        Address first = outerIPv4 ? "203.0.113.1" : "2001:db8:b::1", second = outerIPv4 ? "203.0.113.2" : "2001:db8:b::2";
        var port = encapsulation is Encapsulation.Udp or Encapsulation.UdpMobileIPv4 ? DsmipTools.Wire.Envelope.ProxyMobileIPv6DataPort : (ushort)0;
        Tunnel Between(long id, Address local, Address remote, TunnelEnd end) =>
            new(id, local, remote) { Encapsulation = encapsulation, LocalPort = port, RemotePort = port, End = end };

        var (anchor, gateway) = (new ForwardingTable(home), new ForwardingTable(first));
        var (toFirst, toSecond, toHome) = (Between(1, home, first, TunnelEnd.Home), Between(2, home, second, TunnelEnd.Home), Between(1, first, home, TunnelEnd.Access));
        uint? send = keys ? Downlink : null, receive = keys ? Uplink : null;
        anchor.Add(toFirst);
        anchor.Add(toSecond);
        gateway.Add(toHome);
        foreach (var destination in new[] { Destination.Of(Own), Destination.Of(OwnIPv4) })
        {
            anchor.Add(new Route(destination, toFirst) { SendKey = send, ReceiveKey = receive });
            gateway.Add(new Route(destination, toHome)
            {
                SendKey = receive, ReceiveKey = send, Link = Link, Node = NetworkAccessIdentifier.Parse("mn1@example.com"),
            });
        }

        anchor.Add(new Route(Destination.Of((Prefix)"2001:db8:100:2::/64"), toSecond));
        return (anchor, gateway);
    }

    private static byte[] FromTunnel(int gateway, Address source) =>
        Tunneled(Datagram.From(source), Address.Parse($"2001:db8:b::{gateway}"), "2001:db8:a::1");

    private static byte[] Tunneled(byte[] packet, Address from, Address to)
    {
        byte[] frame = [.. new byte[40], .. packet];
        TunnelFrame.Write(new TunnelEnds(Encapsulation.IpInIp, from, to), null, 1, frame);
        return frame;
    }

    private static ForwardingDecision Decide(ReadOnlySpan<byte> packet, ForwardingTable table, long link = 0) => Forwarder.Decide(packet, link, table);

    private static byte[] Send(byte[] packet, long link, ForwardingTable table, out ForwardingDecision decision)
    {
        decision = Forwarder.Decide(packet, link, table);
        Assert.Equal(ForwardingDrop.None, decision.Drop);
        var written = new byte[Forwarder.LengthOf(decision)];
        Assert.Equal(written.Length, Forwarder.Write(packet, decision, 7, written));
        return written;
    }

    private static IpPacketView Read(byte[] packet)
    {
        Assert.True(IpPacketView.TryParse(packet, out var view, out var error), error.ToString());
        return view;
    }
}
