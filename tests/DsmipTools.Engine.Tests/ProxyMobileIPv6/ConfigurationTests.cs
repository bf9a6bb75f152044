using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Revocation;
using DsmipTools.Engine.Tests.Simulation;
using DsmipTools.Engine.Timing;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using static DsmipTools.Engine.Tests.Simulation.Domain;

namespace DsmipTools.Engine.Tests.ProxyMobileIPv6;

/// <summary>Configuration variables change while an agent runs (RFC 5213, 9; RFC 5846, 11), for what begins afterwards.</summary>
public sealed class ConfigurationTests
{
    private static readonly Prefix Assigned = "2001:db8:100::/64";

    private readonly LocalMobilityAnchor anchor = Anchor();
    private readonly Probe probe;
    private LocalMobilityAnchorOptions current = AnchorOptions();

    public ConfigurationTests() => probe = new Probe(anchor);

    private ProxyBindingSnapshot Only => Assert.Single(anchor.Bindings(probe.Now));

    [Fact]
    public void A_change_is_an_event_with_both_values_and_what_stays_is_none()
    {
        Configure(options => options with
        {
            MaximumLifetime = TimeSpan.FromMinutes(5),
            RevokesOnHandover = true,
            Revocation = new RevocationVariables { MaximumRetries = 3 },
            GlobalRevocation = [new GatewayAuthorization { Identity = "mag1", CareOfAddresses = ["203.0.113.1", "203.0.113.2"] }],
            CrossingUpdates = new Dictionary<RevocationTrigger, CrossingUpdatePolicy> { [RevocationTrigger.AdministrativeReason] = CrossingUpdatePolicy.Accept },
        });
        Assert.Equal(
            [
                "MaximumLifetime: 01:00:00 -> 00:05:00",
                "Revocation.MaximumRetries: 1 -> 3",
                "RevokesOnHandover: False -> True",
                "GlobalRevocation: none -> mag1 at 203.0.113.1 and 203.0.113.2",
                "CrossingUpdates: none -> AdministrativeReason Accept",
            ],
            Changes());

        // The same values in other collections are no change.
        Configure(options => options with { GlobalRevocation = [.. options.GlobalRevocation], CrossingUpdates = options.CrossingUpdates.ToDictionary() });
        Assert.Equal(5, Changes().Count);
    }

    [Fact]
    public void What_is_settled_when_the_agent_is_made_cannot_change()
    {
        var refused = Assert.Throws<ArgumentException>(() => Configure(options => options with { PrefixPool = "2001:db8:200::/40", MaximumLifetime = TimeSpan.FromMinutes(1) }));
        Assert.Equal("PrefixPool cannot change from 2001:db8:100::/40 to 2001:db8:200::/40: it is settled when the agent is made.", refused.Message);
        Assert.Throws<ArgumentException>(() => Configure(options => options with { Name = "other" }));
        Assert.Throws<ArgumentException>(() => Configure(options => options with { Address = "198.51.100.9" }));
        Assert.Throws<ArgumentException>(() => Configure(options => options with { FixedPrefixes = new Dictionary<string, Prefix> { [Node] = "2001:db8:900::/64" } }));
        // Nor what is out of its range.
        Assert.Throws<ArgumentException>(() => Configure(options => options with { Revocation = new RevocationVariables { InitialDelay = TimeSpan.FromSeconds(0.4) } }));
        Assert.Throws<ArgumentException>(() => Configure(options => options with { MinDelayBeforeBCEDelete = TimeSpan.FromSeconds(-1) }));
        Assert.Throws<ArgumentException>(() => Configure(options => options with
        {
            CrossingUpdates = new Dictionary<RevocationTrigger, CrossingUpdatePolicy> { [(RevocationTrigger)99] = CrossingUpdatePolicy.Accept },
        }));
        Assert.Empty(Changes());
        probe.Deliver(Update(probe), FromGateway());
        Assert.Equal(TimeSpan.FromHours(1), Only.LifetimeGranted);
    }

