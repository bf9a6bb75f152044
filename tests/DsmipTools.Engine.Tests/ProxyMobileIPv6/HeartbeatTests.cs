using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Security;
using DsmipTools.Engine.Tests.Simulation;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using static DsmipTools.Engine.Tests.Simulation.Domain;

namespace DsmipTools.Engine.Tests.ProxyMobileIPv6;

/// <summary>Anchor and gateway watch each other (RFC 5847).</summary>
public sealed class HeartbeatTests
{
    private static readonly TimeSpan interval = TimeSpan.FromSeconds(60);

    private readonly LocalMobilityAnchor anchor = Anchor(AnchorOptions() with { Heartbeat = new HeartbeatOptions { RestartCounter = 7 } });
    private readonly Probe probe;

    public HeartbeatTests() => probe = new Probe(anchor);

    private Heartbeat LastRequest => Assert.IsType<Heartbeat>(probe.Last.Message);

    [Fact]
    [Trait("Rfc", "5847-3-02")]
    [Trait("Rfc", "5847-3-03")]
    [Trait("Rfc", "5847-5-01")]
    public void A_request_goes_to_a_peer_with_bindings_once_in_an_interval_and_to_nobody_else()
    {
        probe.Advance(interval * 3);
        Assert.Empty(probe.Sent);
        Register();
        var sent = probe.Advance(interval - TimeSpan.FromSeconds(1));
        Assert.Empty(sent);
        var request = Assert.Single(probe.Advance(TimeSpan.FromSeconds(1)));
        Assert.Equal(FromGateway().Reversed, request.Envelope);
        Assert.False(Assert.IsType<Heartbeat>(request.Message).Response);
        Assert.Equal(0, request.Octets.Span[4] | request.Octets.Span[5]);
        Assert.Single(probe.Advance(interval));
        Assert.Equal(2, anchor.Counters[MessageKind.HeartbeatRequest, Direction.Sent]);
    }

