using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Tests.Simulation;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using static DsmipTools.Engine.Tests.Simulation.Domain;

namespace DsmipTools.Engine.Tests.ProxyMobileIPv6;

/// <summary>A local mobility anchor takes Proxy Binding Updates (RFC 5213, 5.3 to 5.5).</summary>
public sealed class RegistrationTests
{
    private readonly LocalMobilityAnchor anchor;
    private readonly Probe probe;

    public RegistrationTests()
    {
        anchor = Anchor();
        probe = new Probe(anchor);
    }

    private ProxyBindingSnapshot Only => Assert.Single(anchor.Bindings(probe.Now));

    [Fact]
    [Trait("Rfc", "5213-5.1-01")]
    [Trait("Rfc", "5213-5.3.1-17")]
    [Trait("Rfc", "5213-5.3.2-01")]
    [Trait("Rfc", "5213-5.3.2-06")]
    [Trait("Rfc", "5213-5.3.2-09")]
    [Trait("Rfc", "5213-5.3.6-01")]
    [Trait("Rfc", "5213-5.3.6-02")]
    [Trait("Rfc", "5213-5.3.6-03")]
    [Trait("Rfc", "5213-5.3.6-04")]
    [Trait("Rfc", "5213-5.3.6-07")]
    [Trait("Rfc", "5213-5.3.6-08")]
    [Trait("Rfc", "5213-5.3.6-09")]
    [Trait("Rfc", "5213-5.3.6-10")]
    [Trait("Rfc", "5213-5.3.6-11")]
    [Trait("Rfc", "5213-5.5-03")]
    [Trait("Rfc", "5213-5.5-07")]
    [Trait("Rfc", "5213-6.6-01")]
    [Trait("Rfc", "5844-4-01")]
    [Trait("Rfc", "5844-4.1.1-01")]
    [Trait("Rfc", "5844-4.1.3.1-06")]
    [Trait("Rfc", "5844-4.1.3.2-03")]
    public void A_first_update_makes_a_binding_with_a_prefix_of_the_pool()
    {
        var update = Update(probe, sequenceNumber: 77, lifetime: 100);
        var answer = Assert.Single(probe.Deliver(update, FromGateway()));

        Assert.Equal(FromGateway().Reversed, answer.Envelope);
        Assert.Equal(BindingStatus.Accepted, answer.Acknowledgement.Status);
        Assert.True(answer.Acknowledgement.ProxyRegistration);
        Assert.Equal(77, answer.Acknowledgement.SequenceNumber);
        Assert.Equal(100, answer.Acknowledgement.Lifetime);
        Assert.Equal(
            [MobilityOptionType.MobileNodeIdentifier, MobilityOptionType.HomeNetworkPrefix, MobilityOptionType.HandoffIndicator,
                MobilityOptionType.AccessTechnologyType, MobilityOptionType.Timestamp],
            answer.Options.Select(option => option.Type));
        Assert.Equal(Node, answer.Option<MobileNodeIdentifierOption>().Text);
        Assert.Equal((Prefix)"2001:db8:100::/64", answer.Option<HomeNetworkPrefixOption>().Prefix);
        Assert.Equal(HandoffIndicator.NewInterface, answer.Option<HandoffIndicatorOption>().Indicator);
        Assert.Equal(AccessTechnologyType.WirelessLan, answer.Option<AccessTechnologyTypeOption>().AccessTechnologyType);
        Assert.Equal(((TimestampOption)update.Options[4]).Timestamp, answer.Option<TimestampOption>().Timestamp);

        Assert.Equal(Node, Only.Identifier);
        Assert.Equal([(Prefix)"2001:db8:100::/64"], Only.Prefixes);
        Assert.Equal(GatewayAddress(Transport.ProxyMobileIPv6Udp, 1), Only.CareOfAddress);
        Assert.Equal(TimeSpan.FromSeconds(400), Only.LifetimeGranted);
        Assert.Equal(TimeSpan.FromSeconds(400), Only.LifetimeRemaining);
        Assert.Equal(BindingState.Active, Only.State);
        Assert.Equal(FromGateway(), Only.Envelope);
        Assert.Equal(Node, anchor.Find("2001:db8:100::1234", probe.Now)?.Identifier);
        Assert.Null(anchor.Find("2001:db8:100:1::1", probe.Now));
        Assert.Contains(probe.Events, happened => happened.Kind == EventKind.BindingCreated);
    }

    [Fact]
    public void An_agent_without_protection_says_so() =>
        Assert.Contains(probe.Events, happened => happened.Kind == EventKind.Unprotected && happened.Detail == "none (any address)");

