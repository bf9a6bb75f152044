using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Engine.MobileIPv4;
using DsmipTools.Engine.Security;
using DsmipTools.Hosting;
using DsmipTools.Wire;
using DsmipTools.Wire.Icmp.IcmpV4;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;
using DsmipTools.Wire.Security;
using DsmipTools.Wire.Tunneling;
using DsmipTools.Worlds;

namespace DsmipTools.Tests.Worlds;

/// <summary>Packets from and to home addresses and registered prefixes travel in the simulated world as RFC 5944 and RFC 5454 say, and forged ones do not.</summary>
public sealed class MobileIPv4TrafficTests : IAsyncDisposable
{
    private const string Node = "mn1@example.com";
    private static readonly Address HomeAgentAddress = "192.0.2.1";
    private static readonly Address CareOf = "198.51.100.7";
    private static readonly Address Home = "10.1.1.7";
    private static readonly Address Inside = "2001:db8:7:1::9";
    private static readonly Address Outside = "2001:db8:ffff::9";
    private static readonly Address OutsideIPv4 = "198.18.0.9";

    private readonly DsmipHost host = new(World.Simulated);
    private readonly HostedHomeAgent homeAgent;

    public MobileIPv4TrafficTests() => homeAgent = host.Add(new HomeAgentOptions
    {
        Name = "ha1", Address = HomeAgentAddress, HomeNetwork = "10.1.1.0/24", PrefixPolicy = new ConfiguredPrefixes(["2001:db8:7::/48"]),
    });

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private SimulatedWorld Simulated => (SimulatedWorld)host.Runtime;

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_node_that_cannot_have_a_tunnel_says_so_and_can_try_again(bool isInside)
    {
        var node = Add("mn1", Home, CareOf, "2001:db8:7:1::/64", TunnelingMode.HomeAddress);
        Simulated.Tunnels.Refusal = (agent, tunnel) => agent == "mn1" && tunnel.Over is not null == isInside ? "not today" : null;
        Assert.Equal(RegistrationResult.NoTunnel, (await node.RegisterAsync(Cancel)).Result);
        Assert.DoesNotContain(Simulated.Tunnels.Snapshot(), entry => entry.Agent == "mn1");
        Simulated.Tunnels.Refusal = null;
        Assert.Equal(RegistrationResult.Accepted, (await node.RegisterAsync(Cancel)).Result);
        Assert.Equal("Delivered to mn1@example.com by ha1, mn1", Simulated.Probe(Outside, Inside).ToString());
        Assert.Equal(0, host.Runtime.Faults);
    }

    [Theory]
    [InlineData(TunnelingMode.HomeAddress, false, false, 40)]
    [InlineData(TunnelingMode.HomeAddress, true, false, 44)]
    [InlineData(TunnelingMode.HomeAddress, false, true, 40)]
    [InlineData(TunnelingMode.CareOfAddress, false, false, 20)]
    [InlineData(TunnelingMode.CareOfAddress, true, false, 24)]
    [InlineData(TunnelingMode.CareOfAddress, false, true, 20)]
    [Trait("Rfc", "5454-1.4-03")]
    [Trait("Rfc", "5454-3.3.2-02")]
    [Trait("Rfc", "5454-3.3.2-03")]
    [Trait("Rfc", "5454-3.3.2-04")]
    [Trait("Rfc", "5454-3.3.2-05")]
    [Trait("Rfc", "5454-3.3.2-06")]
    [Trait("Rfc", "5454-3.3.2-07")]
    [Trait("Rfc", "5454-3.3.2-08")]
    [Trait("Rfc", "5454-3.6-01")]
    [Trait("Rfc", "3024-4.3.2-03")]
    [Trait("Rfc", "5944-4.2.3-01")]
    [Trait("Rfc", "5944-4.2.3-02")]
    public async Task Packets_of_both_families_reach_the_node_and_its_answers_get_out(TunnelingMode mode, bool gre, bool minimal, int headers)
    {
        var node = Add("mn1", Home, CareOf, "2001:db8:7:1::/64", mode, gre, minimal);
        Assert.Equal(RegistrationResult.Accepted, (await node.RegisterAsync(Cancel)).Result);
        var there = Simulated.Probe(Outside, Inside);
        Assert.Equal("Delivered to mn1@example.com by ha1, mn1", there.ToString());
        Assert.True(IpPacketView.TryParse(there.Packet.Span, out var arrived, out _));
        // RFC 5454, 3.6: home agent and node take a hop each, the tunnels none.
        Assert.Equal((Outside, Inside, PacketFrame.HopLimit - 2), (arrived.Source, arrived.Destination, arrived.HopLimit));
        Assert.Equal("Left by mn1, ha1", Simulated.Probe("mn1", Node, Inside, Outside).ToString());
        Assert.Equal("Delivered to mn1@example.com by ha1, mn1", Simulated.Probe(OutsideIPv4, Home).ToString());
        Assert.Equal("Left by mn1, ha1", Simulated.Probe("mn1", Node, Home, OutsideIPv4).ToString());
        var way = Simulated.GetForwarding("ha1").Routes.Single(route => !route.Destination.Address.IsIPv4);
        Assert.Equal(headers, way.Overhead(minimal ? Encapsulation.IpInIp : way.Tunnel.Encapsulation));
        Assert.Equal(0, host.Runtime.Faults);
    }

