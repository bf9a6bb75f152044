using DsmipTools.Engine;
using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Engine.MobileIPv4;
using DsmipTools.Engine.Security;
using DsmipTools.Wire;
using DsmipTools.Wire.Icmp.AgentAdvertisement;
using DsmipTools.Wire.Icmp.IcmpV4;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;
using DsmipTools.Worlds;

namespace DsmipTools.Tests.Worlds;

/// <summary>A mobile node, foreign agents and a home agent on simulated links (RFC 5944, 2, 3.6 and 3.7).</summary>
public sealed class ForeignAgentTests
{
    private static readonly Address Correspondent = "203.0.113.9";

    [Fact]
    [Trait("Rfc", "5944-3.1-01")]
    [Trait("Rfc", "5944-3.7.2.2-01")]
    [Trait("Rfc", "5454-3.4-01")]
    public void A_node_on_a_foreign_link_is_registered_through_the_foreign_agent()
    {
        using var domain = new MobileIPv4Domain(node: options => options with { IPv6Prefixes = ["2001:db8:7:1::/64"], TunnelingMode = TunnelingMode.CareOfAddress });
        domain.Visit(domain.First, domain.FirstLink);
        var visitor = domain.At(domain.First)!;
        var binding = domain.AtHomeAgent!;
        Assert.Equal(("198.51.1.1", "192.0.2.1", ""), (visitor.CareOfAddress.ToString(), visitor.HomeAgent.ToString(), visitor.Flags));
        Assert.Equal((visitor.CareOfAddress, "198.51.1.1", visitor.Identification), (binding.CareOfAddress, binding.Peer.ToString(), binding.Identification));
        // What RFC 5454 adds goes through untouched, and is tunneled to the home address, as the care-of address is not the node's own.
        Assert.Equal([new RegisteredPrefix("2001:db8:7:1::/64", PrefixReplyCode.AcceptedHomeAddress, TunnelingMode.HomeAddress)], binding.RegisteredPrefixes);
        Assert.Equal(binding.RegisteredPrefixes, domain.AtNode!.RegisteredPrefixes);
        Assert.Equal((Address?)"198.51.1.1", domain.AtNode!.ForeignAgent);
        Assert.Equal(TimeSpan.FromMinutes(5), visitor.LifetimeGranted);
        Assert.Equal(0, domain.World.Faults);
    }

    [Fact]
    [Trait("Rfc", "5944-4.2.2-01")]
    [Trait("Rfc", "5944-4.2.2-02")]
    [Trait("Rfc", "5944-2.3.1-02")]
    public void Its_packets_run_through_the_tunnel_to_the_foreign_agent()
    {
        using var domain = new MobileIPv4Domain();
        domain.Visit(domain.First, domain.FirstLink);
        var tunnel = Assert.Single(domain.World.GetForwarding("fa1").Routes).Tunnel;
        Assert.Equal(("198.51.1.1", "192.0.2.1", TunnelEnd.Access), (tunnel.Local.ToString(), tunnel.Remote.ToString(), tunnel.End));
        var probe = domain.World.Probe(InTunnel("192.0.2.1", "198.51.1.1", Correspondent, MobileIPv4Domain.Home));
        Assert.Equal((ProbeOutcome.Delivered, "10.1.1.7"), (probe.Outcome, probe.Node));
        // RFC 5944, 4.2.2: nothing goes on that is not for a visitor.
        Assert.Equal(ForwardingDrop.NotAttached, domain.World.Probe(InTunnel("192.0.2.1", "198.51.1.1", Correspondent, "10.1.1.8")).Drop);
        Assert.Equal(ForwardingDrop.ForeignTunnel, domain.World.Probe(InTunnel("192.0.2.66", "198.51.1.1", Correspondent, MobileIPv4Domain.Home)).Drop);
        Assert.Equal(ProbeOutcome.Left, domain.World.Probe("fa1", "10.1.1.7", MobileIPv4Domain.Home, Correspondent).Outcome);
    }

