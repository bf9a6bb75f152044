using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Revocation;
using DsmipTools.Engine.Tests.Simulation;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using static DsmipTools.Engine.Tests.Simulation.Domain;

namespace DsmipTools.Engine.Tests.ProxyMobileIPv6;

/// <summary>Tunnels and routes follow the bindings of an anchor and the attachments of a gateway (RFC 5213, 5.6 and 6.10).</summary>
public sealed class ForwardingTests
{
    private static readonly Prefix First = "2001:db8:100::/64";

    [Fact]
    [Trait("Rfc", "5213-5.3.2-07")]
    [Trait("Rfc", "5213-5.3.2-08")]
    [Trait("Rfc", "5213-5.6.1-05")]
    [Trait("Rfc", "5844-4.1.4.3-01")]
    [Trait("Rfc", "5213-5.1-05")]
    public void Bindings_of_one_gateway_share_one_tunnel_that_goes_with_the_last_of_them()
    {
        var (anchor, probe) = Anchored();
        Register(probe, Node);
        Assert.Equal(
            [EffectKind.TunnelUp, EffectKind.Event, EffectKind.RouteAdd, EffectKind.Send, EffectKind.Event], probe.Effects[^5..]);
        Register(probe, "mn8@example.com");
        Register(probe, "mn9@example.org", gateway: 2);
        Assert.Equal(["203.0.113.1", "203.0.113.2"], probe.Tunnels.Select(tunnel => tunnel.Remote.ToString()));
        Assert.Equal(3, probe.Forwarding.RouteCount);
        Assert.Equal("IpInIp 198.51.100.1 > 203.0.113.1", anchor.Bindings(Node, probe.Now).Single().Tunnel!.ToString());

        probe.Advance(TimeSpan.FromHours(2));
        Assert.Equal((0, 0, 0, 0), (anchor.BindingCount, probe.Forwarding.RouteCount, probe.Forwarding.TunnelCount, anchor.TunnelUses));
    }

    [Fact]
    public void A_renewal_changes_no_tunnel_and_no_route()
    {
        var (_, probe) = Anchored();
        Register(probe, Node);
        probe.Effects.Clear();
        probe.Now += TimeSpan.FromSeconds(1);
        Register(probe, Node, prefix: First, indicator: HandoffIndicator.NotChanged, sequenceNumber: 2);
        Assert.Equal([EffectKind.Send, EffectKind.Event], probe.Effects);
    }

    [Fact]
    [Trait("Rfc", "5846-8.1-13")]
    [Trait("Rfc", "5213-5.3.4-02")]
    [Trait("Rfc", "5213-5.3.4-03")]
    [Trait("Rfc", "5213-5.3.4-04")]
    public void With_a_handover_the_route_goes_to_the_new_gateway_before_the_old_one_is_told()
    {
        var (_, probe) = Anchored(options => options with { RevokesOnHandover = true });
        Register(probe, Node);
        probe.Now += TimeSpan.FromSeconds(1);
        probe.Effects.Clear();
        Register(probe, Node, 2, First, HandoffIndicator.BetweenGateways, 2);
        Assert.Equal("203.0.113.2", Assert.Single(probe.Forwarding.Routes).Tunnel.Remote.ToString());
        Assert.Equal("203.0.113.2", Assert.Single(probe.Tunnels).Remote.ToString());
        // One change of the route, no moment without any.
        Assert.DoesNotContain(EffectKind.RouteRemove, probe.Effects);
        Assert.True(probe.Effects.IndexOf(EffectKind.RouteAdd) < probe.Effects.IndexOf(EffectKind.Send));
        Assert.Equal(RevocationTrigger.InterMagHandoverSameAccessType, probe.Last.Indication.Trigger);
    }

