using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Revocation;
using DsmipTools.Engine.Tests.Simulation;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using static DsmipTools.Engine.Tests.Simulation.Domain;

namespace DsmipTools.Engine.Tests.Revocation;

/// <summary>After a handoff that is known the old gateway is told (RFC 5846, 3.4.1); where the configuration wants it.</summary>
public sealed class KnownHandoverTests
{
    private readonly LocalMobilityAnchor anchor;
    private readonly Probe probe;

    public KnownHandoverTests()
    {
        anchor = Anchor(AnchorOptions() with { RevokesOnHandover = true });
        probe = new Probe(anchor);
        probe.Deliver(Update(probe), FromGateway());
        probe.Now += TimeSpan.FromSeconds(1);
    }

    [Theory]
    [InlineData(HandoffIndicator.BetweenGateways, AccessTechnologyType.WirelessLan, RevocationTrigger.InterMagHandoverSameAccessType)]
    [InlineData(HandoffIndicator.BetweenInterfaces, AccessTechnologyType.Ethernet, RevocationTrigger.InterMagHandoverDifferentAccessType)]
    [InlineData(HandoffIndicator.BetweenInterfaces, AccessTechnologyType.WirelessLan, RevocationTrigger.InterMagHandoverSameAccessType)]
    [Trait("Rfc", "5846-3.4.1-01")]
    public void The_trigger_tells_the_kind_of_handoff(HandoffIndicator indicator, AccessTechnologyType technology, RevocationTrigger trigger)
    {
        var sent = probe.Deliver(Update(probe, indicator: indicator, technology: technology), FromGateway(2));
        Assert.Equal([FromGateway(2).Reversed, FromGateway().Reversed], sent.Select(message => message.Envelope));
        Assert.Equal(BindingStatus.Accepted, sent[0].Acknowledgement.Status);
        Assert.Equal((trigger, true, false), (sent[1].Indication.Trigger, sent[1].Indication.ProxyBinding, sent[1].Indication.Global));
        Assert.Equal(Node, sent[1].Option<MobileNodeIdentifierOption>().Text);
        Assert.Equal((Prefix)"2001:db8:100::/64", sent[1].Option<HomeNetworkPrefixOption>().Prefix);
    }

    [Fact]
    [Trait("Rfc", "5846-3.4.1-01")]
    public void An_interface_that_is_known_by_its_identifier_has_moved_whatever_the_indicator()
    {
        MobileNodeLinkLayerIdentifierOption interfaceOption = new() { LinkLayerIdentifier = Octets.FromHex("020000000001") };
        var first = Update(probe, "if@example.com");
        probe.Deliver(first with { Options = [.. first.Options.Span, interfaceOption] }, FromGateway());
        probe.Now += TimeSpan.FromSeconds(1);
        var next = Update(probe, "if@example.com", indicator: HandoffIndicator.NewInterface);
        var sent = probe.Deliver(next with { Options = [.. next.Options.Span, interfaceOption] }, FromGateway(2));
        Assert.Equal(RevocationTrigger.InterMagHandoverSameAccessType, sent[1].Indication.Trigger);
    }

    [Theory]
    [InlineData(0, EventKind.RevocationAcknowledged)]
    [InlineData(128, EventKind.RevocationAcknowledged)]
    [InlineData(132, EventKind.RevocationRejected)]
    [InlineData(null, EventKind.RevocationTimedOut)]
    [Trait("Rfc", "5846-3.4.1-01")]
    [Trait("Rfc", "5846-6.2.2-04")]
    public void Whatever_the_old_gateway_answers_the_moved_binding_stays(int? status, EventKind happens)
    {
        var indication = probe.Deliver(Update(probe, indicator: HandoffIndicator.BetweenGateways), FromGateway(2))[1];
        BindingRevocationAcknowledgement[] answers = status is { } code ? [Answer(indication, (RevocationStatus)code)] : [];
        Array.ForEach(answers, answer => Assert.Empty(probe.Deliver(answer, FromGateway())));
        probe.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(FromGateway(2).Source.Address, Assert.Single(anchor.Bindings(probe.Now)).Peer);
        Assert.Contains(probe.Events, happened => happened.Kind == happens && happened.Peer == FromGateway().Source.Address);
        Assert.Equal(0, anchor.Initiator.Outstanding);
        Assert.Empty(probe.Completions);
    }