    [Fact]
    [Trait("Rfc", "5454-3.3-06")]
    [Trait("Rfc", "5454-3.8-01")]
    [Trait("Rfc", "5454-3.8-02")]
    [Trait("Rfc", "5454-3.8-03")]
    public async Task What_is_not_registered_any_more_is_not_forwarded_any_more()
    {
        var node = Add("mn1", Home, CareOf, "2001:db8:7:1::/64");
        await node.RegisterAsync(Cancel);
        await node.RegisterAsync([], Cancel);
        Assert.Equal(ProbeOutcome.Undeliverable, Simulated.Probe(Outside, Inside).Outcome);
        Assert.Equal(ProbeOutcome.Delivered, Simulated.Probe(OutsideIPv4, Home).Outcome);
        await node.DeregisterAsync(Cancel);
        Assert.Equal(ProbeOutcome.Undeliverable, Simulated.Probe(OutsideIPv4, Home).Outcome);
        Assert.Equal((0, 0), (Simulated.GetForwarding("ha1").TunnelCount, Simulated.GetForwarding("mn1").TunnelCount));
        Assert.Empty(host.Runtime.Tunnels.Snapshot());
    }

    [Theory]
    [InlineData(TunnelingMode.HomeAddress)]
    [InlineData(TunnelingMode.CareOfAddress)]
    public async Task Nodes_of_one_home_agent_reach_each_other(TunnelingMode mode)
    {
        await Add("mn1", Home, CareOf, "2001:db8:7:1::/64", mode).RegisterAsync(Cancel);
        await Add("mn2", "10.1.1.8", "198.51.100.8", "2001:db8:7:2::/64", mode).RegisterAsync(Cancel);
        Assert.Equal("Delivered to mn2@example.com by mn1, ha1, mn2", Simulated.Probe("mn1", Node, Inside, "2001:db8:7:2::9").ToString());
        Assert.Equal("Delivered to mn2@example.com by mn1, ha1, mn2", Simulated.Probe("mn1", Node, Home, "10.1.1.8").ToString());
    }