    [Theory]
    [Trait("Rfc", "5944-4.2.2-04")]
    [Trait("Rfc", "5944-4.2.2-05")]
    [Trait("Rfc", "3024-4.2.2-02")]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Packets_go_both_ways_between_correspondent_and_node(bool reverse, bool gre)
    {
        using var domain = new MobileIPv4Domain(
            foreign: options => options with { GreEncapsulation = gre }, node: options => options with { ReverseTunneling = reverse, GreEncapsulation = gre });
        domain.Visit(domain.First, domain.FirstLink);
        var there = domain.World.Probe(Correspondent, MobileIPv4Domain.Home);
        Assert.Equal((ProbeOutcome.Delivered, "ha1 fa1"), (there.Outcome, string.Join(' ', there.Path)));
        var back = domain.World.Probe("fa1", "10.1.1.7", MobileIPv4Domain.Home, Correspondent);
        Assert.Equal((ProbeOutcome.Left, reverse ? "fa1 ha1" : "fa1"), (back.Outcome, string.Join(' ', back.Path)));
        Assert.True(IpPacketView.TryParse(back.Packet.Span, out var packet, out _));
        Assert.Equal((reverse ? 62 : 63, MobileIPv4Domain.Home), (packet.HopLimit, packet.Source));
    }

    [Theory]
    [Trait("Rfc", "3024-5.1-02")]
    [Trait("Rfc", "3024-5.2-02")]
    [Trait("Rfc", "3024-5.2-03")]
    [Trait("Rfc", "3024-5.4-01")]
    [Trait("Rfc", "5944-4.2.2-04")]
    [Trait("Rfc", "3024-3.3-02")]
    [Trait("Rfc", "3024-3.3-04")]
    [Trait("Rfc", "3024-4.2.2-02")]
    [InlineData(false, false, ForwardingAction.Forward, ForwardingAction.ToAgent)]
    [InlineData(true, false, ForwardingAction.Encapsulate, ForwardingAction.ToAgent)]
    [InlineData(true, true, ForwardingAction.Forward, ForwardingAction.Encapsulate)]
    public void What_the_node_sends_goes_as_the_delivery_style_says(bool reverse, bool encapsulating, ForwardingAction plain, ForwardingAction tunneled)
    {
        using var domain = new MobileIPv4Domain(node: options => options with { ReverseTunneling = reverse, EncapsulatingDelivery = encapsulating });
        domain.Visit(domain.First, domain.FirstLink);
        var table = domain.World.GetForwarding("fa1");
        var link = domain.FirstLink.Number;
        Assert.Equal(plain, Forwarder.Decide(Plain(MobileIPv4Domain.Home, Correspondent), link, table).Action);
        var packet = InTunnel(MobileIPv4Domain.Home, "198.51.1.1", MobileIPv4Domain.Home, Correspondent);
        var decision = Forwarder.Decide(packet, link, table);
        Assert.Equal(tunneled, decision.Action);
        // Whose packets they are is checked inside and outside.
        Assert.Equal(ForwardingDrop.ForeignSource, Forwarder.Decide(Plain("10.1.1.8", Correspondent), link, table).Drop);
        Assert.Equal(ForwardingDrop.ForeignSource, Forwarder.Decide(Plain(MobileIPv4Domain.Home, Correspondent), link + 1, table).Drop);
        Assert.Equal(
            encapsulating ? ForwardingDrop.ForeignSource : ForwardingDrop.None,
            Forwarder.Decide(InTunnel(MobileIPv4Domain.Home, "198.51.1.1", "10.1.1.8", Correspondent), link, table).Drop);
    }

    [Fact]
    [Trait("Rfc", "3024-5.2-04")]
    public void What_goes_into_the_reverse_tunnel_is_one_packet_in_another()
    {
        using var domain = new MobileIPv4Domain(node: options => options with { ReverseTunneling = true, EncapsulatingDelivery = true });
        domain.Visit(domain.First, domain.FirstLink);
        var packet = InTunnel(MobileIPv4Domain.Home, "198.51.1.1", MobileIPv4Domain.Home, "224.1.2.3");
        var decision = Forwarder.Decide(packet, domain.FirstLink.Number, domain.World.GetForwarding("fa1"));
        var written = new byte[Forwarder.LengthOf(decision)];
        Forwarder.Write(packet, decision, 1, written);
        Assert.True(IpPacketView.TryParse(written, out var outer, out _));
        Assert.Equal(("198.51.1.1", "192.0.2.1", IpProtocol.IPv4), (outer.Source.ToString(), outer.Destination.ToString(), outer.Protocol));
        Assert.True(IpPacketView.TryParse(outer.Payload, out var inner, out _));
        Assert.Equal(("10.1.1.7", "224.1.2.3"), (inner.Source.ToString(), inner.Destination.ToString()));
    }

