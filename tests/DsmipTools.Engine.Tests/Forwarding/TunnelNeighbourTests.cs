using DsmipTools.Engine.AccessLinks;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Wire;
using DsmipTools.Wire.Icmp.IcmpV6;
using DsmipTools.Wire.Icmp.NeighborDiscovery;
using DsmipTools.Wire.Icmp.NeighborDiscovery.Options;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Tunneling;

namespace DsmipTools.Engine.Tests.Forwarding;

/// <summary>A tunnel as an IPv6 link: addresses, answers, and whether the other end is there, in virtual time.</summary>
public sealed class TunnelNeighbourTests
{
    private static readonly Address Near = "fe80::c000:201";
    private static readonly Address Far = "fe80::c000:202";
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly TunnelNeighbour neighbour = new("192.0.2.1", "192.0.2.2");
    private TimeSpan now = TimeSpan.FromSeconds(100);
    private long sent;

    [Theory]
    [InlineData("192.0.2.1", "203.0.113.7", "fe80::c000:201", "fe80::cb00:7107")]
    [InlineData("2001:db8::1", "2001:db8::2", "fe80::1", "fe80::2")]
    [InlineData("2001:db8:a::1", "2001:db8:b::1", "fe80::2001:db8:a:0", "fe80::2001:db8:b:0")]
    [Trait("Rfc", "4213-3.7-01")]
    [Trait("Rfc", "4213-3.7-02")]
    public void Link_local_addresses_are_made_of_the_ends(string local, string remote, string ours, string theirs)
    {
        var link = new TunnelNeighbour(local, remote);
        Assert.Equal((ours, theirs), (link.LocalAddress.ToString(), link.RemoteAddress.ToString()));
        var back = new TunnelNeighbour(remote, local);
        Assert.Equal((link.RemoteAddress, link.LocalAddress), (back.LocalAddress, back.RemoteAddress));
    }

    [Fact]
    [Trait("Rfc", "4213-3.8-01")]
    [Trait("Rfc", "4213-3.8-03")]
    public void A_probe_is_answered()
    {
        var expected = Packet(Near, Far, new NeighborAdvertisement { Router = true, Solicited = true, Override = true, TargetAddress = Near });
        Assert.Equal((ForwardingDrop.None, expected), Receive(Solicitation()));
        // While addresses are tried (RFC 4862, 5.4), and from an address that is behind the tunnel.
        var toAll = Packet(Near, "ff02::1", new NeighborAdvertisement { Router = true, Override = true, TargetAddress = Near });
        Assert.Equal((ForwardingDrop.None, toAll), Receive(Solicitation(source: "::", destination: "ff02::1:ff00:201")));
        Assert.Equal(ForwardingDrop.None, Receive(Solicitation(source: "2001:db8:7::1")).Drop);
        Assert.Equal(Far, neighbour.RemoteAddress);
    }

    [Fact]
    [Trait("Rfc", "4213-3.8-04")]
    public void Link_layer_addresses_are_ignored()
    {
        var expected = Receive(Solicitation());
        Assert.Equal(expected, Receive(Solicitation(options: new SourceLinkLayerAddressOption { LinkLayerAddress = Octets.FromHex("020000000001") })));
        Probe();
        Assert.Equal(ForwardingDrop.None, Receive(Advertisement(options: new TargetLinkLayerAddressOption { LinkLayerAddress = Octets.FromHex("020000000001") })).Drop);
        Assert.Equal((NeighbourState.Reachable, Far), (neighbour.State, neighbour.RemoteAddress));
    }

    [Theory]
    [InlineData("fe80::c000:201")]
    [InlineData("ff02::1")]
    public void An_echo_is_answered(string destination)
    {
        var data = Octets.FromHex("0102030405");
        var request = Packet(Far, destination, new IcmpV6EchoRequest { Identifier = 7, SequenceNumber = 9, Data = data }, 64);
        var reply = Packet(Near, Far, new IcmpV6EchoReply { Identifier = 7, SequenceNumber = 9, Data = data }, 64);
        Assert.Equal((ForwardingDrop.None, reply), Receive(request));
    }