    [Theory]
    [InlineData(TunnelingMode.HomeAddress)]
    [InlineData(TunnelingMode.CareOfAddress)]
    [Trait("Rfc", "5454-3.3.2-10")]
    [Trait("Rfc", "5454-3.3.2-11")]
    [Trait("Rfc", "5454-4-01")]
    [Trait("Rfc", "5454-4-02")]
    [Trait("Rfc", "3024-4.3.2-02")]
    public async Task All_combinations_of_forged_sources_are_dropped_and_are_security_exceptions(TunnelingMode mode)
    {
        await Add("mn1", Home, CareOf, "2001:db8:7:1::/64", mode).RegisterAsync(Cancel);
        await Add("mn2", "10.1.1.8", "198.51.100.8", "2001:db8:7:2::/64", mode).RegisterAsync(Cancel);
        foreach (var careOf in (Address[])[CareOf, "198.51.100.8", "203.0.113.66"])
        {
            foreach (var inner in (Address[])[Home, "10.1.1.8", "203.0.113.9", Inside, "2001:db8:7:2::9", "2001:db8:6666::1"])
            {
                var isHonest = (careOf == CareOf && (inner == Home || inner == Inside)) || (careOf == "198.51.100.8" && (inner == "10.1.1.8" || inner == "2001:db8:7:2::9"));
                var result = Simulated.Probe(InTunnel(careOf, inner, mode == TunnelingMode.HomeAddress && inner.IsIPv6 ? (careOf == CareOf ? Home : "10.1.1.8") : (Address?)null));
                Assert.Equal(isHonest ? "Left by ha1" : $"Dropped ({(careOf == "203.0.113.66" ? "ForeignTunnel" : "ForeignSource")}) by ha1", result.ToString());
            }
        }

        Assert.Contains(host.Events.Last(200), happened => happened is { Agent: "ha1", Kind: EventKind.SecurityException, Message: MessageKind.DataPacket });
    }

    [Fact]
    [Trait("Rfc", "5454-3.3.2-11")]
    [Trait("Rfc", "5454-4-01")]
    public async Task In_home_address_mode_an_IPv6_packet_has_to_come_through_both_tunnels_of_its_node()
    {
        await Add("mn1", Home, CareOf, "2001:db8:7:1::/64").RegisterAsync(Cancel);
        await Add("mn2", "10.1.1.8", "198.51.100.8", "2001:db8:7:2::/64").RegisterAsync(Cancel);
        // Past the home address; with another node's; and from the home address without the tunnel to the care-of address.
        Assert.Equal("Dropped (ForeignSource) by ha1", Simulated.Probe(InTunnel(CareOf, Inside, null)).ToString());
        Assert.Equal(ProbeOutcome.Dropped, Simulated.Probe(InTunnel(CareOf, "2001:db8:7:2::9", "10.1.1.8")).Outcome);
        Assert.Equal("Dropped (ForeignTunnel) by ha1", Simulated.Probe(InTunnel(Home, Inside, null)).ToString());
    }

    [Fact]
    [Trait("Rfc", "5454-3.3.2-13")]
    [Trait("Rfc", "5454-3.3.3-02")]
    public async Task Link_scope_packets_in_the_tunnel_to_the_home_address_are_for_the_home_agent_itself()
    {
        await Add("mn1", Home, CareOf, "2001:db8:7:1::/64").RegisterAsync(Cancel);
        Assert.Equal("ToAgent by ha1", Simulated.Probe(InTunnel(CareOf, "fe80::7", Home, "ff02::16")).ToString());
        Assert.Equal("ToAgent by ha1", Simulated.Probe(InTunnel(CareOf, "fe80::7", Home, "fe80::1")).ToString());
        Assert.Equal("Dropped (LinkScope) by ha1", Simulated.Probe(InTunnel(CareOf, "fe80::7", Home, Outside)).ToString());
        Assert.Equal("Dropped (LinkScope) by ha1", Simulated.Probe(InTunnel(CareOf, "fe80::7", null, "ff02::16")).ToString());
    }

