using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Revocation;
using DsmipTools.Engine.Tests.Simulation;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using static DsmipTools.Engine.Tests.Simulation.Domain;

namespace DsmipTools.Engine.Tests.Revocation;

/// <summary>Updates that cross an outstanding indication (RFC 5846, 8.1): what becomes of them is decided by the reason of the revocation.</summary>
public sealed class CrossingTests
{
    private static readonly Prefix Assigned = "2001:db8:100::/64";

    private readonly LocalMobilityAnchor anchor;
    private readonly Probe probe;

    public CrossingTests()
    {
        anchor = Anchor();
        probe = new Probe(anchor);
        probe.Deliver(Update(probe), FromGateway());
        probe.Now += TimeSpan.FromSeconds(1);
    }

    /// <summary>By trigger: is a renewal of the same gateway accepted, and a handover to another one?</summary>
    public static TheoryData<RevocationTrigger, bool, bool> Policy => new()
    {
        { RevocationTrigger.Unspecified, false, true },
        { RevocationTrigger.AdministrativeReason, false, false },
        { RevocationTrigger.InterMagHandoverSameAccessType, true, true },
        { RevocationTrigger.InterMagHandoverDifferentAccessType, true, true },
        { RevocationTrigger.InterMagHandoverUnknown, true, true },
        { RevocationTrigger.UserInitiatedSessionTermination, false, false },
        { RevocationTrigger.AccessNetworkSessionTermination, false, false },
        { RevocationTrigger.PossibleOutOfSyncBceState, false, true },
        { RevocationTrigger.PerPeerPolicy, false, false },
        { RevocationTrigger.RevokingMobilityNodeLocalPolicy, false, false },
    };

    private BindingState State => Assert.Single(anchor.Bindings(probe.Now)).State;

    [Theory]
    [MemberData(nameof(Policy))]
    [Trait("Rfc", "5846-8.1-12")]
    [Trait("Rfc", "5846-6.2.2-04")]
    public void A_renewal_is_accepted_or_refused_by_the_reason(RevocationTrigger trigger, bool renewal, bool handover)
    {
        _ = handover;
        var (indication, command) = Revoke(trigger);
        Assert.Equal(BindingState.RevocationInProgress, State);
        var update = Update(probe, prefix: Assigned, indicator: HandoffIndicator.NotChanged, skew: TimeSpan.FromMilliseconds(1));
        Decide(renewal, update, FromGateway(), indication, command);
    }

    [Theory]
    [MemberData(nameof(Policy))]
    [Trait("Rfc", "5846-8.1-12")]
    [Trait("Rfc", "5846-6.2.2-04")]
    public void A_handover_is_accepted_or_refused_by_the_reason(RevocationTrigger trigger, bool renewal, bool handover)
    {
        _ = renewal;
        var (indication, command) = Revoke(trigger);
        var update = Update(probe, indicator: HandoffIndicator.BetweenGateways, skew: TimeSpan.FromMilliseconds(1));
        Decide(handover, update, FromGateway(2), indication, command);
    }

    [Theory]
    [InlineData(RevocationTrigger.AdministrativeReason, CrossingUpdatePolicy.Accept, true, true)]
    [InlineData(RevocationTrigger.AdministrativeReason, CrossingUpdatePolicy.AcceptFromElsewhere, false, true)]
    [InlineData(RevocationTrigger.InterMagHandoverUnknown, CrossingUpdatePolicy.Refuse, false, false)]
    [InlineData(RevocationTrigger.PossibleOutOfSyncBceState, CrossingUpdatePolicy.Refuse, false, false)]
    [InlineData(RevocationTrigger.RevokingMobilityNodeLocalPolicy, CrossingUpdatePolicy.Accept, true, true)]
    [InlineData(RevocationTrigger.PerPeerPolicy, CrossingUpdatePolicy.AcceptFromElsewhere, false, true)]
    [Trait("Rfc", "5846-8.1-12")]
    public void The_configuration_decides_by_trigger(RevocationTrigger trigger, CrossingUpdatePolicy policy, bool renewal, bool handover)
    {
        anchor.Configure(AnchorOptions() with { CrossingUpdates = new Dictionary<RevocationTrigger, CrossingUpdatePolicy> { [trigger] = policy } }, probe.Now);
        var (indication, command) = Revoke(trigger);
        var update = Update(probe, prefix: Assigned, indicator: HandoffIndicator.NotChanged, skew: TimeSpan.FromMilliseconds(1));
        Decide(renewal, update, FromGateway(), indication, command);

        probe.Now += TimeSpan.FromSeconds(1);
        probe.Deliver(Update(probe, indicator: HandoffIndicator.NewInterface), FromGateway());
        probe.Now += TimeSpan.FromSeconds(1);
        (indication, command) = Revoke(trigger);
        update = Update(probe, indicator: HandoffIndicator.BetweenGateways, skew: TimeSpan.FromMilliseconds(1));
        Decide(handover, update, FromGateway(2), indication, command);
    }