    [Fact]
    [Trait("Rfc", "5844-3.1.2.4-03")]
    [Trait("Rfc", "5844-3.1.2.5-02")]
    public void The_host_route_of_an_IPv4_home_address_moves_with_the_mobile_node_and_goes_with_its_deregistration()
    {
        var (_, probe) = Anchored(options => options with { IPv4HomeNetwork = "192.0.2.0/24" });
        var request = new IPv4HomeAddressRequestOption { IPv4HomeAddress = Address.AnyIPv4 };
        Deliver(Update(probe), 1);
        Assert.Equal(["203.0.113.1", "203.0.113.1"], Ends());
        request = request with { PrefixLength = 24, IPv4HomeAddress = "192.0.2.2" };
        Deliver(Update(probe, prefix: First, indicator: HandoffIndicator.BetweenGateways, sequenceNumber: 2), 2);
        Assert.Equal(["203.0.113.2", "203.0.113.2"], Ends());
        Assert.Equal("203.0.113.2", Assert.Single(probe.Tunnels).Remote.ToString());
        Deliver(Update(probe, prefix: First, indicator: HandoffIndicator.Unknown, sequenceNumber: 3, lifetime: 0), 2);
        Assert.Equal((0, 0), (probe.Forwarding.RouteCount, probe.Forwarding.TunnelCount));

        IEnumerable<string> Ends() => probe.Forwarding.Routes.Select(route => route.Tunnel.Remote.ToString());

        void Deliver(BindingUpdate update, int gateway)
        {
            var sent = probe.Deliver(update with { Options = [.. update.Options.Span, request] }, FromGateway(gateway));
            Assert.Equal(BindingStatus.Accepted, sent[0].Acknowledgement.Status);
            probe.Now += TimeSpan.FromSeconds(1);
        }
    }

    [Fact]
    [Trait("Rfc", "5213-5.3.5-04")]
    [Trait("Rfc", "5213-5.3.5-07")]
    public void A_deregistered_binding_stays_for_a_while_and_its_routes_do_not()
    {
        var (anchor, probe) = Anchored();
        Register(probe, Node);
        probe.Now += TimeSpan.FromSeconds(1);
        Register(probe, Node, prefix: First, indicator: HandoffIndicator.Unknown, sequenceNumber: 2, lifetime: 0);
        Assert.Equal((1, 0, 0), (anchor.BindingCount, probe.Forwarding.RouteCount, probe.Forwarding.TunnelCount));
        Assert.Null(anchor.Bindings(probe.Now).Single().Tunnel);

        probe.Now += TimeSpan.FromSeconds(1);
        Register(probe, Node, prefix: First, indicator: HandoffIndicator.NotChanged, sequenceNumber: 3);
        Assert.Equal(1, probe.Forwarding.RouteCount);
    }

    [Theory]
    [InlineData(EffectKind.TunnelUp)]
    [InlineData(EffectKind.RouteAdd)]
    public void An_update_whose_tunnel_or_route_cannot_be_had_is_refused_and_leaves_nothing(EffectKind kind)
    {
        var (anchor, probe) = Anchored(options => options with { PrefixesPerSession = 2 });
        var seen = 0;
        probe.Failure = effect => effect.Kind == kind && (kind == EffectKind.TunnelUp || ++seen == 2) ? "no more" : null;
        var answer = Assert.Single(probe.Deliver(Update(probe), FromGateway()));
        Assert.Equal(BindingStatus.InsufficientResources, answer.Acknowledgement.Status);
        Assert.Equal((0, 0, 0, 0), (anchor.BindingCount, probe.Forwarding.RouteCount, probe.Forwarding.TunnelCount, anchor.TunnelUses));
        Assert.Equal(0, anchor.Cache.IndexEntries);
        Assert.Equal(0, anchor.Counters[MessageKind.ProxyBindingAcknowledgement, Direction.Sent, (int)BindingStatus.Accepted]);
        Assert.DoesNotContain(probe.Events, happened => happened.Kind == EventKind.BindingCreated);

        probe.Failure = null;
        probe.Now += TimeSpan.FromSeconds(1);
        Assert.Equal(BindingStatus.Accepted, Assert.Single(probe.Deliver(Update(probe, sequenceNumber: 2), FromGateway())).Acknowledgement.Status);
        Assert.Equal(2, probe.Forwarding.RouteCount);
    }