    [Theory]
    [InlineData(MobilityOptionType.MobileNodeIdentifier, BindingStatus.MissingMobileNodeIdentifierOption)]
    [InlineData(MobilityOptionType.HomeNetworkPrefix, BindingStatus.MissingHomeNetworkPrefixOption)]
    [InlineData(MobilityOptionType.HandoffIndicator, BindingStatus.MissingHandoffIndicatorOption)]
    [InlineData(MobilityOptionType.AccessTechnologyType, BindingStatus.MissingAccessTechnologyTypeOption)]
    [Trait("Rfc", "5213-5.3.1-04")]
    [Trait("Rfc", "5213-5.3.1-10")]
    [Trait("Rfc", "5213-5.3.1-11")]
    [Trait("Rfc", "5213-5.3.1-12")]
    [Trait("Rfc", "5213-5.3.1-17")]
    [Trait("Rfc", "5213-5.3.6-03")]
    [Trait("Rfc", "5213-5.3.6-04")]
    [Trait("Rfc", "5213-5.3.6-05")]
    [Trait("Rfc", "5213-5.3.6-07")]
    [Trait("Rfc", "5213-5.3.6-08")]
    [Trait("Rfc", "5844-3.1.2.1-01")]
    public void A_missing_mandatory_option_is_named_and_all_mandatory_options_come_back(MobilityOptionType missing, BindingStatus status)
    {
        var whole = Update(probe, prefix: "2001:db8:100:7::/64");
        var update = whole with { Options = ValueList.From(whole.Options.Where(option => option.Type != missing)) };
        var answer = Assert.Single(probe.Deliver(update, FromGateway()));

        Assert.Equal(status, answer.Acknowledgement.Status);
        Assert.Equal(0, answer.Acknowledgement.Lifetime);
        Assert.Equal(5, answer.Options.Count);
        Assert.Equal(
            missing == MobilityOptionType.HomeNetworkPrefix ? default : (Prefix)"2001:db8:100:7::/64", answer.Option<HomeNetworkPrefixOption>().Prefix);
        var identifier = answer.Options[0];
        Assert.Equal(MobilityOptionType.MobileNodeIdentifier, identifier.Type);
        Assert.Equal(missing == MobilityOptionType.MobileNodeIdentifier ? 3 : 3 + Node.Length, identifier.GetLength());
        Assert.Equal(
            missing == MobilityOptionType.HandoffIndicator ? HandoffIndicator.Reserved : HandoffIndicator.NewInterface,
            answer.Option<HandoffIndicatorOption>().Indicator);
        Assert.Equal(
            missing == MobilityOptionType.AccessTechnologyType ? AccessTechnologyType.Reserved : AccessTechnologyType.WirelessLan,
            answer.Option<AccessTechnologyTypeOption>().AccessTechnologyType);
        Assert.Equal(0, anchor.BindingCount);
    }

    [Fact]
    [Trait("Rfc", "5213-5.3-01")]
    public void The_timestamp_is_judged_after_the_identifier_and_before_the_other_options()
    {
        var late = Update(probe, skew: TimeSpan.FromSeconds(-1));
        var bare = late with { Options = ValueList.From(late.Options.Where(option => option is MobileNodeIdentifierOption or TimestampOption)) };
        Assert.Equal(BindingStatus.TimestampMismatch, Assert.Single(probe.Deliver(bare, FromGateway())).Acknowledgement.Status);

        var anonymous = late with { Options = ValueList.From(late.Options.Where(option => option is TimestampOption)) };
        Assert.Equal(
            BindingStatus.MissingMobileNodeIdentifierOption, Assert.Single(probe.Deliver(anonymous, FromGateway())).Acknowledgement.Status);
    }

    [Theory]
    [InlineData(-301, BindingStatus.TimestampMismatch)]
    [InlineData(-299, BindingStatus.Accepted)]
    [InlineData(299, BindingStatus.Accepted)]
    [InlineData(301, BindingStatus.TimestampMismatch)]
    [Trait("Rfc", "5213-5.3.1-09")]
    [Trait("Rfc", "5213-5.5-03")]
    [Trait("Rfc", "5213-5.5-08")]
    [Trait("Rfc", "5213-5.5-11")]
    [Trait("Rfc", "5213-5.5-13")]
    [Trait("Rfc", "5213-9.1-03")]
    public void A_timestamp_outside_the_window_is_refused_with_the_time_of_day_of_the_anchor(int milliseconds, BindingStatus status)
    {
        var update = Update(probe, skew: TimeSpan.FromMilliseconds(milliseconds));
        var answer = Assert.Single(probe.Deliver(update, FromGateway()));

        Assert.Equal(status, answer.Acknowledgement.Status);
        var expected = status == BindingStatus.Accepted ? ((TimestampOption)update.Options[4]).Timestamp : Stamp(probe).Timestamp;
        Assert.Equal(expected, answer.Option<TimestampOption>().Timestamp);
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(1UL)]
    [InlineData(ulong.MaxValue)]
    [Trait("Rfc", "5213-5.5-08")]
    [Trait("Rfc", "5213-5.5-14")]
    public void An_absurd_timestamp_is_refused(ulong timestamp)
    {
        var update = Update(probe, timestamp: false);
        var odd = update with { Options = [.. update.Options.Span, new TimestampOption { Timestamp = timestamp }] };
        var status = Assert.Single(probe.Deliver(odd, FromGateway())).Acknowledgement.Status;
        Assert.Equal(timestamp == 0 ? BindingStatus.TimestampLowerThanPreviousAccepted : BindingStatus.TimestampMismatch, status);
    }

