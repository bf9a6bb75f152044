using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Hosting;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Tests.Worlds;

/// <summary>What agents count, as an administrator sees it.</summary>
public sealed class StatisticsTests : IAsyncDisposable
{
    private readonly DsmipHost host = new();
    private readonly HostedLocalMobilityAnchor anchor;
    private readonly HostedMobileAccessGateway[] gateways;

    public StatisticsTests()
    {
        anchor = host.Add(new LocalMobilityAnchorOptions { Name = "lma1", Address = "192.0.2.1", PrefixPool = "2001:db8:100::/40" });
        gateways = [.. Enumerable.Range(1, 2).Select(number => host.Add(
            new MobileAccessGatewayOptions { Name = $"mag{number}", Address = $"192.0.2.1{number}", LocalMobilityAnchor = "192.0.2.1" }))];
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task Handoffs_are_counted_by_indicator_and_outcome()
    {
        await gateways[0].AttachAsync("a@example.com", Cancel);
        await gateways[0].AttachAsync("b@example.com", Cancel);
        await gateways[1].AttachAsync("a@example.com", null, HandoffIndicator.BetweenGateways, Cancel);
        // The first gateway is asked, and still has it.
        await gateways[1].AttachAsync("b@example.com", null, HandoffIndicator.Unknown, Cancel);
        var refused = await gateways[1].AttachAsync("c@example.com", "2001:db8:100::/64", HandoffIndicator.BetweenGateways, Cancel);

        Assert.Equal(AttachmentResult.Refused, refused.Result);
        Assert.Equal(
            [
                new HandoffStatistic(HandoffIndicator.BetweenGateways, HandoffOutcome.Accepted, 1),
                new HandoffStatistic(HandoffIndicator.BetweenGateways, HandoffOutcome.Refused, 1),
                new HandoffStatistic(HandoffIndicator.Unknown, HandoffOutcome.NewSession, 1),
            ],
            anchor.Statistics()!.Handoffs);
        Assert.Equal(
            [
                new HandoffStatistic(HandoffIndicator.BetweenGateways, HandoffOutcome.Accepted, 1),
                new HandoffStatistic(HandoffIndicator.BetweenGateways, HandoffOutcome.Refused, 1),
                new HandoffStatistic(HandoffIndicator.Unknown, HandoffOutcome.Accepted, 1),
            ],
            gateways[1].Statistics()!.Handoffs);
        Assert.Empty(gateways[0].Statistics()!.Handoffs);
    }

    [Fact]
    public async Task The_peak_outlives_the_bindings()
    {
        await gateways[0].AttachAsync("a@example.com", Cancel);
        await gateways[0].AttachAsync("b@example.com", Cancel);
        await gateways[0].DetachAsync("b@example.com", Cancel);
        await host.Runtime.Delay(TimeSpan.FromMinutes(1), Cancel);

        Assert.Equal((1, 2), (anchor.Statistics()!.Bindings, anchor.Statistics()!.PeakBindings));
        Assert.Equal((1, 2), (gateways[0].Statistics()!.Bindings, gateways[0].Statistics()!.PeakBindings));
    }

    [Fact]
    public async Task Changes_are_those_since_the_earlier_look_and_all_after_a_restart()
    {
        await gateways[0].AttachAsync("a@example.com", Cancel);
        var first = gateways[0].Statistics()!;
        Assert.Same(first, first.ChangesSince(null));
        Assert.Equal(1, first.ProxyBindingUpdate!.Sent);
        Assert.Empty(gateways[0].Statistics()!.ChangesSince(first).Counters);
        await gateways[0].AttachAsync("b@example.com", null, HandoffIndicator.BetweenGateways, Cancel);
        await gateways[0].AttachAsync("c@example.com", Cancel);

        var changes = gateways[0].Statistics()!.ChangesSince(first);
        Assert.Equal("sent 2", changes.ProxyBindingUpdate!.ToString());
        Assert.Equal("received 2 (Accepted 2)", changes.ProxyBindingAcknowledgement!.ToString());
        Assert.Equal("none", changes.BindingRevocationIndication!.ToString());
        Assert.Single(changes.Handoffs);
        Assert.Equal((first.At, 3, 3), (changes.Since, changes.Bindings, changes.PeakBindings));
        Assert.Equal(3, gateways[0].Statistics()!.Sent);

        gateways[0].Stop();
        Assert.Null(gateways[0].Statistics());
        gateways[0].Start();
        await gateways[0].AttachAsync("a@example.com", Cancel);
        var restarted = gateways[0].Statistics()!.ChangesSince(first);
        Assert.Equal(1, restarted.ProxyBindingUpdate!.Sent);
        Assert.Equal(gateways[0].StartedAt, restarted.Since);
    }
}