    [Fact]
    [Trait("Rfc", "5847-3-01")]
    public void Sequence_numbers_rise_by_one()
    {
        Register();
        probe.Advance(interval);
        var first = LastRequest.SequenceNumber;
        probe.Advance(interval);
        Assert.Equal(first + 1, LastRequest.SequenceNumber);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Rfc", "5847-3-04")]
    [Trait("Rfc", "5847-3.2-02")]
    public void A_request_is_answered_with_its_number_and_the_restart_counter_with_bindings_or_without(bool registered)
    {
        if (registered)
        {
            Register();
        }

        var answer = Assert.Single(probe.Deliver(new Heartbeat { SequenceNumber = 0xdeadbeef }, FromGateway()));
        var heartbeat = Assert.IsType<Heartbeat>(answer.Message);
        Assert.True(heartbeat is { Response: true, Unsolicited: false, SequenceNumber: 0xdeadbeef });
        Assert.Equal(7u, answer.Option<RestartCounterOption>().RestartCounter);
        Assert.Equal(FromGateway().Reversed, answer.Envelope);
        Assert.Equal(1, anchor.Counters[MessageKind.HeartbeatRequest, Direction.Received]);
        Assert.Equal(1, anchor.Counters[MessageKind.HeartbeatResponse, Direction.Sent]);
    }

    [Fact]
    [Trait("Rfc", "5847-3.1-02")]
    [Trait("Rfc", "5847-3.1-03")]
    [Trait("Rfc", "5847-3-09")]
    [Trait("Rfc", "5847-5-02")]
    public void More_than_three_requests_without_a_response_make_a_peer_unreachable_and_one_response_brings_it_back()
    {
        Register();
        probe.Advance(interval * 4);
        Assert.DoesNotContain(probe.Events, happened => happened.Kind == EventKind.PeerUnreachable);
        probe.Advance(interval);
        Assert.Equal(GatewayAddress(Transport.ProxyMobileIPv6Udp, 1), Assert.Single(probe.Events, happened => happened.Kind == EventKind.PeerUnreachable).Peer);
        probe.Advance(interval * 3);
        Assert.Single(probe.Events, happened => happened.Kind == EventKind.PeerUnreachable);
        Assert.Equal(1, anchor.BindingCount);

        Respond(1);
        Assert.Single(probe.Events, happened => happened.Kind == EventKind.PeerReachable);
        probe.Advance(interval * 4);
        Assert.Single(probe.Events, happened => happened.Kind == EventKind.PeerUnreachable);
    }

    [Fact]
    public void An_anchor_may_be_told_to_remove_the_bindings_of_an_unreachable_gateway()
    {
        var strict = Anchor(AnchorOptions() with { Heartbeat = new HeartbeatOptions { RemovesUnreachable = true, MissingAllowed = 0 } });
        var cell = new Probe(strict);
        cell.Deliver(Update(cell), FromGateway());
        cell.Deliver(Update(cell, "mn8@example.com"), FromGateway(2));
        cell.Advance(interval);
        cell.Deliver(new Heartbeat { Response = true, SequenceNumber = NumberFor(cell, 2) }, FromGateway(2));
        cell.Advance(interval);
        Assert.Equal("mn8@example.com", Assert.Single(strict.Bindings(cell.Now)).Identifier);
        // The last one was not sent: there is no session any more.
        Assert.Single(cell.Sent, sent => sent.Message is Heartbeat { Response: false } && sent.Envelope.Destination == FromGateway().Source);
    }

    [Fact]
    [Trait("Rfc", "5847-3.2-03")]
    [Trait("Rfc", "5847-3.2-04")]
    [Trait("Rfc", "5847-3-08")]
    public void Another_restart_counter_ends_the_bindings_that_were_made_before()
    {
        Register();
        Register("mn9@example.com", FromGateway(2));
        probe.Advance(interval);
        RespondTo(1, 5);
        RespondTo(2, 5);
        probe.Advance(interval);
        RespondTo(1, 5);
        Assert.Equal(2, anchor.BindingCount);
        probe.Advance(interval);
        RespondTo(1, 6);
        Assert.Equal("mn9@example.com", Assert.Single(anchor.Bindings(probe.Now)).Identifier);
        Assert.Equal("Restart Counter 6, before 5", Assert.Single(probe.Events, happened => happened.Kind == EventKind.PeerRestarted).Detail);
    }

    [Fact]
    public void About_a_binding_of_either_life_the_gateway_is_asked()
    {
        Register();
        probe.Advance(interval);
        Respond(5);
        probe.Advance(TimeSpan.FromSeconds(30));
        Register("new@example.com");
        Register("gone@example.com");
        probe.Advance(TimeSpan.FromSeconds(30));
        Respond(6);

        Assert.Equal(2, anchor.BindingCount);
        var asked = probe.Sent.TakeLast(2).ToDictionary(sent => sent.Option<MobileNodeIdentifierOption>().Text!);
        Assert.All(asked.Values, sent => Assert.Equal(RevocationTrigger.InterMagHandoverUnknown, sent.Indication.Trigger));
        probe.Deliver(Answer(asked["new@example.com"], RevocationStatus.MobileNodeIsAttached), FromGateway());
        probe.Deliver(Answer(asked["gone@example.com"], RevocationStatus.BindingDoesNotExist), FromGateway());
        Assert.Equal([BindingState.Active], anchor.Bindings("new@example.com", probe.Now).Select(binding => binding.State));
        Assert.Equal([BindingState.Deregistered], anchor.Bindings("gone@example.com", probe.Now).Select(binding => binding.State));
    }

    [Fact]
    [Trait("Rfc", "5847-3.2-06")]
    public void An_unsolicited_response_tells_of_a_restart_at_once_and_only_once()
    {
        Register();
        probe.Advance(TimeSpan.FromSeconds(20));
        Restarted(9);
        Assert.Equal(0, anchor.BindingCount);
        probe.Advance(TimeSpan.FromSeconds(10));
        Register();
        probe.Advance(TimeSpan.FromSeconds(10));
        Restarted(9);
        Assert.Equal(1, anchor.BindingCount);
    }

    [Fact]
    public void An_unsolicited_response_from_an_earlier_life_is_dropped()
    {
        Register();
        probe.Advance(interval);
        Respond(9);
        Restarted(8);
        Assert.Equal(1, anchor.BindingCount);
        Assert.Equal(1, anchor.Counters[MessageKind.HeartbeatResponse, Direction.Received, drop: DropReason.Mismatch]);
    }

    [Fact]
    [Trait("Rfc", "5847-3.1-01")]
    public void A_response_with_a_wrong_number_or_for_the_second_time_or_from_elsewhere_is_dropped()
    {
        Register();
        probe.Advance(interval);
        var number = LastRequest.SequenceNumber;
        probe.Deliver(new Heartbeat { Response = true, SequenceNumber = number + 1 }, FromGateway());
        probe.Deliver(new Heartbeat { Response = true, SequenceNumber = number }, FromGateway(2));
        probe.Deliver(new Heartbeat { Response = true, SequenceNumber = number }, FromGateway(port: 4000));
        Assert.Equal(3, anchor.Counters.Dropped(DropReason.NoMatchingRequest));
        Respond(1);
        probe.Deliver(new Heartbeat { Response = true, SequenceNumber = number, Options = [new RestartCounterOption { RestartCounter = 2 }] }, FromGateway());
        Assert.Equal(4, anchor.Counters.Dropped(DropReason.NoMatchingRequest));
        Assert.Equal(1, anchor.BindingCount);
        Assert.Equal(1, anchor.Counters[MessageKind.HeartbeatResponse, Direction.Received]);
    }

    [Fact]
    public void A_stranger_gets_no_answer_and_ends_nothing()
    {
        var closed = Anchor(AnchorOptions() with { Protection = PeersByAddress.Of([GatewayAddress(Transport.ProxyMobileIPv6Udp, 1)]) });
        var cell = new Probe(closed);
        cell.Deliver(Update(cell), FromGateway());
        cell.Advance(TimeSpan.FromSeconds(30));
        Assert.Empty(cell.Deliver(new Heartbeat(), FromGateway(2)));
        Assert.Empty(cell.Deliver(new Heartbeat { Response = true, Unsolicited = true, Options = [new RestartCounterOption { RestartCounter = 9 }] }, FromGateway(2)));
        Assert.Equal(1, closed.BindingCount);
        Assert.Equal(2, closed.Counters.Dropped(DropReason.NotAPeer));
    }

    [Fact]
    [Trait("Rfc", "5847-3-07")]
    public void A_peer_that_does_not_know_heartbeats_gets_none_any_more()
    {
        Register();
        var unknown = new BindingError { Status = BindingErrorStatus.UnrecognizedMobilityHeaderType };
        probe.Deliver(unknown, FromGateway());
        Assert.Equal(1, anchor.Counters.Dropped(DropReason.NoMatchingRequest));
        probe.Advance(interval);
        probe.Deliver(unknown, FromGateway());
        Assert.Empty(probe.Advance(interval * 3));
        Register();
        Register("mn8@example.com", FromGateway(port: 4000));
        Assert.Empty(probe.Advance(interval * 3));
        Assert.DoesNotContain(probe.Events, happened => happened.Kind == EventKind.PeerUnreachable);
    }

    [Fact]
    public void Nothing_is_kept_of_a_peer_without_bindings()
    {
        Register();
        probe.Advance(interval);
        probe.Deliver(Update(probe, lifetime: 0, prefix: Assert.Single(anchor.Bindings(probe.Now)).Prefixes[0], sequenceNumber: 2), FromGateway());
        Assert.Empty(probe.Advance(TimeSpan.FromHours(2)));
        anchor.Expire(probe.Now);
        Assert.Equal(0, anchor.HeldBesideBindings);
        Assert.Null(anchor.NextDeadline);
    }

    [Fact]
    public void A_gateway_registers_its_sessions_anew_when_the_anchor_has_restarted_or_is_back()
    {
        var gateway = Gateway(GatewayOptions() with { Heartbeat = new HeartbeatOptions { MissingAllowed = 0 } });
        var cell = new Probe(gateway);
        cell.Do(now => gateway.Attach(Node, null, HandoffIndicator.NewInterface, now));
        cell.Deliver(Acknowledge(cell.Last, prefix: "2001:db8:100:5::/64"), FromGateway().Reversed);
        cell.Advance(interval);
        Assert.False(Assert.IsType<Heartbeat>(cell.Last.Message).Response);
        Pong(3);
        Assert.Empty(cell.Advance(TimeSpan.FromSeconds(1)));
        cell.Advance(interval);
        Pong(4);
        var update = Assert.Single(cell.Advance(TimeSpan.FromMilliseconds(500)));
        Assert.Equal("2001:db8:100:5::/64", update.Option<HomeNetworkPrefixOption>().Prefix);
        cell.Deliver(Acknowledge(update), FromGateway().Reversed);

        cell.Advance(interval * 2);
        Assert.Single(cell.Events, happened => happened.Kind == EventKind.PeerUnreachable);
        Pong(4);
        Assert.IsType<BindingUpdate>(Assert.Single(cell.Advance(TimeSpan.FromMilliseconds(500))).Message);

        void Pong(uint counter) => cell.Deliver(
            new Heartbeat
            {
                Response = true,
                SequenceNumber = cell.Sent.Select(sent => sent.Message).OfType<Heartbeat>().Last().SequenceNumber,
                Options = [new RestartCounterOption { RestartCounter = counter }],
            },
            FromGateway().Reversed);
    }

    [Fact]
    public void A_gateway_takes_heartbeats_from_its_anchor_alone()
    {
        var gateway = Gateway();
        var cell = new Probe(gateway);
        Assert.Single(cell.Deliver(new Heartbeat(), FromGateway().Reversed));
        Assert.Empty(cell.Deliver(new Heartbeat(), new Envelope(Transport.ProxyMobileIPv6Udp, new Endpoint("198.51.100.9", 5436), FromGateway().Source)));
        Assert.Equal(1, gateway.Counters.Dropped(DropReason.NotAPeer));
    }

    [Fact]
    [Trait("Rfc", "5847-3.2-05")]
    public void An_agent_that_restarts_tells_its_former_peers_with_the_counter_of_its_new_life()
    {
        var again = new Probe(Gateway(GatewayOptions() with { Heartbeat = new HeartbeatOptions { FormerPeers = [FromGateway().Reversed] } }));
        var told = Assert.Single(again.Sent);
        Assert.Equal(FromGateway(), told.Envelope);
        Assert.True(Assert.IsType<Heartbeat>(told.Message) is { Response: true, Unsolicited: true });
        Assert.Equal((uint)again.Now.WallClock.ToUnixTimeSeconds(), told.Option<RestartCounterOption>().RestartCounter);
    }

    [Fact]
    public void The_peers_of_an_anchor_are_those_with_bindings()
    {
        Assert.Empty(anchor.Peers);
        Register("a@example.com", FromGateway(2));
        Register("b@example.org", FromGateway(2));
        Register();
        Assert.Equal([FromGateway(), FromGateway(2)], anchor.Peers);
    }

    [Theory]
    [InlineData(0.5, 3)]
    [InlineData(3601, 3)]
    [InlineData(60, -1)]
    public void Variables_out_of_their_range_are_refused(double seconds, int missing) => Assert.Throws<ArgumentException>(
        () => Anchor(AnchorOptions() with { Heartbeat = new HeartbeatOptions { Interval = TimeSpan.FromSeconds(seconds), MissingAllowed = missing } }));

    [Fact]
    public void Two_agents_over_bad_links_notice_a_restart_and_agree()
    {
        var network = new Network(3) { Link = new Link { Loss = 10, Duplication = 10, Jitter = TimeSpan.FromMilliseconds(200) } };
        var on = new HeartbeatOptions();
        var lma = network.Add(Anchor(AnchorOptions() with { Heartbeat = on }));
        var mag = network.Add(Gateway(GatewayOptions() with { Heartbeat = on }));
        network.Do(mag, now => mag.Attach(Node, null, HandoffIndicator.NewInterface, now));
        network.Run(TimeSpan.FromHours(5));
        Assert.Equal((1, 1), (lma.BindingCount, mag.BindingCount));
        Assert.DoesNotContain(network.Events, happened => happened.Kind is EventKind.PeerRestarted or EventKind.PeerUnreachable);
        Assert.True(mag.Counters[MessageKind.HeartbeatResponse, Direction.Received] > 200);
    }

    private static uint NumberFor(Probe cell, int number) => cell.Sent
        .Where(sent => sent.Message is Heartbeat { Response: false } && sent.Envelope.Destination == FromGateway(number).Source)
        .Select(sent => ((Heartbeat)sent.Message).SequenceNumber)
        .Last();

    private void Register(string identifier = Node, Envelope? from = null)
    {
        probe.Now += TimeSpan.FromMilliseconds(1);
        var answer = Assert.Single(probe.Deliver(Update(probe, identifier, sequenceNumber: (ushort)(probe.Sent.Count + 1)), from ?? FromGateway()));
        Assert.Equal(BindingStatus.Accepted, answer.Acknowledgement.Status);
        probe.Sent.Clear();
    }

    private void Respond(uint counter) => RespondTo(1, counter);

    private void RespondTo(int gateway, uint counter) => probe.Deliver(
        new Heartbeat { Response = true, SequenceNumber = NumberFor(probe, gateway), Options = [new RestartCounterOption { RestartCounter = counter }] },
        FromGateway(gateway));

    private void Restarted(uint counter) => probe.Deliver(
        new Heartbeat { Response = true, Unsolicited = true, Options = [new RestartCounterOption { RestartCounter = counter }] }, FromGateway());
}