    [Fact]
    [Trait("Rfc", "5944-4.2.3-04")]
    [Trait("Rfc", "5944-4.2.3-05")]
    public async Task What_the_node_has_tunneled_to_itself_does_not_run_in_circles()
    {
        await Add("mn1", Home, CareOf, "2001:db8:7:1::/64").RegisterAsync(Cancel);
        byte[] Tunneled(Address source) => PacketComposer.Compose(
            new IPv4Header { Source = source, Destination = Home, Protocol = IpProtocol.IPv4 },
            new IPv4Header { Source = OutsideIPv4, Destination = Home, Protocol = IpProtocol.NoNextHeader },
            new Data { Octets = new byte[12] }).ToArray();
        Assert.Equal("Dropped (TunnelLoop) by ha1", Simulated.Probe(Tunneled(CareOf)).ToString());
        Assert.Equal(ProbeOutcome.Delivered, Simulated.Probe(Tunneled("203.0.113.4")).Outcome);
    }

    [Fact]
    [Trait("Rfc", "3024-4.3.2-02")]
    public async Task An_encapsulation_that_was_not_negotiated_is_dropped()
    {
        await Add("mn1", Home, CareOf, "2001:db8:7:1::/64", gre: true).RegisterAsync(Cancel);
        Assert.Equal("Dropped (ForeignTunnel) by ha1", Simulated.Probe(InTunnel(CareOf, Home, null)).ToString());
    }

    [Fact]
    public async Task After_a_move_packets_go_to_the_new_care_of_address()
    {
        var node = Add("mn1", Home, CareOf, "2001:db8:7:1::/64");
        await node.RegisterAsync(Cancel);
        Assert.Equal(RegistrationResult.Accepted, (await node.MoveAsync("198.51.100.99", Cancel)).Result);
        Assert.Equal("Delivered to mn1@example.com by ha1, mn1", Simulated.Probe(Outside, Inside).ToString());
        Assert.Equal("Left by mn1, ha1", Simulated.Probe("mn1", Node, Inside, Outside).ToString());
        Assert.Equal("Dropped (ForeignTunnel) by ha1", Simulated.Probe(InTunnel(CareOf, Home, null)).ToString());
    }