    [Theory]
    [InlineData(EffectKind.TunnelUp)]
    [InlineData(EffectKind.RouteAdd)]
    public void A_handover_whose_tunnel_or_route_cannot_be_had_leaves_the_binding_with_the_old_gateway(EffectKind kind)
    {
        var (anchor, probe) = Anchored(options => options with { RevokesOnHandover = true });
        Register(probe, Node);
        var (before, route) = (anchor.Bindings(probe.Now).Single(), probe.Forwarding.Routes.Single());
        probe.Now += TimeSpan.FromSeconds(1);
        probe.Failure = effect => effect.Kind == kind ? "no more" : null;
        var sent = probe.Deliver(Update(probe, prefix: First, indicator: HandoffIndicator.BetweenGateways, sequenceNumber: 2, lifetime: 100), FromGateway(2));
        // And the old gateway is not told of it.
        Assert.Equal(BindingStatus.InsufficientResources, Assert.Single(sent).Acknowledgement.Status);
        Assert.Equal(FromGateway(2).Reversed, sent[0].Envelope);
        Assert.Equal(before with { LifetimeRemaining = before.LifetimeRemaining - TimeSpan.FromSeconds(1) }, anchor.Bindings(probe.Now).Single());
        Assert.Equal(route, Assert.Single(probe.Forwarding.Routes));
        Assert.Equal(route.Tunnel, Assert.Single(probe.Tunnels));
        Assert.Equal(0, anchor.Initiator.Outstanding);

        probe.Failure = null;
        probe.Now += TimeSpan.FromSeconds(1);
        Register(probe, Node, 2, First, HandoffIndicator.BetweenGateways, 3);
        Assert.Equal("203.0.113.2", Assert.Single(probe.Tunnels).Remote.ToString());
    }

    [Theory]
    [InlineData(true, RevocationTrigger.AdministrativeReason, 0)]
    [InlineData(true, RevocationTrigger.InterMagHandoverSameAccessType, 1)]
    [InlineData(false, RevocationTrigger.AdministrativeReason, 1)]
    [Trait("Rfc", "5846-8.1-13")]
    public void Traffic_stops_when_the_indication_is_sent_or_answered_as_configured(bool atOnce, RevocationTrigger trigger, int routes)
    {
        var (anchor, probe) = Anchored(options => options with { StopsForwardingAtOnce = atOnce });
        Register(probe, Node);
        probe.Do(now => anchor.Revoke(RevocationRequest.MobileNode(Node, trigger: trigger), now));
        Assert.Equal((routes, routes), (probe.Forwarding.RouteCount, probe.Forwarding.TunnelCount));
        probe.Deliver(Answer(probe.Last), FromGateway());
        Assert.Equal((0, 0, 0), (probe.Forwarding.RouteCount, probe.Forwarding.TunnelCount, anchor.BindingCount));
    }

    [Fact]
    [Trait("Rfc", "5846-8.1-13")]
    public void Traffic_goes_on_after_a_revocation_that_the_gateway_rejects()
    {
        var (anchor, probe) = Anchored();
        Register(probe, Node);
        probe.Do(now => anchor.Revoke(RevocationRequest.MobileNode(Node), now));
        Assert.Equal(0, probe.Forwarding.RouteCount);
        probe.Deliver(Answer(probe.Last, RevocationStatus.RevocationFunctionNotSupported), FromGateway());
        Assert.Equal((1, 1, 1), (probe.Forwarding.RouteCount, probe.Forwarding.TunnelCount, anchor.BindingCount));
    }

    [Fact]
    public void A_revocation_of_the_IPv4_home_address_stops_its_traffic_alone()
    {
        var (anchor, probe) = Anchored(options => options with { IPv4HomeNetwork = "192.0.2.0/24" });
        var update = Update(probe);
        probe.Deliver(update with { Options = [.. update.Options.Span, new IPv4HomeAddressRequestOption { IPv4HomeAddress = Address.AnyIPv4 }] }, FromGateway());
        Assert.Equal(["192.0.2.2/32", "2001:db8:100::/64"], probe.Forwarding.Routes.Select(route => route.Destination.ToString()));
        probe.Do(now => anchor.Revoke(RevocationRequest.IPv4(Node), now));
        Assert.Equal("2001:db8:100::/64", Assert.Single(probe.Forwarding.Routes).Destination.ToString());
        probe.Deliver(Answer(probe.Last) with { IPv4HomeAddressBindingOnly = true }, FromGateway());
        Assert.Equal("2001:db8:100::/64", Assert.Single(probe.Forwarding.Routes).Destination.ToString());
        Assert.Equal(1, probe.Forwarding.TunnelCount);
    }

