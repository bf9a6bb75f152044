using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Hosting;
using DsmipTools.Labs;
using DsmipTools.Worlds;

namespace DsmipTools.Tests.Labs;

/// <summary>Nodes and links of a lab in virtual time.</summary>
public sealed class SimulatedLabTests : IAsyncDisposable
{
    private readonly Lab lab = new("simulated");
    private readonly LabLink core;
    private readonly HostedMobileAccessGateway gateway;

    public SimulatedLabTests()
    {
        lab.AddNode("lma");
        lab.AddNode("mag");
        core = lab.AddLink(new LabLinkOptions { Name = "core", Members = ["lma", "mag"], Prefixes = ["192.0.2.0/24"] });
        lab.Host.Add(new LocalMobilityAnchorOptions { Name = "lma", Address = "192.0.2.1", PrefixPool = "2001:db8:100::/40" });
        gateway = lab.Host.Add(new MobileAccessGatewayOptions { Name = "mag", Address = "192.0.2.2", LocalMobilityAnchor = "192.0.2.1" });
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => lab.DisposeAsync();

    [Fact]
    public async Task A_link_is_between_the_addresses_of_its_nodes()
    {
        Assert.Equal(Link.Default, core.Conditions);
        await Attach("mn1");
        Assert.Equal(10, lab.Elapsed.TotalMilliseconds);
        lab.Change(core, core.Conditions with { Latency = TimeSpan.FromMilliseconds(50) });
        await Attach("mn2");
        Assert.Equal(110, lab.Elapsed.TotalMilliseconds);
        Assert.Equal([("lma", 2, 2, 0), ("mag", 2, 2, 0)], core.Counters.Select(each => (each.Node, (int)each.Sent, (int)each.Received, (int)each.Lost)));
    }

    [Fact]
    public async Task What_it_loses_is_counted_and_nothing_passes_while_it_is_down()
    {
        lab.Change(core, core.Conditions with { Loss = 1 });
        Assert.Equal(AttachmentResult.TimedOut, (await Attach("mn1")).Result);
        Assert.InRange(core.Counters[1].Lost, 1, 100);
        Assert.Equal(0, core.Counters[0].Received);

        lab.Change(core, core.Conditions with { Loss = 0 }, isUp: false);
        Assert.Equal(AttachmentResult.TimedOut, (await Attach("mn2")).Result);
        lab.Change(core, isUp: true);
        Assert.Equal(AttachmentResult.Accepted, (await Attach("mn3")).Result);
    }

    [Fact]
    public async Task A_node_that_moves_is_reached_at_its_new_address_alone()
    {
        lab.AddNode("other");
        var away = lab.AddLink(new LabLinkOptions { Name = "away", Members = ["other"], Prefixes = ["198.51.100.0/24"] });
        lab.Move(lab.FindNode("mag")!, away);
        Assert.Equal(["198.51.100.2"], lab.FindNode("mag")!.Addresses.Select(address => $"{address}"));
        Assert.Equal(["lma"], core.Nodes);
        Assert.Equal(AttachmentResult.TimedOut, (await Attach("mn1")).Result);
    }

    [Fact]
    public void What_the_world_does_not_have_is_refused()
    {
        Assert.Throws<NotSupportedException>(() => lab.AddNode("r", LabNodeKind.Router));
        Assert.Throws<NotSupportedException>(() => lab.AddNode("n", LabNodeKind.Nat, "core"));
        Assert.Throws<NotSupportedException>(() => lab.Change(core, mtu: 1400));
        Assert.Equal(1500, core.Mtu);
        Assert.Throws<NotSupportedException>(() => new Lab("l", World.Loopback).AddNode("a"));
    }

    [Fact]
    public async Task Programs_have_no_place_here() =>
        Assert.Contains("-World Namespace", (await Assert.ThrowsAsync<NotSupportedException>(() => lab.RunAsync(lab.Nodes[0], "ip", cancellationToken: Cancel))).Message, StringComparison.Ordinal);

    private Task<AttachmentOutcome> Attach(string node) => gateway.AttachAsync($"{node}@example.com", Cancel);
}
