using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Tests.Simulation;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using static DsmipTools.Engine.Tests.Simulation.Domain;

namespace DsmipTools.Engine.Tests.ProxyMobileIPv6;

/// <summary>GRE encapsulation and its keys between anchor and gateway (RFC 5845).</summary>
public sealed class GreTests
{
    private readonly LocalMobilityAnchor anchor = Anchor();
    private readonly Probe probe;

    public GreTests() => probe = new Probe(anchor);

    private ProxyBindingSnapshot Only => Assert.Single(anchor.Bindings(probe.Now));

    [Fact]
    [Trait("Rfc", "5845-3.1-01")]
    [Trait("Rfc", "5845-3.3.1-02")]
    [Trait("Rfc", "5845-5.2-02")]
    [Trait("Rfc", "5845-5.1-01")]
    public void The_keys_are_exchanged_and_each_session_gets_its_own()
    {
        var first = Register(key: 77);
        var second = Register("mn8@example.com", key: 77);
        Assert.Equal(BindingStatus.Accepted, first.Acknowledgement.Status);
        var keys = new[] { first, second }.Select(answer => answer.Option<GreKeyOption>().GreKeyIdentifier).ToList();
        Assert.Equal(2, keys.Distinct().Count());
        Assert.DoesNotContain(keys, key => key is null or 0);
        Assert.Equal(keys.Order(), anchor.Bindings(probe.Now).Select(binding => binding.UplinkKey).Order());
        Assert.All(anchor.Bindings(probe.Now), binding => Assert.Equal((GreEncapsulation.WithKeys, 77u), (binding.Gre, binding.DownlinkKey)));
    }

    [Fact]
    [Trait("Rfc", "5845-3.2-02")]
    [Trait("Rfc", "5845-5.2-01")]
    public void GRE_without_keys_is_granted_without_a_key()
    {
        Assert.Null(Register(key: null).Option<GreKeyOption>().GreKeyIdentifier);
        Assert.Equal((GreEncapsulation.WithoutKeys, null, null), (Only.Gre, Only.UplinkKey, Only.DownlinkKey));
    }

    [Fact]
    [Trait("Rfc", "5845-3.3.2-01")]
    [Trait("Rfc", "5845-3.3.2-03")]
    [Trait("Rfc", "5845-3.3.2-05")]
    public void The_uplink_key_stays_over_extensions_and_handoffs()
    {
        var key = Register(key: 5).Option<GreKeyOption>().GreKeyIdentifier;
        Assert.Equal(key, Register(key: 5, indicator: HandoffIndicator.NotChanged).Option<GreKeyOption>().GreKeyIdentifier);
        Assert.Equal(key, Register(key: 6, indicator: HandoffIndicator.BetweenGateways, gateway: 2).Option<GreKeyOption>().GreKeyIdentifier);
        Assert.Equal((key, 6u), (Only.UplinkKey, Only.DownlinkKey));
    }

    [Fact]
    [Trait("Rfc", "5845-3.3.2-07")]
    public void A_handoff_without_the_option_ends_GRE_where_it_is_not_required()
    {
        Register(key: 5);
        var answer = Register(asks: false, indicator: HandoffIndicator.BetweenGateways, gateway: 2);
        Assert.Equal(BindingStatus.Accepted, answer.Acknowledgement.Status);
        Assert.Empty(answer.Options.OfType<GreKeyOption>());
        Assert.Equal((GreEncapsulation.None, null), (Only.Gre, Only.UplinkKey));
    }

    [Fact]
    [Trait("Rfc", "5845-5.2-04")]
    [Trait("Rfc", "5845-2-01")]
    [Trait("Rfc", "5845-5.2-06")]
    public void Where_GRE_is_required_an_update_without_the_option_is_refused_and_a_deregistration_is_not()
    {
        var strict = Anchor(AnchorOptions() with { Gre = GrePolicy.Required });
        var cell = new Probe(strict);
        Assert.Equal(BindingStatus.GreKeyOptionRequired, Assert.Single(cell.Deliver(Update(cell), FromGateway())).Acknowledgement.Status);
        cell.Now += TimeSpan.FromMilliseconds(1);
        cell.Deliver(With(Update(cell, sequenceNumber: 2), 5), FromGateway());
        cell.Now += TimeSpan.FromMilliseconds(1);
        var prefix = Assert.Single(strict.Bindings(cell.Now)).Prefixes[0];
        var last = Assert.Single(cell.Deliver(Update(cell, prefix: prefix, lifetime: 0, sequenceNumber: 3), FromGateway()));
        Assert.Equal(BindingStatus.Accepted, last.Acknowledgement.Status);
        cell.Advance(TimeSpan.FromHours(2));
        strict.Expire(cell.Now);
        Assert.Equal(0, strict.HeldBesideBindings);
    }