    [Fact]
    [Trait("Rfc", "5213-5.5-10")]
    [Trait("Rfc", "5213-5.5-12")]
    public void A_timestamp_is_greater_than_all_that_were_accepted_for_the_mobile_node_in_any_session()
    {
        probe.Deliver(Update(probe), FromGateway());
        var newest = Update(probe, technology: AccessTechnologyType.Ethernet, skew: TimeSpan.FromMilliseconds(100));
        Assert.Equal(BindingStatus.Accepted, Assert.Single(probe.Deliver(newest, FromGateway(2))).Acknowledgement.Status);
        Assert.Equal(2, anchor.BindingCount);

        // Newer than the first session's, but not than the second's.
        var between = Update(probe, prefix: "2001:db8:100::/64", indicator: HandoffIndicator.NotChanged, skew: TimeSpan.FromMilliseconds(50));
        var answer = Assert.Single(probe.Deliver(between, FromGateway()));
        Assert.Equal(BindingStatus.TimestampLowerThanPreviousAccepted, answer.Acknowledgement.Status);
        Assert.Equal(Stamp(probe).Timestamp, answer.Option<TimestampOption>().Timestamp);

        // Another mobile node is not held up by it.
        Assert.Equal(BindingStatus.Accepted, Assert.Single(probe.Deliver(Update(probe, "other@example.com"), FromGateway())).Acknowledgement.Status);
    }

    [Fact]
    [Trait("Rfc", "5213-5.5-10")]
    [Trait("Rfc", "5213-5.5-14")]
    public void The_same_timestamp_again_is_no_newer_one()
    {
        var update = Update(probe);
        probe.Deliver(update, FromGateway());
        Assert.Equal(
            BindingStatus.TimestampLowerThanPreviousAccepted, Assert.Single(probe.Deliver(update, FromGateway())).Acknowledgement.Status);
        Assert.Equal(1, anchor.BindingCount);
    }

    [Fact]
    [Trait("Rfc", "5213-5.5-10")]
    public void A_copy_of_an_accepted_update_does_not_bring_a_revoked_binding_back()
    {
        var update = Update(probe);
        probe.Deliver(update, FromGateway());
        probe.Do(now => anchor.Revoke(Engine.Revocation.RevocationRequest.Realm("example.com"), now));
        probe.Deliver(Answer(probe.Last), FromGateway());
        Assert.Equal(0, anchor.BindingCount);

        probe.Now += TimeSpan.FromMilliseconds(200);
        Assert.Equal(
            BindingStatus.TimestampLowerThanPreviousAccepted, Assert.Single(probe.Deliver(update, FromGateway())).Acknowledgement.Status);
        Assert.Equal(BindingStatus.Accepted, Assert.Single(probe.Deliver(Update(probe), FromGateway())).Acknowledgement.Status);
    }

    [Fact]
    public void Timestamps_of_removed_bindings_are_forgotten_when_the_window_has_passed()
    {
        probe.Deliver(Update(probe, lifetime: 1), FromGateway());
        probe.Do(now => anchor.Revoke(Engine.Revocation.RevocationRequest.Realm("example.com"), now));
        probe.Deliver(Answer(probe.Last), FromGateway());
        Assert.NotEqual(0, anchor.HeldBesideBindings);

        probe.Advance(TimeSpan.FromSeconds(5));
        anchor.Expire(probe.Now);
        Assert.Equal(0, anchor.HeldBesideBindings);
        Assert.Equal(0, anchor.Cache.IndexEntries);
    }

    [Theory]
    [InlineData(11, BindingStatus.Accepted)]
    [InlineData(32777, BindingStatus.Accepted)]
    [InlineData(32778, BindingStatus.SequenceNumberOutOfWindow)]
    [InlineData(10, BindingStatus.SequenceNumberOutOfWindow)]
    [InlineData(9, BindingStatus.SequenceNumberOutOfWindow)]
    [Trait("Rfc", "5213-5.3.1-09")]
    [Trait("Rfc", "5213-5.3.6-09")]
    [Trait("Rfc", "5213-5.4.1.1-08")]
    [Trait("Rfc", "5213-5.5-15")]
    [Trait("Rfc", "5213-5.5-16")]
    public void Without_a_timestamp_the_sequence_number_counts_modulo_65536(int number, BindingStatus status)
    {
        var first = Assert.Single(probe.Deliver(Update(probe, sequenceNumber: 10, timestamp: false), FromGateway()));
        Assert.Empty(first.Options.OfType<TimestampOption>());

        var next = Update(
            probe, prefix: "2001:db8:100::/64", indicator: HandoffIndicator.NotChanged, sequenceNumber: (ushort)number, timestamp: false);
        var answer = Assert.Single(probe.Deliver(next, FromGateway()));
        Assert.Equal(status, answer.Acknowledgement.Status);
        Assert.Equal(status == BindingStatus.Accepted ? number : 10, answer.Acknowledgement.SequenceNumber);
    }

    [Fact]
    [Trait("Rfc", "5213-5.5-07")]
    public void With_a_timestamp_the_sequence_number_does_not_matter()
    {
        probe.Deliver(Update(probe, sequenceNumber: 500), FromGateway());
        probe.Now += TimeSpan.FromSeconds(1);
        var renewal = Update(probe, prefix: "2001:db8:100::/64", indicator: HandoffIndicator.NotChanged, sequenceNumber: 3);
        Assert.Equal(BindingStatus.Accepted, Assert.Single(probe.Deliver(renewal, FromGateway())).Acknowledgement.Status);
    }

