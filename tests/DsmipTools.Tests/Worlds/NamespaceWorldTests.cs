using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Revocation;
using DsmipTools.Engine.MobileIPv4;
using DsmipTools.Engine.Security;
using DsmipTools.Hosting;
using DsmipTools.Net;
using DsmipTools.Net.Ebpf;
using DsmipTools.Net.Probing;
using DsmipTools.Net.Tests.Support;
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
            Assert.Equal(["lma1:1 Ebpf", "mag1:1 Ebpf"], tunnels.Select(tunnel => $"{tunnel.Name} {tunnel.Backend}"));
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

    [Fact]
    [Trait("Rfc", "5213-6.10.5-01")]
    public async Task From_an_access_link_come_the_packets_of_its_mobile_node_and_no_others()
    {
        await using var domain = new NamespaceDomain();
        await Attach(domain, domain.Mag1, HandoffIndicator.NewInterface);
        var home = domain.FormedAddress("wlan1");
        Assert.NotNull(domain.Echo(home));
        Address stranger = "2001:db8:66::7";
        NamespaceDomain.In(domain.Mobile, $"address add {stranger}/64 dev wlan1 nodad");
        // The way back would be there.
        NamespaceDomain.In(domain.Correspondent, $"-6 route add {stranger}/128 via 2001:db8:c::1");
        Assert.Null(domain.Echo(stranger, attempts: 3));
        Assert.Contains("from all iif access", NamespaceDomain.In(domain.First, "-6 rule"), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Rfc", "5844-3.1.3-02")]
    public async Task An_IPv4_home_address_is_reached_too()
    {
        await using var domain = new NamespaceDomain();
        var outcome = await NamespaceDomain.AttachAsync(domain.Mag1, HandoffIndicator.NewInterface, withIPv4: true);
        var home = outcome.IPv4HomeAddress!.Value;
        NamespaceDomain.In(domain.First, "address add 10.7.0.1/32 dev access");
        NamespaceDomain.In(domain.Mobile, $"address add {home}/24 dev wlan1");
        NamespaceDomain.In(domain.Mobile, "route add default via 10.7.0.1");
        Assert.Equal(home.ToIPAddress(), domain.Echo(home)?.Address);
    }

    [Fact]
    public async Task A_route_that_somebody_else_has_refuses_the_registration_and_the_next_one_is_accepted()
    {
        await using var domain = new NamespaceDomain();
        NamespaceDomain.In(domain.Anchor, "-6 route add 2001:db8:7:5::/64 dev cn proto static");
        var refused = await NamespaceDomain.AttachAsync(domain.Mag1, HandoffIndicator.NewInterface, prefix: "2001:db8:7:5::/64");
        Assert.Equal((AttachmentResult.Refused, BindingStatus.InsufficientResources), (refused.Result, refused.Status));
        Assert.Contains(Failures(domain.Host, "lma1"), detail =>
            detail!.StartsWith("Adding the route to 2001:db8:7:5::/64 is not possible: the host has it already, from somebody else.", StringComparison.Ordinal));
        Assert.Empty(domain.Lma.Bindings());
        Assert.Empty(domain.Host.AgentTunnels());

        NamespaceDomain.In(domain.Anchor, "-6 route del 2001:db8:7:5::/64 dev cn");
        await Attach(domain, domain.Mag1, HandoffIndicator.NewInterface);
    }

    [Fact]
    public async Task A_gateway_that_cannot_lead_traffic_gives_the_binding_back()
    {
        await using var domain = new NamespaceDomain();
        var refused = await NamespaceDomain.AttachAsync(domain.Mag1, HandoffIndicator.NewInterface, link: 4711);
        Assert.Equal((AttachmentResult.Refused, BindingStatus.InsufficientResources), (refused.Result, refused.Status));
        Assert.Contains("The access link 4711 is no interface of this host.", Failures(domain.Host, "mag1"));
        Assert.True(await domain.Host.Runtime.WaitUntil(() => domain.Lma.Bindings().Count == 0, TimeSpan.FromSeconds(20), Cancel));
        Assert.Equal("", NamespaceDomain.Traces(domain.First, withDevices: false));
    }

    [Fact]
    public async Task An_access_link_has_the_link_layer_address_that_mobile_nodes_are_told()
    {
        await using var domain = new NamespaceDomain();
        NamespaceDomain.In(domain.First, "link set dev access address 02:00:00:00:00:77");
        var wrong = Assert.Throws<ArgumentException>(() => domain.Mag1.AccessLinkOf("access"));
        Assert.Contains("'ip link set dev access address 02:00:00:52:13:01'", wrong.Message, StringComparison.Ordinal);
        Assert.Equal("There is no interface nothing where mag1 runs.", Assert.Throws<Net.NetException>(() => domain.Mag1.AccessLinkOf("nothing")).Message);
    }

    [Fact]
    public async Task Without_the_privilege_a_registration_is_refused_and_the_capability_named()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "capabilities are those of Linux");
        if (Environment.IsPrivilegedProcess)
        {
            await Unprivileged.Run(typeof(NamespaceWorldTests), nameof(Without_the_privilege_a_registration_is_refused_and_the_capability_named));
            return;
        }

        await using var host = new DsmipHost(World.Host);
        host.Add(new LocalMobilityAnchorOptions { Name = "lma1", Address = "127.88.1.1", PrefixPool = "2001:db8:7::/48" });
        var mag = host.Add(new MobileAccessGatewayOptions { Name = "mag1", Address = "127.88.1.2", LocalMobilityAnchor = "127.88.1.1" });
        var refused = await mag.AttachAsync(NamespaceDomain.Node, Cancel);
        Assert.Equal((AttachmentResult.Refused, BindingStatus.InsufficientResources), (refused.Result, refused.Status));
        Assert.Contains(Failures(host, "lma1"), detail => detail!.StartsWith("Making a TUN device needs the capability CAP_NET_ADMIN", StringComparison.Ordinal));

        var association = new SecurityAssociation(500, "10.1.1.1", new byte[16]);
        host.SecurityAssociations.Add(association);
        host.Add(new HomeAgentOptions { Name = "ha1", Address = "127.88.1.3", Port = 4340, HomeNetwork = "10.1.1.0/24" });
        var registered = await host.RegisterOnceAsync(
            new MobileNodeOptions { Name = "mn1", HomeAddress = "10.1.1.1", HomeAgent = new Endpoint("127.88.1.3", 4340), CareOfAddress = "127.88.1.4", SecurityAssociation = association }, cancellationToken: Cancel);
        Assert.Equal(RegistrationResult.Refused, registered.Result);
        Assert.Equal(130, (int)registered.Code!);
        Assert.Equal(0, host.Runtime.Faults);
    }

    private static IEnumerable<string?> Failures(DsmipHost host, string agent) =>
        host.Events.Last(50).Where(happened => happened.Agent == agent && happened.Kind == EventKind.EffectFailed).Select(happened => happened.Detail);

    private static async Task Attach(NamespaceDomain domain, HostedMobileAccessGateway gateway, HandoffIndicator indicator)
    {
        var outcome = await NamespaceDomain.AttachAsync(gateway, indicator);
        Assert.True(outcome.Result == AttachmentResult.Accepted, $"{outcome} {string.Join('\n', domain.Host.Events.Last(50).Where(e => e.Kind is EventKind.EffectFailed or EventKind.TransportError))}");
    }
}