    [Fact]
    [Trait("Rfc", "3519-3.3-01")]
    [Trait("Rfc", "3519-4.3-01")]
    [Trait("Rfc", "3519-4.7-01")]
    [Trait("Rfc", "3519-4.9-01")]
    [Trait("Rfc", "5454-3.9-01")]
    [Trait("Rfc", "5454-3.9-03")]
    public void Behind_a_NAT_packets_of_both_families_run_in_UDP_and_from_no_other_port()
    {
        var nat = new Endpoint("203.0.113.40", 61234);
        host.SecurityAssociations.Add(new SecurityAssociation(256, Home, [1, 2, 3, 4]));
        using var authenticator = new MessageAuthenticator(AuthenticationAlgorithm.HmacMd5, [1, 2, 3, 4]);
        var request = RegistrationAuthentication.Sign(
            new RegistrationRequest
            {
                DecapsulationByMobileNode = true, ReverseTunneling = true, Lifetime = 600, HomeAddress = Home, HomeAgent = HomeAgentAddress, CareOfAddress = "192.168.1.7",
                Identification = NtpTimestamp.From(Simulated.Now.WallClock),
                Extensions = [new UdpTunnelRequestExtension(), new IPv6PrefixRequestExtension { Prefix = "2001:db8:7:1::/64" }, new IPv6TunnelingModeExtension()],
            },
            256,
            authenticator);
        Simulated.Inject(FromPort(nat, request));
        Simulated.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(UdpTunneling.NatDetected, Assert.IsType<MobileIPv4Binding>(homeAgent.Bindings().Single()).UdpTunneling);

        // Nobody stands for the node behind the NAT: what is sent to it is not delivered, but it has come by the home agent.
        Assert.Equal("Undeliverable by ha1", Simulated.Probe(OutsideIPv4, Home).ToString());
        Assert.Equal("Undeliverable by ha1", Simulated.Probe(Outside, Inside).ToString());
        Structure FromHome() => new IPv4Header { Source = Home, Destination = OutsideIPv4, Protocol = IpProtocol.NoNextHeader };
        Structure FromPrefix() => new IPv6Header { Source = Inside, Destination = Outside, NextHeader = IpProtocol.NoNextHeader };
        Assert.Equal("Left by ha1", Simulated.Probe(FromPort(nat, new TunnelData(), FromHome(), new Data { Octets = new byte[12] })).ToString());
        Assert.Equal("Left by ha1", Simulated.Probe(FromPort(nat, new TunnelData(), FromPrefix(), new Data { Octets = new byte[12] })).ToString());
        Assert.Equal("Dropped (Malformed) by ha1", Simulated.Probe(FromPort(nat, new TunnelData { NextHeader = IpProtocol.IPv4 }, FromPrefix(), new Data { Octets = new byte[12] })).ToString());
        Assert.Equal("Dropped (ForeignTunnel) by ha1", Simulated.Probe(FromPort(nat with { Port = 61235 }, new TunnelData(), FromHome(), new Data { Octets = new byte[12] })).ToString());
        Assert.Equal("Dropped (ForeignTunnel) by ha1", Simulated.Probe(InTunnel(nat.Address, Home, null)).ToString());
        Assert.Equal("Dropped (ForeignTunnel) by ha1", Simulated.Probe(InTunnel("192.168.1.7", Home, null)).ToString());

        // A keepalive is answered through the tunnel.
        var before = Simulated.GetForwardingCounters("ha1")[ForwardingAction.Encapsulate];
        Assert.Equal("ToAgent by ha1", Simulated.Probe(FromPort(
            nat, new TunnelData(), new IPv4Header { Source = Home, Destination = HomeAgentAddress }, new IcmpV4EchoRequest(), new Data { Octets = "................"u8.ToArray() })).ToString());
        Simulated.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, host.Runtime.Faults);
        Assert.Equal(before, Simulated.GetForwardingCounters("ha1")[ForwardingAction.Encapsulate]);
        Simulated.Inject(FromPort(nat, new TunnelData(), new IPv4Header { Source = Home, Destination = HomeAgentAddress }, new IcmpV4EchoRequest()));
        Simulated.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((0, before + 1), (host.Runtime.Faults, Simulated.GetForwardingCounters("ha1")[ForwardingAction.Encapsulate]));
    }

    private static byte[] FromPort(Endpoint source, params Structure[] layers) => PacketComposer.Compose(
        [new IPv4Header { Source = source.Address, Destination = HomeAgentAddress }, new UdpHeader { SourcePort = source.Port, DestinationPort = MobileIPv4Message.Port, Checksum = 0 }, .. layers]).ToArray();

    private static byte[] InTunnel(Address careOf, Address inner, Address? home, Address? destination = null)
    {
        List<Structure> layers = [new IPv4Header { Source = careOf, Destination = HomeAgentAddress }];
        if (home is { } address)
        {
            layers.Add(new IPv4Header { Source = address, Destination = HomeAgentAddress });
        }

        layers.Add(inner.IsIPv4
            ? new IPv4Header { Source = inner, Destination = destination ?? OutsideIPv4, Protocol = IpProtocol.NoNextHeader }
            : new IPv6Header { Source = inner, Destination = destination ?? Outside, NextHeader = IpProtocol.NoNextHeader });
        return PacketComposer.Compose([.. layers, new Data { Octets = new byte[12] }]).ToArray();
    }

    private HostedMobileNode Add(
        string name, Address home, Address careOf, string prefix, TunnelingMode mode = TunnelingMode.HomeAddress, bool gre = false, bool minimal = false)
    {
        var association = new SecurityAssociation(256, home, [1, 2, 3, 4]);
        host.SecurityAssociations.TryAdd(association);
        return host.Add(new MobileNodeOptions
        {
            Name = name,
            HomeAddress = home,
            HomeAgent = new Endpoint(HomeAgentAddress, MobileIPv4Message.Port),
            CareOfAddress = careOf,
            SecurityAssociation = association,
            IPv6Prefixes = [prefix],
            TunnelingMode = mode,
            GreEncapsulation = gre,
            MinimalEncapsulation = minimal,
            Nai = $"{name}@example.com",
        });
    }
}
