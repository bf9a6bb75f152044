using System.Net;
using System.Net.Sockets;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Hosting;
using DsmipTools.Net.Tests.Support;
using DsmipTools.Tunnels;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Tests.Tunnels;

/// <summary>Paths that are too short, or end nowhere; and tunnels over tunnels.</summary>
public sealed partial class TunnelTrafficTests
{
    private const int IPv6Level = 41;
    private const int ReceiveErrors = 25;

    /// <summary>What the interface does not take leaves in fragments, and is joined before it comes out.</summary>
    [Theory]
    [InlineData(TunnelEncapsulation.IPv6InIPv4, true, false, 1480, 1400)]
    [InlineData(TunnelEncapsulation.Gre, true, true, 1400, 1300)]
    [InlineData(TunnelEncapsulation.IPv6InIPv6, false, false, 1280, 1200)]
    [InlineData(TunnelEncapsulation.Gre, false, true, 1400, 1300)]
    [InlineData(TunnelEncapsulation.Udp, false, false, 1280, 1200)]
    [Trait("Rfc", "4213-3.6-04")]
    [Trait("Rfc", "4213-3.6-05")]
    public void A_short_way_has_fragments(TunnelEncapsulation encapsulation, bool outerIPv4, bool innerIPv4, int mtu, int length) => NetworkNamespace.Run(() =>
    {
        using var far = new FarHost();
        NetworkNamespace.Ip("link set dev a mtu 1300");
        far.Run(() => NetworkNamespace.Ip("link set dev b mtu 1300"));
        using var pair = new Pair(far, encapsulation, outerIPv4, innerIPv4, mtu: mtu);
        ExchangeByUdp(far, pair.FarInside, length);
        ExchangeByTcp(far, pair.FarInside);
        Assert.Empty(pair.FarEnd.Drops);
    });

    [Fact]
    [Trait("Rfc", "4213-3.2-03")]
    [Trait("Rfc", "4213-3.4-01")]
    public void A_dynamic_MTU_follows_the_path() => NetworkNamespace.Run(() =>
    {
        using var far = new FarHost();
        Forward(far, "route add 203.0.113.7 via 192.0.2.1 dev b mtu lock 1400");
        using var tunnels = new HostedTunnels();
        var tunnel = Towards(tunnels, "203.0.113.7", dynamicMtu: true);
        Assert.Equal((1480, (int?)null), (tunnel.Mtu, tunnel.PathMtu));
        Assert.Contains("mtu lock 1480", NetworkNamespace.Ip("-6 route show proto 54"), StringComparison.Ordinal);

        using var sender = Bound("2001:db8:7:1::1");
        sender.SetRawSocketOption(IPv6Level, ReceiveErrors, BitConverter.GetBytes(1));
        const int DontFragment = 62;
        sender.SetRawSocketOption(IPv6Level, DontFragment, BitConverter.GetBytes(1));
        sender.Connect(new IPEndPoint(IPAddress.Parse("2001:db8:7:2::1"), 9));
        // The router on the way tells it of the first packet, and then the host does.
        sender.Send(new byte[1400]);
        Assert.True(SpinWait.SpinUntil(() => tunnel.PathMtu == 1400, patience), "the path MTU is learnt");
        Assert.True(
            SpinWait.SpinUntil(() => NetworkNamespace.Ip("-6 route show proto 54").Contains("mtu lock 1380", StringComparison.Ordinal), patience), "the route follows");
        Assert.True(SpinWait.SpinUntil(() => sender.Poll(0, SelectMode.SelectError), patience), "an error comes");
        Assert.Equal(SocketError.MessageSize, Assert.Throws<SocketException>(() => sender.Receive(new byte[10])).SocketErrorCode);
        Assert.Equal(SocketError.MessageSize, Assert.Throws<SocketException>(() => sender.Send(new byte[1400])).SocketErrorCode);
        Assert.Equal(1380 - 48, sender.Send(new byte[1380 - 48]));
    });

