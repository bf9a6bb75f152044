using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Revocation;
using DsmipTools.Hosting;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.Tunneling;
using DsmipTools.Worlds;

namespace DsmipTools.Tests.Worlds;

/// <summary>Packets of mobile nodes travel in the simulated world as the bindings say, and nothing that was revoked still forwards.</summary>
public sealed class SimulatedForwardingTests
{
    private const string Node = "mn1@example.com";
    private static readonly Address Outside = "2001:db8:ffff::9";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Rfc", "5213-5.6.1-01")]
    [Trait("Rfc", "5213-5.6.1-03")]
    [Trait("Rfc", "5213-5.6.2-02")]
    [Trait("Rfc", "5213-5.6.2-03")]
    [Trait("Rfc", "5213-6.10.2-01")]
    [Trait("Rfc", "5213-6.10.5-01")]
    [Trait("Rfc", "5844-4.1.3.1-03")]
    [Trait("Rfc", "5844-4.2.2-04")]
    public async Task A_packet_reaches_the_mobile_node_and_its_answer_gets_out(bool ipv4Transport)
    {
        await using var domain = new TestDomain(ipv4Transport);
        var home = await domain.AttachAsync(Node);
        var there = domain.World.Probe(Outside, home);
        Assert.Equal("Delivered to mn1@example.com by lma1, mag1", there.ToString());
        Assert.True(IpPacketView.TryParse(there.Packet.Span, out var arrived, out _));
        Assert.Equal((Outside, home, PacketFrame.HopLimit - 2), (arrived.Source, arrived.Destination, arrived.HopLimit));

        Assert.Equal("Left by mag1, lma1", domain.World.Probe("mag1", Node, home, Outside).ToString());
        Assert.Equal(0, domain.Host.Runtime.Faults);
        Assert.Equal((4L, 0L), (domain.World.Traffic.Forwarded, domain.World.Traffic.NotForwarded));
        var tunnel = Assert.IsType<ProxyBindingSnapshot>(domain.Anchor.Bindings().Single()).Tunnel!;
        Assert.Equal((ipv4Transport, Encapsulation.IpInIp), (tunnel.Remote.IsIPv4, tunnel.Encapsulation));
    }

    [Fact]
    [Trait("Rfc", "5844-3.1.2.2-05")]
    [Trait("Rfc", "5844-3.1.2.2-06")]
    [Trait("Rfc", "5844-3.1.3-02")]
    [Trait("Rfc", "5844-3.1.3-03")]
    [Trait("Rfc", "5844-3.2.4-01")]
    [Trait("Rfc", "5844-3.2.4-03")]
    public async Task An_IPv4_home_address_is_reached_too_and_mobile_nodes_reach_each_other()
    {
        await using var domain = new TestDomain();
        var first = await domain.AttachAsync(Node);
        var second = await domain.AttachAsync("mn2@example.com", domain.Other);
        Assert.Equal("Delivered to mn2@example.com by mag1, lma1, mag2", domain.World.Probe("mag1", Node, first, second).ToString());
        Assert.Equal("Delivered to mn1@example.com by lma1, mag1", domain.World.Probe("198.18.0.9", "192.0.2.2").ToString());
        Assert.Equal("Delivered to mn2@example.com by mag1, lma1, mag2", domain.World.Probe("mag1", Node, "192.0.2.2", "192.0.2.3").ToString());
    }

    [Theory]
    [InlineData(false, "mag1, lma1, mag1")]
    [InlineData(true, "mag1")]
    [Trait("Rfc", "5213-6.10.3-01")]
    [Trait("Rfc", "5213-6.10.5-04")]
    [Trait("Rfc", "5213-9.2-01")]
    [Trait("Rfc", "5844-3.2.4-02")]
    public async Task Mobile_nodes_of_one_gateway_reach_each_other_directly_where_that_is_enabled(bool localRouting, string way)
    {
        await using var domain = new TestDomain(localRouting: localRouting);
        var first = await domain.AttachAsync(Node);
        var second = await domain.AttachAsync("mn2@example.com");
        var away = await domain.AttachAsync("mn3@example.com", domain.Other);
        var there = domain.World.Probe("mag1", Node, first, second);
        Assert.Equal($"Delivered to mn2@example.com by {way}", there.ToString());
        Assert.True(IpPacketView.TryParse(there.Packet.Span, out var arrived, out _));
        Assert.Equal(PacketFrame.HopLimit - way.Split(',').Length, arrived.HopLimit);
        Assert.Equal($"Delivered to mn2@example.com by {way}", domain.World.Probe("mag1", Node, "192.0.2.2", "192.0.2.3").ToString());

        // The checks of the source stay, and so does the way to everybody else.
        Assert.Equal("Dropped (ForeignSource) by mag1", domain.World.Probe("mag1", Node, away, second).ToString());
        Assert.Equal("Delivered to mn3@example.com by mag1, lma1, mag2", domain.World.Probe("mag1", Node, first, away).ToString());
        Assert.Equal("Left by mag1, lma1", domain.World.Probe("mag1", Node, first, Outside).ToString());
        await domain.Gateway.DetachAsync("mn2@example.com", Cancel);
        Assert.NotEqual(ProbeOutcome.Delivered, domain.World.Probe("mag1", Node, first, second).Outcome);
    }

