using DsmipTools.Engine.AccessLinks;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Tests.Simulation;
using DsmipTools.Wire;
using DsmipTools.Wire.Icmp.IcmpV6;
using DsmipTools.Wire.Icmp.NeighborDiscovery;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using static DsmipTools.Engine.Tests.Simulation.Domain;

namespace DsmipTools.Engine.Tests.ProxyMobileIPv6;

/// <summary>The anchor makes the gateway's link-local address, and keeps it through handoffs (RFC 5213, 5.3.6, 6.8 and 8.7).</summary>
public sealed class LinkLocalAddressTests
{
    private const uint Link = 7;
    private static readonly Prefix Assigned = "2001:db8:100:5::/64";
    private static readonly Address Given = "fe80::aa:bb";

    private readonly LocalMobilityAnchor anchor = Anchor();
    private readonly Probe cell;
    private readonly MobileAccessGateway gateway;
    private readonly Probe probe;

    public LinkLocalAddressTests()
    {
        cell = new Probe(anchor);
        gateway = Gateway(GatewayOptions() with { AccessLink = new AccessLinkOptions { RouterAddress = "::" } });
        probe = new Probe(gateway);
    }

    [Fact]
    [Trait("Rfc", "5213-5.1-04")]
    [Trait("Rfc", "5213-5.3.6-13")]
    [Trait("Rfc", "5213-6.8-01")]
    public void The_anchor_makes_one_address_for_a_session_and_keeps_it_over_handoffs()
    {
        var made = AddressOf(Ask("::"));
        Assert.True(made.IsLinkLocal);
        Assert.Equal(made, AddressOf(Ask("::", gateway: 2, indicator: HandoffIndicator.BetweenGateways)));
        Assert.Equal(made, Assert.Single(anchor.Bindings(cell.Now)).LinkLocalAddress);
        Assert.NotEqual(made, AddressOf(Ask("::", "other@example.com")));
    }

    [Fact]
    [Trait("Rfc", "5213-5.3.6-14")]
    public void A_value_is_kept_and_comes_back()
    {
        Ask("::");
        Assert.Equal(Given, AddressOf(Ask(Given, indicator: HandoffIndicator.NotChanged)));
        Assert.Equal(Given, AddressOf(Ask("::", gateway: 2, indicator: HandoffIndicator.BetweenGateways)));
    }

    [Theory]
    [InlineData("2001:db8::1")]
    [InlineData("ff02::1")]
    [Trait("Rfc", "5213-5.3.6-12")]
    public void An_address_of_another_kind_is_refused_and_the_refusal_has_it(string address)
    {
        var refusal = Ask(address);
        Assert.Equal((BindingStatus.ReasonUnspecified, Address.Parse(address)), (refusal.Acknowledgement.Status, AddressOf(refusal)));
        Assert.Equal((0, 0), (anchor.BindingCount, anchor.HeldBesideBindings));
    }

    [Fact]
    [Trait("Rfc", "5213-5.3.6-11")]
    [Trait("Rfc", "5213-5.3.6-12")]
    public void There_is_no_option_without_one_in_the_update_and_nothing_stays_of_it()
    {
        Ask(Given);
        Assert.Empty(Ask(null, indicator: HandoffIndicator.NotChanged).Options.OfType<LinkLocalAddressOption>());
        Assert.Equal("::", AddressOf(Ask("::", indicator: HandoffIndicator.NotChanged, prefix: "2001:db8:999::/64")));
        cell.Advance(TimeSpan.FromHours(2));
        Assert.Equal((0, 0), (anchor.BindingCount, anchor.HeldBesideBindings));
    }

    [Fact]
    public void An_update_that_is_taken_back_changes_no_address()
    {
        Ask(Given);
        cell.Failure = effect => effect.Kind == EffectKind.TunnelUp ? "no more tunnels" : null;
        Assert.Equal(BindingStatus.InsufficientResources, Ask("fe80::2", gateway: 2, indicator: HandoffIndicator.BetweenGateways).Acknowledgement.Status);
        Assert.Equal(Given, Assert.Single(anchor.Bindings(cell.Now)).LinkLocalAddress);
    }