    [Fact]
    [Trait("Rfc", "5845-3.3.2-06")]
    public void Where_GRE_is_required_a_handoff_without_the_option_is_refused_and_the_session_stays()
    {
        var strict = Anchor(AnchorOptions() with { Gre = GrePolicy.Required });
        var cell = new Probe(strict);
        cell.Deliver(With(Update(cell), 5), FromGateway());
        cell.Now += TimeSpan.FromMilliseconds(1);
        var refusal = Assert.Single(cell.Deliver(Update(cell, indicator: HandoffIndicator.BetweenGateways, sequenceNumber: 2), FromGateway(2)));
        Assert.Equal(BindingStatus.GreKeyOptionRequired, refusal.Acknowledgement.Status);
        var kept = Assert.Single(strict.Bindings(cell.Now));
        Assert.Equal((FromGateway().Source.Address, GreEncapsulation.WithKeys, 5u), (kept.Peer, kept.Gre, kept.DownlinkKey));
    }

    [Fact]
    [Trait("Rfc", "5845-5.2-05")]
    [Trait("Rfc", "5845-2-01")]
    public void Where_GRE_is_not_wanted_the_acceptance_says_so_without_the_option()
    {
        var plain = Anchor(AnchorOptions() with { Gre = GrePolicy.NotRequired });
        var cell = new Probe(plain);
        var answer = Assert.Single(cell.Deliver(With(Update(cell), 5), FromGateway()));
        Assert.Equal(BindingStatus.GreKeyOptionNotRequired, answer.Acknowledgement.Status);
        Assert.Equal(900, answer.Acknowledgement.Lifetime);
        Assert.Empty(answer.Options.OfType<GreKeyOption>());
        Assert.Equal(GreEncapsulation.None, Assert.Single(plain.Bindings(cell.Now)).Gre);
    }

    [Fact]
    [Trait("Rfc", "5845-7.4-03")]
    public void The_TLV_header_format_is_declined_and_GRE_granted()
    {
        var answer = Assert.Single(probe.Deliver(With(Update(probe), 5) with { TlvHeaderFormat = true }, FromGateway()));
        Assert.Equal(BindingStatus.GreTunnelingButTlvHeaderNotSupported, answer.Acknowledgement.Status);
        Assert.False(answer.Acknowledgement.TlvHeaderFormat);
        Assert.NotNull(answer.Option<GreKeyOption>().GreKeyIdentifier);
    }

    [Fact]
    [Trait("Rfc", "5845-3.3.1-01")]
    [Trait("Rfc", "5845-3.3.2-02")]
    [Trait("Rfc", "5845-4.2-06")]
    [Trait("Rfc", "5845-4.1-01")]
    public void A_gateway_offers_its_key_in_updates_and_takes_the_anchors_and_names_none_when_it_deregisters()
    {
        var gateway = Gateway(GatewayOptions() with { Gre = GreEncapsulation.WithKeys });
        var cell = Attach(gateway);
        var offered = cell.Last.Option<GreKeyOption>().GreKeyIdentifier;
        cell.Deliver(With(Acknowledge(cell.Last, prefix: "2001:db8:100:5::/64"), 99), FromGateway().Reversed);
        var binding = gateway.Find(Node, cell.Now)!;
        Assert.Equal((GreEncapsulation.WithKeys, 99u, offered), (binding.Gre, binding.UplinkKey, binding.DownlinkKey));
        cell.Advance(TimeSpan.FromMinutes(46));
        Assert.Equal(offered, cell.Last.Option<GreKeyOption>().GreKeyIdentifier);
        cell.Do(now => gateway.Detach(Node, now));
        Assert.Empty(cell.Last.Options.OfType<GreKeyOption>());
    }

    [Theory]
    [InlineData(BindingStatus.GreKeyOptionNotRequired, true)]
    [InlineData(BindingStatus.Accepted, false)]
    [Trait("Rfc", "5845-4.2-03")]
    [Trait("Rfc", "5845-4.2-05")]
    public void An_acceptance_without_the_option_ends_the_asking(BindingStatus status, bool asksForOthers)
    {
        var gateway = Gateway(GatewayOptions() with { Gre = GreEncapsulation.WithKeys });
        var cell = Attach(gateway);
        var answer = Acknowledge(cell.Last, status, prefix: "2001:db8:100:5::/64", lifetime: 900);
        cell.Deliver(answer with { Options = [.. answer.Options.Where(option => option is not GreKeyOption)] }, FromGateway().Reversed);
        Assert.Equal(GreEncapsulation.None, gateway.Find(Node, cell.Now)!.Gre);
        cell.Advance(TimeSpan.FromMinutes(46));
        Assert.Empty(cell.Last.Options.OfType<GreKeyOption>());
        cell.Do(now => gateway.Attach("mn8@example.com", null, HandoffIndicator.NewInterface, now));
        Assert.Equal(asksForOthers ? 1 : 0, cell.Last.Options.OfType<GreKeyOption>().Count());
    }

