using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Revocation;
using DsmipTools.Hosting;
using DsmipTools.Net;
using DsmipTools.Net.Ebpf;
using DsmipTools.Net.Probing;
using DsmipTools.Tunnels;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Tests.Worlds;

/// <summary>Agents of this process in network namespaces: what they agree on carries the packets of a mobile node, as long as they agree, and no longer.</summary>
public sealed class NamespaceWorldTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Rfc", "5213-5.6.1-01")]
    [Trait("Rfc", "5213-5.6.1-03")]
    [Trait("Rfc", "5213-5.6.2-02")]
    [Trait("Rfc", "5213-5.6.2-03")]
    [Trait("Rfc", "5213-6.10.2-01")]
    public async Task A_mobile_node_reaches_its_correspondent_through_the_tunnel_also_after_a_handover_until_it_is_revoked(bool isIPv4)
    {
        await using var domain = new NamespaceDomain(isIPv4);
        await Attach(domain, domain.Mag1, HandoffIndicator.NewInterface);
        var home = domain.FormedAddress("wlan1");
        Assert.Equal(home.ToIPAddress(), domain.Echo(home)?.Address);
        var tunnels = domain.Host.AgentTunnels();
        Assert.Equal(["lma1:1", "mag1:1"], tunnels.Select(tunnel => tunnel.Name));
        // A packet is counted once it has gone on.
        Assert.True(SpinWait.SpinUntil(() => tunnels.All(tunnel => tunnel.PacketsIn > 0 && tunnel.PacketsOut > 0), TimeSpan.FromSeconds(20)));
        Assert.All(tunnels, tunnel => Assert.Equal(TunnelState.Enabled, tunnel.State));
        if (LinuxProbes.Ebpf() is { LoadError: 0, HasTcx: true })
        {
            Assert.Equal(
                [$"Ebpf: core leads to {domain.Mag1.Options.Address}", $"Ebpf: core leads to {domain.Lma.Options.Address}"],
                tunnels.Select(tunnel => $"{tunnel.Backend}: {tunnel.BackendReason}"));
            Assert.Equal(1, domain.Anchor.Run(() => BpfProgram.CountAttached(SourceAddress.InterfaceIndex("core"), BpfHook.Ingress)));
        }

        Assert.Equal([Destination.Of(home, 64)], tunnels[0].Prefix);

        NamespaceDomain.In(domain.Mobile, "link set dev wlan1 down");
        await Attach(domain, domain.Mag2, HandoffIndicator.BetweenGateways);
        var after = domain.FormedAddress("wlan2");
        Assert.Equal(Destination.Of(home, 64), Destination.Of(after, 64));
        Assert.Equal(after.ToIPAddress(), domain.Echo(after)?.Address);
        Assert.Equal(["lma1:2", "mag2:1"], domain.Host.AgentTunnels().Select(tunnel => tunnel.Name).Where(name => name != "mag1:1"));

        await foreach (var outcome in domain.Lma.RevokeAsync(Revocation.Realm("example.com"), Cancel))
        {
            Assert.Equal(RevocationResult.Acknowledged, outcome.Result);
        }

        Assert.Null(domain.Echo(after, attempts: 3));
        Assert.DoesNotContain(domain.Host.AgentTunnels(), tunnel => tunnel.Owner is "lma1" or "mag2");
        Assert.Equal(0, domain.Host.Runtime.Faults);

        await domain.Host.DisposeAsync();
        Assert.All(domain.Spaces, space => Assert.Equal("", NamespaceDomain.Traces(space)));
    }

    private static async Task Attach(NamespaceDomain domain, HostedMobileAccessGateway gateway, HandoffIndicator indicator)
    {
        var outcome = await NamespaceDomain.AttachAsync(gateway, indicator);
        Assert.True(outcome.Result == AttachmentResult.Accepted, $"{outcome} {string.Join('\n', domain.Host.Events.Last(50).Where(e => e.Kind is EventKind.EffectFailed or EventKind.TransportError))}");
    }
}