    [Fact]
    [Trait("Rfc", "5213-5.3.1-15")]
    [Trait("Rfc", "5213-5.3.3-01")]
    [Trait("Rfc", "5213-5.3.3-02")]
    [Trait("Rfc", "5213-5.4.1.1-08")]
    public void A_renewal_extends_the_lifetime_and_keeps_the_session()
    {
        probe.Deliver(Update(probe, lifetime: 10), FromGateway());
        probe.Advance(TimeSpan.FromSeconds(30));
        var renewal = Update(probe, prefix: "2001:db8:100::/64", indicator: HandoffIndicator.NotChanged, lifetime: 10);
        Assert.Equal(BindingStatus.Accepted, Assert.Single(probe.Deliver(renewal, FromGateway())).Acknowledgement.Status);

        probe.Advance(TimeSpan.FromSeconds(39));
        Assert.Equal(1, anchor.BindingCount);
        probe.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(0, anchor.BindingCount);
        Assert.Contains(probe.Events, happened => happened is { Kind: EventKind.BindingExpired, Detail: null });
        Assert.Equal(0, anchor.Cache.IndexEntries);
    }

    [Theory]
    [InlineData(HandoffIndicator.BetweenGateways)]
    [InlineData(HandoffIndicator.BetweenInterfaces)]
    [Trait("Rfc", "5213-5.3.1-13")]
    [Trait("Rfc", "5213-5.3.1-15")]
    [Trait("Rfc", "5213-5.3.4-01")]
    [Trait("Rfc", "5213-5.4.1.3-01")]
    public void A_handover_moves_the_binding_with_its_prefix(HandoffIndicator indicator)
    {
        probe.Deliver(Update(probe), FromGateway());
        probe.Now += TimeSpan.FromSeconds(1);
        var answer = Assert.Single(probe.Deliver(Update(probe, indicator: indicator), FromGateway(2)));

        Assert.Equal((Prefix)"2001:db8:100::/64", answer.Option<HomeNetworkPrefixOption>().Prefix);
        Assert.Equal(GatewayAddress(Transport.ProxyMobileIPv6Udp, 2), Only.Peer);
        Assert.Equal(indicator, Only.HandoffIndicator);
    }

    [Theory]
    [InlineData(HandoffIndicator.NewInterface)]
    [InlineData(HandoffIndicator.NotChanged)]
    [Trait("Rfc", "5213-5.3.1-13")]
    [Trait("Rfc", "5213-5.4.1.3-05")]
    public void Other_indicators_from_another_gateway_make_another_session(HandoffIndicator indicator)
    {
        probe.Deliver(Update(probe), FromGateway());
        probe.Now += TimeSpan.FromSeconds(1);
        var answer = Assert.Single(probe.Deliver(Update(probe, indicator: indicator), FromGateway(2)));

        Assert.Equal((Prefix)"2001:db8:100:1::/64", answer.Option<HomeNetworkPrefixOption>().Prefix);
        Assert.Equal(2, anchor.Bindings(Node, probe.Now).Count());
    }

    [Fact]
    [Trait("Rfc", "5213-5.4.1.3-01")]
    [Trait("Rfc", "5213-5.4.1.3-05")]
    public void A_handover_of_one_of_several_sessions_cannot_be_told_by_the_identifier_alone()
    {
        probe.Deliver(Update(probe), FromGateway());
        probe.Now += TimeSpan.FromSeconds(1);
        probe.Deliver(Update(probe), FromGateway(2));
        probe.Now += TimeSpan.FromSeconds(1);
        probe.Deliver(Update(probe, indicator: HandoffIndicator.BetweenGateways), FromGateway(3));
        Assert.Equal(3, anchor.BindingCount);
    }

    [Fact]
    public void A_repeated_first_update_gets_its_session_back_even_when_there_are_others()
    {
        probe.Deliver(Update(probe), FromGateway());
        probe.Now += TimeSpan.FromSeconds(1);
        probe.Deliver(Update(probe), FromGateway(2));
        probe.Now += TimeSpan.FromSeconds(1);
        var answer = Assert.Single(probe.Deliver(Update(probe), FromGateway()));
        Assert.Equal((Prefix)"2001:db8:100::/64", answer.Option<HomeNetworkPrefixOption>().Prefix);
        Assert.Equal(2, anchor.BindingCount);
    }

    [Theory]
    [InlineData(HandoffIndicator.NotChanged)]
    [InlineData(HandoffIndicator.NewInterface)]
    [InlineData(HandoffIndicator.Unknown)]
    [Trait("Rfc", "5213-5.2-01")]
    [Trait("Rfc", "5213-5.4.1.1-09")]
    public void A_prefix_of_a_session_elsewhere_is_not_taken_over_without_a_handover(HandoffIndicator indicator)
    {
        probe.Deliver(Update(probe), FromGateway());
        probe.Now += TimeSpan.FromSeconds(1);
        var answer = Assert.Single(probe.Deliver(Update(probe, prefix: "2001:db8:100::/64", indicator: indicator), FromGateway(2)));
        Assert.Equal(BindingStatus.NotAuthorizedForHomeNetworkPrefix, answer.Acknowledgement.Status);
        Assert.Equal(GatewayAddress(Transport.ProxyMobileIPv6Udp, 1), Only.Peer);
    }