    [Fact]
    [Trait("Rfc", "5213-6.1-03")]
    [Trait("Rfc", "5213-6.9.1.1-12")]
    [Trait("Rfc", "5213-6.9.1.2-20")]
    [Trait("Rfc", "5213-6.9.1.5-05")]
    [Trait("Rfc", "5213-9.3-03")]
    public void A_gateway_without_a_fixed_address_asks_for_one_and_is_the_router_by_it()
    {
        Attach();
        Assert.Equal("::", AddressOf(probe.Last));
        Say(Given, new NeighborSolicitation { TargetAddress = "fe80::1" });
        Assert.Empty(probe.OnLink);
        Accept(Given);
        Assert.Equal(Given, Router);
        Say("fe80::1", new NeighborSolicitation { TargetAddress = Given });
        Assert.Equal(Given, Assert.IsType<NeighborAdvertisement>(probe.OnLink[^1].Packet.Message).TargetAddress);
        probe.Advance(TimeSpan.FromSeconds(300));
        Assert.Equal(Given, AddressOf(probe.Last));
        probe.Do(now => gateway.Detach(Node, now));
        Assert.Equal((Given, (ushort)0), (Router, Assert.IsType<RouterAdvertisement>(probe.OnLink[^1].Packet.Message).RouterLifetime));
    }

    [Fact]
    [Trait("Rfc", "5213-6.9.1.2-21")]
    public void A_gateway_gives_way_to_a_mobile_node_with_its_address_and_tells_the_anchor()
    {
        Attach();
        Accept(Given);
        var sent = probe.Sent.Count;
        for (var packet = 0; packet < 20; packet++)
        {
            Say(Given, new RouterSolicitation());
        }

        var update = Assert.Single(probe.Sent.Skip(sent));
        Assert.Equal((HandoffIndicator.NotChanged, true), (update.Option<HandoffIndicatorOption>().Indicator, AddressOf(update).IsLinkLocal));
        Assert.NotEqual(Given, AddressOf(update));
        Accept(AddressOf(update));
        Assert.Equal(AddressOf(update), Router);
    }

    [Fact]
    public void An_anchor_that_gives_none_is_told_one()
    {
        Attach();
        Accept(null);
        Assert.True(Router.IsLinkLocal);
        probe.Advance(TimeSpan.FromSeconds(300));
        Assert.Equal(Router, AddressOf(probe.Last));
    }

    [Fact]
    [Trait("Rfc", "5213-6.9.1.1-12")]
    public void A_gateway_with_a_fixed_address_asks_for_none()
    {
        var other = new Probe(Gateway());
        other.Do(now => ((MobileAccessGateway)other.Agent).Attach(Node, null, HandoffIndicator.NewInterface, now));
        Assert.Empty(other.Last.Options.OfType<LinkLocalAddressOption>());
    }

    private Address Router => Assert.IsType<IPv6Header>(probe.OnLink[^1].Packet.Layers[0].Structure).Source;

    private static Address AddressOf(SentMessage message) => message.Option<LinkLocalAddressOption>().LinkLocalAddress;

    private SentMessage Ask(
        Address? address, string identifier = Node, int gateway = 1, HandoffIndicator indicator = HandoffIndicator.NewInterface, Prefix? prefix = null)
    {
        cell.Now += TimeSpan.FromSeconds(1);
        var update = Update(cell, identifier, prefix, indicator);
        return Assert.Single(cell.Deliver(
            address is { } value ? update with { Options = [.. update.Options.Span, new LinkLocalAddressOption { LinkLocalAddress = value }] } : update,
            FromGateway(gateway)));
    }

    private void Attach() => probe.Do(now => gateway.Attach(new AttachmentRequest { Identifier = Node, AccessLink = Link }, now));

    private void Accept(Address? address)
    {
        var answer = Acknowledge(probe.Last, prefix: Assigned, lifetime: 100);
        probe.Deliver(
            answer with
            {
                Options =
                [
                    .. answer.Options.Where(option => option is not LinkLocalAddressOption),
                    .. address is { } given ? [new LinkLocalAddressOption { LinkLocalAddress = given }] : Array.Empty<MobilityOption>(),
                ],
            },
            FromGateway().Reversed);
    }

    private void Say(Address source, IcmpV6Message message) => probe.DeliverOnLink(
        Link, PacketComposer.Compose(new IPv6Header { Source = source, Destination = message is RouterSolicitation ? "ff02::2" : Given, HopLimit = 255 }, message));
}