    [Fact]
    [Trait("Rfc", "5845-4.2-04")]
    public void A_gateway_that_is_told_that_GRE_is_required_asks_once_more_with_the_option()
    {
        var gateway = Gateway();
        var cell = new Probe(gateway);
        var command = cell.Do(now => gateway.Attach(Node, null, HandoffIndicator.NewInterface, now));
        var again = Assert.Single(cell.Deliver(Acknowledge(cell.Last, BindingStatus.GreKeyOptionRequired), FromGateway().Reversed));
        Assert.NotNull(again.Option<GreKeyOption>().GreKeyIdentifier);
        Assert.Empty(cell.Deliver(Acknowledge(again, BindingStatus.GreKeyOptionRequired), FromGateway().Reversed));
        Assert.Equal(BindingStatus.GreKeyOptionRequired, cell.Outcome<AttachmentOutcome>(command).Status);
    }

    [Fact]
    public void A_gateway_takes_no_more_than_it_asked_for()
    {
        var gateway = Gateway(GatewayOptions() with { Gre = GreEncapsulation.WithoutKeys });
        var cell = Attach(gateway);
        Assert.Null(cell.Last.Option<GreKeyOption>().GreKeyIdentifier);
        cell.Deliver(With(Acknowledge(cell.Last, prefix: "2001:db8:100:5::/64"), 99), FromGateway().Reversed);
        var binding = gateway.Find(Node, cell.Now)!;
        Assert.Equal((GreEncapsulation.WithoutKeys, null, null), (binding.Gre, binding.UplinkKey, binding.DownlinkKey));
    }

    [Fact]
    public void Both_ends_know_the_same_keys()
    {
        var network = new Network(4);
        var lma = network.Add(Anchor(AnchorOptions() with { Gre = GrePolicy.Required }));
        var mag = network.Add(Gateway());
        network.Do(mag, now => mag.Attach(Node, null, HandoffIndicator.NewInterface, now));
        network.Run(TimeSpan.FromSeconds(1));
        var (there, here) = (Assert.Single(lma.Bindings(network.Now)), Assert.Single(mag.Bindings(network.Now)));
        Assert.Equal((there.Gre, there.UplinkKey, there.DownlinkKey), (here.Gre, here.UplinkKey, here.DownlinkKey));
        Assert.NotNull(here.UplinkKey);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void An_update_that_is_taken_back_leaves_the_keys_as_they_were(bool before, bool after)
    {
        var key = Register(key: 5, asks: before).Options.OfType<GreKeyOption>().SingleOrDefault()?.GreKeyIdentifier;
        var held = anchor.HeldBesideBindings;
        probe.Failure = effect => effect.Kind == EffectKind.RouteAdd ? "no more" : null;
        Assert.Equal(BindingStatus.InsufficientResources, Register(key: 5, asks: after, indicator: HandoffIndicator.NotChanged).Acknowledgement.Status);
        Assert.Equal(key, Only.UplinkKey);
        Assert.Equal(held, anchor.HeldBesideBindings);

        // No other session gets a key that is in use.
        probe.Failure = null;
        Assert.NotEqual(key, Register("mn8@example.com", key: 6).Option<GreKeyOption>().GreKeyIdentifier);
        Register(key: 5, indicator: HandoffIndicator.NotChanged);
        probe.Advance(TimeSpan.FromHours(2));
        anchor.Expire(probe.Now);
        Assert.Equal(0, anchor.HeldBesideBindings);
    }

    private static Probe Attach(MobileAccessGateway gateway)
    {
        var cell = new Probe(gateway);
        cell.Do(now => gateway.Attach(Node, null, HandoffIndicator.NewInterface, now));
        return cell;
    }

    private static BindingUpdate With(BindingUpdate update, uint? key) => update with { Options = [.. update.Options, new GreKeyOption { GreKeyIdentifier = key }] };

    private static BindingAcknowledgement With(BindingAcknowledgement answer, uint? key) =>
        answer with { Options = [.. answer.Options.Where(option => option is not GreKeyOption), new GreKeyOption { GreKeyIdentifier = key }] };

    private SentMessage Register(
        string identifier = Node, uint? key = null, bool asks = true, HandoffIndicator indicator = HandoffIndicator.NewInterface, int gateway = 1)
    {
        probe.Now += TimeSpan.FromMilliseconds(1);
        var update = Update(probe, identifier, indicator: indicator, sequenceNumber: (ushort)(probe.Sent.Count + 1));
        return Assert.Single(probe.Deliver(asks ? With(update, key) : update, FromGateway(gateway)));
    }
}
