using DsmipTools.Engine.Forwarding;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Tunneling;

namespace DsmipTools.Engine.Tests.Forwarding;

/// <summary>A tunnel that is configured by hand: both ends are hosts or routers, which know what is behind the other end.</summary>
public sealed class RouterTunnelTests
{
    private static readonly Address Near = "2001:db8:a::1";
    private static readonly Address Far = "2001:db8:b::1";
    private static readonly Address Elsewhere = "2001:db8:c::1";

    [Fact]
    [Trait("Rfc", "4213-3.3-01")]
    [Trait("Rfc", "4213-3.1-01")]
    [Trait("Rfc", "4213-3-01")]
    public void The_hosts_take_the_hops_and_the_tunnel_none()
    {
        var packet = Datagram.Between(Near, Far, hopLimit: 1);
        var tunneled = Write(packet, Forwarder.FromHost(packet, NearTable()));
        var decision = Forwarder.FromNetwork(tunneled, FarTable());
        Assert.Equal(ForwardingAction.ToHost, decision.Action);
        Assert.Equal(packet, Write(tunneled, decision));
    }

    /// <summary>RFC 4213, 3.5; the whole packet.</summary>
    [Fact]
    [Trait("Rfc", "4213-3.5-01")]
    [Trait("Rfc", "4213-3.3-02")]
    public void The_outer_header()
    {
        var tunnel = new Tunnel(1, "192.0.2.1", "192.0.2.2") { End = TunnelEnd.Router, HopLimit = 5 };
        var table = new ForwardingTable();
        table.Add(tunnel);
        table.Add(new Route("2001:db8:b::/48", tunnel));
        var packet = Datagram.Between(Near, Far);
        var header = new IPv4Header { Source = "192.0.2.1", Destination = "192.0.2.2", TimeToLive = 5, Identification = 1 };
        var written = PacketComposer.Compose(
            header, new IPv6Header { Source = Near, Destination = Far }, new UdpHeader { SourcePort = 40000, DestinationPort = 7 }, new Data { Octets = new byte[32] });
        Assert.Equal(written, Octets.Create(Write(packet, Forwarder.FromHost(packet, table))));
    }

    /// <summary>RFC 4213, 3.6: whatever the prefixes of the tunnel are.</summary>
    [Theory]
    [InlineData("ff02::1")]
    [InlineData("::1")]
    [InlineData("::192.0.2.1")]
    [InlineData("::ffff:192.0.2.1")]
    [InlineData("::")]
    [Trait("Rfc", "4213-3.6-07")]
    public void What_is_no_source_does_not_come_out(string source)
    {
        var table = Table("192.0.2.2", "192.0.2.1", "::/0");
        Assert.Equal(ForwardingAction.ToHost, Forwarder.FromNetwork(Tunneled(Near, Far), table).Action);
        Assert.Equal(ForwardingDrop.LinkScope, Forwarder.FromNetwork(Tunneled(source, Far), table).Drop);
    }

    [Fact]
    [Trait("Rfc", "4213-3.6-06")]
    public void Octets_behind_the_packet_inside_are_padding()
    {
        var padded = PacketComposer.Compose(
            new IPv4Header { Source = "192.0.2.1", Destination = "192.0.2.2", Protocol = IpProtocol.IPv6 },
            new Data { Octets = Octets.Create([.. Datagram.Between(Near, Far), 1, 2, 3]) }).ToArray();
        var decision = Forwarder.FromNetwork(padded, FarTable());
        Assert.Equal(Datagram.Between(Near, Far), Write(padded, decision));
    }

    [Fact]
    [Trait("Rfc", "4213-3.6-08")]
    public void Sources_have_to_lie_under_the_prefixes_of_the_tunnel()
    {
        var spoofed = Tunneled(Elsewhere, Far);
        Assert.Equal(ForwardingDrop.ForeignSource, Forwarder.FromNetwork(spoofed, FarTable()).Drop);
        Assert.Equal(ForwardingDrop.LinkScope, Forwarder.FromNetwork(Tunneled("fe80::1", Far), FarTable()).Drop);
        Assert.Equal(ForwardingDrop.LinkScope, Forwarder.FromNetwork(Tunneled(Near, "ff02::1"), FarTable()).Drop);
    }