    [Fact]
    public void What_is_wrong_or_for_somebody_else_is_dropped()
    {
        Probe();
        Assert.All(
            [
                Solicitation(hopLimit: 254), Advertisement(hopLimit: 254), Solicitation(target: "ff02::1"), Solicitation(code: 1), Advertisement(destination: "ff02::1"),
                Changed(Solicitation(), 42, 1), Changed(Advertisement(), 50, 1), Solicitation()[..60], Solicitation(source: "ff02::9"),
                Packet(Far, Near, new IcmpV6EchoRequest { Code = 1 }).ToArray(), Changed(Packet(Far, Near, new IcmpV6EchoRequest()).ToArray(), 42, 1),
                Changed(Packet(Far, Near, new IcmpV6EchoRequest()).ToArray()[..47], 5, 8 ^ 7),
            ],
            packet => Assert.Equal((ForwardingDrop.Malformed, default), Receive(packet)));
        Assert.All(
            [
                Solicitation(target: Far), Solicitation(target: "fe80::9"), Solicitation(source: Near), Advertisement(isSolicited: false), Advertisement(target: "fe80::9"),
                Packet(Far, "fe80::9", new IcmpV6EchoRequest()).ToArray(), Packet("::", Near, new IcmpV6EchoRequest()).ToArray(), Packet(Far, Near, new IcmpV6EchoReply()).ToArray(),
                Packet(Far, Near, new RouterSolicitation()).ToArray(), Datagram.Between(Far, Near),
            ],
            packet => Assert.Equal((ForwardingDrop.LinkScope, default), Receive(packet)));
        Assert.Equal(NeighbourState.Probing, neighbour.State);
    }

    [Fact]
    [Trait("Rfc", "4213-3.8-02")]
    [Trait("Rfc", "4213-3.8-03")]
    public void Packets_that_go_out_have_the_other_end_probed()
    {
        Assert.True(neighbour.Rests);
        Probe();
        Assert.Equal(Packet(Near, Far, new NeighborSolicitation { TargetAddress = Far }), neighbour.Probe());
        Receive(Advertisement());
        Assert.Equal((NeighbourState.Reachable, now + TunnelNeighbour.DefaultReachableTime), (neighbour.State, neighbour.Deadline));

        // As long as packets go out, once in ReachableTime.
        sent++;
        now = neighbour.Deadline;
        Assert.True(Attend());
        Assert.Equal(NeighbourState.Probing, neighbour.State);
        Receive(Advertisement());

        // Without, nothing is waited for.
        now = neighbour.Deadline;
        Assert.False(Attend());
        Assert.Equal((NeighbourState.Unknown, true), (neighbour.State, neighbour.Rests));
    }

    [Fact]
    [Trait("Rfc", "4213-3.8-02")]
    public void Three_probes_without_an_answer_show_that_it_is_gone()
    {
        Probe();
        for (var probe = 2; probe <= TunnelNeighbour.MaximumProbes; probe++)
        {
            Assert.Equal(now + Second, neighbour.Deadline);
            now = neighbour.Deadline;
            Assert.True(Attend());
        }

        now = neighbour.Deadline;
        Assert.False(Attend());
        Assert.Equal((NeighbourState.Unreachable, now + TunnelNeighbour.DefaultReachableTime), (neighbour.State, neighbour.Deadline));

        // One probe in ReachableTime with packets, and none without.
        sent++;
        now = neighbour.Deadline;
        Assert.True(Attend());
        now = neighbour.Deadline;
        Assert.False(Attend());
        Assert.Equal((NeighbourState.Unreachable, true), (neighbour.State, neighbour.Rests));

        // A late answer counts.
        Receive(Advertisement());
        Assert.Equal((NeighbourState.Reachable, false), (neighbour.State, neighbour.Rests));
    }

    [Fact]
    public void One_that_comes_back_and_probes_is_probed_at_once()
    {
        Probe();
        while (neighbour.State != NeighbourState.Unreachable)
        {
            now = neighbour.Deadline;
            Attend();
        }

        Receive(Solicitation());
        Assert.Equal((NeighbourState.Probing, now), (neighbour.State, neighbour.Deadline));
        Assert.True(Attend());
        Assert.Equal(now + Second, neighbour.Deadline);
    }

    [Fact]
    public void It_is_known_by_the_address_that_it_probes_from()
    {
        Receive(Solicitation(source: "fe80::9"));
        Assert.Equal("fe80::9", neighbour.RemoteAddress);
        Assert.Equal(Packet(Near, "fe80::9", new NeighborSolicitation { TargetAddress = "fe80::9" }), neighbour.Probe());
    }

    [Fact]
    public void An_answer_to_nothing_confirms_nothing()
    {
        Receive(Advertisement());
        Assert.Equal((NeighbourState.Unknown, true), (neighbour.State, neighbour.Rests));
    }

    [Fact]
    public void Where_packets_leave_unseen_it_looks_all_the_same()
    {
        neighbour.Wake(now);
        Assert.False(neighbour.Attend(now, 0, rests: false));
        Assert.Equal(now + TunnelNeighbour.DefaultReachableTime, neighbour.Deadline);
        Assert.True(neighbour.Attend(neighbour.Deadline, 1, rests: false));
        Assert.Equal(NeighbourState.Probing, neighbour.State);
    }