    [Fact]
    [Trait("Rfc", "5213-6.9.1.2-16")]
    [Trait("Rfc", "5213-6.9.1.2-17")]
    [Trait("Rfc", "5213-6.9.1.4-06")]
    [Trait("Rfc", "5844-3.2.3.2-08")]
    [Trait("Rfc", "5844-3.2.3.2-09")]
    public void A_gateway_routes_an_attachment_from_its_acceptance_until_it_leaves()
    {
        var (gateway, probe) = Attached();
        var route = Assert.Single(probe.Forwarding.Routes);
        Assert.Equal((First, Node), (route.Destination.Address.IsIPv6 ? First : default, route.Node!.ToString()));
        Assert.Equal(("203.0.113.1", "198.51.100.1", TunnelEnd.Access), (route.Tunnel.Local.ToString(), route.Tunnel.Remote.ToString(), route.Tunnel.End));
        probe.Do(now => gateway.Detach(Node, now));
        Assert.Equal((0, 0, 1), (probe.Forwarding.RouteCount, probe.Forwarding.TunnelCount, gateway.BindingCount));
    }

    [Fact]
    public void A_gateway_drops_the_routes_of_what_its_anchor_revokes()
    {
        var (gateway, probe) = Attached();
        probe.Deliver(Indicate(RevocationTrigger.AdministrativeReason, 7, Node), FromGateway().Reversed);
        Assert.Equal((0, 0, 0), (probe.Forwarding.RouteCount, probe.Forwarding.TunnelCount, gateway.BindingCount));
    }

    [Fact]
    public void A_gateway_drops_the_route_of_an_IPv4_home_address_that_its_anchor_revokes_alone()
    {
        var gateway = Gateway();
        var probe = new Probe(gateway);
        probe.Do(now => gateway.Attach(new AttachmentRequest { Identifier = Node, IPv4HomeAddress = Address.AnyIPv4 }, now));
        var answer = Acknowledge(probe.Last, prefix: First);
        probe.Deliver(
            answer with
            {
                Options = [.. answer.Options.Where(option => option is not IPv4HomeAddressRequestOption), new IPv4HomeAddressReplyOption { PrefixLength = 24, IPv4HomeAddress = "192.0.2.2" }],
            },
            FromGateway().Reversed);
        Assert.Equal(2, probe.Forwarding.RouteCount);
        var indication = Indicate(RevocationTrigger.AdministrativeReason, 7, Node, new IPv4HomeAddressRequestOption { PrefixLength = 24, IPv4HomeAddress = "192.0.2.2" });
        Assert.Equal(RevocationStatus.Success, Assert.Single(probe.Deliver(indication with { IPv4HomeAddressBindingOnly = true }, FromGateway().Reversed)).Revoked.Status);
        Assert.True(Assert.Single(probe.Forwarding.Routes).Destination.Address.IsIPv6);
    }

    [Fact]
    public void A_gateway_without_a_route_gives_the_binding_back()
    {
        var gateway = Gateway();
        var probe = new Probe(gateway) { Failure = effect => effect.Kind == EffectKind.RouteAdd ? "no more" : null };
        var command = probe.Do(now => gateway.Attach(Node, null, HandoffIndicator.NewInterface, now));
        var sent = probe.Deliver(Acknowledge(probe.Last, prefix: First), FromGateway().Reversed);
        Assert.Equal(0, Assert.Single(sent).Update.Lifetime);
        var outcome = probe.Outcome<AttachmentOutcome>(command);
        Assert.Equal((AttachmentResult.Refused, BindingStatus.InsufficientResources), (outcome.Result, outcome.Status));
        Assert.Single(probe.Outcomes(command));
        Assert.Equal((0, 0, 0), (probe.Forwarding.RouteCount, probe.Forwarding.TunnelCount, gateway.TunnelUses));
    }

    [Fact]
    public void A_renewal_whose_new_tunnel_cannot_be_had_leaves_no_route_of_the_old_one()
    {
        var (gateway, probe) = Attached();
        probe.Advance(TimeSpan.FromMinutes(46));
        probe.Failure = effect => effect.Kind == EffectKind.TunnelUp ? "no more" : null;
        var answer = Acknowledge(probe.Last, prefix: First);
        var inUdp = answer with { Options = [.. answer.Options, new NatDetectionOption { ForcingUdpEncapsulation = true, RefreshTime = 110 }] };
        Assert.Equal(0, Assert.Single(probe.Deliver(inUdp, FromGateway().Reversed)).Update.Lifetime);
        Assert.Equal((0, 0, 0), (probe.Forwarding.RouteCount, probe.Forwarding.TunnelCount, gateway.TunnelUses));
    }