    [Fact]
    [Trait("Rfc", "5213-5.1-01")]
    [Trait("Rfc", "5213-5.3.4-01")]
    [Trait("Rfc", "5213-5.3.4-05")]
    [Trait("Rfc", "5213-5.4.1.1-06")]
    public void A_handover_over_another_access_technology_needs_the_indicator_for_it()
    {
        probe.Deliver(Update(probe), FromGateway());
        probe.Now += TimeSpan.FromSeconds(1);
        var wrong = Update(probe, prefix: "2001:db8:100::/64", indicator: HandoffIndicator.BetweenGateways, technology: AccessTechnologyType.Ethernet);
        Assert.Equal(
            BindingStatus.NotAuthorizedForHomeNetworkPrefix, Assert.Single(probe.Deliver(wrong, FromGateway(2))).Acknowledgement.Status);
        var right = Update(probe, prefix: "2001:db8:100::/64", indicator: HandoffIndicator.BetweenInterfaces, technology: AccessTechnologyType.Ethernet);
        Assert.Equal(BindingStatus.Accepted, Assert.Single(probe.Deliver(right, FromGateway(2))).Acknowledgement.Status);
        Assert.Equal(AccessTechnologyType.Ethernet, Only.AccessTechnologyType);
    }

    [Fact]
    [Trait("Rfc", "5213-5.2-01")]
    [Trait("Rfc", "5213-5.4.1.1-03")]
    public void The_prefix_of_another_mobile_node_is_refused()
    {
        probe.Deliver(Update(probe), FromGateway());
        probe.Now += TimeSpan.FromSeconds(1);
        var thief = Update(probe, "thief@example.com", "2001:db8:100::/64", HandoffIndicator.BetweenGateways);
        var answer = Assert.Single(probe.Deliver(thief, FromGateway(2)));
        Assert.Equal(BindingStatus.NotAuthorizedForHomeNetworkPrefix, answer.Acknowledgement.Status);
        Assert.Equal((Prefix)"2001:db8:100::/64", answer.Option<HomeNetworkPrefixOption>().Prefix);
        Assert.Equal(Node, Only.Identifier);
    }

    [Theory]
    [InlineData("2001:db8:100:9::/64", BindingStatus.Accepted)]
    [InlineData("2001:db8:100:9::1/64", BindingStatus.Accepted)]
    [InlineData("2001:db8:100:9::/65", BindingStatus.NotAuthorizedForHomeNetworkPrefix)]
    [InlineData("2001:db8:ffff::/64", BindingStatus.NotAuthorizedForHomeNetworkPrefix)]
    [InlineData("2001:db8:100:9::/255", BindingStatus.NotAuthorizedForHomeNetworkPrefix)]
    [Trait("Rfc", "5213-5.3.2-05")]
    [Trait("Rfc", "5213-5.4.1.1-02")]
    public void A_prefix_asked_for_has_to_be_one_of_the_pool(string prefix, BindingStatus status)
    {
        var answer = Assert.Single(probe.Deliver(Update(probe, prefix: prefix), FromGateway()));
        Assert.Equal(status, answer.Acknowledgement.Status);
        Assert.Equal(status == BindingStatus.Accepted ? 1 : 0, anchor.BindingCount);
    }

    [Fact]
    [Trait("Rfc", "5213-5.3.6-05")]
    [Trait("Rfc", "5213-5.4.1.1-04")]
    public void The_prefixes_of_a_request_are_all_those_of_the_session()
    {
        probe.Deliver(Update(probe), FromGateway());
        probe.Now += TimeSpan.FromSeconds(1);
        var update = Update(probe, prefix: "2001:db8:100:9::/64", indicator: HandoffIndicator.NotChanged);
        var both = update with { Options = [.. update.Options.Span, new HomeNetworkPrefixOption { Prefix = "2001:db8:100::/64" }] };
        var answer = Assert.Single(probe.Deliver(both, FromGateway()));
        Assert.Equal(BindingStatus.BindingCacheEntryPrefixSetDoNotMatch, answer.Acknowledgement.Status);
        Assert.Equal(
            [(Prefix)"2001:db8:100:9::/64", "2001:db8:100::/64"], answer.Options.OfType<HomeNetworkPrefixOption>().Select(option => option.Prefix));
    }

    [Fact]
    [Trait("Rfc", "5213-5.3.2-01")]
    public void A_new_session_has_one_prefix()
    {
        var update = Update(probe, prefix: "2001:db8:100:9::/64");
        var both = update with { Options = [.. update.Options.Span, new HomeNetworkPrefixOption { Prefix = "2001:db8:100:8::/64" }] };
        Assert.Equal(BindingStatus.NotAuthorizedForHomeNetworkPrefix, Assert.Single(probe.Deliver(both, FromGateway())).Acknowledgement.Status);

        var mixed = update with { Options = [.. update.Options.Span, new HomeNetworkPrefixOption { Prefix = default }] };
        var answer = Assert.Single(probe.Deliver(mixed, FromGateway()));
        Assert.Equal((Prefix)"2001:db8:100::/64", answer.Option<HomeNetworkPrefixOption>().Prefix);
    }

    [Fact]
    [Trait("Rfc", "5213-5.3.2-04")]
    public void A_pool_that_is_used_up_is_an_insufficient_resource()
    {
        var small = Anchor(AnchorOptions() with { PrefixPool = "2001:db8:100::/63" });
        var cell = new Probe(small);
        cell.Deliver(Update(cell, "a@example.com"), FromGateway());
        cell.Deliver(Update(cell, "b@example.com"), FromGateway());
        var answer = Assert.Single(cell.Deliver(Update(cell, "c@example.com"), FromGateway()));
        Assert.Equal(BindingStatus.InsufficientResources, answer.Acknowledgement.Status);
        Assert.Contains(cell.Events, happened => happened.Kind == EventKind.BindingRefused && happened.Code == 130);
    }