    [Fact]
    [Trait("Rfc", "5944-3.7.3-02")]
    public void A_home_agent_that_is_not_there_is_told_by_ICMP()
    {
        using var domain = new MobileIPv4Domain();
        domain.World.Remove(domain.HomeAgent);
        domain.World.Move(domain.Node, domain.FirstLink);
        Assert.True(domain.Until(() => domain.EventsOf(domain.Node, EventKind.BindingRefused).Any(), 10));
        Assert.Equal((byte)RegistrationCode.ForeignAgentHomeAgentHostUnreachable, domain.EventsOf(domain.Node, EventKind.BindingRefused).First().Code);
        Assert.Equal("ICMP says of 192.0.2.1: HostUnreachable", domain.EventsOf(domain.First, EventKind.BindingRefused).First().Detail);
    }

    [Fact]
    public void A_home_agent_that_does_not_answer_is_a_timeout()
    {
        using var domain = new MobileIPv4Domain();
        domain.World.Partition("198.51.1.1", "192.0.2.1");
        domain.World.Move(domain.Node, domain.FirstLink);
        Assert.True(domain.Until(() => domain.EventsOf(domain.First, EventKind.BindingRefused).Any(), 20));
        Assert.Equal((byte)RegistrationCode.ForeignAgentRegistrationTimeout, domain.EventsOf(domain.First, EventKind.BindingRefused).First().Code);
    }

    [Fact]
    public void ICMP_that_quotes_something_else_means_nothing()
    {
        using var domain = new MobileIPv4Domain();
        domain.World.Partition("198.51.1.1", "192.0.2.1");
        domain.World.Move(domain.Node, domain.FirstLink);
        Assert.True(domain.Until(() => domain.World.Query(domain.First, _ => domain.First.PendingCount) > 0, 20));
        foreach (var (from, to) in ((Endpoint, Endpoint)[])[(new("198.51.1.1", 53), new("192.0.2.1", 434)), (new("198.51.9.9", 434), new("192.0.2.1", 434)), (new("198.51.1.1", 434), new("192.0.2.1", 53))])
        {
            domain.World.Inject(PacketComposer.Compose(
                new IPv4Header { Source = "203.0.113.1", Destination = "198.51.1.1" },
                new IcmpV4DestinationUnreachable
                {
                    Code = 1,
                    Data = PacketComposer.Compose(
                        new IPv4Header { Source = from.Address, Destination = to.Address }, new UdpHeader { SourcePort = from.Port, DestinationPort = to.Port }),
                }).Span);
        }

        domain.World.Inject(PacketComposer.Compose(new IPv4Header { Source = "203.0.113.1", Destination = "198.51.1.1" }, new IcmpV4DestinationUnreachable { Code = 1 }).Span);
        domain.Pass(0.1);
        Assert.Empty(domain.EventsOf(domain.First, EventKind.BindingRefused));
    }

    [Theory]
    [Trait("Rfc", "5944-3.5.4-01")]
    [Trait("Rfc", "5944-3.5.4-02")]
    [Trait("Rfc", "5944-3.5.4-06")]
    [InlineData(true)]
    [InlineData(false)]
    public void Foreign_agent_and_home_agent_prove_themselves_to_each_other(bool agree)
    {
        using var domain = new MobileIPv4Domain();
        domain.Associations.Add(SecurityAssociation.BetweenAgents(400, "192.0.2.1", "both agents know this"u8));
        domain.Associations.Add(SecurityAssociation.BetweenAgents(400, "198.51.1.1", agree ? "both agents know this"u8 : "one agent knows this"u8));
        domain.World.Move(domain.Node, domain.FirstLink);
        domain.Pass(20);
        Assert.Equal(agree, domain.At(domain.First) is not null);
        Assert.Equal(agree, domain.AtHomeAgent is not null);
        Assert.Equal(agree, !domain.EventsOf(domain.HomeAgent, EventKind.SecurityException).Any(happened => happened.Drop == DropReason.BadAuthenticator));
        Assert.Equal(0, domain.World.Faults);
    }

    private static byte[] Plain(Address source, Address destination) => PacketComposer.Compose(
        new IPv4Header { Source = source, Destination = destination, Protocol = IpProtocol.NoNextHeader }, new Data { Octets = new byte[12] }).ToArray();

    private static byte[] InTunnel(Address from, Address to, Address source, Address destination) => PacketComposer.Compose(
        new IPv4Header { Source = from, Destination = to },
        new IPv4Header { Source = source, Destination = destination, Protocol = IpProtocol.NoNextHeader },
        new Data { Octets = new byte[12] }).ToArray();
}