    [Fact]
    public void The_forwarder_tells_links_apart_and_checks_who_speaks()
    {
        var table = new ForwardingTable();
        Tunnel first = Add(1, Encapsulation.IpInIp, null, "2001:db8:1::/48"), second = Add(2, Encapsulation.Gre, 7, "2001:db8:2::/48");
        Assert.Equal(first.Neighbour!.RemoteAddress, second.Neighbour!.RemoteAddress);
        foreach (var (tunnel, key) in new[] { (first, (uint?)null), (second, 7u) })
        {
            foreach (var (source, destination) in new (Address, Address)[] { (Far, Near), (Far, "ff02::1"), ("::", "ff02::1:ff00:201"), (Far, "2001:db8::9"), ($"2001:db8:{tunnel.Id}::1", Near) })
            {
                var packet = Datagram.Between(source, destination);
                var decision = Forwarder.FromNetwork(Tunneled(packet, tunnel, key), table);
                Assert.Equal((ForwardingAction.ToLink, tunnel.Id, packet.Length), (decision.Action, decision.From!.Id, decision.Length));
            }

            Assert.Equal(ForwardingDrop.ForeignSource, Forwarder.FromNetwork(Tunneled(Datagram.Between("2001:db8:9::1", Near), tunnel, key), table).Drop);
            Assert.Equal(ForwardingDrop.LinkScope, Forwarder.FromNetwork(Tunneled(Datagram.Between($"2001:db8:{tunnel.Id}::1", "ff0e::1"), tunnel, key), table).Drop);
            Assert.Equal(ForwardingDrop.LinkScope, Forwarder.FromNetwork(Tunneled(Datagram.Between("ff02::1", Near), tunnel, key), table).Drop);
        }

        Assert.Equal(ForwardingDrop.WrongKey, Forwarder.FromNetwork(Tunneled(Datagram.Between(Far, Near), second, 8), table).Drop);
        Assert.Equal(ForwardingDrop.WrongKey, Forwarder.FromNetwork(Tunneled(Datagram.Between(Far, Near), second, null), table).Drop);
        Assert.Equal(ForwardingDrop.ForeignTunnel, Forwarder.FromNetwork(Tunneled(Datagram.Between(Far, Near), first with { Remote = "192.0.2.9" }, null), table).Drop);

        Tunnel Add(long id, Encapsulation encapsulation, uint? key, Destination behind)
        {
            var tunnel = new Tunnel(id, "192.0.2.1", "192.0.2.2")
            {
                End = TunnelEnd.Router, Encapsulation = encapsulation, Neighbour = new TunnelNeighbour("192.0.2.1", "192.0.2.2") { Key = key },
            };
            table.Add(tunnel);
            table.Add(new Route(behind, tunnel) { SendKey = key, ReceiveKey = key });
            return tunnel;
        }
    }

    private static byte[] Tunneled(byte[] packet, Tunnel tunnel, uint? key)
    {
        var ends = new TunnelEnds(tunnel.Encapsulation, tunnel.Ends.Remote, tunnel.Ends.Local);
        var frame = new byte[TunnelFrame.Overhead(ends, key is not null) + packet.Length];
        packet.CopyTo(frame, frame.Length - packet.Length);
        TunnelFrame.Write(ends, key, 1, frame);
        return frame;
    }

    /// <summary>A packet goes out, and with it the first probe.</summary>
    private void Probe()
    {
        sent++;
        neighbour.Wake(now);
        Assert.True(Attend());
        Assert.Equal(NeighbourState.Probing, neighbour.State);
    }

    private bool Attend() => neighbour.Attend(now, sent, rests: true);

    private (ForwardingDrop Drop, Octets Answer) Receive(ReadOnlySpan<byte> packet) => (neighbour.Receive(packet, now, out var answer), answer);

    private (ForwardingDrop Drop, Octets Answer) Receive(Octets packet) => Receive(packet.Span);

    private static Octets Packet(Address source, Address destination, IcmpV6Message message, byte? hopLimit = null) => PacketComposer.Compose(
        new IPv6Header { Source = source, Destination = destination, HopLimit = hopLimit ?? (message is IcmpV6EchoRequest or IcmpV6EchoReply ? (byte)64 : RouterMessages.HopLimit) }, message);

    private static byte[] Solicitation(
        Address? source = null, Address? destination = null, Address? target = null, byte hopLimit = 255, byte code = 0, NeighborDiscoveryOption? options = null) =>
        Packet(source ?? Far, destination ?? Near, new NeighborSolicitation { Code = code, TargetAddress = target ?? Near, Options = options is null ? [] : [options] }, hopLimit).ToArray();

    private static byte[] Advertisement(
        Address? destination = null, Address? target = null, byte hopLimit = 255, bool isSolicited = true, NeighborDiscoveryOption? options = null) =>
        Packet(Far, destination ?? Near, new NeighborAdvertisement { Solicited = isSolicited, TargetAddress = target ?? Far, Options = options is null ? [] : [options] }, hopLimit).ToArray();

    private static byte[] Changed(byte[] packet, int at, byte value)
    {
        packet[at] ^= value;
        return packet;
    }
}
