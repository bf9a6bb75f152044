using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Tests.Simulation;
using DsmipTools.Engine.Timing;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using static DsmipTools.Engine.Tests.Simulation.Domain;

namespace DsmipTools.Engine.Tests.ProxyMobileIPv6;

/// <summary>A mobile access gateway registers mobile nodes (RFC 5213, 6.9).</summary>
public sealed class GatewayTests
{
    private static readonly Prefix Assigned = "2001:db8:100:5::/64";

    private readonly MobileAccessGateway gateway;
    private readonly Probe probe;

    public GatewayTests()
    {
        gateway = Gateway();
        probe = new Probe(gateway);
    }

    private static Envelope FromAnchor => FromGateway().Reversed;

    private ProxyBindingSnapshot Only => Assert.Single(gateway.Bindings(probe.Now));

    [Fact]
    [Trait("Rfc", "5213-5.5-06")]
    [Trait("Rfc", "5213-6.6-01")]
    [Trait("Rfc", "5213-6.9.1.1-01")]
    [Trait("Rfc", "5213-6.9.1.1-02")]
    [Trait("Rfc", "5213-6.9.1.1-03")]
    [Trait("Rfc", "5213-6.9.1.1-04")]
    [Trait("Rfc", "5213-6.9.1.1-08")]
    [Trait("Rfc", "5213-6.9.1.1-11")]
    [Trait("Rfc", "5213-6.9.1.1-13")]
    [Trait("Rfc", "5213-6.9.1.5-01")]
    [Trait("Rfc", "5213-6.9.1.5-02")]
    [Trait("Rfc", "5213-6.9.1.5-04")]
    [Trait("Rfc", "5213-6.9.1.5-05")]
    [Trait("Rfc", "5844-4-01")]
    [Trait("Rfc", "5844-4.2.2-01")]
    [Trait("Rfc", "5844-4.2.2.1-01")]
    [Trait("Rfc", "5844-4.2.2.1-02")]
    public void Attaching_sends_a_proxy_binding_update()
    {
        Attach(HandoffIndicator.BetweenGateways);
        var update = Assert.Single(probe.Sent);

        Assert.Equal(FromGateway(), update.Envelope);
        Assert.True(update.Update.Acknowledge && update.Update.ProxyRegistration && update.Update.HomeRegistration);
        Assert.Equal(900, update.Update.Lifetime);
        Assert.Equal(Node, update.Option<MobileNodeIdentifierOption>().Text);
        Assert.Equal(default, update.Option<HomeNetworkPrefixOption>().Prefix);
        Assert.Equal(HandoffIndicator.BetweenGateways, update.Option<HandoffIndicatorOption>().Indicator);
        Assert.Equal(AccessTechnologyType.WirelessLan, update.Option<AccessTechnologyTypeOption>().AccessTechnologyType);
        Assert.Equal(Stamp(probe).Timestamp, update.Option<TimestampOption>().Timestamp);
        Assert.Equal(BindingState.Pending, Only.State);
        Assert.Equal(TimeSpan.Zero, Only.LifetimeRemaining);
    }

    [Fact]
    [Trait("Rfc", "5213-6.1-01")]
    [Trait("Rfc", "5213-6.9.1.2-18")]
    [Trait("Rfc", "5213-8.2-04")]
    public void An_acceptance_completes_the_attachment()
    {
        var command = Attach();
        probe.Now += TimeSpan.FromMilliseconds(30);
        Accept(lifetime: 100);
        var outcome = probe.Outcome<AttachmentOutcome>(command);

        Assert.Equal(AttachmentResult.Accepted, outcome.Result);
        Assert.Equal(BindingStatus.Accepted, outcome.Status);
        Assert.Equal([Assigned], outcome.Prefixes);
        Assert.Equal(TimeSpan.FromSeconds(400), outcome.LifetimeGranted);
        Assert.Equal(TimeSpan.FromMilliseconds(30), outcome.RoundTripTime);
        Assert.Equal(1, outcome.Attempts);
        Assert.Equal(BindingState.Active, Only.State);
        Assert.Equal([Assigned], Only.Prefixes);
        Assert.Equal(TimeSpan.FromSeconds(399.97), Only.LifetimeRemaining);
    }