    [Fact]
    [Trait("Rfc", "5213-4-04")]
    [Trait("Rfc", "5213-5.3.2-02")]
    [Trait("Rfc", "5213-5.3.2-05")]
    public void A_fixed_prefix_is_for_its_mobile_node_alone()
    {
        var options = AnchorOptions() with
        {
            FixedPrefixes = new Dictionary<string, Prefix> { [Node] = "2001:db8:100::/64", ["far@example.com"] = "2001:db8:5::/56" },
        };
        var fixedAnchor = Anchor(options);
        var cell = new Probe(fixedAnchor);
        var other = Assert.Single(cell.Deliver(Update(cell, "other@example.com"), FromGateway()));
        Assert.Equal((Prefix)"2001:db8:100:1::/64", other.Option<HomeNetworkPrefixOption>().Prefix);
        var greedy = Assert.Single(cell.Deliver(Update(cell, "greedy@example.com", "2001:db8:100::/64"), FromGateway()));
        Assert.Equal(BindingStatus.NotAuthorizedForHomeNetworkPrefix, greedy.Acknowledgement.Status);
        var own = Assert.Single(cell.Deliver(Update(cell), FromGateway()));
        Assert.Equal((Prefix)"2001:db8:100::/64", own.Option<HomeNetworkPrefixOption>().Prefix);
        var far = Assert.Single(cell.Deliver(Update(cell, "far@example.com", "2001:db8:5::/56"), FromGateway()));
        Assert.Equal(BindingStatus.Accepted, far.Acknowledgement.Status);
        Assert.Equal("far@example.com", fixedAnchor.Find("2001:db8:5:77::1", cell.Now)?.Identifier);
    }

    [Theory]
    [InlineData(1000, 900)]
    [InlineData(ushort.MaxValue, 900)]
    [InlineData(899, 899)]
    public void The_lifetime_granted_is_the_one_asked_for_up_to_the_maximum(int asked, int granted)
    {
        var answer = Assert.Single(probe.Deliver(Update(probe, lifetime: (ushort)asked), FromGateway()));
        Assert.Equal(granted, answer.Acknowledgement.Lifetime);
        Assert.Equal(TimeSpan.FromSeconds(granted * 4), Only.LifetimeGranted);
    }

    [Fact]
    public void Many_bindings_that_end_at_once_end_a_thousand_at_a_time()
    {
        var anchor = Anchor();
        var probe = new Probe(anchor) { KeepsEvents = false };
        for (var number = 0; number < 2500; number++)
        {
            probe.Deliver(Update(probe, $"mn{number}@example.com", lifetime: 1), FromGateway());
        }

        probe.Now += TimeSpan.FromSeconds(4);
        foreach (var left in new[] { 1500, 500, 0 })
        {
            Assert.True(anchor.NextDeadline <= probe.Now.Elapsed);
            anchor.Expire(probe.Now);
            Assert.Equal(left, anchor.BindingCount);
        }

        Assert.False(anchor.NextDeadline <= probe.Now.Elapsed);
    }

    [Fact]
    public void An_infinite_lifetime_has_no_timer()
    {
        var forever = Anchor(AnchorOptions() with { MaximumLifetime = Timeout.InfiniteTimeSpan });
        var cell = new Probe(forever);
        var answer = Assert.Single(cell.Deliver(Update(cell, lifetime: ushort.MaxValue), FromGateway()));
        Assert.Equal(ushort.MaxValue, answer.Acknowledgement.Lifetime);
        Assert.Null(forever.NextDeadline);
        Assert.Equal(Timeout.InfiniteTimeSpan, Assert.Single(forever.Bindings(cell.Now)).LifetimeRemaining);

        // From infinite to finite and back to nothing.
        cell.Now += TimeSpan.FromSeconds(1);
        cell.Deliver(Update(cell, prefix: "2001:db8:100::/64", indicator: HandoffIndicator.NotChanged, lifetime: 5), FromGateway());
        cell.Advance(TimeSpan.FromSeconds(21));
        Assert.Equal(0, forever.BindingCount);
    }

    [Fact]
    [Trait("Rfc", "5213-5.3.1-14")]
    [Trait("Rfc", "5213-5.3.5-02")]
    [Trait("Rfc", "5213-5.3.5-03")]
    [Trait("Rfc", "5213-5.3.5-06")]
    [Trait("Rfc", "5213-9.1-01")]
    public void A_deregistered_binding_is_kept_for_a_while_and_then_goes_with_everything()
    {
        probe.Deliver(Update(probe), FromGateway());
        probe.Now += TimeSpan.FromSeconds(1);
        var leave = Update(probe, prefix: "2001:db8:100::/64", indicator: HandoffIndicator.Unknown, lifetime: 0);
        var answer = Assert.Single(probe.Deliver(leave, FromGateway()));
        Assert.Equal(BindingStatus.Accepted, answer.Acknowledgement.Status);
        Assert.Equal(0, answer.Acknowledgement.Lifetime);
        Assert.Equal((Prefix)"2001:db8:100::/64", answer.Option<HomeNetworkPrefixOption>().Prefix);
        Assert.Equal(BindingState.Deregistered, Only.State);

        probe.Advance(TimeSpan.FromMilliseconds(9_999));
        Assert.Equal(1, anchor.BindingCount);
        probe.Advance(TimeSpan.FromMilliseconds(2));
        Assert.Equal(0, anchor.BindingCount);
        Assert.Equal(0, anchor.Cache.IndexEntries);
        Assert.Equal(1, anchor.Pool.Released);
        Assert.Contains(probe.Events, happened => happened is { Kind: EventKind.BindingRemoved, Detail: null });
        // The expiry of the binding that was replaced by the shorter wait is no entry that stays for an hour.
        probe.Advance(TimeSpan.FromHours(2));
        Assert.Equal(0, anchor.HeldBesideBindings);
    }