    [Fact]
    public void A_tunnel_ends_at_the_care_of_address_that_the_gateway_names()
    {
        Address alternate = "2001:db8:c::1";
        var gateway = Gateway(GatewayOptions(transport: Transport.IPv6) with { ProxyCareOfAddress = alternate });
        var here = new Probe(gateway);
        var there = new Probe(Anchor(AnchorOptions(Transport.IPv6) with { CareOfAddresses = [new CareOfAddressAuthorization { CareOfAddresses = [alternate] }] }));
        here.Do(now => gateway.Attach(Node, null, HandoffIndicator.NewInterface, now));
        here.Deliver(Assert.Single(there.Deliver(here.Last.Message, here.Last.Envelope)).Message, there.Last.Envelope);
        var (local, remote) = (Assert.Single(here.Tunnels), Assert.Single(there.Tunnels));
        Assert.Equal((alternate, local.Remote), (local.Local, remote.Local));
        Assert.Equal(local.Local, remote.Remote);
    }

    [Fact]
    public void A_prefix_that_another_mobile_node_had_for_a_while_is_routed_again_with_the_next_acceptance()
    {
        var (gateway, probe) = Attached();
        // The anchor has forgotten the first session, and gives its prefix to another mobile node at this gateway.
        probe.Do(now => gateway.Attach("mn8@example.com", null, HandoffIndicator.NewInterface, now));
        probe.Deliver(Acknowledge(probe.Last, prefix: First), FromGateway().Reversed);
        Assert.Equal("mn8@example.com", Assert.Single(probe.Forwarding.Routes).Node!.ToString());
        probe.Do(now => gateway.Detach("mn8@example.com", now));
        Assert.Equal((0, 0), (probe.Forwarding.RouteCount, gateway.TunnelUses));
        probe.Deliver(Acknowledge(probe.Last), FromGateway().Reversed);

        probe.Advance(TimeSpan.FromMinutes(46));
        probe.Deliver(Acknowledge(probe.Last, prefix: First), FromGateway().Reversed);
        Assert.Equal(Node, Assert.Single(probe.Forwarding.Routes).Node!.ToString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Rfc", "5846-9.2-04")]
    public void A_gateway_that_revokes_everything_stops_its_traffic_at_once_or_with_the_answer(bool atOnce)
    {
        var (gateway, probe) = Attached(GatewayOptions() with { StopsForwardingAtOnce = atOnce });
        probe.Do(now => gateway.Revoke(RevocationRequest.Gateway(), now));
        Assert.Equal(atOnce ? 0 : 1, probe.Forwarding.RouteCount);
        probe.Deliver(Answer(probe.Last), FromGateway().Reversed);
        Assert.Equal((0, 0), (probe.Forwarding.RouteCount, probe.Forwarding.TunnelCount));
    }

    [Fact]
    [Trait("Rfc", "5846-9.2-04")]
    public void A_gateway_that_may_not_revoke_everything_forwards_again()
    {
        var (gateway, probe) = Attached();
        probe.Do(now => gateway.Revoke(RevocationRequest.Gateway(), now));
        probe.Deliver(Answer(probe.Last, RevocationStatus.GlobalRevocationNotAuthorized), FromGateway().Reversed);
        Assert.Equal((1, 1, 1), (probe.Forwarding.RouteCount, probe.Forwarding.TunnelCount, gateway.BindingCount));
    }

    private static (LocalMobilityAnchor Anchor, Probe Probe) Anchored(Func<LocalMobilityAnchorOptions, LocalMobilityAnchorOptions>? with = null)
    {
        var anchor = Anchor(with?.Invoke(AnchorOptions()) ?? AnchorOptions());
        return (anchor, new Probe(anchor));
    }

    private static (MobileAccessGateway Gateway, Probe Probe) Attached(MobileAccessGatewayOptions? options = null)
    {
        var gateway = Gateway(options);
        var probe = new Probe(gateway);
        probe.Do(now => gateway.Attach(Node, null, HandoffIndicator.NewInterface, now));
        Assert.Equal(0, probe.Forwarding.RouteCount);
        probe.Deliver(Acknowledge(probe.Last, prefix: First), FromGateway().Reversed);
        return (gateway, probe);
    }

    private static void Register(
        Probe probe, string identifier, int gateway = 1, Prefix? prefix = null, HandoffIndicator indicator = HandoffIndicator.NewInterface,
        ushort sequenceNumber = 1, ushort lifetime = 900)
    {
        var update = Update(probe, identifier, prefix, indicator, lifetime, sequenceNumber: sequenceNumber);
        var sent = probe.Deliver(update, FromGateway(gateway));
        Assert.Equal(BindingStatus.Accepted, sent[0].Acknowledgement.Status);
    }
}