    [Fact]
    [Trait("Rfc", "5213-6.9.4-01")]
    [Trait("Rfc", "5213-6.9.4-03")]
    [Trait("Rfc", "5213-6.9.4-05")]
    [Trait("Rfc", "5213-6.9.4-06")]
    public void Retransmissions_double_their_wait_and_carry_new_timestamps_and_sequence_numbers()
    {
        var start = probe.Now.Elapsed;
        var command = Attach();
        probe.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal([0, 1, 3, 7, 15], probe.Sent.Select(sent => (sent.At - start).TotalSeconds));
        Assert.Equal(5, probe.Sent.Select(sent => sent.Update.SequenceNumber).Distinct().Count());
        Assert.Equal(
            probe.Sent.Select(sent => TimestampOption.FromTime(probe.Now.WallClock - (probe.Now.Elapsed - sent.At))),
            probe.Sent.Select(sent => sent.Option<TimestampOption>().Timestamp));
        Assert.Equal(AttachmentResult.TimedOut, probe.Outcome<AttachmentOutcome>(command).Result);
        Assert.Equal(5, probe.Outcome<AttachmentOutcome>(command).Attempts);
        Assert.Equal(0, gateway.BindingCount);
        Assert.Equal(0, gateway.HeldBesideAttachments);
        Assert.Equal(4, gateway.Counters[MessageKind.ProxyBindingUpdate, Direction.Retransmitted]);
    }