    [Fact]
    [Trait("Rfc", "4213-3.4-02")]
    public void A_source_hears_that_the_other_end_cannot_be_reached() => NetworkNamespace.Run(() =>
    {
        using var far = new FarHost();
        Forward(far, "route add unreachable 203.0.113.7");
        using var tunnels = new HostedTunnels();
        var tunnel = Towards(tunnels, "203.0.113.7", dynamicMtu: false);
        using var sender = Bound("2001:db8:7:1::1");
        sender.SetRawSocketOption(IPv6Level, ReceiveErrors, BitConverter.GetBytes(1));
        sender.Connect(new IPEndPoint(IPAddress.Parse("2001:db8:7:2::1"), 9));
        sender.Send(new byte[100]);
        Assert.True(SpinWait.SpinUntil(() => sender.Poll(0, SelectMode.SelectError), patience), "an error comes");
        Assert.Equal(SocketError.HostUnreachable, Assert.Throws<SocketException>(() => sender.Receive(new byte[10])).SocketErrorCode);
        Assert.Equal(1, tunnel.PacketsOut);
    });

    [Fact]
    public void A_tunnel_runs_over_another_one() => NetworkNamespace.Run(() =>
    {
        using var far = new FarHost();
        var clean = Everything();
        using (HostedTunnels near = new(), remote = new())
        {
            var under = near.Add(Under("192.0.2.1", "192.0.2.2") with { Prefixes = ["10.9.2.1"] });
            var over = near.Add(Over("192.0.2.1", "10.9.2.1") with { Addresses = ["2001:db8:7:1::1"], Prefixes = ["2001:db8:7:2::/64"] });
            Assert.Contains("which is not enabled", Assert.Throws<ArgumentException>(() => near.Enable(over)).Message, StringComparison.Ordinal);
            near.Enable(under);
            var before = under.Backend;
            near.Enable(over);
            Assert.Equal((TunnelBackend.UserSpace, "another tunnel runs over it"), (under.Backend, under.BackendReason));
            near.Disable(over);
            Assert.Equal(before, under.Backend);
            near.Enable(over);
            var (farUnder, farOver) = far.Run(() =>
            {
                var first = remote.Add(Under("192.0.2.2", "192.0.2.1") with { Addresses = ["10.9.2.1"] });
                var second = remote.Add(Over("10.9.2.1", "192.0.2.1") with { Addresses = ["2001:db8:7:2::1"], Prefixes = ["2001:db8:7:1::/64"] });
                remote.Enable(first);
                FarHost.Await("10.9.2.1");
                remote.Enable(second);
                FarHost.Await("2001:db8:7:2::1");
                return (first, second);
            });
            ExchangeByTcp(far, "2001:db8:7:2::1");
            ExchangeByUdp(far, "2001:db8:7:2::1", 4000);
            Assert.All([under, over, farUnder, farOver], tunnel => Assert.Empty(tunnel.Drops));
            Assert.True(over.PacketsIn > 0 && over.PacketsOut > 0, "what runs over the other is counted");

            near.Disable(under);
            Assert.Equal(TunnelState.Disabled, over.State);
            far.Run(remote.Dispose);
        }

        Assert.Equal(clean, Everything());

        static TunnelOptions Under(Address local, Address remote) =>
            new() { Name = "coa", Local = local, Remote = remote, Encapsulation = TunnelEncapsulation.IPv4InIPv4, Mtu = 1300 };

        static TunnelOptions Over(Address local, Address remote) =>
            new() { Name = "hoa", Local = local, Remote = remote, Encapsulation = TunnelEncapsulation.IPv6InIPv4, Over = "coa" };
    });

    /// <summary>The other host is a router on the way.</summary>
    private static void Forward(FarHost far, string route)
    {
        NetworkNamespace.Ip("route add 203.0.113.0/24 via 192.0.2.2");
        far.Run(() =>
        {
            File.WriteAllText("/proc/sys/net/ipv4/ip_forward", "1");
            NetworkNamespace.Ip(route);
        });
    }

    private static HostedTunnel Towards(HostedTunnels tunnels, Address remote, bool dynamicMtu, string name = "t")
    {
        var tunnel = tunnels.Add(new TunnelOptions
        {
            Name = name, Local = "192.0.2.1", Remote = remote, Encapsulation = TunnelEncapsulation.IPv6InIPv4, UsesDynamicMtu = dynamicMtu,
            Prefixes = ["2001:db8:7:2::/64"], Addresses = ["2001:db8:7:1::1"],
        });
        tunnels.Enable(tunnel);
        FarHost.Await("2001:db8:7:1::1");
        return tunnel;
    }
}