    [Theory]
    [InlineData(true, GreEncapsulation.WithKeys, false, Encapsulation.Gre)]
    [InlineData(false, GreEncapsulation.WithKeys, false, Encapsulation.Gre)]
    [InlineData(false, GreEncapsulation.WithoutKeys, false, Encapsulation.Gre)]
    [InlineData(true, GreEncapsulation.None, true, Encapsulation.Udp)]
    [InlineData(true, GreEncapsulation.WithKeys, true, Encapsulation.Udp)]
    [Trait("Rfc", "5845-4.2-01")]
    [Trait("Rfc", "5845-4.2-02")]
    [Trait("Rfc", "5845-5.2-03")]
    [Trait("Rfc", "5845-3.2-01")]
    [Trait("Rfc", "5844-4.1.3.1-05")]
    public async Task The_tunnel_is_the_one_that_gateway_and_anchor_agreed_on(bool ipv4Transport, GreEncapsulation gre, bool udp, Encapsulation expected)
    {
        await using var domain = new TestDomain(ipv4Transport, gre: gre, udp: udp);
        var home = await domain.AttachAsync(Node);
        var second = await domain.AttachAsync("mn2@example.com");
        Assert.Equal("Delivered to mn1@example.com by lma1, mag1", domain.World.Probe(Outside, home).ToString());
        Assert.Equal("Left by mag1, lma1", domain.World.Probe("mag1", Node, home, Outside).ToString());
        Assert.Equal("Delivered to mn2@example.com by mag1, lma1, mag1", domain.World.Probe("mag1", Node, home, second).ToString());
        var bindings = domain.Anchor.Bindings().Cast<ProxyBindingSnapshot>().ToArray();
        Assert.All(bindings, binding => Assert.Equal(expected, binding.Tunnel!.Encapsulation));
        Assert.Equal(gre == GreEncapsulation.WithKeys ? 2 : 0, bindings.Select(binding => binding.UplinkKey).OfType<uint>().Distinct().Count());
        Assert.Equal(Keys(bindings), Keys(domain.Gateway.Bindings().Cast<ProxyBindingSnapshot>()));
    }

    private static IEnumerable<(uint?, uint?)> Keys(IEnumerable<ProxyBindingSnapshot> bindings) =>
        bindings.Select(binding => (binding.UplinkKey, binding.DownlinkKey)).Order();

    [Fact]
    public async Task After_a_handover_packets_go_to_the_new_gateway()
    {
        await using var domain = new TestDomain();
        var home = await domain.AttachAsync(Node);
        await domain.Other.AttachAsync(Node, null, HandoffIndicator.BetweenGateways, Cancel);
        Assert.Equal("Delivered to mn1@example.com by lma1, mag2", domain.World.Probe(Outside, home).ToString());
        // The old gateway has no binding left, so that there is no tunnel to it either.
        Assert.Equal("Dropped (ForeignTunnel) by mag1, lma1", domain.World.Probe("mag1", Node, home, Outside).ToString());
    }

    [Fact]
    public async Task What_was_revoked_is_not_forwarded_in_either_direction()
    {
        await using var domain = new TestDomain();
        var home = await domain.AttachAsync(Node);
        await foreach (var outcome in domain.Anchor.RevokeAsync(RevocationRequest.Realm("example.com"), Cancel))
        {
            Assert.Equal(RevocationResult.Acknowledged, outcome.Result);
        }

        Assert.Equal("Undeliverable", domain.World.Probe(Outside, home).ToString());
        Assert.Equal("Dropped (NotAttached) by mag1", domain.World.Probe("mag1", Node, home, Outside).ToString());
        Assert.Equal(
            (0, 0, 0), (domain.World.GetForwarding("lma1").RouteCount, domain.World.GetForwarding("mag1").RouteCount, domain.World.Tunnels.Count));
    }

    [Fact]
    public async Task Forged_sources_are_dropped_and_reported_but_a_flood_is_not()
    {
        await using var domain = new TestDomain();
        var home = await domain.AttachAsync(Node);
        var other = await domain.AttachAsync("mn2@example.com", domain.Other);

        // The mobile node with somebody else's address; the gateway with another one's mobile node; a stranger with the gateway's and with his own.
        Assert.Equal("Dropped (ForeignSource) by mag1", domain.World.Probe("mag1", Node, other, Outside).ToString());
        Assert.Equal("Dropped (ForeignSource) by lma1", domain.World.Probe(Tunneled("2001:db8:b::1", "2001:db8:a::1", other, Outside)).ToString());
        Assert.Equal("Dropped (ForeignTunnel) by lma1", domain.World.Probe(Tunneled("2001:db8:b::77", "2001:db8:a::1", home, Outside)).ToString());
        Assert.Equal("Dropped (NotAttached) by mag1", domain.World.Probe(Tunneled("2001:db8:a::1", "2001:db8:b::1", Outside, other)).ToString());
        Assert.Equal("Dropped (ForeignSource) by lma1", domain.World.Probe(home, other).ToString());

        domain.World.Advance(TimeSpan.FromSeconds(2));
        var before = Reports(domain.Host);
        for (var packet = 0; packet < 500; packet++)
        {
            domain.World.Inject(Tunneled("2001:db8:b::77", "2001:db8:a::1", home, Outside));
        }

        domain.World.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Equal(before + 1, Reports(domain.Host));
        Assert.Equal(501, domain.World.GetForwardingCounters("lma1")[ForwardingDrop.ForeignTunnel]);
        domain.World.Advance(TimeSpan.FromSeconds(2));
        domain.World.Probe(Tunneled("2001:db8:b::77", "2001:db8:a::1", home, Outside));
        Assert.Equal(500, domain.Host.Events.Last(1)[0].Count);
    }