    [Fact]
    public void Lifetimes_and_delays_count_for_what_begins_afterwards()
    {
        probe.Deliver(Update(probe), FromGateway());
        Configure(options => options with { MaximumLifetime = TimeSpan.FromSeconds(40), MinDelayBeforeBCEDelete = TimeSpan.FromSeconds(3) });
        Assert.Equal(TimeSpan.FromHours(1), Only.LifetimeGranted);
        probe.Now += TimeSpan.FromSeconds(1);
        probe.Deliver(Update(probe, prefix: Assigned, indicator: HandoffIndicator.NotChanged), FromGateway());
        Assert.Equal(TimeSpan.FromSeconds(40), Only.LifetimeGranted);

        probe.Now += TimeSpan.FromSeconds(1);
        probe.Deliver(Update(probe, prefix: Assigned, lifetime: 0), FromGateway());
        // The one that waits keeps its time.
        Configure(options => options with { MinDelayBeforeBCEDelete = TimeSpan.FromSeconds(60) });
        probe.Advance(TimeSpan.FromSeconds(2.9));
        Assert.Equal(1, anchor.BindingCount);
        probe.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal(0, anchor.BindingCount);
    }

    [Fact]
    [Trait("Rfc", "5846-11-01")]
    public void Indications_that_are_outstanding_keep_their_schedule()
    {
        probe.Deliver(Update(probe), FromGateway());
        probe.Deliver(Update(probe, "other@example.com"), FromGateway());
        var start = probe.Now.Elapsed;
        probe.Do(now => anchor.Revoke(RevocationRequest.MobileNode(Node), now));
        Configure(options => options with { Revocation = new RevocationVariables { MaximumRetries = 2, InitialDelay = TimeSpan.FromSeconds(0.5), MaximumDelay = TimeSpan.FromSeconds(0.5) } });
        var first = probe.Last;
        probe.Do(now => anchor.Revoke(RevocationRequest.MobileNode("other@example.com"), now));
        var second = probe.Last;
        probe.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal([0, 1], SentAt(first));
        Assert.Equal([0, 0.5, 1], SentAt(second));

        IEnumerable<double> SentAt(SentMessage indication) => probe.Sent
            .Where(sent => sent.Octets.Equals(indication.Octets))
            .Select(sent => (sent.At - start).TotalSeconds);
    }

    [Fact]
    [Trait("Rfc", "5846-11-01")]
    public void One_revocation_has_a_retransmission_of_its_own()
    {
        probe.Deliver(Update(probe), FromGateway());
        var start = probe.Now.Elapsed;
        var request = RevocationRequest.Realm("example.com") with
        {
            Retransmission = new RevocationVariables { MaximumRetries = 3, InitialDelay = TimeSpan.FromSeconds(0.5), MaximumDelay = TimeSpan.FromSeconds(1) },
        };
        var command = probe.Do(now => anchor.Revoke(request, now));
        var indication = probe.Last;
        probe.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal([0, 0.5, 1.5, 2.5], probe.Sent.Where(sent => sent.Octets.Equals(indication.Octets)).Select(sent => (sent.At - start).TotalSeconds));
        Assert.Equal(4, Assert.IsType<RevocationOutcome>(probe.Outcomes(command)[0]).Attempts);

        var gateway = Gateway();
        var mine = new Probe(gateway);
        var bulk = RevocationRequest.Gateway() with { Retransmission = new RevocationVariables { MaximumRetries = 0 } };
        var mineCommand = mine.Do(now => gateway.Revoke(bulk, now));
        mine.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(1, Assert.IsType<RevocationOutcome>(mine.Outcomes(mineCommand)[0]).Attempts);
        var early = new RevocationVariables { InitialDelay = TimeSpan.FromSeconds(0.1) };
        Assert.Throws<ArgumentException>(() => anchor.Revoke(request with { Retransmission = early }, probe.Now));
        Assert.Throws<ArgumentException>(() => gateway.Revoke(bulk with { Retransmission = early }, mine.Now));
    }

    [Fact]
    public void Peers_change_and_who_is_none_any_more_is_not_heard()
    {
        probe.Deliver(Update(probe), FromGateway());
        Configure(options => options with { Protection = null, Peers = [FromGateway(2).Source.Address] });
        Assert.Contains("Peers: not set -> 203.0.113.2", Changes());
        Assert.Equal("none (peers by address)", anchor.Protection);
        Assert.Equal("none (peers by address)", probe.Events.Last(happened => happened.Kind == EventKind.Unprotected).Detail);
        Assert.Empty(probe.Deliver(Update(probe, "new@example.com"), FromGateway()));
        Assert.Equal(DropReason.NotAPeer, probe.Events[^1].Drop);
        Assert.Single(probe.Deliver(Update(probe, "new@example.com"), FromGateway(2)));
    }