    [Fact]
    public void Nobody_is_told_of_a_renewal_of_a_session_that_was_left_or_by_default()
    {
        Assert.Single(probe.Deliver(Update(probe, indicator: HandoffIndicator.NotChanged), FromGateway()));
        probe.Now += TimeSpan.FromSeconds(1);
        Assert.Single(probe.Deliver(Update(probe, lifetime: 0), FromGateway()));
        probe.Now += TimeSpan.FromSeconds(1);
        Assert.Single(probe.Deliver(Update(probe, indicator: HandoffIndicator.BetweenGateways), FromGateway(2)));

        var quiet = new Probe(Anchor());
        quiet.Deliver(Update(quiet), FromGateway());
        quiet.Now += TimeSpan.FromSeconds(1);
        Assert.Single(quiet.Deliver(Update(quiet, indicator: HandoffIndicator.BetweenGateways), FromGateway(2)));
    }

    [Fact]
    [Trait("Rfc", "5846-11-02")]
    public void Handovers_leave_half_of_the_sequence_numbers_to_administrators()
    {
        probe.KeepsEvents = false;
        const int Nodes = 32_800;
        var names = Enumerable.Range(0, Nodes).Select(number => $"n{number}@example.com").ToList();
        names.ForEach(name => probe.Deliver(Update(probe, name), FromGateway()));
        probe.Now += TimeSpan.FromMilliseconds(1);
        names.ForEach(name => probe.Deliver(Update(probe, name, indicator: HandoffIndicator.BetweenGateways), FromGateway(2)));
        Assert.Equal(32_769, anchor.Initiator.Outstanding);
        Assert.Equal(Nodes, anchor.Bindings(probe.Now).Count(binding => binding.Peer == FromGateway(2).Source.Address));
        Assert.NotEqual(0, probe.Do(now => anchor.Revoke(RevocationRequest.Peer(FromGateway(2).Source.Address), now)));
        probe.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal((0, 1), (anchor.Initiator.Outstanding, anchor.BindingCount));
    }

    [Fact]
    [Trait("Rfc", "5846-9.1-04")]
    [Trait("Rfc", "5846-3.4.1-01")]
    public void A_gateway_that_was_left_is_done_at_once_and_one_that_was_come_back_to_keeps_the_mobile_node()
    {
        var network = new Network(12);
        var lma = network.Add(Anchor(AnchorOptions() with { RevokesOnHandover = true }));
        var from = network.Add(Gateway());
        var to = network.Add(Gateway(GatewayOptions(2), 3));
        network.Do(from, now => from.Attach(Node, null, HandoffIndicator.NewInterface, now));
        network.Run(TimeSpan.FromSeconds(1));
        network.SetLink(from, Link.Perfect with { Latency = TimeSpan.FromMilliseconds(50) });
        network.Do(to, now => to.Attach(Node, null, HandoffIndicator.BetweenGateways, now));
        network.Run(TimeSpan.FromMilliseconds(20));
        network.Do(from, now => from.Detach(Node, now));
        network.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(RevocationStatus.Success, network.Sent.Last(sent => sent.Message is BindingRevocationAcknowledgement).Revoked.Status);
        Assert.Equal((0, 1, 1), (from.BindingCount, to.BindingCount, lma.BindingCount));

        network.Do(from, now => from.Attach(Node, null, HandoffIndicator.BetweenGateways, now));
        network.Run(TimeSpan.FromSeconds(2));
        Assert.Equal(RevocationStatus.MobileNodeIsAttached, network.Sent.Last(sent => sent.Message is BindingRevocationAcknowledgement).Revoked.Status);
        Assert.Equal(FromGateway().Source.Address, Assert.Single(lma.Bindings(network.Now)).Peer);
    }
}