    [Fact]
    [Trait("Rfc", "4213-3-02")]
    [Trait("Rfc", "4213-3.6-01")]
    public void Only_packets_of_tunnels_that_stand_come_from_the_network()
    {
        var table = FarTable();
        Assert.Equal(ForwardingDrop.ForeignTunnel, Forwarder.FromNetwork(Tunneled(Near, Far, from: "192.0.2.99"), table).Drop);
        Assert.Equal(ForwardingDrop.ForeignTunnel, Forwarder.FromNetwork(Datagram.Between(Near, Far), table).Drop);
        Assert.Equal(ForwardingDrop.Malformed, Forwarder.FromNetwork([0x45, 0], table).Drop);
        // To another address of the host: a route to it is none for a packet from outside.
        Assert.Equal(ForwardingDrop.ForeignTunnel, Forwarder.FromNetwork(Datagram.Between(Elsewhere, Near), table).Drop);
    }

    [Fact]
    public void What_the_host_routes_between_its_tunnels_goes_on()
    {
        var table = NearTable();
        var second = new Tunnel(2, "192.0.2.1", "192.0.2.3") { End = TunnelEnd.Router };
        table.Add(second);
        table.Add(new Route("2001:db8:c::/48", second));
        Assert.Equal(second, Forwarder.FromHost(Datagram.Between(Far, Elsewhere), table).Route!.Tunnel);
    }

    [Fact]
    public void A_drop_says_into_which_tunnel_the_packet_would_have_gone()
    {
        var table = NearTable();
        var tooBig = Forwarder.FromHost(Datagram.Between(Near, Far, payload: 1300), table);
        Assert.Equal((ForwardingDrop.TooBig, 1), (tooBig.Drop, tooBig.Route!.Tunnel.Id));
        Assert.Equal(ForwardingDrop.NoRoute, Forwarder.FromHost(Datagram.Between(Near, Elsewhere), table).Drop);

        var over = new Tunnel(3, "192.0.2.1", "192.0.2.4") { End = TunnelEnd.Router };
        table.Add(over);
        table.Add(new Route("192.0.2.0/24", over));
        Assert.Equal(ForwardingDrop.TunnelLoop, Forwarder.FromHost(Datagram.Between("192.0.2.1", "192.0.2.4"), table).Drop);
    }

    private static byte[] Tunneled(Address source, Address destination, Address? from = null)
    {
        var packet = Datagram.Between(source, destination);
        var ends = new TunnelEnds(Encapsulation.IpInIp, from ?? "192.0.2.1", "192.0.2.2");
        var frame = new byte[TunnelFrame.Overhead(ends, false) + packet.Length];
        packet.CopyTo(frame, frame.Length - packet.Length);
        TunnelFrame.Write(ends, null, 1, frame);
        return frame;
    }

    private static byte[] Write(byte[] packet, ForwardingDecision decision)
    {
        var written = new byte[Forwarder.LengthOf(decision)];
        Forwarder.Write(packet, decision, 1, written);
        return written;
    }

    private static ForwardingTable NearTable() => Table("192.0.2.1", "192.0.2.2", "2001:db8:b::/48");

    private static ForwardingTable FarTable() => Table("192.0.2.2", "192.0.2.1", "2001:db8:a::/48");

    private static ForwardingTable Table(Address local, Address remote, Destination behind)
    {
        var table = new ForwardingTable();
        var tunnel = new Tunnel(1, local, remote) { End = TunnelEnd.Router, Mtu = 1280 };
        table.Add(tunnel);
        table.Add(new Route(behind, tunnel));
        return table;
    }
}
