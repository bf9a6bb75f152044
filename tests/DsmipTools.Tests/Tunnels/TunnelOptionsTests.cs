using DsmipTools.Hosting;
using DsmipTools.Tunnels;

namespace DsmipTools.Tests.Tunnels;

public sealed class TunnelOptionsTests
{
    private static readonly TunnelOptions good = new()
    {
        Name = "t", Local = "192.0.2.1", Remote = "192.0.2.2", Encapsulation = TunnelEncapsulation.IPv6InIPv4, Prefixes = ["2001:db8:7:1::/64"],
    };

    public static TheoryData<string, Func<TunnelOptions, TunnelOptions>> Wrong() => new()
    {
        { "2001:db8::1 cannot be one of its ends", it => it with { Local = "2001:db8::1" } },
        { "IPv6InIPv4 does not carry packets to 10.0.0.0/8", it => it with { Prefixes = ["10.0.0.0/8"] } },
        { "IPv6InIPv4 does not carry packets from 10.0.0.1", it => it with { Addresses = ["10.0.0.1"] } },
        { "different address families", it => it with { Encapsulation = TunnelEncapsulation.Gre, Remote = "2001:db8::2" } },
        { "both ends", it => it with { Remote = "192.0.2.1" } },
        { "224.0.0.1 cannot be an end", it => it with { Remote = "224.0.0.1" } },
        { "fe80::1 cannot be an end", it => it with { Local = "fe80::1" } },
        { "bits set beyond its length", it => it with { Prefixes = ["2001:db8::1/64"] } },
        { "A prefix is given twice", it => it with { Prefixes = ["2001:db8::/64", "2001:db8::/64"] } },
        { "An address is given twice", it => it with { Addresses = ["2001:db8::1", "2001:db8::1"] } },
        { "fe80::1 cannot be an address", it => it with { Addresses = ["fe80::1"] } },
        { "A key is GRE's", it => it with { Key = 1 } },
        { "A UDP port is 1 to 65535", it => it with { Encapsulation = TunnelEncapsulation.Udp, LocalPort = 0 } },
        { "Minimal runs over IPv4: 2001:db8::1", it => it with { Encapsulation = TunnelEncapsulation.Minimal, Local = "2001:db8::1", Remote = "2001:db8::2" } },
        { "Minimal does not carry packets to 2001:db8:7:1::/64", it => it with { Encapsulation = TunnelEncapsulation.Minimal } },
        { "UdpMobileIPv4 runs over IPv4", it => it with { Encapsulation = TunnelEncapsulation.UdpMobileIPv4, Local = "2001:db8::1", Remote = "2001:db8::2" } },
        { "is 1468 at most", it => it with { Encapsulation = TunnelEncapsulation.UdpMobileIPv4, Mtu = 1469 } },
        { "1279 is not", it => it with { Mtu = 1279 } },
        { "1481 is not", it => it with { Mtu = 1481 } },
        { "1 second to 1 hour", it => it with { ReachableTime = TimeSpan.FromMilliseconds(999) } },
        { "1 second to 1 hour", it => it with { ReachableTime = TimeSpan.FromHours(1.01) } },
        { "hop limit of a tunnel is 1 to 255", it => it with { HopLimit = 0 } },
        { "has the hop limit of the packet", it => it with { Encapsulation = TunnelEncapsulation.Minimal, Prefixes = [], HopLimit = 9 } },
        { "There is no tunnel u", it => it with { Over = "u" } },
        { "cannot run over itself", it => it with { Over = "T" } },
        { "no encapsulation", it => it with { Encapsulation = (TunnelEncapsulation)99 } },
        { "no backend", it => it with { Backend = (TunnelBackend)9 } },
    };

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public void What_cannot_be_is_refused_and_says_why(string why, Func<TunnelOptions, TunnelOptions> change)
    {
        good.Validate();
        using var tunnels = new HostedTunnels();
        Assert.Contains(why, Assert.Throws<ArgumentException>(() => tunnels.Add(change(good))).Message, StringComparison.Ordinal);
        Assert.Empty(tunnels.List());
    }

