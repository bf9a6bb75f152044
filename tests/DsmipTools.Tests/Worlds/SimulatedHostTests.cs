using DsmipTools.Engine.AccessLinks;
using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Hosting;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Tests.Worlds;

/// <summary>A mobile node that knows nothing of mobility, moves between gateways and keeps its address (RFC 5213, 7).</summary>
public sealed class SimulatedHostTests : IAsyncDisposable
{
    private readonly DsmipHost host = new();
    private readonly HostedLocalMobilityAnchor anchor;
    private readonly HostedMobileAccessGateway[] gateways;

    public SimulatedHostTests()
    {
        anchor = host.Add(new LocalMobilityAnchorOptions { Name = "lma1", Address = "2001:db8:a::1", PrefixPool = "2001:db8:100::/40" });
        gateways =
        [
            .. Enumerable.Range(1, 2).Select(number => host.Add(new MobileAccessGatewayOptions
            {
                Name = $"mag{number}",
                Address = Address.Parse($"2001:db8:b::{number}"),
                LocalMobilityAnchor = anchor.Address,
                AccessLink = new AccessLinkOptions { ReachabilityInterval = TimeSpan.FromSeconds(10) },
            })),
        ];
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Rfc", "5213-6.7-01")]
    [Trait("Rfc", "5213-6.9.3-01")]
    public async Task A_host_forms_its_address_from_the_prefix_and_keeps_it_through_a_handover()
    {
        var node = host.Simulation!.AddHost("mn1@example.com");
        var outcome = await node.AttachAsync(gateways[0], null, Cancel);
        await Settle();
        var address = Assert.Single(node.Addresses);
        var router = node.DefaultRouter;

        Assert.True(Assert.Single(outcome.Prefixes).Contains(address));
        Assert.Equal("fe80::1", router);
        Assert.Equal(1460, node.Mtu);
        node.Detach();
        await Settle();
        await node.AttachAsync(gateways[1], new AttachmentRequest { Identifier = node.Identifier, HandoffIndicator = HandoffIndicator.BetweenGateways }, Cancel);
        await Settle();

        Assert.Equal([address], node.Addresses);
        Assert.Equal(router, node.DefaultRouter);
        Assert.Equal(gateways[1].Address, Assert.Single(anchor.Bindings()).Peer);
        Assert.Empty(gateways[0].Bindings());
    }

    [Fact]
    public async Task A_revocation_takes_address_and_router_from_the_host_at_once()
    {
        var node = host.Simulation!.AddHost("mn1@example.com");
        await node.AttachAsync(gateways[0], null, Cancel);
        await Settle();
        await foreach (var outcome in anchor.RevokeAsync(Revocation.MobileNode("mn1@example.com"), Cancel))
        {
            Assert.Equal(1, outcome.BindingsRevoked);
        }

        await Settle();
        Assert.Empty(node.Addresses);
        Assert.Null(node.DefaultRouter);
        Assert.True(node.IsOnLink);
    }

    [Fact]
    [Trait("Rfc", "5213-6.13-02")]
    public async Task Who_vanishes_is_probed_and_deregistered_and_who_stays_is_not()
    {
        var (stays, vanishes) = (host.Simulation!.AddHost("mn1@example.com"), host.Simulation.AddHost("mn2@example.com"));
        await stays.AttachAsync(gateways[0], null, Cancel);
        await vanishes.AttachAsync(gateways[0], null, Cancel);
        await Settle();
        vanishes.Vanish();
        await host.Runtime.Delay(TimeSpan.FromSeconds(14), Cancel);

        var states = anchor.Bindings().Cast<ProxyBindingSnapshot>().ToDictionary(binding => binding.Identifier!, binding => binding.State);
        Assert.Equal(BindingState.Active, states["mn1@example.com"]);
        Assert.Equal(BindingState.Deregistered, states["mn2@example.com"]);
    }

    [Fact]
    public async Task A_host_that_comes_back_is_the_same_and_a_refused_second_attachment_leaves_it_where_it_is()
    {
        var node = host.Simulation!.FindOrAddHost("mn1@example.com");
        await node.AttachAsync(gateways[0], null, Cancel);
        await Assert.ThrowsAsync<InvalidOperationException>(() => node.AttachAsync(gateways[0], null, Cancel));
        Assert.Same(gateways[0], node.Gateway);

        var outcome = await node.DetachAsync(Cancel);
        Assert.Equal(AttachmentResult.Accepted, outcome.Result);
        Assert.Null(node.Gateway);
        Assert.Empty(gateways[0].Bindings());
        await Assert.ThrowsAsync<InvalidOperationException>(() => node.DetachAsync(Cancel));
        Assert.Same(node, host.Simulation.FindOrAddHost("mn1@example.com"));
        Assert.NotSame(node, host.Simulation.FindOrAddHost("mn1@example.com", Octets.FromHex("02005e100001")));
        Assert.Equal(2, host.Simulation.Hosts.Count);
    }

    [Fact]
    public async Task A_gateway_that_stops_leaves_no_packet_behind()
    {
        var node = host.Simulation!.AddHost("mn1@example.com");
        _ = node.AttachAsync(gateways[0], null, Cancel);
        gateways[0].Stop();

        Assert.True(host.Simulation.RunUntilQuiet(TimeSpan.FromMinutes(1)));
        node.Detach();
        Assert.False(node.IsOnLink);
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();

    private async Task Settle() => await host.Runtime.Delay(TimeSpan.FromMilliseconds(100), Cancel);
}
