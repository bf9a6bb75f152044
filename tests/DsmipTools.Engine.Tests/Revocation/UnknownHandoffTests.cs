using DsmipTools.Engine.Bindings;
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

/// <summary>Another gateway registers the mobile node with handoff state unknown: the anchor asks the old one (RFC 5846, 8.1; RFC 5213, 5.4.1).</summary>
public sealed class UnknownHandoffTests
{
    private static readonly Prefix Old = "2001:db8:100::/64";
    private static readonly Prefix Fresh = "2001:db8:100:1::/64";

    private readonly LocalMobilityAnchor anchor;
    private readonly Probe probe;

    public UnknownHandoffTests()
    {
        anchor = Anchor(AnchorOptions() with
        {
            // More than the recommended number, which trigger 4 does not use.
            Revocation = new() { MaximumRetries = 5 },
        });
        probe = new Probe(anchor);
        probe.Deliver(Update(probe), FromGateway());
        probe.Now += TimeSpan.FromSeconds(60);
    }

    [Fact]
    [Trait("Rfc", "5846-8.1-08")]
    public void The_old_gateway_is_asked_with_trigger_4_and_the_new_one_waits()
    {
        var indication = Ask();
        Assert.Equal(FromGateway().Reversed, indication.Envelope);
        Assert.Equal(
            (RevocationTrigger.InterMagHandoverUnknown, true, false, false),
            (indication.Indication.Trigger, indication.Indication.ProxyBinding, indication.Indication.Global, indication.Indication.IPv4HomeAddressBindingOnly));
        Assert.Equal(Node, indication.Option<MobileNodeIdentifierOption>().Text);
        Assert.Equal(Old, indication.Option<HomeNetworkPrefixOption>().Prefix);
        Assert.Equal((BindingState.RevocationInProgress, FromGateway().Source.Address), (Only.State, Only.Peer));
        Assert.Contains(probe.Events, happened => happened is { Kind: EventKind.RevocationSent, Code: 4 });
    }

    [Theory]
    [InlineData(RevocationStatus.Success)]
    [InlineData(RevocationStatus.PartialSuccess)]
    [InlineData(RevocationStatus.BindingDoesNotExist)]
    [Trait("Rfc", "5846-8.1-09")]
    [Trait("Rfc", "5213-5.3.4-05")]
    public void When_it_has_left_the_session_moves_with_its_prefix(RevocationStatus status)
    {
        var indication = Ask();
        var answer = Assert.Single(probe.Deliver(Answer(indication, status), FromGateway()));
        Assert.Equal((FromGateway(2).Reversed, BindingStatus.Accepted), (answer.Envelope, answer.Acknowledgement.Status));
        Assert.Equal(Old, answer.Option<HomeNetworkPrefixOption>().Prefix);
        Assert.Equal((BindingState.Active, FromGateway(2).Source.Address), (Only.State, Only.Peer));
        Nothing();
    }

    [Fact]
    [Trait("Rfc", "5846-8.1-09")]
    public void A_deregistration_that_crosses_the_indication_says_the_same()
    {
        var indication = Ask();
        probe.Now += TimeSpan.FromMilliseconds(1);
        var answers = probe.Deliver(Update(probe, prefix: Old, indicator: HandoffIndicator.Unknown, lifetime: 0), FromGateway());
        Assert.Equal([FromGateway().Reversed, FromGateway(2).Reversed], answers.Select(answer => answer.Envelope));
        Assert.Equal([0, 900], answers.Select(answer => (int)answer.Acknowledgement.Lifetime));
        Assert.Equal(Old, answers[1].Option<HomeNetworkPrefixOption>().Prefix);

        // The acknowledgement that comes late does not take the moved session away; nor does the end of the wait.
        probe.Deliver(Answer(indication), FromGateway());
        probe.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal((BindingState.Active, FromGateway(2).Source.Address), (Only.State, Only.Peer));
        Nothing();
    }

