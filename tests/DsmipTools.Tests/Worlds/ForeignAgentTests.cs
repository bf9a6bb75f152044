using DsmipTools.Engine;
using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Engine.MobileIPv4;
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

    private static byte[] InTunnel(Address from, Address to, Address source, Address destination) => PacketComposer.Compose(
        new IPv4Header { Source = from, Destination = to },
        new IPv4Header { Source = source, Destination = destination, Protocol = IpProtocol.NoNextHeader },
        new Data { Octets = new byte[12] }).ToArray();
}
