using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Hosting;

namespace DsmipTools.Tests.Worlds;

/// <summary>An agent of a host stops and starts again: the others learn of it (RFC 5847).</summary>
public sealed class RestartTests : IAsyncDisposable
{
    private readonly DsmipHost host = new();
    private readonly HostedLocalMobilityAnchor anchor;
    private readonly HostedMobileAccessGateway gateway;

    public RestartTests()
    {
        anchor = host.Add(new LocalMobilityAnchorOptions { Name = "lma1", Address = "192.0.2.1", PrefixPool = "2001:db8:100::/40" });
        gateway = host.Add(new MobileAccessGatewayOptions { Name = "mag1", Address = "192.0.2.2", LocalMobilityAnchor = "192.0.2.1" });
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    [Trait("Rfc", "5847-3.2-05")]
    [Trait("Rfc", "5847-3-08")]
    public async Task A_gateway_that_is_started_again_tells_its_anchor_which_drops_its_bindings()
    {
        await gateway.AttachAsync("mn1@example.com", Cancel);
        host.Simulation!.Advance(TimeSpan.FromSeconds(10));
        gateway.Stop();
        gateway.Start();
        host.Simulation.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(0, anchor.BindingCount);
        Assert.Equal("mag1", Assert.Single(host.Agents, agent => agent.Address == Single(EventKind.PeerRestarted).Peer).Name);
    }

    [Fact]
    [Trait("Rfc", "5847-3.2-01")]
    public async Task A_restart_in_the_same_second_as_the_last_one_is_noticed_too()
    {
        for (var life = 0; life < 3; life++)
        {
            await gateway.AttachAsync("mn1@example.com", Cancel);
            host.Simulation!.Advance(TimeSpan.FromMilliseconds(100));
            gateway.Stop();
            gateway.Start();
        }

        // The binding may be one of the new life, as far as the anchor knows: it asks.
        host.Simulation!.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(0, anchor.BindingCount);
        Assert.Equal(3, host.Events.Last(1000).Count(happened => happened.Kind == EventKind.PeerRestarted));
    }

    [Fact]
    public async Task The_sessions_of_a_gateway_come_back_after_a_restart_of_its_anchor()
    {
        var outcome = await gateway.AttachAsync("mn1@example.com", Cancel);
        host.Simulation!.Advance(TimeSpan.FromSeconds(10));
        anchor.Stop();
        anchor.Start();
        Assert.Equal(0, anchor.BindingCount);
        host.Simulation.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(outcome.Prefixes, Assert.Single(anchor.Bindings()).Prefixes);
    }

    private AgentEvent Single(EventKind kind) => Assert.Single(host.Events.Last(1000), happened => happened.Kind == kind);
}
