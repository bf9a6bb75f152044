using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Revocation;
using DsmipTools.Engine.MobileIPv4;
using DsmipTools.Engine.Security;
using DsmipTools.Hosting;
using DsmipTools.Labs;
using DsmipTools.Net;
using DsmipTools.Net.Ebpf;
using DsmipTools.Net.Probing;
using DsmipTools.Net.Tests.Support;
using DsmipTools.Tunnels;
using DsmipTools.Net.RawPackets;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.Tunneling;

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
        var hasPrograms = LinuxProbes.Ebpf() is { LoadError: 0, HasTcx: true };
        Assert.All(tunnels, tunnel => Assert.Equal(hasPrograms ? TunnelBackend.Ebpf : TunnelBackend.UserSpace, tunnel.Backend));
        Assert.Equal(
            hasPrograms,
            tunnels.Select(tunnel => tunnel.BackendReason).SequenceEqual([$"core leads to {domain.Mag1.Options.Address}", $"core leads to {domain.Lma.Options.Address}"]));
        Assert.Equal(
            hasPrograms ? 1 : 0, hasPrograms ? domain.Anchor.Run(() => BpfProgram.CountAttached(SourceAddress.InterfaceIndex("core"), BpfHook.Ingress)) : 0);

        Assert.Equal([Destination.Of(home, 64)], tunnels[0].Prefix);

        NamespaceDomain.In(domain.Mobile, "link set dev wlan1 down");
        await Attach(domain, domain.Mag2, HandoffIndicator.BetweenGateways);
        var after = domain.FormedAddress("wlan2");
        Assert.Equal(Destination.Of(home, 64), Destination.Of(after, 64));
        Assert.Equal(after.ToIPAddress(), domain.Echo(after)?.Address);
        // The first gateway has noticed by the carrier that the mobile node has left.
        Assert.True(await domain.Host.Runtime.WaitUntil(() => domain.Host.AgentTunnels().All(tunnel => tunnel.Owner != "mag1"), TimeSpan.FromSeconds(20), Cancel));
        Assert.Equal(["lma1:2", "mag2:1"], domain.Host.AgentTunnels().Select(tunnel => tunnel.Name));

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
        Assert.True(domain.Reaches(home));
        Assert.False(domain.Reaches(stranger));
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

    [Theory]
    [InlineData(true, GreEncapsulation.WithKeys, false, Encapsulation.Gre)]
    [InlineData(false, GreEncapsulation.WithKeys, false, Encapsulation.Gre)]
    [InlineData(true, GreEncapsulation.None, true, Encapsulation.Udp)]
    [Trait("Rfc", "5844-4.1.4.1-01")]
    [Trait("Rfc", "5845-7.1-01")]
    public async Task A_tunnel_runs_in_the_encapsulation_that_was_agreed_on(bool isIPv4, GreEncapsulation gre, bool inUdp, Encapsulation encapsulation)
    {
        await using var domain = new NamespaceDomain(isIPv4, gre, inUdp);
        await Attach(domain, domain.Mag1, HandoffIndicator.NewInterface);
        var home = domain.FormedAddress("wlan1");
        Assert.NotNull(domain.Echo(home));
        Assert.All(domain.Host.AgentTunnels(), tunnel => Assert.Equal(encapsulation, tunnel.Encapsulation));
    }

    [Fact]
    [Trait("Rfc", "5213-6.13-02")]
    [Trait("Rfc", "5213-6.13-03")]
    public async Task A_mobile_node_whose_link_is_down_has_left()
    {
        await using var domain = new NamespaceDomain();
        await Attach(domain, domain.Mag1, HandoffIndicator.NewInterface);
        NamespaceDomain.In(domain.Mobile, "link set dev wlan1 down");
        Assert.True(await domain.Host.Runtime.WaitUntil(() => domain.Mag1.Bindings().Count == 0 && domain.Lma.Bindings().Count == 0, TimeSpan.FromSeconds(20), Cancel));
        Assert.Equal("", NamespaceDomain.Traces(domain.First, withDevices: false));
        NamespaceDomain.In(domain.Mobile, "link set dev wlan1 up");
        await Attach(domain, domain.Mag1, HandoffIndicator.NewInterface);
        Assert.NotNull(domain.Echo(domain.FormedAddress("wlan1")));
        NamespaceDomain.In(domain.First, "link del dev access");
        Assert.True(await domain.Host.Runtime.WaitUntil(() => domain.Mag1.Bindings().Count == 0, TimeSpan.FromSeconds(20), Cancel));
    }

    [Fact]
    public async Task A_device_that_somebody_removes_is_made_again_with_all_that_it_carried()
    {
        await using var domain = new NamespaceDomain();
        await Attach(domain, domain.Mag1, HandoffIndicator.NewInterface);
        var home = domain.FormedAddress("wlan1");
        Assert.NotNull(domain.Echo(home));
        var before = NamespaceDomain.Traces(domain.First, withDevices: false).Split('\n').Length;
        foreach (var space in (Net.Namespaces.NetworkNamespace[])[domain.Anchor, domain.First])
        {
            NamespaceDomain.In(space, "link del dev dsmip0");
        }

        Assert.NotNull(domain.Echo(home));
        Assert.Equal(before, NamespaceDomain.Traces(domain.First, withDevices: false).Split('\n').Length);
        Assert.Contains(domain.Host.Events.Last(50), happened => happened is { Agent: "lma1", Kind: EventKind.TransportError, Detail: "The device dsmip0 is gone: somebody removed it. (errno 77)" });
    }

    [Fact]
    public async Task What_an_honest_peer_never_sends_is_a_security_exception()
    {
        await using var domain = new NamespaceDomain();
        await Attach(domain, domain.Mag1, HandoffIndicator.NewInterface);
        using var forger = domain.Second.Run(() => RawPacketTransport.OpenIP(isIPv4: true));
        forger.Send(PacketComposer.Compose(
            new IPv4Header { Source = domain.Mag2.Address, Destination = domain.Lma.Address }, new IPv6Header { Source = "2001:db8:7::7", Destination = "2001:db8:c::2" }).Span);
        Assert.True(await domain.Host.Runtime.WaitUntil(
            () => domain.Host.Events.Last(50).Any(happened => happened is { Agent: "lma1", Kind: EventKind.SecurityException, Detail: "ForeignTunnel: 192.0.2.14 > 192.0.2.6" }), TimeSpan.FromSeconds(20), Cancel));
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
    public async Task An_agent_runs_in_a_node_of_a_lab_and_ends_with_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "network namespaces need Linux and root");
        await using var host = new DsmipHost(World.Loopback);
        var lab = host.Labs.Add($"agents{Environment.ProcessId}", World.Namespace);
        var node = lab.AddNode("lma", LabNodeKind.Router);
        lab.AddLink(new LabLinkOptions { Name = "core", Members = ["lma"], Prefixes = ["198.18.0.0/24"] });
        var place = host.PlaceOf(null, "LMA");
        var anchor = host.Add(new LocalMobilityAnchorOptions { Name = "lma1", Address = node.Addresses[0], PrefixPool = "2001:db8:7::/48" }, place: place);
        var beside = host.Add(new LocalMobilityAnchorOptions { Name = "lma2", Address = "127.88.2.1", PrefixPool = "2001:db8:8::/48" });
        Assert.Equal((World.Namespace, "lma", World.Loopback, (string?)null), (anchor.World, anchor.Node, beside.World, beside.Node));
        Assert.Throws<ArgumentException>(() => host.PlaceOf(World.Host, "lma"));
        await host.Labs.RemoveAsync(lab);
        Assert.Equal(["lma2"], host.Agents.Select(agent => agent.Name));
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
        Assert.Contains(Failures(host, "lma1"), detail => detail!.Contains("the capability CAP_NET_ADMIN", StringComparison.Ordinal));

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