    [Fact]
    public void A_wider_window_does_not_admit_what_a_narrower_one_has_refused()
    {
        var delayed = Update(probe, skew: TimeSpan.FromSeconds(-5));
        Assert.Equal(BindingStatus.TimestampMismatch, Assert.Single(probe.Deliver(delayed, FromGateway())).Acknowledgement.Status);
        Configure(options => options with { TimestampValidityWindow = TimeSpan.FromSeconds(10) });
        Assert.Equal(BindingStatus.TimestampLowerThanPreviousAccepted, Assert.Single(probe.Deliver(delayed, FromGateway())).Acknowledgement.Status);
        probe.Now += TimeSpan.FromSeconds(20);
        Assert.Equal(BindingStatus.Accepted, Assert.Single(probe.Deliver(Update(probe, skew: TimeSpan.FromSeconds(-9)), FromGateway())).Acknowledgement.Status);
        Configure(options => options with { TimestampValidityWindow = TimeSpan.FromSeconds(1) });
        Assert.Equal(BindingStatus.TimestampMismatch, Assert.Single(probe.Deliver(Update(probe, skew: TimeSpan.FromSeconds(-2)), FromGateway())).Acknowledgement.Status);
    }

    [Fact]
    public void What_is_authorised_and_what_an_unknown_handoff_means_change()
    {
        probe.Deliver(Update(probe), FromGateway());
        Configure(options => options with { UnknownHandoff = UnknownHandoffPolicy.NewSession });
        probe.Now += TimeSpan.FromMilliseconds(1);
        probe.Deliver(Update(probe, indicator: HandoffIndicator.Unknown), FromGateway(2));
        Assert.Equal(2, anchor.BindingCount);

        var bulk = Indicate(RevocationTrigger.PerPeerPolicy, 7, "mag1");
        Assert.Equal(RevocationStatus.GlobalRevocationNotAuthorized, Assert.Single(probe.Deliver(bulk, FromGateway())).Revoked.Status);
        Configure(options => options with { GlobalRevocation = [new GatewayAuthorization { Identity = "mag1", CareOfAddresses = [FromGateway().Source.Address] }] });
        bulk = Indicate(RevocationTrigger.PerPeerPolicy, 8, "mag1");
        Assert.Equal(RevocationStatus.Success, Assert.Single(probe.Deliver(bulk, FromGateway())).Revoked.Status);
    }