    [Theory]
    [InlineData(TunnelEncapsulation.Gre, 0)]
    [InlineData(TunnelEncapsulation.Udp, 5437)]
    [InlineData(TunnelEncapsulation.UdpMobileIPv4, 434)]
    [InlineData(TunnelEncapsulation.UdpMobileIPv6, 4191)]
    public void Each_way_through_UDP_has_its_port(TunnelEncapsulation encapsulation, int port)
    {
        var options = good with { Encapsulation = encapsulation };
        options.Validate();
        Assert.Equal((port, port), (options.LocalPort, options.RemotePort));
        Assert.Equal(7, (options with { LocalPort = 7 }).LocalPort);
    }

    [Fact]
    [Trait("Rfc", "4213-3.2.1-01")]
    [Trait("Rfc", "4213-3.2.1-02")]
    public void The_MTU_is_1280_and_with_a_dynamic_one_what_a_link_has_room_for()
    {
        Assert.Equal(1280, good.Mtu);
        Assert.Equal(1480, (good with { UsesDynamicMtu = true }).Mtu);
        Assert.Equal(1452, (good with { UsesDynamicMtu = true, Encapsulation = TunnelEncapsulation.Udp, Local = "2001:db8::1", Remote = "2001:db8::2" }).Mtu);
        Assert.Equal(1400, (good with { UsesDynamicMtu = true, Mtu = 1400 }).Mtu);
    }

    [Fact]
    public void A_tunnel_runs_over_one_that_carries_it_and_never_in_a_circle()
    {
        using var tunnels = new HostedTunnels();
        var under = new TunnelOptions { Name = "under", Local = "192.0.2.1", Remote = "192.0.2.9", Encapsulation = TunnelEncapsulation.IPv4InIPv4, Mtu = 1300 };
        var first = tunnels.Add(under);
        tunnels.Add(good with { Over = "UNDER" });
        Assert.Contains("over it 1260 are left: for an MTU of 1280, it needs one of 1300", RefusedOver(under with { Mtu = 1280 }), StringComparison.Ordinal);
        Assert.Contains("does not carry packets from 192.0.2.1", RefusedOver(under with { Encapsulation = TunnelEncapsulation.IPv6InIPv4 }), StringComparison.Ordinal);
        Assert.Contains("No tunnel runs over other", RefusedOver(under with { Encapsulation = TunnelEncapsulation.Minimal }), StringComparison.Ordinal);

        tunnels.Remove(first);
        Assert.Contains("cannot run over t, which runs over it", Refused(under with { Over = "t" }), StringComparison.Ordinal);

        string Refused(TunnelOptions options) => Assert.Throws<ArgumentException>(() => tunnels.Add(options)).Message;
        string RefusedOver(TunnelOptions other)
        {
            var added = tunnels.Add(other with { Name = "other", Remote = "192.0.2.8" });
            var message = Refused(good with { Name = "over", Prefixes = [], Remote = "192.0.2.7", Over = "other" });
            tunnels.Remove(added);
            return message;
        }
    }

    [Fact]
    public void Names_ends_and_prefixes_belong_to_one_tunnel()
    {
        using var tunnels = new HostedTunnels();
        var added = tunnels.Add(good);
        Assert.Same(added, tunnels.Find("T"));
        Assert.Equal(TunnelState.Disabled, added.State);
        Assert.Contains("name", Refused(good with { Name = "T", Remote = "192.0.2.3" }), StringComparison.Ordinal);
        Assert.Contains("tunnel t runs between", Refused(good with { Name = "u", Prefixes = [] }), StringComparison.Ordinal);
        Assert.Contains("2001:db8:7:1::/64 is behind the tunnel t", Refused(good with { Name = "u", Remote = "192.0.2.3" }), StringComparison.Ordinal);
        tunnels.Remove(added);
        Assert.Throws<ArgumentException>(() => tunnels.Enable(added));
        tunnels.Add(good with { Name = "u" });

        string Refused(TunnelOptions options) => Assert.Throws<ArgumentException>(() => tunnels.Add(options)).Message;
    }
}
