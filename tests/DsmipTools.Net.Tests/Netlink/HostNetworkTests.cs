using DsmipTools.Net.Netlink;
using DsmipTools.Net.Tests.Support;

namespace DsmipTools.Net.Tests.Netlink;

public sealed class HostNetworkTests
{
    [Fact]
    public void Interfaces_are_read_with_what_they_are() => NetworkNamespace.Run(() =>
    {
        NetworkNamespace.Ip("tuntap add mode tun name dsmip5");
        using var network = new HostNetwork();
        var found = network.Interfaces().ToDictionary(each => each.Name);
        Assert.Equal(("", true, 65_536), (found["lo"].Kind, found["lo"].IsUp, found["lo"].Mtu));
        Assert.Equal(("veth", 1500), (found["a"].Kind, found["a"].Mtu));
        Assert.Equal(("tun", false, false), (found["dsmip5"].Kind, found["dsmip5"].IsUp, found["dsmip5"].HasCarrier));
        network.RemoveInterface(found["dsmip5"].Index, "dsmip5");
        network.RemoveInterface(found["dsmip5"].Index, "dsmip5");
        Assert.DoesNotContain(network.Interfaces(), each => each.Name == "dsmip5");
    });

    [Fact]
    public void Routes_are_marked_as_ours_and_read_back() => NetworkNamespace.Run(() =>
    {
        using var network = new HostNetwork();
        var index = network.Interfaces().Single(each => each.Name == "a").Index;
        HostRoute[] routes = [new("2001:db8:7:1::", 64, index, 1280), new("10.7.0.0", 16, index, 1400), new("0.0.0.0", 0, index, 0), new("::", 0, index, 0)];
        foreach (var route in routes)
        {
            network.Add(route);
        }

        NetworkNamespace.Ip("route add 198.18.0.0/16 dev a proto static");
        Assert.Equal(routes.OrderBy(route => route.Address), network.Routes().OrderBy(route => route.Address));
        Assert.Contains("2001:db8:7:1::/64 dev a proto 54 metric 1024 mtu lock 1280", NetworkNamespace.Ip("-6 route"), StringComparison.Ordinal);
        Assert.Contains("10.7.0.0/16 dev a proto 54 scope link mtu lock 1400", NetworkNamespace.Ip("route"), StringComparison.Ordinal);

        var exists = Assert.Throws<NetException>(() => network.Add(routes[0]));
        Assert.Equal((NetError.AlreadyExists, 17), (exists.Error, exists.Errno));
        foreach (var route in routes)
        {
            network.Remove(route);
        }

        Assert.Empty(network.Routes());
        Assert.Equal(3, Assert.Throws<NetException>(() => network.Remove(routes[0])).Errno);
    });

    [Fact]
    public void A_route_of_ours_is_changed_in_place_and_tables_tell_routes_apart() => NetworkNamespace.Run(() =>
    {
        using var network = new HostNetwork();
        var index = network.Interfaces().Single(each => each.Name == "a").Index;
        HostRoute[] routes = [new("2001:db8:7:1::", 64, index, 1280), new("10.7.0.0", 16, index, 1400), new HostRoute("::", 0, index, 1280) { Table = 0x3600_0002 }];
        foreach (var route in routes)
        {
            network.Add(route);
            network.Replace(route with { Mtu = 1460 });
        }

        Assert.Equal(routes.Select(route => route with { Mtu = 1460 }).OrderBy(route => route.Address), network.Routes().OrderBy(route => route.Address));
        Assert.Contains("default dev a table 905969666 proto 54", NetworkNamespace.Ip("-6 route show table all"), StringComparison.Ordinal);
        foreach (var route in routes)
        {
            network.Remove(route);
        }

        Assert.Empty(network.Routes());
    });