    [Fact]
    [Trait("Rfc", "5213-6.9.4-05")]
    public void The_wait_stops_growing_at_its_maximum()
    {
        var patient = Gateway(GatewayOptions() with { Retransmission = new RetransmissionPolicy(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3), 5) });
        var cell = new Probe(patient);
        var start = cell.Now.Elapsed;
        cell.Do(now => patient.Attach(Node, null, HandoffIndicator.NewInterface, now));
        cell.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal([0, 1, 3, 6, 9, 12], cell.Sent.Select(sent => (sent.At - start).TotalSeconds));
    }

    [Fact]
    [Trait("Rfc", "5213-6.9.1.3-02")]
    [Trait("Rfc", "5213-6.9.1.3-03")]
    [Trait("Rfc", "5213-6.9.4-03")]
    public void A_binding_is_renewed_before_it_ends_and_ends_when_no_answer_comes()
    {
        Attach();
        Accept(lifetime: 25);
        probe.Advance(TimeSpan.FromSeconds(74.9));
        Assert.Single(probe.Sent);
        probe.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal(2, probe.Sent.Count);
        Assert.Equal(HandoffIndicator.NotChanged, probe.Last.Option<HandoffIndicatorOption>().Indicator);
        Assert.Equal(Assigned, probe.Last.Option<HomeNetworkPrefixOption>().Prefix);
        Assert.Equal(BindingState.Active, Only.State);

        Accept(lifetime: 25);
        probe.Advance(TimeSpan.FromSeconds(74));
        Assert.Equal(1, gateway.BindingCount);
        probe.Advance(TimeSpan.FromSeconds(27));
        Assert.Equal(0, gateway.BindingCount);
        Assert.Equal([EventKind.BindingExpired, EventKind.TunnelDown], probe.Events[^2..].Select(happened => happened.Kind));
        Assert.Equal(7, probe.Sent.Count);
    }

    [Fact]
    public void An_infinite_binding_has_no_timer_and_its_end_is_still_repeated()
    {
        var forever = Gateway(GatewayOptions() with { Lifetime = Timeout.InfiniteTimeSpan });
        var cell = new Probe(forever);
        cell.Do(now => forever.Attach(Node, null, HandoffIndicator.NewInterface, now));
        cell.Deliver(Acknowledge(cell.Last, prefix: Assigned), FromAnchor);
        cell.Advance(TimeSpan.FromDays(1));
        Assert.Null(forever.NextDeadline);
        Assert.Equal(Timeout.InfiniteTimeSpan, Assert.Single(forever.Bindings(cell.Now)).LifetimeRemaining);
        cell.Do(now => forever.Detach(Node, now));
        cell.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(6, cell.Sent.Count);
        Assert.Equal(0, forever.BindingCount);
    }

    [Fact]
    [Trait("Rfc", "5213-6.9.1.4-01")]
    [Trait("Rfc", "5213-6.9.1.4-03")]
    [Trait("Rfc", "5213-6.9.1.4-04")]
    [Trait("Rfc", "5213-6.9.1.4-05")]
    [Trait("Rfc", "5213-6.13-02")]
    public void Detaching_deregisters_with_the_prefix_and_an_unknown_handoff()
    {
        Attach();
        Accept();
        var command = probe.Do(now => gateway.Detach(Node, now));
        Assert.Equal(0, probe.Last.Update.Lifetime);
        Assert.Equal(Assigned, probe.Last.Option<HomeNetworkPrefixOption>().Prefix);
        Assert.Equal(HandoffIndicator.Unknown, probe.Last.Option<HandoffIndicatorOption>().Indicator);
        Assert.Equal(BindingState.Deregistered, Only.State);

        probe.Deliver(Acknowledge(probe.Last), FromAnchor);
        var outcome = probe.Outcome<AttachmentOutcome>(command);
        Assert.Equal(AttachmentResult.Accepted, outcome.Result);
        Assert.Equal(TimeSpan.Zero, outcome.LifetimeGranted);
        Assert.Equal(0, gateway.BindingCount);
        probe.Advance(TimeSpan.FromHours(2));
        Assert.Equal(0, gateway.HeldBesideAttachments);
    }

    [Fact]
    [Trait("Rfc", "5213-6.9.1.4-05")]
    public void Detaching_while_the_first_update_waits_cancels_the_attachment()
    {
        var attach = Attach();
        var detach = probe.Do(now => gateway.Detach(Node, now));
        Assert.Equal(AttachmentResult.Cancelled, Assert.IsType<AttachmentOutcome>(Assert.Single(probe.Outcomes(attach))).Result);
        probe.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(AttachmentResult.TimedOut, Assert.IsType<AttachmentOutcome>(Assert.Single(probe.Outcomes(detach))).Result);
        Assert.Equal(0, gateway.BindingCount);
    }

    [Fact]
    [Trait("Rfc", "5213-6.9.1.2-05")]
    public void A_mobile_node_that_is_leaving_may_come_back()
    {
        Attach();
        Accept();
        var detach = probe.Do(now => gateway.Detach(Node, now));
        var leaving = probe.Last;
        var again = Attach();
        Assert.Equal(AttachmentResult.Cancelled, probe.Outcome<AttachmentOutcome>(detach).Result);
        Assert.True(probe.Last.Option<TimestampOption>().Timestamp > leaving.Option<TimestampOption>().Timestamp);

        // The answer to the de-registration means nothing any more.
        probe.Deliver(Acknowledge(leaving), FromAnchor);
        Assert.Equal(BindingState.Pending, Only.State);
        Accept();
        Assert.Equal(AttachmentResult.Accepted, probe.Outcome<AttachmentOutcome>(again).Result);
        probe.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(1, gateway.BindingCount);
    }

    [Theory]
    [InlineData(BindingStatus.ReasonUnspecified)]
    [InlineData(BindingStatus.AdministrativelyProhibited)]
    [InlineData(BindingStatus.InsufficientResources)]
    [InlineData(BindingStatus.ProxyRegistrationNotEnabled)]
    [InlineData(BindingStatus.NotAuthorizedForHomeNetworkPrefix)]
    [InlineData(BindingStatus.TimestampMismatch)]
    [InlineData(BindingStatus.NotAuthorizedForIPv4MobilityService)]
    [InlineData(BindingStatus.NotAuthorizedForIPv4HomeAddress)]
    [InlineData(BindingStatus.NotAuthorizedForIPv6MobilityService)]
    [Trait("Rfc", "5213-6.9.1.2-09")]
    [Trait("Rfc", "5213-6.9.1.2-13")]
    [Trait("Rfc", "5213-6.9.1.2-15")]
    [Trait("Rfc", "5213-8.2-04")]
    [Trait("Rfc", "5844-3.2.3.2-01")]
    [Trait("Rfc", "5844-3.2.3.2-02")]
    [Trait("Rfc", "5844-3.2.3.2-04")]
    public void A_refusal_ends_the_attachment_with_its_status(BindingStatus status)
    {
        var command = Attach();
        probe.Deliver(Acknowledge(probe.Last, status), FromAnchor);
        var outcome = probe.Outcome<AttachmentOutcome>(command);
        Assert.Equal(AttachmentResult.Refused, outcome.Result);
        Assert.Equal(status, outcome.Status);
        Assert.Equal(0, gateway.BindingCount);
        Assert.Empty(probe.Advance(TimeSpan.FromMinutes(5)));
    }

    [Fact]
    [Trait("Rfc", "5213-6.9.1.2-15")]
    public void A_refused_renewal_ends_the_service()
    {
        Attach();
        Accept(lifetime: 25);
        probe.Advance(TimeSpan.FromSeconds(76));
        probe.Deliver(Acknowledge(probe.Last, BindingStatus.NotAuthorizedForHomeNetworkPrefix), FromAnchor);
        Assert.Equal(0, gateway.BindingCount);
    }

    [Fact]
    [Trait("Rfc", "5213-6.9.1.2-10")]
    public void A_timestamp_that_was_too_low_is_tried_again_later()
    {
        var command = Attach();
        var first = probe.Last;
        Assert.Empty(probe.Deliver(Acknowledge(first, BindingStatus.TimestampLowerThanPreviousAccepted), FromAnchor));
        // The refusal may be of a copy of the update, and the acceptance of the update itself still on its way.
        probe.Deliver(Acknowledge(first, prefix: Assigned), FromAnchor);
        Assert.Equal(AttachmentResult.Accepted, probe.Outcome<AttachmentOutcome>(command).Result);
    }

    [Fact]
    [Trait("Rfc", "5213-6.9.1.2-10")]
    public void A_timestamp_that_stays_too_low_is_a_refusal()
    {
        var command = Attach();
        var sent = 0;
        for (var attempt = 0; attempt < 5; attempt++)
        {
            probe.Deliver(Acknowledge(probe.Last, BindingStatus.TimestampLowerThanPreviousAccepted), FromAnchor);
            sent += probe.Advance(TimeSpan.FromSeconds(1 << attempt)).Count;
        }

        Assert.Equal(4, sent);
        Assert.Equal(AttachmentResult.Refused, probe.Outcome<AttachmentOutcome>(command).Result);
        Assert.Equal(BindingStatus.TimestampLowerThanPreviousAccepted, probe.Outcome<AttachmentOutcome>(command).Status);
        Assert.Equal(0, gateway.BindingCount);
    }

    [Fact]
    [Trait("Rfc", "5213-6.9.1.2-03")]
    [Trait("Rfc", "5213-6.9.1.2-11")]
    public void An_update_that_was_late_is_sent_again()
    {
        var command = Attach();
        Mismatch(TimeSpan.FromMilliseconds(400), answeredAfter: TimeSpan.FromMilliseconds(500));
        Assert.Equal(BindingState.Pending, Only.State);
        Assert.Single(probe.Advance(TimeSpan.FromMilliseconds(500)));
        Assert.Equal(Stamp(probe).Timestamp, probe.Last.Option<TimestampOption>().Timestamp);
        Accept();
        Assert.Equal(AttachmentResult.Accepted, probe.Outcome<AttachmentOutcome>(command).Result);
        Assert.Equal(2, probe.Outcome<AttachmentOutcome>(command).Attempts);
    }

    [Theory]
    [InlineData(BindingStatus.NotAuthorizedForHomeNetworkPrefix)]
    [InlineData(BindingStatus.NotAuthorizedForIPv4HomeAddress)]
    [Trait("Rfc", "5213-6.9.1.2-13")]
    [Trait("Rfc", "5213-6.9.1.2-14")]
    [Trait("Rfc", "5844-3.2.3.2-02")]
    [Trait("Rfc", "5844-3.2.3.2-03")]
    public void What_is_refused_is_not_asked_for_again_but_others_may_be(BindingStatus status)
    {
        var request = new AttachmentRequest { Identifier = Node, Prefixes = [Assigned], IPv4HomeAddress = "192.0.2.9", IPv4PrefixLength = 24, AcceptsOthers = true };
        var command = probe.Do(now => gateway.Attach(request, now));
        var again = Assert.Single(probe.Deliver(Acknowledge(probe.Last, status), FromAnchor));
        var ipv4 = again.Option<IPv4HomeAddressRequestOption>();
        Assert.Equal(
            status == BindingStatus.NotAuthorizedForHomeNetworkPrefix ? (default, "192.0.2.9", 24) : (Assigned, Address.AnyIPv4, 0),
            (again.Option<HomeNetworkPrefixOption>().Prefix, ipv4.IPv4HomeAddress, (int)ipv4.PrefixLength));
        Assert.Empty(probe.Deliver(Acknowledge(again, status), FromAnchor));
        Assert.Equal((AttachmentResult.Refused, 2), (probe.Outcome<AttachmentOutcome>(command).Result, probe.Outcome<AttachmentOutcome>(command).Attempts));

        probe.Do(now => gateway.Attach(request with { AcceptsOthers = false }, now));
        Assert.Empty(probe.Deliver(Acknowledge(probe.Last, status), FromAnchor));
        Assert.Equal(0, gateway.BindingCount);
    }

    [Fact]
    public void Updates_that_are_always_late_are_refused_in_the_end()
    {
        var command = Attach();
        for (var attempt = 0; attempt < 5; attempt++)
        {
            Mismatch(TimeSpan.FromMilliseconds(400), answeredAfter: TimeSpan.FromMilliseconds(500));
            probe.Advance(TimeSpan.FromSeconds(1 << attempt));
        }

        Assert.Equal(5, probe.Sent.Count);
        Assert.Equal(AttachmentResult.Refused, probe.Outcome<AttachmentOutcome>(command).Result);
        Assert.Equal(BindingStatus.TimestampMismatch, probe.Outcome<AttachmentOutcome>(command).Status);
        Assert.Equal(0, gateway.BindingCount);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(501)]
    [InlineData(3_600_000)]
    [Trait("Rfc", "5213-6.9.1.2-11")]
    public void An_anchor_whose_clock_is_apart_is_not_asked_again(int milliseconds)
    {
        var command = Attach();
        Mismatch(TimeSpan.FromMilliseconds(milliseconds), answeredAfter: TimeSpan.FromMilliseconds(500));
        Assert.Equal(AttachmentResult.Refused, probe.Outcome<AttachmentOutcome>(command).Result);
        Assert.Empty(probe.Advance(TimeSpan.FromMinutes(5)));
    }

    [Fact]
    [Trait("Rfc", "5213-6.9.1.2-07")]
    public void An_answer_that_does_not_echo_the_update_silences_the_gateway()
    {
        var command = Attach();
        var wrong = Acknowledge(probe.Last, prefix: Assigned) with
        {
            Options = [MobileNodeIdentifierOption.Create(Node), new HandoffIndicatorOption { Indicator = HandoffIndicator.Unknown }],
        };
        probe.Deliver(wrong, FromAnchor);
        Assert.Equal(1, gateway.Counters.Dropped(DropReason.Mismatch));
        Assert.Equal(AttachmentResult.NotEchoed, probe.Outcome<AttachmentOutcome>(command).Result);
        Assert.Empty(probe.Advance(TimeSpan.FromHours(1)));

        // Somebody asks again: an administrative action.
        Attach();
        Accept(lifetime: 25);
        probe.Advance(TimeSpan.FromSeconds(76));
        var renewal = probe.Last;
        probe.Deliver(
            Acknowledge(renewal) with
            {
                Options = [MobileNodeIdentifierOption.Create(Node), new AccessTechnologyTypeOption { AccessTechnologyType = AccessTechnologyType.WiMax }],
            },
            FromAnchor);
        Assert.Equal(BindingState.Active, Only.State);
        Assert.Empty(probe.Advance(TimeSpan.FromSeconds(23)));
        Assert.Equal(1, gateway.BindingCount);
        Assert.Empty(probe.Advance(TimeSpan.FromSeconds(2)));
        Assert.Equal(0, gateway.BindingCount);
    }

    [Fact]
    [Trait("Rfc", "5213-6.9.1.2-03")]
    [Trait("Rfc", "5213-6.9.1.2-05")]
    [Trait("Rfc", "5213-6.9.1.2-06")]
    public void Answers_that_match_nothing_are_ignored()
    {
        var nothing = Acknowledge(new SentMessage(default, FromGateway(), Update(probe).ToOctets()), prefix: Assigned);
        probe.Deliver(nothing, FromAnchor);
        Attach();
        var update = probe.Last;
        probe.Deliver(Acknowledge(update, prefix: Assigned) with { SequenceNumber = (ushort)(update.Update.SequenceNumber + 1) }, FromAnchor);
        Assert.Equal(BindingState.Pending, Only.State);
        Accept();
        probe.Deliver(Acknowledge(update, BindingStatus.ReasonUnspecified), FromAnchor);
        Assert.Equal(BindingState.Active, Only.State);
        Assert.Equal(3, gateway.Counters.Dropped(DropReason.NoMatchingRequest));
    }

    [Fact]
    public void An_acceptance_without_a_prefix_or_lifetime_is_none()
    {
        Attach();
        probe.Deliver(Acknowledge(probe.Last), FromAnchor);
        probe.Deliver(Acknowledge(probe.Last, prefix: Assigned, lifetime: 0), FromAnchor);
        Assert.Equal(2, gateway.Counters.Dropped(DropReason.Mismatch));
        Assert.Equal(BindingState.Pending, Only.State);
        Assert.Single(probe.Advance(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    [Trait("Rfc", "5846-13-02")]
    [Trait("Rfc", "5213-6.9.1.2-01")]
    public void Only_the_anchor_may_answer_whatever_the_protection_admits()
    {
        Attach();
        var stranger = FromAnchor with { Source = new Endpoint("198.51.100.99", 5436) };
        probe.Deliver(Acknowledge(probe.Last, prefix: Assigned), stranger);
        Assert.Equal(BindingState.Pending, Only.State);
        Assert.Equal(1, gateway.Counters.Dropped(DropReason.NotAPeer));
    }

    [Fact]
    public void Many_mobile_nodes_attach_in_one_tick_with_the_same_time_of_day()
    {
        probe.Do(now =>
        {
            for (var number = 0; number < 30_000; number++)
            {
                gateway.Attach($"mn{number}@example.com", null, HandoffIndicator.NewInterface, now);
            }

            return 0;
        });
        Assert.Equal([Stamp(probe).Timestamp], probe.Sent.Select(sent => ((TimestampOption)sent.Options[^1]).Timestamp).Distinct());
    }

    [Fact]
    public void A_clock_that_was_set_back_counts_again()
    {
        Attach();
        Accept();
        probe.Now = probe.Now with { WallClock = probe.Now.WallClock.AddHours(-1) };
        probe.Do(now => gateway.Detach(Node, now));
        Assert.Equal(Stamp(probe).Timestamp, probe.Last.Option<TimestampOption>().Timestamp);
    }

    [Theory]
    [InlineData("")]
    [InlineData("@example.com")]
    public void What_is_no_mobile_node_cannot_attach(string identifier) =>
        Assert.Throws<ArgumentException>(() => gateway.Attach(identifier, null, HandoffIndicator.NewInterface, probe.Now));

    [Fact]
    public void Commands_that_do_not_fit_are_refused_and_change_nothing()
    {
        Assert.Throws<ArgumentException>(() => gateway.Attach(new string('a', 254), null, HandoffIndicator.NewInterface, probe.Now));
        Assert.Throws<ArgumentException>(() => gateway.Attach(Node, "2001:db8::1/64", HandoffIndicator.NewInterface, probe.Now));
        Assert.Throws<InvalidOperationException>(() => gateway.Detach(Node, probe.Now));
        Attach();
        Assert.Throws<InvalidOperationException>(() => gateway.Attach("mn7@EXAMPLE.com", null, HandoffIndicator.NewInterface, probe.Now));
        Assert.Equal(1, gateway.BindingCount);
        probe.Do(now => gateway.Attach(new string('a', 253), null, HandoffIndicator.NewInterface, now));
        Assert.Equal(253, probe.Last.Option<MobileNodeIdentifierOption>().Identifier.Length);
    }

    [Fact]
    public void Options_out_of_their_range_are_refused()
    {
        var good = GatewayOptions();
        MobileAccessGatewayOptions[] wrong =
        [
            good with { Name = "" },
            good with { Address = "0.0.0.0" },
            good with { LocalMobilityAnchor = "2001:db8::1" },
            good with { Lifetime = TimeSpan.FromSeconds(3) },
            good with { Retransmission = new(TimeSpan.Zero, TimeSpan.FromSeconds(1), 1) },
            good with { Retransmission = new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1), 1) },
            good with { Retransmission = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), -1) },
        ];
        Assert.Equal(wrong.Length, wrong.Count(options => Record.Exception(() => Gateway(options)) is ArgumentException));
    }

    private long Attach(HandoffIndicator indicator = HandoffIndicator.NewInterface) => probe.Do(now => gateway.Attach(Node, null, indicator, now));

    /// <summary>The anchor refuses the last update for its timestamp; its own time of day is so much later than the update.</summary>
    private void Mismatch(TimeSpan later, TimeSpan answeredAfter)
    {
        var refusal = Acknowledge(probe.Last, BindingStatus.TimestampMismatch);
        refusal = refusal with { Options = [.. refusal.Options.SkipLast(1), Stamp(probe, later)] };
        probe.Now += answeredAfter;
        probe.Deliver(refusal, FromAnchor);
    }

    private void Accept(ushort? lifetime = null) => probe.Deliver(Acknowledge(probe.Last, prefix: Assigned, lifetime: lifetime), FromAnchor);
}