    [Fact]
    public void A_gateway_asks_for_another_lifetime_and_retransmits_otherwise()
    {
        var gateway = Gateway();
        var mine = new Probe(gateway);
        var start = mine.Now.Elapsed;
        mine.Do(now => gateway.Attach(Node, null, HandoffIndicator.NewInterface, now));
        Assert.Equal(900, mine.Last.Update.Lifetime);
        gateway.Configure(
            GatewayOptions() with
            {
                Lifetime = TimeSpan.FromMinutes(1),
                Retransmission = new RetransmissionPolicy(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2), 2),
            },
            mine.Now);
        mine.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal([900, 15, 15], mine.Sent.Select(sent => (int)sent.Update.Lifetime));
        Assert.Equal([0, 1, 3], mine.Sent.Select(sent => (sent.At - start).TotalSeconds));
        Assert.Equal(
            ["Lifetime: 01:00:00 -> 00:01:00", "Retransmission.InitialDelay: 00:00:01 -> 00:00:02", "Retransmission.MaximumDelay: 00:00:32 -> 00:00:02", "Retransmission.MaximumRetries: 4 -> 2"],
            mine.Events.Where(happened => happened.Kind == EventKind.ConfigurationChanged).Select(happened => happened.Detail));
        Assert.Throws<ArgumentException>(() => gateway.Configure(GatewayOptions() with { Identity = "other" }, mine.Now));
        Assert.Throws<ArgumentException>(() => gateway.Configure(GatewayOptions() with { Lifetime = TimeSpan.FromSeconds(1) }, mine.Now));
    }

    [Fact]
    [Trait("Rfc", "5847-5-01")]
    public void Heartbeats_stop_and_begin_and_come_at_another_interval()
    {
        probe.Deliver(Update(probe), FromGateway());
        Assert.Empty(probe.Advance(TimeSpan.FromMinutes(2)));
        var off = current.Heartbeat;
        Configure(options => options with { Heartbeat = off with { Interval = TimeSpan.FromSeconds(40) } });
        Assert.IsType<Heartbeat>(Assert.Single(probe.Advance(TimeSpan.FromSeconds(40))).Message);
        probe.Advance(TimeSpan.FromSeconds(5));
        Configure(options => options with { Heartbeat = options.Heartbeat with { Interval = TimeSpan.FromSeconds(10), MissingAllowed = 0 } });
        Assert.Empty(probe.Advance(TimeSpan.FromSeconds(9)));
        Assert.Single(probe.Advance(TimeSpan.FromSeconds(1)));
        Assert.Single(probe.Events, happened => happened.Kind == EventKind.PeerUnreachable);
        Configure(_ => current with { Heartbeat = off });
        Assert.Empty(probe.Advance(TimeSpan.FromMinutes(2)));
        Assert.Equal(
            ["Heartbeat.Interval: infinite -> 00:00:40", "Heartbeat.Interval: 00:00:40 -> 00:00:10", "Heartbeat.MissingAllowed: 3 -> 0", "Heartbeat.Interval: 00:00:10 -> infinite", "Heartbeat.MissingAllowed: 0 -> 3"],
            Changes());
        Assert.Throws<ArgumentException>(() => Configure(options => options with { Heartbeat = off with { RestartCounter = 9 } }));
    }

    [Fact]
    public void What_gateways_may_ask_for_changes_with_their_next_update()
    {
        Configure(options => options with { SessionsPerNode = 1, Gre = GrePolicy.Required });
        Assert.Equal(BindingStatus.GreKeyOptionRequired, Answer(Update(probe)));
        Configure(options => options with { Gre = GrePolicy.Allowed });
        Assert.Equal(BindingStatus.Accepted, Answer(Update(probe)));
        Assert.Equal(BindingStatus.InsufficientResources, Answer(Update(probe, technology: AccessTechnologyType.Ethernet)));
        Configure(options => options with { SessionsPerNode = 2 });
        Assert.Equal(BindingStatus.Accepted, Answer(Update(probe, technology: AccessTechnologyType.Ethernet)));

        Assert.Equal(BindingStatus.AdministrativelyProhibited, Answer(Update(probe, "forced@example.com") with { ForcingUdpEncapsulation = true }));
        Configure(options => options with
        {
            AcceptsForcedUdpEncapsulation = true, CareOfAddresses = [new CareOfAddressAuthorization { CareOfAddresses = ["10.0.0.1"] }],
        });
        Assert.Equal(BindingStatus.Accepted, Answer(Update(probe, "forced@example.com") with { ForcingUdpEncapsulation = true }));
        Assert.Contains("CareOfAddresses: none -> 10.0.0.1 from any peer", Changes());

        BindingStatus Answer(BindingUpdate update)
        {
            var status = Assert.Single(probe.Deliver(update, FromGateway())).Acknowledgement.Status;
            probe.Now += TimeSpan.FromSeconds(1);
            return status;
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Whether_traffic_stops_at_once_is_decided_when_the_revocation_is_sent(bool atOnce)
    {
        Configure(options => options with { StopsForwardingAtOnce = atOnce });
        probe.Deliver(Update(probe), FromGateway());
        probe.Do(now => anchor.Revoke(RevocationRequest.MobileNode(Node), now));
        Assert.Equal(atOnce, anchor.TunnelUses == 0);
        Configure(options => options with { StopsForwardingAtOnce = !atOnce });
        Assert.Equal(atOnce, anchor.TunnelUses == 0);
    }

    [Fact]
    public void A_gateway_says_where_it_is_and_asks_for_GRE_from_then_on()
    {
        var gateway = Gateway();
        var mine = new Probe(gateway);
        mine.Do(now => gateway.Attach(Node, null, HandoffIndicator.NewInterface, now));
        Assert.DoesNotContain(mine.Last.Update.Options, option => option is GreKeyOption or IPv4CareOfAddressOption);
        gateway.Configure(
            GatewayOptions() with { DetectsNat = true, ForcesUdpEncapsulation = true, Gre = GreEncapsulation.WithoutKeys, StopsForwardingAtOnce = false }, mine.Now);
        mine.Do(now => gateway.Attach("other@example.com", null, HandoffIndicator.NewInterface, now));
        Assert.True(mine.Last.Update.ForcingUdpEncapsulation);
        Assert.Contains(mine.Last.Update.Options, option => option is IPv4CareOfAddressOption);
        Assert.Contains(mine.Last.Update.Options, option => option is GreKeyOption);
    }

    private List<string?> Changes() =>
        [.. probe.Events.Where(happened => happened.Kind == EventKind.ConfigurationChanged).Select(happened => happened.Detail)];

    private void Configure(Func<LocalMobilityAnchorOptions, LocalMobilityAnchorOptions> change) => probe.Do(now =>
    {
        var changed = change(current);
        anchor.Configure(changed, now);
        current = changed;
        return 0;
    });
}