    [Theory]
    [InlineData(RevocationStatus.MobileNodeIsAttached)]
    [InlineData(RevocationStatus.RevocationTriggerNotSupported)]
    [InlineData(RevocationStatus.RevocationFunctionNotSupported)]
    [Trait("Rfc", "5846-8.1-10")]
    public void When_it_is_still_attached_or_nobody_knows_there_is_a_second_session(RevocationStatus status)
    {
        var indication = Ask();
        var answer = Assert.Single(probe.Deliver(Answer(indication, status), FromGateway()));
        Assert.Equal((BindingStatus.Accepted, FromGateway(2).Reversed), (answer.Acknowledgement.Status, answer.Envelope));
        Assert.Equal(Fresh, answer.Option<HomeNetworkPrefixOption>().Prefix);
        Assert.Equal(
            [(BindingState.Active, FromGateway().Source.Address), (BindingState.Active, FromGateway(2).Source.Address)],
            anchor.Bindings(probe.Now).Select(binding => (binding.State, binding.Peer)));
        Nothing();
    }

    [Fact]
    [Trait("Rfc", "5846-8.1-10")]
    [Trait("Rfc", "5846-8.1-14")]
    [Trait("Rfc", "5846-5.1-12")]
    public void Silence_makes_a_second_session_after_the_recommended_number_of_retransmissions()
    {
        var start = probe.Now.Elapsed;
        var indication = Ask();
        var sent = probe.Advance(TimeSpan.FromSeconds(2.999));
        Assert.Equal([1], sent.Select(message => (message.At - start).TotalSeconds));
        Assert.Equal(indication.Octets, Assert.Single(sent).Octets);
        var answer = Assert.Single(probe.Advance(TimeSpan.FromSeconds(0.001)));
        Assert.Equal((FromGateway(2).Reversed, Fresh), (answer.Envelope, answer.Option<HomeNetworkPrefixOption>().Prefix));
        // The rule of 8.1 goes before that of 6.3: the old session is not cleaned up.
        Assert.Equal([BindingState.Active, BindingState.Active], anchor.Bindings(probe.Now).Select(binding => binding.State));
        Nothing();
    }

    [Fact]
    [Trait("Rfc", "5846-8.1-08")]
    public void The_latest_transmission_of_the_update_is_the_one_that_is_answered()
    {
        var indication = Ask();
        probe.Now += TimeSpan.FromSeconds(0.9);
        Assert.Empty(probe.Deliver(Update(probe, indicator: HandoffIndicator.Unknown, sequenceNumber: 78), FromGateway(2)));
        Assert.Equal(78, Assert.Single(probe.Deliver(Answer(indication), FromGateway())).Acknowledgement.SequenceNumber);
    }

    [Fact]
    [Trait("Rfc", "5846-8.1-10")]
    [Trait("Rfc", "5846-8.1-12")]
    public void A_renewal_of_the_old_gateway_says_that_it_is_still_attached()
    {
        var indication = Ask();
        probe.Now += TimeSpan.FromMilliseconds(1);
        var answers = probe.Deliver(Update(probe, prefix: Old, indicator: HandoffIndicator.NotChanged), FromGateway());
        Assert.Equal([Old, Fresh], answers.Select(answer => answer.Option<HomeNetworkPrefixOption>().Prefix));
        Assert.Equal([FromGateway().Reversed, FromGateway(2).Reversed], answers.Select(answer => answer.Envelope));
        Assert.Empty(probe.Deliver(Answer(indication), FromGateway()));
        Assert.Equal(2, anchor.BindingCount);
        Nothing();
    }

    [Fact]
    public void A_known_handoff_meanwhile_settles_it()
    {
        Ask();
        probe.Now += TimeSpan.FromMilliseconds(1);
        Assert.Single(probe.Deliver(Update(probe, indicator: HandoffIndicator.BetweenGateways), FromGateway(3)));
        Assert.Equal(FromGateway(3).Source.Address, Only.Peer);
        Assert.Empty(probe.Advance(TimeSpan.FromSeconds(10)));
        Nothing();
    }