    [Fact]
    [Trait("Rfc", "5846-8.1-12")]
    public void A_mobile_node_joins_what_is_being_revoked_where_the_configuration_lets_it()
    {
        anchor.Configure(
            AnchorOptions() with
            {
                CrossingUpdates = new Dictionary<RevocationTrigger, CrossingUpdatePolicy>
                {
                    [RevocationTrigger.RevokingMobilityNodeLocalPolicy] = CrossingUpdatePolicy.Accept,
                    [RevocationTrigger.PerPeerPolicy] = CrossingUpdatePolicy.AcceptFromElsewhere,
                },
            },
            probe.Now);
        var (indication, _) = Revoke(RevocationTrigger.RevokingMobilityNodeLocalPolicy);
        Assert.Equal(BindingStatus.Accepted, Assert.Single(probe.Deliver(Update(probe, "new@example.com"), FromGateway())).Acknowledgement.Status);
        probe.Deliver(Answer(indication), FromGateway());
        Assert.Equal("new@example.com", Assert.Single(anchor.Bindings(probe.Now)).Identifier);
        // The gateway that is told to drop its bindings is not elsewhere.
        Revoke(RevocationTrigger.PerPeerPolicy);
        Assert.Equal(
            BindingStatus.AdministrativelyProhibited, Assert.Single(probe.Deliver(Update(probe, "newer@example.com"), FromGateway())).Acknowledgement.Status);
    }

    [Theory]
    [MemberData(nameof(Policy))]
    [Trait("Rfc", "5846-8.1-12")]
    public void A_deregistration_is_always_accepted_and_makes_the_indication_void(RevocationTrigger trigger, bool renewal, bool handover)
    {
        _ = (renewal, handover);
        var (indication, command) = Revoke(trigger);
        var leave = Update(probe, prefix: Assigned, indicator: HandoffIndicator.Unknown, lifetime: 0, skew: TimeSpan.FromMilliseconds(1));
        Assert.Equal(BindingStatus.Accepted, Assert.Single(probe.Deliver(leave, FromGateway())).Acknowledgement.Status);
        Assert.Equal(BindingState.Deregistered, State);
        Assert.Equal(RevocationResult.Cancelled, Assert.IsType<RevocationOutcome>(probe.Outcomes(command)[0]).Result);
        probe.Deliver(Answer(indication), FromGateway());
        Assert.Equal(BindingState.Deregistered, State);
        Assert.Equal(2, probe.Outcomes(command).Count);
        Assert.Empty(probe.Advance(TimeSpan.FromSeconds(11)));
        Assert.Equal(0, anchor.BindingCount);
    }

    [Fact]
    [Trait("Rfc", "5846-8.1-12")]
    public void The_flag_stays_until_the_acknowledgement_or_the_last_wait()
    {
        var (indication, _) = Revoke(RevocationTrigger.AdministrativeReason);
        probe.Advance(TimeSpan.FromSeconds(2.9));
        Assert.Equal(BindingState.RevocationInProgress, State);
        probe.Deliver(Answer(indication, RevocationStatus.MobileNodeIsAttached), FromGateway());
        Assert.Equal(BindingState.Active, State);
        // Rejected is over: the next renewal is an ordinary one.
        var update = Update(probe, prefix: Assigned, indicator: HandoffIndicator.NotChanged);
        Assert.Equal(BindingStatus.Accepted, Assert.Single(probe.Deliver(update, FromGateway())).Acknowledgement.Status);
    }

