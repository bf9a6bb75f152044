using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.MobileIPv4;
using DsmipTools.Engine.Security;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Hosting;

namespace DsmipTools.Tests.Agents;

/// <summary>Bindings are removed at the agents that hold them, with and without telling the other side.</summary>
public sealed class RemovalTests : IAsyncDisposable
{
    private readonly DsmipHost host = new(World.Simulated);
    private readonly HostedLocalMobilityAnchor anchor;
    private readonly HostedMobileAccessGateway gateway;

    public RemovalTests()
    {
        anchor = host.Add(new LocalMobilityAnchorOptions { Name = "lma1", Address = "198.51.100.1", PrefixPool = "2001:db8:100::/40", MinDelayBeforeBCEDelete = TimeSpan.Zero });
        gateway = host.Add(new MobileAccessGatewayOptions { Name = "mag1", Address = "203.0.113.1", LocalMobilityAnchor = "198.51.100.1" });
    }

    [Fact]
    public async Task Without_a_message_one_side_alone_forgets()
    {
        await Attach("mn1@example.com", "mn2@example.com");
        Assert.Equal([BindingRemovalResult.Removed], await Remove(anchor.Bindings().Take(1), signal: false));
        Assert.Equal((1, 2), (anchor.BindingCount, gateway.BindingCount));
        Assert.Equal(2, (await Remove(gateway.Bindings(), signal: false)).Count);
        Assert.Equal((1, 0), (anchor.BindingCount, gateway.BindingCount));
        Assert.Equal(3, host.Events.Last(100).Count(happened => happened.Kind == EventKind.BindingCleared));
    }

    [Theory]
    [InlineData("lma1")]
    [InlineData("mag1")]
    public async Task With_a_message_both_sides_forget(string at)
    {
        await Attach("mn1@example.com", "mn2@example.com");
        var held = host.Find(at)!.Bindings();
        Assert.Equal([BindingRemovalResult.Removed, BindingRemovalResult.Removed], await Remove(held, signal: true));
        Assert.Equal((0, 0), (anchor.BindingCount, gateway.BindingCount));
        Assert.Equal([BindingRemovalResult.NotFound, BindingRemovalResult.NotFound], await Remove(held, signal: true));
    }

    [Fact]
    public async Task Who_does_not_answer_may_still_hold_it()
    {
        await Attach("mn1@example.com");
        gateway.Stop();
        var removals = await Removals(anchor.Bindings(), signal: true);
        Assert.Equal(BindingRemovalResult.NotConfirmed, Assert.Single(removals).Result);
        Assert.Equal(0, anchor.BindingCount);
    }

    [Fact]
    public async Task What_nobody_holds_any_more_is_said()
    {
        await Attach("mn1@example.com");
        var held = host.Bindings();
        anchor.Remove();
        gateway.Stop();
        Assert.Equal([BindingRemovalResult.NotFound, BindingRemovalResult.NotFound], await Remove(held, signal: false));
    }

    [Fact]
    public async Task A_home_agent_revokes_it_and_says_when_nobody_is_told()
    {
        host.Add(new HomeAgentOptions { Name = "ha1", Address = "198.51.100.9", HomeNetwork = Wire.Ip.IPv4Network.Parse("10.9.0.0/24") });
        var association = new SecurityAssociation(256, "10.9.0.5", [1, 2, 3]);
        host.SecurityAssociations.Add(association);
        var registered = await host.RegisterOnceAsync(
            new MobileNodeOptions
            {
                Name = "mn5", HomeAddress = "10.9.0.5", HomeAgent = new Wire.Ip.Endpoint("198.51.100.9", 434), CareOfAddress = "203.0.113.9", SecurityAssociation = association,
            },
            cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(RegistrationResult.Accepted, registered.Result);
        var binding = new MobileIPv4Binding
        {
            Agent = "ha1",
            AgentKind = Engine.AgentKind.HomeAgent,
            HomeAddress = "10.9.0.5",
            HomeAgent = "198.51.100.9",
            CareOfAddress = "203.0.113.9",
            Peer = "203.0.113.9",
            LifetimeGranted = TimeSpan.FromMinutes(1),
            LifetimeRemaining = TimeSpan.FromMinutes(1),
            State = BindingState.Active,
            Envelope = default,
            Identification = 1,
            SecurityParameterIndex = 256,
        };
        Assert.Equal([BindingRemovalResult.NotConfirmed], await Remove([binding], signal: true));
        Assert.Equal([BindingRemovalResult.NotFound], await Remove([binding], signal: true));
        Assert.Equal([BindingRemovalResult.NotFound], await Remove([binding], signal: false));
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();

    private async Task Attach(params string[] nodes)
    {
        foreach (var node in nodes)
        {
            await gateway.AttachAsync(node, TestContext.Current.CancellationToken);
        }
    }

    private async Task<IReadOnlyList<BindingRemoval>> Removals(IEnumerable<BindingSnapshot> bindings, bool signal)
    {
        var removals = new List<BindingRemoval>();
        await foreach (var removal in host.RemoveAsync([.. bindings], signal, TestContext.Current.CancellationToken))
        {
            removals.Add(removal);
        }

        return removals;
    }

    private async Task<IReadOnlyList<BindingRemovalResult>> Remove(IEnumerable<BindingSnapshot> bindings, bool signal) =>
        [.. (await Removals(bindings, signal)).Select(removal => removal.Result)];
}