    [Fact]
    public void Rules_are_marked_as_ours_and_read_back() => NetworkNamespace.Run(() =>
    {
        using var network = new HostNetwork();
        HostRule[] rules =
        [
            new(5453, IsIPv4: false, 0x3600_0003) { Interface = "lo" },
            new(5454, IsIPv4: false, 0x3600_0002) { Source = "2001:db8:7:1::", SourceLength = 64, Interface = "a" },
            new(5455, IsIPv4: false, 0x3600_0002) { Interface = "a", Prohibits = true },
            new(5454, IsIPv4: true, 254) { Source = "10.7.0.3", SourceLength = 32 },
        ];
        foreach (var rule in rules)
        {
            network.Add(rule);
        }

        NetworkNamespace.Ip("rule add from 10.9.0.0/16 lookup main priority 77");
        Assert.Equal(rules.OrderBy(rule => rule.ToString()), network.Rules().OrderBy(rule => rule.ToString()));
        var shown = NetworkNamespace.Ip("-6 rule");
        Assert.Contains("5454:\tfrom 2001:db8:7:1::/64 iif a lookup 905969666 proto 54", shown, StringComparison.Ordinal);
        Assert.Contains("5455:\tfrom all iif a lookup 905969666 prohibit proto 54", shown, StringComparison.Ordinal);
        Assert.Equal("from 2001:db8:7:1::/64 iif a lookup 905969666", rules[1].ToString());

        var exists = Assert.Throws<NetException>(() => network.Add(rules[1]));
        Assert.Equal((NetError.AlreadyExists, 17), (exists.Error, exists.Errno));
        foreach (var rule in rules)
        {
            network.Remove(rule);
        }

        Assert.Empty(network.Rules());
        Assert.Equal(2, Assert.Throws<NetException>(() => network.Remove(rules[1])).Errno);
    });

    [Fact]
    public void More_routes_than_one_answer_holds_are_read() => NetworkNamespace.Run(() =>
    {
        using var network = new HostNetwork();
        var index = network.Interfaces().Single(each => each.Name == "a").Index;
        for (var i = 0u; i < 2000; i++)
        {
            network.Add(new HostRoute(Wire.Ip.Address.FromIPv4(0x0A000000 + (i << 8)), 24, index, 1280));
        }

        Assert.Equal(2000, network.Routes().Distinct().Count());
    });

    [Fact]
    public void An_address_is_there_at_once_and_goes() => NetworkNamespace.Run(() =>
    {
        using var network = new HostNetwork();
        var index = network.Interfaces().Single(each => each.Name == "a").Index;
        network.AddAddress(index, "2001:db8::7");
        network.AddAddress(index, "10.0.0.7");
        SourceAddress.ThrowUnlessLocal("2001:db8::7");
        SourceAddress.ThrowUnlessLocal("10.0.0.7");
        Assert.Equal(NetError.AlreadyExists, Assert.Throws<NetException>(() => network.AddAddress(index, "10.0.0.7")).Error);
        network.RemoveAddress(index, "2001:db8::7");
        network.RemoveAddress(index, "10.0.0.7");
        Assert.Equal(NetError.AddressNotAvailable, Assert.Throws<NetException>(() => SourceAddress.ThrowUnlessLocal("10.0.0.7")).Error);
    });

    [Fact]
    public async Task Without_the_privilege_the_capability_is_named()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "capabilities are those of Linux");
        if (Environment.IsPrivilegedProcess)
        {
            await Unprivileged.Run(typeof(HostNetworkTests), nameof(Without_the_privilege_the_capability_is_named));
            return;
        }

        using var network = new HostNetwork();
        Assert.NotEmpty(network.Interfaces());
        var exception = Assert.Throws<NetException>(() => network.Add(new HostRoute("10.7.0.0", 16, 1, 0)));
        Assert.Equal((NetError.AccessDenied, 1), (exception.Error, exception.Errno));
        Assert.Contains("Adding the route to 10.7.0.0/16 needs the capability CAP_NET_ADMIN: run the process as root", exception.Message, StringComparison.Ordinal);
    }
}