    [Theory]
    [InlineData(RevocationTrigger.RevokingMobilityNodeLocalPolicy)]
    [InlineData(RevocationTrigger.PerPeerPolicy)]
    public void A_mobile_node_does_not_join_what_its_gateway_is_being_told_to_drop(RevocationTrigger trigger)
    {
        var (indication, _) = Revoke(trigger);
        var joiner = Update(probe, "new@example.com");
        Assert.Equal(BindingStatus.AdministrativelyProhibited, Assert.Single(probe.Deliver(joiner, FromGateway())).Acknowledgement.Status);
        // At another gateway it is not in the way of the indication.
        Assert.Equal(BindingStatus.Accepted, Assert.Single(probe.Deliver(joiner, FromGateway(2))).Acknowledgement.Status);
        probe.Now += TimeSpan.FromMilliseconds(1);
        var mover = Update(probe, "new@example.com", indicator: HandoffIndicator.BetweenGateways);
        Assert.Equal(BindingStatus.AdministrativelyProhibited, Assert.Single(probe.Deliver(mover, FromGateway())).Acknowledgement.Status);

        probe.Deliver(Answer(indication), FromGateway());
        probe.Now += TimeSpan.FromMilliseconds(1);
        var later = Update(probe, "new@example.com", indicator: HandoffIndicator.BetweenGateways);
        Assert.Equal(BindingStatus.Accepted, Assert.Single(probe.Deliver(later, FromGateway())).Acknowledgement.Status);
    }

    [Fact]
    public void A_mobile_node_of_another_realm_joins_while_a_realm_is_revoked()
    {
        Revoke(RevocationTrigger.RevokingMobilityNodeLocalPolicy);
        Assert.Equal(
            BindingStatus.Accepted, Assert.Single(probe.Deliver(Update(probe, "new@example.org"), FromGateway())).Acknowledgement.Status);
    }

    [Fact]
    public void A_binding_that_expires_meanwhile_makes_the_indication_void()
    {
        probe.Deliver(Update(probe, prefix: Assigned, indicator: HandoffIndicator.NotChanged, lifetime: 1), FromGateway());
        probe.Advance(TimeSpan.FromSeconds(3));
        var (_, command) = Revoke(RevocationTrigger.AdministrativeReason);
        probe.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, anchor.BindingCount);
        Assert.Equal(
            [RevocationResult.Cancelled], probe.Outcomes(command).OfType<RevocationOutcome>().Select(outcome => outcome.Result));
        Assert.Equal(new RevocationFinished(1, 0), probe.Outcomes(command)[1]);
        Assert.Equal(0, anchor.Initiator.Outstanding);
    }

    private void Decide(bool accepted, BindingUpdate update, in Envelope envelope, SentMessage indication, long command)
    {
        var status = Assert.Single(probe.Deliver(update, envelope)).Acknowledgement.Status;
        Assert.Equal(accepted ? BindingStatus.Accepted : BindingStatus.AdministrativelyProhibited, status);
        Assert.Equal(accepted ? BindingState.Active : BindingState.RevocationInProgress, State);
        Assert.Equal(accepted ? 2 : 0, probe.Outcomes(command).Count);

        // The acknowledgement of the old gateway removes the binding only as it stood.
        probe.Deliver(Answer(indication), FromGateway());
        Assert.Equal(accepted ? 1 : 0, anchor.BindingCount);
        Assert.Equal(2, probe.Outcomes(command).Count);
        Assert.Equal(
            accepted ? RevocationResult.Cancelled : RevocationResult.Acknowledged,
            Assert.IsType<RevocationOutcome>(probe.Outcomes(command)[0]).Result);
        Assert.Equal(0, anchor.Initiator.Outstanding);
    }

    private (SentMessage Indication, long Command) Revoke(RevocationTrigger trigger)
    {
        var request = trigger switch
        {
            RevocationTrigger.PerPeerPolicy => RevocationRequest.Peer(FromGateway().Source.Address),
            RevocationTrigger.RevokingMobilityNodeLocalPolicy => RevocationRequest.Realm("example.com"),
            _ => RevocationRequest.MobileNode(Node, trigger: trigger),
        };
        var command = probe.Do(now => anchor.Revoke(request, now));
        return (probe.Last, command);
    }
}
