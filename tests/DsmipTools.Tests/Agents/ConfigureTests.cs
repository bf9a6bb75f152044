using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Hosting;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Tests.Agents;

/// <summary>Agents of a host are configured, running and stopped.</summary>
public sealed class ConfigureTests
{
    [Fact]
    public async Task A_running_anchor_takes_the_change_at_once_and_keeps_it_over_a_restart()
    {
        await using var host = new DsmipHost(World.Simulated);
        var anchor = host.Add(new LocalMobilityAnchorOptions { Name = "lma1", Address = "198.51.100.1", PrefixPool = "2001:db8:100::/40" });
        var gateway = host.Add(new MobileAccessGatewayOptions { Name = "mag1", Address = "203.0.113.1", LocalMobilityAnchor = "198.51.100.1" });
        Assert.Equal(TimeSpan.FromHours(1), (await gateway.AttachAsync("mn1@example.com", TestContext.Current.CancellationToken)).LifetimeGranted);

        var change = Assert.Single(anchor.Configure(options => options with { MaximumLifetime = TimeSpan.FromMinutes(10) }));
        Assert.Equal(("MaximumLifetime", "01:00:00", "00:10:00"), (change.Variable, change.Before, change.After));
        Assert.Equal(TimeSpan.FromMinutes(10), (await gateway.AttachAsync("mn2@example.com", TestContext.Current.CancellationToken)).LifetimeGranted);
        Assert.Equal(change.ToString(), Assert.Single(Changes(host)));

        anchor.Stop();
        anchor.Start();
        Assert.Equal(TimeSpan.FromMinutes(10), (await gateway.AttachAsync("mn3@example.com", TestContext.Current.CancellationToken)).LifetimeGranted);
    }

    [Fact]
    public async Task A_stopped_agent_is_configured_and_refused_like_a_running_one()
    {
        await using var host = new DsmipHost(World.Simulated);
        var gateway = host.Add(new MobileAccessGatewayOptions { Name = "mag1", Address = "203.0.113.1", LocalMobilityAnchor = "198.51.100.1" }, start: false);
        Assert.Single(gateway.Configure(options => options with { Lifetime = TimeSpan.FromMinutes(10) }));
        Assert.Equal("Lifetime: 01:00:00 -> 00:10:00", Assert.Single(Changes(host)));
        Assert.Throws<ArgumentException>(() => gateway.Configure(options => options with { LocalMobilityAnchor = "198.51.100.2" }));
        Assert.Throws<ArgumentException>(() => gateway.Configure(options => options with { Lifetime = TimeSpan.FromSeconds(1) }));
        Assert.Equal(TimeSpan.FromMinutes(10), gateway.Options.Lifetime);
    }

    [Fact]
    public async Task Peers_are_named_later_and_an_open_door_has_to_be_asked_for()
    {
        await using var host = new DsmipHost(World.Simulated);
        var anchor = host.Add(new LocalMobilityAnchorOptions { Name = "lma1", Address = "198.51.100.1", PrefixPool = "2001:db8:100::/40" });
        Assert.Equal("none (any address)", anchor.Protection);
        anchor.Configure(options => options with { Peers = [Address.Parse("203.0.113.1")] });
        Assert.Equal("none (peers by address)", anchor.Protection);

        await using var real = new DsmipHost(World.Loopback);
        var reachable = real.Add(
            new LocalMobilityAnchorOptions { Name = "lma1", Address = "198.51.100.1", PrefixPool = "2001:db8:100::/40", Peers = [Address.Parse("203.0.113.1")] }, start: false);
        Assert.Throws<ArgumentException>(() => reachable.Configure(options => options with { Peers = null }));
        Assert.Single(reachable.Options.Peers!);
    }

    private static IEnumerable<string?> Changes(DsmipHost host) =>
        host.Events.Last(100).Where(happened => happened.Kind == EventKind.ConfigurationChanged).Select(happened => happened.Detail);
}