    [Fact]
    [Trait("Rfc", "5213-5.3.5-05")]
    public void During_the_wait_another_gateway_can_take_the_session_on()
    {
        probe.Deliver(Update(probe), FromGateway());
        probe.Now += TimeSpan.FromSeconds(1);
        probe.Deliver(Update(probe, prefix: "2001:db8:100::/64", indicator: HandoffIndicator.Unknown, lifetime: 0), FromGateway());
        probe.Advance(TimeSpan.FromSeconds(5));
        probe.Deliver(Update(probe, indicator: HandoffIndicator.BetweenGateways), FromGateway(2));
        probe.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal(BindingState.Active, Only.State);
        Assert.Equal(GatewayAddress(Transport.ProxyMobileIPv6Udp, 2), Only.Peer);
        Assert.Equal([(Prefix)"2001:db8:100::/64"], Only.Prefixes);
    }

    [Fact]
    [Trait("Rfc", "5213-5.3.5-02")]
    public void Without_a_wait_a_deregistered_binding_goes_at_once()
    {
        var quick = Anchor(AnchorOptions() with { MinDelayBeforeBCEDelete = TimeSpan.Zero });
        var cell = new Probe(quick);
        cell.Deliver(Update(cell), FromGateway());
        cell.Now += TimeSpan.FromSeconds(1);
        Assert.Single(cell.Deliver(Update(cell, prefix: "2001:db8:100::/64", lifetime: 0), FromGateway()));
        Assert.Equal(0, quick.BindingCount);
    }

    [Fact]
    [Trait("Rfc", "5213-5.3.5-01")]
    [Trait("Rfc", "5213-5.4.1.1-10")]
    [Trait("Rfc", "5213-5.4.1.3-06")]
    public void A_deregistration_from_elsewhere_or_of_nothing_is_ignored()
    {
        probe.Deliver(Update(probe), FromGateway());
        probe.Now += TimeSpan.FromSeconds(1);
        Assert.Empty(probe.Deliver(Update(probe, prefix: "2001:db8:100::/64", lifetime: 0), FromGateway(2)));
        Assert.Empty(probe.Deliver(
            Update(probe, prefix: "2001:db8:100::/64", indicator: HandoffIndicator.BetweenGateways, lifetime: 0), FromGateway(2)));
        Assert.Empty(probe.Deliver(Update(probe, "nobody@example.com", lifetime: 0), FromGateway()));
        Assert.Equal(BindingState.Active, Only.State);
        Assert.Equal(3, anchor.Counters.Dropped(DropReason.NoMatchingRequest));
    }

    [Fact]
    public void A_deregistration_without_the_prefix_ends_an_attachment_that_was_never_answered()
    {
        probe.Deliver(Update(probe), FromGateway());
        probe.Now += TimeSpan.FromSeconds(1);
        Assert.Single(probe.Deliver(Update(probe, indicator: HandoffIndicator.Unknown, lifetime: 0), FromGateway()));
        Assert.Equal(BindingState.Deregistered, Only.State);
    }