    [Fact]
    public void A_gateway_that_takes_its_update_back_gets_no_session_and_the_old_answer_counts_as_a_deregistration()
    {
        var indication = Ask();
        probe.Now += TimeSpan.FromMilliseconds(1);
        Assert.Empty(probe.Deliver(Update(probe, indicator: HandoffIndicator.Unknown, lifetime: 0), FromGateway(2)));
        Assert.Empty(probe.Deliver(Answer(indication), FromGateway()));
        Assert.Equal((BindingState.Deregistered, FromGateway().Source.Address), (Only.State, Only.Peer));
        probe.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal((0, 0), (anchor.BindingCount, anchor.Cache.IndexEntries));
        Nothing();
    }

    [Fact]
    public void What_an_administrator_revokes_meanwhile_goes_and_the_update_makes_a_new_session()
    {
        Ask();
        probe.Do(now => anchor.Revoke(RevocationRequest.MobileNode(Node, Old), now));
        var answer = Assert.Single(probe.Deliver(Answer(probe.Last), FromGateway()));
        Assert.Equal((FromGateway(2).Reversed, Fresh), (answer.Envelope, answer.Option<HomeNetworkPrefixOption>().Prefix));
        Assert.Equal(FromGateway(2).Source.Address, Only.Peer);
        Nothing();
    }

    [Theory]
    [InlineData(RevocationTrigger.AdministrativeReason, true)]
    [InlineData(RevocationTrigger.PossibleOutOfSyncBceState, false)]
    [Trait("Rfc", "5846-8.1-12")]
    public void An_outstanding_revocation_answers_the_question_too(RevocationTrigger trigger, bool refused)
    {
        probe.Do(now => anchor.Revoke(RevocationRequest.MobileNode(Node, trigger: trigger), now));
        var indication = probe.Last;
        var answers = probe.Deliver(Update(probe, indicator: HandoffIndicator.Unknown), FromGateway(2));
        Assert.Equal(refused ? [BindingStatus.AdministrativelyProhibited] : [], answers.Select(answer => answer.Acknowledgement.Status));
        var after = probe.Deliver(Answer(indication), FromGateway());
        Assert.Equal(refused ? [] : [Fresh], after.Select(answer => answer.Option<HomeNetworkPrefixOption>().Prefix));
        Nothing();
    }

    [Fact]
    public void A_revocation_of_the_IPv4_home_address_says_nothing_about_where_the_mobile_node_is()
    {
        var dual = Anchor(AnchorOptions() with { IPv4HomeNetwork = "192.0.2.0/24" });
        var cell = new Probe(dual);
        var first = Update(cell);
        cell.Deliver(
            first with { Options = [.. first.Options.Span, new IPv4HomeAddressRequestOption { IPv4HomeAddress = Address.AnyIPv4 }] }, FromGateway());
        cell.Do(now => dual.Revoke(RevocationRequest.IPv4(Node, trigger: RevocationTrigger.PossibleOutOfSyncBceState), now));
        var indication = cell.Last;
        cell.Now += TimeSpan.FromSeconds(0.1);
        Assert.Empty(cell.Deliver(Update(cell, indicator: HandoffIndicator.Unknown), FromGateway(2)));
        Assert.Empty(cell.Deliver(Answer(indication) with { IPv4HomeAddressBindingOnly = true }, FromGateway()));
        Assert.Null(Assert.Single(dual.Bindings(cell.Now)).IPv4HomeAddress);
        Assert.Equal(Fresh, Assert.Single(cell.Advance(TimeSpan.FromSeconds(1.5))).Option<HomeNetworkPrefixOption>().Prefix);
        cell.Advance(TimeSpan.FromHours(2));
        Assert.Equal((0, 0), (dual.BindingCount, dual.HeldBesideBindings));
    }

    [Fact]
    public void A_realm_that_is_revoked_at_the_new_gateway_meanwhile_keeps_the_mobile_node_out()
    {
        probe.Deliver(Update(probe, "other@example.com"), FromGateway(2));
        var indication = Ask();
        probe.Do(now => anchor.Revoke(RevocationRequest.Peer(FromGateway(2).Source.Address), now));
        var answer = Assert.Single(probe.Deliver(Answer(indication, RevocationStatus.MobileNodeIsAttached), FromGateway()));
        Assert.Equal(BindingStatus.AdministrativelyProhibited, answer.Acknowledgement.Status);
    }