    [Fact]
    public async Task A_tunnel_that_is_refused_refuses_the_attachment()
    {
        await using var domain = new TestDomain();
        domain.World.Tunnels.Refusal = (agent, _) => agent == "lma1" ? "no more tunnels" : null;
        var outcome = await domain.Gateway.AttachAsync(Node, Cancel);
        Assert.Equal((AttachmentResult.Refused, BindingStatus.InsufficientResources), (outcome.Result, outcome.Status));
        domain.World.Tunnels.Refusal = (agent, _) => agent == "mag1" ? "no more tunnels" : null;
        outcome = await domain.Gateway.AttachAsync(Node, Cancel);
        Assert.Equal((AttachmentResult.Refused, BindingStatus.InsufficientResources), (outcome.Result, outcome.Status));
        domain.World.Tunnels.Refusal = null;
        domain.World.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, domain.World.Tunnels.Count);
        Assert.Equal(ProbeOutcome.Delivered, domain.World.Probe(Outside, await domain.AttachAsync(Node)).Outcome);
    }

    [Fact]
    public async Task A_lost_packet_is_known_to_be_lost()
    {
        await using var domain = new TestDomain();
        var home = await domain.AttachAsync(Node);
        domain.World.Partition("2001:db8:a::1", "2001:db8:b::1");
        var (before, lost) = (domain.World.Now.Elapsed, domain.World.Probe(Outside, home));
        Assert.Equal("Lost by lma1", lost.ToString());
        Assert.True(domain.World.Now.Elapsed - before < TimeSpan.FromSeconds(1));
    }

    private static int Reports(DsmipHost host) =>
        host.Events.Last(10_000).Count(happened => happened is { Kind: EventKind.SecurityException, Message: MessageKind.DataPacket });

    private static byte[] Tunneled(Address from, Address to, Address source, Address destination) => PacketComposer.Compose(
        new IPv6Header { Source = from, Destination = to },
        new IPv6Header { Source = source, Destination = destination, NextHeader = IpProtocol.NoNextHeader },
        new Data { Octets = new byte[12] }).ToArray();

    /// <summary>An anchor and two gateways.</summary>
    private sealed class TestDomain : IAsyncDisposable
    {
        public TestDomain(bool ipv4Transport = false, bool localRouting = false, GreEncapsulation gre = GreEncapsulation.None, bool udp = false)
        {
            Address anchor = ipv4Transport ? "198.51.100.1" : "2001:db8:a::1";
            Anchor = Host.Add(new LocalMobilityAnchorOptions
            {
                Name = "lma1", Address = anchor, PrefixPool = "2001:db8:100::/40", IPv4HomeNetwork = "192.0.2.0/24", AcceptsForcedUdpEncapsulation = udp,
            });
            Gateway = Host.Add(new MobileAccessGatewayOptions
            {
                Name = "mag1", Address = ipv4Transport ? "203.0.113.1" : "2001:db8:b::1", LocalMobilityAnchor = anchor, EnableMAGLocalRouting = localRouting,
                Gre = gre, ForcesUdpEncapsulation = udp,
            });
            Other = Host.Add(new MobileAccessGatewayOptions
            {
                Name = "mag2", Address = ipv4Transport ? "203.0.113.2" : "2001:db8:b::2", LocalMobilityAnchor = anchor,
            });
        }

        public DsmipHost Host { get; } = new();

        public SimulatedWorld World => Host.Simulation!;

        public HostedLocalMobilityAnchor Anchor { get; }

        public HostedMobileAccessGateway Gateway { get; }

        public HostedMobileAccessGateway Other { get; }

        /// <summary>Attaches a mobile node with both address families and returns an IPv6 address of it.</summary>
        public async Task<Address> AttachAsync(string identifier, HostedMobileAccessGateway? gateway = null)
        {
            var outcome = await (gateway ?? Gateway).AttachAsync(
                new AttachmentRequest { Identifier = identifier, IPv4HomeAddress = Address.AnyIPv4 }, Cancel);
            Assert.Equal(AttachmentResult.Accepted, outcome.Result);
            return Address.FromIPv6(outcome.Prefixes[0].Bits | 7);
        }

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }
}