    [Fact]
    [Trait("Rfc", "5213-4-04")]
    [Trait("Rfc", "5213-5.3.1-05")]
    public void Only_configured_gateways_may_register()
    {
        var closed = Anchor(AnchorOptions() with { Protection = null, Peers = [GatewayAddress(Transport.ProxyMobileIPv6Udp, 1)] });
        var cell = new Probe(closed);
        Assert.Empty(cell.Deliver(Update(cell), FromGateway(2)));
        Assert.Equal(1, closed.Counters[MessageKind.ProxyBindingUpdate, Direction.Received, drop: DropReason.NotAPeer]);
        Assert.Contains(cell.Events, happened => happened.Kind == EventKind.SecurityException);
        Assert.Single(cell.Deliver(Update(cell), FromGateway()));
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [Trait("Rfc", "5846-6.1.2-02")]
    public void A_source_that_is_no_unicast_address_is_dropped(string source)
    {
        var envelope = FromGateway() with { Source = new Endpoint(source, 5436) };
        Assert.Empty(probe.Deliver(Update(probe), envelope));
        Assert.Empty(probe.Deliver(Indicate(RevocationTrigger.PerPeerPolicy, 1, null), envelope));
        Assert.Equal(2, anchor.Counters.Dropped(DropReason.NonUnicastSource));
    }

    [Fact]
    public void An_update_that_is_no_proxy_registration_is_none_of_ours()
    {
        Assert.Empty(probe.Deliver(Update(probe) with { ProxyRegistration = false }, FromGateway()));
        Assert.Equal(1, anchor.Counters.Dropped(DropReason.UnexpectedMessage));
    }

    [Fact]
    [Trait("Rfc", "5213-6.6-01")]
    public void The_longest_identifier_fits_every_message()
    {
        var longest = new string('a', 254 - "@example.com".Length) + "@example.com";
        var answer = Assert.Single(probe.Deliver(Update(probe, longest), FromGateway()));
        Assert.Equal(longest, answer.Option<MobileNodeIdentifierOption>().Text);
        probe.Do(now => anchor.Revoke(Engine.Revocation.RevocationRequest.Realm("example.com"), now));
        probe.Deliver(Answer(probe.Last), FromGateway());
        Assert.Equal(0, anchor.BindingCount);
    }

    [Fact]
    public void A_refusal_of_the_longest_request_is_a_message_that_can_be_read()
    {
        // 100 prefixes without padding between them fill 2,048 octets; aligned they would need more.
        var update = Update(probe, prefix: "2001:db8:100::/64");
        MobilityOption[] options =
        [
            .. update.Options,
            .. Enumerable.Range(0, 98).Select(number => new HomeNetworkPrefixOption { Prefix = new Prefix((UInt128)(number + 1) << 64, 64) }),
        ];
        var octets = (update with { Options = [.. options], Verbatim = true }).ToOctets().ToArray();
        var padded = new byte[2048];
        octets.CopyTo(padded, 0);
        padded[1] = 255;

        var answer = Assert.Single(probe.Deliver(padded, FromGateway()));
        Assert.Equal(BindingStatus.NotAuthorizedForHomeNetworkPrefix, answer.Acknowledgement.Status);
        Assert.InRange(answer.Octets.Length, 1900, 2048);
        Assert.InRange(answer.Options.OfType<HomeNetworkPrefixOption>().Count(), 75, 99);
        Assert.Equal(3, answer.Options.Count(option => option is HandoffIndicatorOption or AccessTechnologyTypeOption or TimestampOption));
    }

    [Fact]
    [Trait("Rfc", "5213-8.1-02")]
    public void Options_in_any_order_with_any_padding_and_unknown_ones_are_understood()
    {
        var update = Update(probe);
        var odd = update with
        {
            Options =
            [
                new UnknownMobilityOption { OptionType = 200, Data = new byte[] { 1, 2, 3 } },
                update.Options[4], new Pad1Option(), update.Options[3], update.Options[2],
                new MobileNodeIdentifierOption { Subtype = (MobileNodeIdentifierSubtype)2, Identifier = new byte[] { 9 } },
                update.Options[1], update.Options[0],
            ],
        };
        Assert.Equal(BindingStatus.Accepted, Assert.Single(probe.Deliver(odd, FromGateway())).Acknowledgement.Status);
        Assert.Equal(Node, Only.Identifier);
    }

    [Fact]
    [Trait("Rfc", "5846-4-02")]
    [Trait("Rfc", "5213-5.3.3-01")]
    public void A_binding_remembers_the_envelope_of_its_latest_accepted_update()
    {
        probe.Deliver(Update(probe), FromGateway(port: 7000));
        probe.Now += TimeSpan.FromSeconds(1);
        probe.Deliver(Update(probe, prefix: "2001:db8:100::/64", indicator: HandoffIndicator.NotChanged), FromGateway(port: 7001));
        Assert.Equal(FromGateway(port: 7001), Only.Envelope);
        // A refused one does not count.
        probe.Deliver(Update(probe, prefix: "2001:db8:100::/64", skew: TimeSpan.FromMinutes(-1)), FromGateway(port: 7002));
        Assert.Equal(FromGateway(port: 7001), Only.Envelope);
    }

    [Fact]
    public void Options_out_of_their_range_are_refused()
    {
        var good = AnchorOptions();
        LocalMobilityAnchorOptions[] wrong =
        [
            good with { Name = " " },
            good with { Address = "224.0.0.1" },
            good with { PrefixPool = "2001:db8:100::1/40" },
            good with { PrefixPool = "::/0" },
            good with { PrefixLength = 39 },
            good with { PrefixLength = 129 },
            good with { MaximumLifetime = TimeSpan.FromSeconds(3) },
            good with { MaximumLifetime = TimeSpan.FromSeconds(262_137) },
            good with { TimestampValidityWindow = TimeSpan.FromSeconds(-1) },
            good with { MinDelayBeforeBCEDelete = TimeSpan.FromSeconds(-1) },
            good with { MaxDelayBeforeNewBCEAssign = TimeSpan.FromSeconds(-1) },
            good with { FixedPrefixes = Fixed("2001:db8::1/64") },
            good with { FixedPrefixes = Fixed("::/64") },
            good with { FixedPrefixes = Fixed("2001:db8:100::/56") },
            good with { FixedPrefixes = Fixed("2001:db8:5::/64", "2001:db8:5::/64") },
            good with { FixedPrefixes = Fixed("2001:db8:5::/64", "2001:db8:5::/48") },
            good with { Revocation = new() { InitialDelay = TimeSpan.FromSeconds(0.4) } },
        ];
        Assert.Equal(wrong.Length, wrong.Count(options => Record.Exception(() => Anchor(options)) is ArgumentException));

        static Dictionary<string, Prefix> Fixed(params string[] prefixes) =>
            prefixes.Index().ToDictionary(pair => $"mn{pair.Index}@example.com", pair => (Prefix)pair.Item);
    }
}