    [Fact]
    public void An_expiry_meanwhile_makes_a_new_session()
    {
        var shorter = Anchor();
        var cell = new Probe(shorter);
        cell.Deliver(Update(cell, lifetime: 15), FromGateway());
        cell.Now += TimeSpan.FromSeconds(59.5);
        cell.Deliver(Update(cell, indicator: HandoffIndicator.Unknown), FromGateway(2));
        var answer = Assert.Single(cell.Advance(TimeSpan.FromSeconds(0.6)));
        Assert.Equal(Fresh, answer.Option<HomeNetworkPrefixOption>().Prefix);
        Assert.Equal(FromGateway(2).Source.Address, Assert.Single(shorter.Bindings(cell.Now)).Peer);
        Assert.Equal(0, shorter.Initiator.Outstanding);
    }

    [Fact]
    public void Nobody_is_asked_when_the_session_was_left_or_there_are_several_or_the_gateway_is_the_same()
    {
        var twice = Update(probe, indicator: HandoffIndicator.Unknown, technology: AccessTechnologyType.Ethernet);
        Assert.Equal(BindingStatus.Accepted, Assert.Single(probe.Deliver(twice, FromGateway())).Acknowledgement.Status);
        probe.Now += TimeSpan.FromSeconds(1);
        Assert.Equal(
            (Prefix)"2001:db8:100:2::/64",
            Assert.Single(probe.Deliver(Update(probe, indicator: HandoffIndicator.Unknown), FromGateway(2))).Option<HomeNetworkPrefixOption>().Prefix);

        probe.Deliver(Update(probe, "left@example.com"), FromGateway());
        probe.Now += TimeSpan.FromSeconds(1);
        var prefix = probe.Last.Option<HomeNetworkPrefixOption>().Prefix;
        probe.Deliver(Update(probe, "left@example.com", prefix, lifetime: 0), FromGateway());
        probe.Now += TimeSpan.FromSeconds(1);
        var moved = Assert.Single(probe.Deliver(Update(probe, "left@example.com", indicator: HandoffIndicator.Unknown), FromGateway(2)));
        Assert.Equal(prefix, moved.Option<HomeNetworkPrefixOption>().Prefix);
        Assert.DoesNotContain(probe.Sent, sent => sent.Message is BindingRevocationIndication);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Rfc", "5213-5.4.1.3-02")]
    [Trait("Rfc", "5213-5.4.1.3-03")]
    [Trait("Rfc", "5213-9.1-02")]
    public void Without_indications_a_deregistration_is_waited_for(bool comes)
    {
        var patient = Anchor(AnchorOptions() with { UnknownHandoff = UnknownHandoffPolicy.Wait });
        var cell = new Probe(patient);
        cell.Deliver(Update(cell), FromGateway());
        cell.Now += TimeSpan.FromSeconds(1);
        Assert.Empty(cell.Deliver(Update(cell, indicator: HandoffIndicator.Unknown), FromGateway(2)));
        Assert.Empty(cell.Advance(TimeSpan.FromSeconds(1.499)));
        IReadOnlyList<SentMessage> sent = comes
            ? cell.Deliver(Update(cell, prefix: Old, lifetime: 0), FromGateway())
            : cell.Advance(TimeSpan.FromSeconds(0.001));
        Assert.Equal(comes ? Old : Fresh, sent[^1].Option<HomeNetworkPrefixOption>().Prefix);
        Assert.Equal(FromGateway(2).Reversed, sent[^1].Envelope);
        Assert.Equal(comes ? 1 : 2, patient.BindingCount);
        cell.Advance(TimeSpan.FromHours(2));
        Assert.Equal((0, 0), (patient.BindingCount, patient.HeldBesideBindings));
    }

    [Fact]
    [Trait("Rfc", "5213-5.4.1.3-04")]
    public void A_new_session_may_be_made_at_once()
    {
        var quick = Anchor(AnchorOptions() with { UnknownHandoff = UnknownHandoffPolicy.NewSession });
        var cell = new Probe(quick);
        cell.Deliver(Update(cell), FromGateway());
        cell.Now += TimeSpan.FromSeconds(1);
        Assert.Equal(
            Fresh, Assert.Single(cell.Deliver(Update(cell, indicator: HandoffIndicator.Unknown), FromGateway(2))).Option<HomeNetworkPrefixOption>().Prefix);
    }

    [Theory]
    [InlineData(true, false, 1)]
    [InlineData(false, false, 2)]
    [InlineData(false, true, 2)]
    [Trait("Rfc", "5846-8.1-09")]
    [Trait("Rfc", "5846-8.1-10")]
    [Trait("Rfc", "5846-9.1-04")]
    public void Two_gateways_and_an_anchor_come_to_the_same_view(bool leaves, bool silent, int sessions)
    {
        var network = new Network(11);
        var lma = network.Add(Anchor());
        var from = network.Add(Gateway());
        var to = network.Add(Gateway(GatewayOptions(2), 3));
        network.Do(from, now => from.Attach(Node, null, HandoffIndicator.NewInterface, now));
        network.Run(TimeSpan.FromSeconds(1));
        network.Loses = sent => (leaves && sent.Message is BindingUpdate { Lifetime: 0 }) || (silent && sent.Message is BindingRevocationIndication);
        var departure = leaves ? network.Do(from, now => from.Detach(Node, now)) : 0;
        var command = network.Do(to, now => to.Attach(Node, null, HandoffIndicator.Unknown, now));
        network.Run(TimeSpan.FromSeconds(60));
        Assert.Equal(AttachmentResult.Accepted, network.Outcome<AttachmentOutcome>(to, command).Result);
        Assert.Equal(leaves ? Old : Fresh, network.Outcome<AttachmentOutcome>(to, command).Prefixes[0]);
        Assert.Equal(leaves, network.Outcomes.ContainsKey((from.Name, departure)));
        Assert.Equal((sessions, sessions - 1, 1), (lma.BindingCount, from.BindingCount, to.BindingCount));
        Assert.Equal(0, lma.Initiator.Outstanding);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(RevocationStatus.Success)]
    [InlineData(RevocationStatus.RevocationTriggerNotSupported)]
    [Trait("Rfc", "5846-8.1-10")]
    [Trait("Rfc", "5846-8.1-11")]
    public void A_revocation_of_the_IPv4_home_address_alone_does_not_tell_where_the_mobile_node_is(RevocationStatus? status)
    {
        var own = Anchor(AnchorOptions() with { IPv4HomeNetwork = "192.0.2.0/24" });
        var cell = new Probe(own);
        var first = Update(cell);
        cell.Deliver(first with { Options = [.. first.Options.Span, new IPv4HomeAddressRequestOption { IPv4HomeAddress = Address.AnyIPv4 }] }, FromGateway());
        cell.Do(now => own.Revoke(RevocationRequest.IPv4(Node), now));
        var indication = cell.Last;
        cell.Now += TimeSpan.FromSeconds(0.1);
        Assert.Empty(cell.Deliver(Update(cell, indicator: HandoffIndicator.Unknown), FromGateway(2)));
        Assert.Empty(status is { } said ? cell.Deliver(Answer(indication, said) with { IPv4HomeAddressBindingOnly = true }, FromGateway()) : []);

        // The new gateway waits for a de-registration, as it does where nobody can be asked (RFC 5213, 5.4.1).
        var answer = Assert.Single(cell.Advance(TimeSpan.FromSeconds(1.5)), sent => sent.Message is BindingAcknowledgement);
        Assert.Equal((FromGateway(2).Reversed, Fresh), (answer.Envelope, answer.Option<HomeNetworkPrefixOption>().Prefix));
        Assert.Equal(2, own.BindingCount);
        cell.Advance(TimeSpan.FromHours(2));
        Assert.Equal((0, 0, 0), (own.BindingCount, own.Cache.IndexEntries, own.HeldBesideBindings));
    }

    [Fact]
    [Trait("Rfc", "5846-9.1-04")]
    public void A_mobile_node_whose_update_is_under_way_is_attached()
    {
        var gateway = Gateway();
        var cell = new Probe(gateway);
        cell.Do(now => gateway.Attach(Node, null, HandoffIndicator.NewInterface, now));
        Assert.Equal(RevocationStatus.MobileNodeIsAttached, Ask(1));
        cell.Deliver(Acknowledge(cell.Sent[0], prefix: Old), FromGateway().Reversed);
        Assert.Equal(RevocationStatus.MobileNodeIsAttached, Ask(2));
        cell.Advance(TimeSpan.FromMinutes(46));
        Assert.Equal(RevocationStatus.MobileNodeIsAttached, Ask(3));
        cell.Do(now => gateway.Detach(Node, now));
        Assert.Equal(RevocationStatus.Success, Ask(4));

        RevocationStatus Ask(ushort number) => Assert.Single(cell.Deliver(
            Indicate(RevocationTrigger.InterMagHandoverUnknown, number, Node), FromGateway().Reversed)).Revoked.Status;
    }

    [Theory]
    [InlineData(null)]
    [InlineData(RevocationStatus.Success)]
    [InlineData(RevocationStatus.RevocationTriggerNotSupported)]
    public void A_question_that_a_revocation_of_the_IPv4_home_address_ends_is_asked_again(RevocationStatus? status)
    {
        var own = Anchor(AnchorOptions() with { IPv4HomeNetwork = "192.0.2.0/24" });
        var cell = new Probe(own);
        var first = Update(cell);
        cell.Deliver(first with { Options = [.. first.Options.Span, new IPv4HomeAddressRequestOption { IPv4HomeAddress = Address.AnyIPv4 }] }, FromGateway());
        cell.Now += TimeSpan.FromSeconds(1);
        Assert.Single(cell.Deliver(Update(cell, indicator: HandoffIndicator.Unknown), FromGateway(2)));
        cell.Do(now => own.Revoke(RevocationRequest.IPv4(Node), now));
        var sent = status is { } said
            ? cell.Deliver(Answer(cell.Last, said) with { IPv4HomeAddressBindingOnly = true }, FromGateway())
            : cell.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(RevocationTrigger.InterMagHandoverUnknown, sent[^1].Indication.Trigger);
        Assert.Equal(BindingStatus.Accepted, Assert.Single(cell.Deliver(Answer(sent[^1]), FromGateway())).Acknowledgement.Status);
        Assert.Equal(FromGateway(2).Source.Address, Assert.Single(own.Bindings(cell.Now)).Peer);
        cell.Advance(TimeSpan.FromHours(2));
        Assert.Equal((0, 0, 0), (own.BindingCount, own.Cache.IndexEntries, own.HeldBesideBindings));
    }

    [Fact]
    public void A_session_that_was_left_and_whose_new_route_cannot_be_had_is_nobodys()
    {
        var indication = Ask();
        probe.Failure = effect => effect.Kind == EffectKind.RouteAdd ? "no more" : null;
        Assert.Equal(BindingStatus.InsufficientResources, Assert.Single(probe.Deliver(Answer(indication), FromGateway())).Acknowledgement.Status);
        Assert.Equal((BindingState.Deregistered, FromGateway().Source.Address), (Only.State, Only.Peer));
        Assert.Equal((0, 0), (probe.Forwarding.RouteCount, probe.Forwarding.TunnelCount));
        probe.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal((0, 0), (anchor.BindingCount, anchor.Cache.IndexEntries));
        Nothing();
    }

    [Theory]
    [InlineData(RevocationStatus.MobileNodeIsAttached)]
    [InlineData(RevocationStatus.Success)]
    public void A_newer_update_of_the_same_interface_takes_the_place_of_the_one_that_waits(RevocationStatus status)
    {
        var indication = Ask();
        probe.Now += TimeSpan.FromMilliseconds(1);
        Assert.Equal(BindingStatus.Accepted, Assert.Single(probe.Deliver(Update(probe, sequenceNumber: 78), FromGateway(2))).Acknowledgement.Status);
        Assert.Empty(probe.Deliver(Answer(indication, status), FromGateway()));
        Assert.Equal(Fresh, Assert.Single(anchor.Bindings(probe.Now), binding => binding.Peer == FromGateway(2).Source.Address).Prefixes[0]);
        Assert.Equal(2, anchor.BindingCount);
        Nothing();
    }

    [Fact]
    public void An_update_is_taken_back_also_when_the_mobile_node_has_further_sessions_meanwhile_but_not_for_another_interface()
    {
        var indication = Ask();
        probe.Now += TimeSpan.FromMilliseconds(1);
        Assert.Single(probe.Deliver(Update(probe), FromGateway(3)));
        probe.Now += TimeSpan.FromMilliseconds(1);
        var other = Update(probe, indicator: HandoffIndicator.Unknown, lifetime: 0, technology: AccessTechnologyType.Ethernet);
        Assert.Empty(probe.Deliver(other, FromGateway(2)));
        // Beside a timer for each session: the indication, and the update that waits.
        Assert.Equal(anchor.BindingCount + 2, anchor.HeldBesideBindings);
        probe.Now += TimeSpan.FromMilliseconds(1);
        Assert.Empty(probe.Deliver(Update(probe, indicator: HandoffIndicator.Unknown, lifetime: 0), FromGateway(2)));
        Assert.Empty(probe.Deliver(Answer(indication, RevocationStatus.MobileNodeIsAttached), FromGateway()));
        Assert.Equal(2, anchor.BindingCount);
        Nothing();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [Trait("Rfc", "5846-8.2-04")]
    public void A_gateway_that_revokes_all_of_its_bindings_does_not_wait_for_another_one(int number)
    {
        var own = Anchor(AnchorOptions() with
        {
            GlobalRevocation = [new GatewayAuthorization { Identity = "mag", CareOfAddresses = [FromGateway(number).Source.Address] }],
        });
        var cell = new Probe(own);
        cell.Deliver(Update(cell), FromGateway());
        cell.Now += TimeSpan.FromSeconds(1);
        var asked = Assert.Single(cell.Deliver(Update(cell, indicator: HandoffIndicator.Unknown), FromGateway(2)));
        var bulk = Indicate(RevocationTrigger.PerPeerPolicy, 1, "mag");
        Assert.Equal(RevocationStatus.Success, Assert.Single(cell.Deliver(bulk, FromGateway(number))).Revoked.Status);
        cell.Deliver(Answer(asked, RevocationStatus.MobileNodeIsAttached), FromGateway());
        Assert.Equal(number == 2 ? 1 : 2, own.BindingCount);
        cell.Advance(TimeSpan.FromHours(2));
        Assert.Equal((0, 0, 0), (own.BindingCount, own.Cache.IndexEntries, own.HeldBesideBindings));
    }

    [Theory]
    [InlineData(RevocationStatus.RevocationFunctionNotSupported)]
    [InlineData(null)]
    public void A_revocation_that_has_ended_keeps_no_bindings(RevocationStatus? status)
    {
        probe.Do(now => anchor.Revoke(RevocationRequest.Peer(FromGateway().Source.Address), now));
        var transaction = Assert.Single(anchor.Cache.FindPeer(FromGateway().Source.Address)).Revocation;
        Assert.Single(transaction!.Bindings);
        BindingRevocationAcknowledgement[] answers = status is { } said ? [Answer(probe.Last, said)] : [];
        Array.ForEach(answers, answer => probe.Deliver(answer, FromGateway()));
        probe.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(status is null ? 0 : 1, anchor.BindingCount);
        Assert.Empty(transaction.Bindings);
    }

    private ProxyBindingSnapshot Only => Assert.Single(anchor.Bindings(probe.Now));

    private SentMessage Ask() =>
        Assert.Single(probe.Deliver(Update(probe, indicator: HandoffIndicator.Unknown, sequenceNumber: 77), FromGateway(2)));

    /// <summary>Nothing waits any more, neither now nor after all lifetimes.</summary>
    private void Nothing()
    {
        Assert.Equal(0, anchor.Initiator.Outstanding);
        probe.Advance(TimeSpan.FromHours(2));
        Assert.Equal((0, 0, 0), (anchor.BindingCount, anchor.Cache.IndexEntries, anchor.HeldBesideBindings));
        Assert.DoesNotContain(probe.Completions, completion => completion.Command == 0);
    }
}
