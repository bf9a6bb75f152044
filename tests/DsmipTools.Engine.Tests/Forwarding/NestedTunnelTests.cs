using DsmipTools.Engine.Forwarding;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Tunneling;

namespace DsmipTools.Engine.Tests.Forwarding;

/// <summary>
/// A tunnel over another one, as a home agent and a mobile node of RFC 5454 have them in home address tunneling mode: IPv6 in IPv4 to the home address, in
/// IPv4 in IPv4 to the care-of address.
/// </summary>
public sealed class NestedTunnelTests
{
    private const string HomeAgent = "198.51.100.1", CareOf = "203.0.113.7", Home = "192.0.2.7", Inside = "2001:db8:7:1::9";

    [Theory]
    [InlineData(Encapsulation.IpInIp, 20)]
    [InlineData(Encapsulation.Gre, 28)]
    [InlineData(Encapsulation.UdpMobileIPv4, 32)]
    public void A_packet_goes_there_and_back_in_both(Encapsulation under, int headers)
    {
        var (agent, node) = (Agent(under), Node(under));
        var packet = Datagram.To(Inside);
        var tunneled = Write(packet, Forwarder.Decide(packet, 0, agent));
        Assert.Equal(headers + 20 + packet.Length, tunneled.Length);
        var outer = Read(tunneled);
        var middle = Read(tunneled.AsSpan(headers));
        Assert.Equal((CareOf, (Address)Home, IpProtocol.IPv6), (outer.Destination.ToString(), middle.Destination, middle.Protocol));

        var arrival = Forwarder.Decide(tunneled, 0, node);
        Assert.Equal((ForwardingAction.Deliver, 2L), (arrival.Action, arrival.From!.Id));
        Assert.Equal(Datagram.To(Inside, hopLimit: 62), Write(tunneled, arrival));

        var answer = Datagram.From(Inside);
        var back = Write(answer, Forwarder.Decide(answer, 1, node));
        var native = Forwarder.Decide(back, 0, agent);
        Assert.Equal((ForwardingAction.Forward, 2L), (native.Action, native.From!.Id));
        Assert.Equal(answer[40..], Write(back, native)[40..]);
    }

    [Fact]
    public void What_does_not_come_out_of_the_tunnel_under_it_is_dropped()
    {
        var (agent, node) = (Agent(), Node());
        var answer = Datagram.From(Inside);
        var back = Write(answer, Forwarder.Decide(answer, 1, node));
        Assert.Equal(ForwardingAction.Forward, Forwarder.Decide(back, 0, agent).Action);
        // The same, as somebody sends it who knows the home address.
        Assert.Equal(ForwardingDrop.ForeignTunnel, Forwarder.Decide(back.AsSpan(20), 0, agent).Drop);

        var other = back.ToArray();
        // From another care-of address.
        other[15] ^= 1;
        IpPacketView.WriteCongestionNotification(other, 0);
        Assert.Equal(ForwardingDrop.ForeignTunnel, Forwarder.Decide(other, 0, agent).Drop);
    }

    [Fact]
    public void Its_MTU_is_that_of_the_tunnel_under_it_less_its_header()
    {
        var agent = Agent();
        Assert.Equal(ForwardingAction.Encapsulate, Forwarder.Decide(Datagram.To(Inside, payload: 1460 - 48), 0, agent).Action);
        Assert.Equal(ForwardingDrop.TooBig, Forwarder.Decide(Datagram.To(Inside, payload: 1461 - 48), 0, agent).Drop);
    }

    [Fact]
    public void What_goes_to_the_end_of_either_is_a_loop()
    {
        var agent = Agent();
        Assert.True(agent.TryFind(Inside, out var nested));
        foreach (var end in new[] { Home, CareOf })
        {
            agent.Add(new Route(Destination.Of((Address)end), nested.Tunnel));
            Assert.Equal(ForwardingDrop.TunnelLoop, Forwarder.Decide(Datagram.To(end), 0, agent).Drop);
        }
    }

    [Fact]
    public void The_last_one_to_go_leaves_no_look_behind()
    {
        var table = Agent();
        Assert.True(table.TryFind(Inside, out var route));
        Assert.True(table.HasNested);
        table.Add(route.Tunnel);
        table.Remove(route.Tunnel);
        Assert.False(table.HasNested);
    }

    private static ForwardingTable Agent(Encapsulation under = Encapsulation.IpInIp) => Table(HomeAgent, HomeAgent, CareOf, Home, TunnelEnd.Home, under, 0);

    private static ForwardingTable Node(Encapsulation under = Encapsulation.IpInIp) => Table(CareOf, Home, HomeAgent, HomeAgent, TunnelEnd.Access, under, 1);

    private static ForwardingTable Table(Address local, Address inside, Address remote, Address far, TunnelEnd end, Encapsulation under, long link)
    {
        var table = new ForwardingTable(local);
        uint? key = under == Encapsulation.Gre ? 7 : null;
        var port = under == Encapsulation.UdpMobileIPv4 ? (ushort)434 : (ushort)0;
        var outer = new Tunnel(1, local, remote) { Encapsulation = under, End = end, LocalPort = port, RemotePort = port };
        var over = new Route(Destination.Of(far), outer) { SendKey = key, ReceiveKey = key };
        var nested = new Tunnel(2, inside, far) { End = end, Over = over };
        table.Add(outer);
        table.Add(nested);
        table.Add(new Route("2001:db8:7:1::/64", nested) { Link = link });
        return table;
    }

    private static byte[] Write(byte[] packet, ForwardingDecision decision)
    {
        Assert.Equal(ForwardingDrop.None, decision.Drop);
        var written = new byte[Forwarder.LengthOf(decision)];
        Assert.Equal(written.Length, Forwarder.Write(packet, decision, 1, written));
        return written;
    }

    private static IpPacketView Read(ReadOnlySpan<byte> packet)
    {
        Assert.True(IpPacketView.TryParse(packet, out var view, out var error), error.ToString());
        return view;
    }
}
