using DsmipTools.Engine.Forwarding;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.Tests.Forwarding;

/// <summary>An anchor and a gateway whose hosts forward in front of tunnels and behind them: the same checks, and the hops are the hosts'.</summary>
public sealed class HostForwardingTests
{
    private const string Node = "2001:db8:100:1::7", Neighbour = "2001:db8:100:2::7", Remote = "2001:db8:100:3::7";

    private readonly ForwardingTable anchor = new();
    private readonly ForwardingTable gateway = new();

    public HostForwardingTests()
    {
        var home = new Tunnel(1, "2001:db8::1", "2001:db8::2") { End = TunnelEnd.Home };
        var other = new Tunnel(2, "2001:db8::1", "2001:db8::3") { End = TunnelEnd.Home };
        var access = new Tunnel(1, "2001:db8::2", "2001:db8::1") { End = TunnelEnd.Access };
        anchor.Add(home);
        anchor.Add(other);
        anchor.Add(new Route("2001:db8:100:1::/64", home));
        anchor.Add(new Route("2001:db8:100:3::/64", other));
        gateway.Add(access);
        gateway.Add(new Route("2001:db8:100:1::/64", access) { Link = 5, RoutesLocally = true });
        gateway.Add(new Route("2001:db8:100:2::/64", access) { Link = 6, RoutesLocally = true });
    }

    [Fact]
    public void The_hosts_take_the_hops_and_the_tunnel_none()
    {
        var packet = Datagram.To(Node, hopLimit: 1);
        var tunneled = Write(packet, Forwarder.FromHost(packet, anchor));
        var arrived = Forwarder.FromNetwork(tunneled, gateway);
        Assert.Equal((ForwardingAction.ToHost, Node), (arrived.Action, arrived.Route!.Destination.Contains(Node) ? Node : ""));
        Assert.Equal(packet, Write(tunneled, arrived));

        var answer = Datagram.From(Node);
        var back = Write(answer, Forwarder.FromHost(answer, gateway));
        var left = Forwarder.FromNetwork(back, anchor);
        Assert.Equal(ForwardingAction.ToHost, left.Action);
        Assert.Equal(answer, Write(back, left));
    }

    [Fact]
    public void From_one_tunnel_into_another_the_anchor_takes_a_hop()
    {
        var packet = Datagram.Between(Node, Remote);
        var tunneled = Write(packet, Forwarder.FromHost(packet, gateway));
        var decision = Forwarder.FromNetwork(tunneled, anchor);
        Assert.Equal((ForwardingAction.Encapsulate, "2001:db8::3"), (decision.Action, decision.Route!.Tunnel.Remote.ToString()));
        Assert.Equal(Datagram.Between(Node, Remote, hopLimit: 63), Write(tunneled, decision)[40..]);
    }

    [Fact]
    [Trait("Rfc", "5213-6.10.5-04")]
    public void Between_two_mobile_nodes_of_a_gateway_a_packet_goes_back_to_the_host_where_both_may()
    {
        var packet = Datagram.Between(Node, Neighbour);
        var decision = Forwarder.FromHost(packet, gateway);
        Assert.Equal((ForwardingAction.ToHost, 6L), (decision.Action, decision.Route!.Link));
        Assert.Equal(packet, Write(packet, decision));
    }

    [Theory]
    [InlineData("2001:db8:100:9::1", "2001:db8:ffff::9", ForwardingDrop.NoRoute)]
    [InlineData("2001:db8:ffff::9", Node, ForwardingDrop.NotThroughTunnel)]
    [InlineData(Node, "ff0e::1", ForwardingDrop.LinkScope)]
    [InlineData("fe80::7", "2001:db8:ffff::9", ForwardingDrop.NoRoute)]
    [InlineData("2001:db8::2", "2001:db8::1", ForwardingDrop.NoRoute)]
    [Trait("Rfc", "5213-6.10.5-01")]
    public void A_gateway_takes_from_its_host_what_mobile_nodes_send_and_nothing_else(string source, string destination, ForwardingDrop cause) =>
        Assert.Equal(cause, Forwarder.FromHost(Datagram.Between(source, destination), gateway).Drop);

    [Fact]
    public void An_anchor_takes_what_mobile_nodes_send_out_of_tunnels_alone() =>
        Assert.Equal(ForwardingDrop.ForeignSource, Forwarder.FromHost(Datagram.Between(Node, Remote), anchor).Drop);

    private static byte[] Write(byte[] packet, ForwardingDecision decision)
    {
        var written = new byte[Forwarder.LengthOf(decision)];
        Forwarder.Write(packet, decision, 1, written);
        return written;
    }
}
