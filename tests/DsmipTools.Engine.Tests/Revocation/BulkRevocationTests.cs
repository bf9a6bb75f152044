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

/// <summary>A gateway revokes all of its bindings at once, where the anchor's configuration lets it (RFC 5846, 8.2, 9.2 and 13).</summary>
public sealed class BulkRevocationTests
{
    private const string Identity = "mag1@operator.example";

    private readonly Network network = new(8);
    private readonly LocalMobilityAnchor anchor;
    private readonly MobileAccessGateway gateway;
    private readonly MobileAccessGateway other;

    public BulkRevocationTests()
    {
        anchor = network.Add(Anchor(AnchorOptions(Transport.IPv6) with { GlobalRevocation = [Authorized(1)] }));
        gateway = network.Add(Gateway(GatewayOptions(1, Transport.IPv6) with { Identity = Identity }));
        other = network.Add(Gateway(GatewayOptions(2, Transport.IPv6)));
        Attach(gateway, "a@example.com");
        Attach(gateway, "b@example.org");
        Attach(other, "c@example.com");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Rfc", "5846-9.2-01")]
    [Trait("Rfc", "5846-9.2-05")]
    [Trait("Rfc", "5846-8.2-02")]
    [Trait("Rfc", "5846-8.2-04")]
    [Trait("Rfc", "5846-5.1-06")]
    [Trait("Rfc", "5846-5.1-10")]
    [Trait("Rfc", "5846-13-01")]
    public void An_authorised_gateway_revokes_all_of_its_own_bindings_and_no_others(bool named)
    {
        var own = gateway.LocalEndpoint.Address;
        var request = RevocationRequest.Gateway(named ? own : default(Address?));
        Assert.Equal([new RevocationPreview("mag1", AnchorAddress(Transport.IPv6), 2)], gateway.Preview(request));
        var command = network.Do(gateway, now => gateway.Revoke(request, now));
        var indication = network.Sent[^1];
        Assert.Equal(FromGateway(1, Transport.IPv6), indication.Envelope);
        Assert.Equal(
            (true, true, false, RevocationTrigger.PerPeerPolicy),
            (indication.Indication.ProxyBinding, indication.Indication.Global, indication.Indication.IPv4HomeAddressBindingOnly, indication.Indication.Trigger));
        Assert.Equal(Identity, indication.Option<MobileNodeIdentifierOption>().Text);
        Assert.Equal(named ? [own] : [], indication.Options.OfType<AlternateCareOfAddressOption>().Select(option => option.AlternateCareOfAddress));

        network.Run(TimeSpan.FromSeconds(1));
        Assert.Equal((RevocationStatus.Success, true, true), (network.Sent[^1].Revoked.Status, network.Sent[^1].Revoked.Global, network.Sent[^1].Revoked.ProxyBinding));
        Assert.Equal("c@example.com", Assert.Single(anchor.Bindings(network.Now)).Identifier);
        Assert.Equal((0, 0, 1), (gateway.BindingCount, gateway.Initiator.Outstanding, other.BindingCount));
        var outcome = Assert.IsType<RevocationOutcome>(network.Outcomes[(gateway.Name, command)][0]);
        Assert.Equal((RevocationResult.Acknowledged, 2, AnchorAddress(Transport.IPv6)), (outcome.Result, outcome.BindingsRevoked, outcome.Peer));
        Assert.Equal(new RevocationFinished(1, 2), network.Outcome<RevocationFinished>(gateway, command));
        // The gateway goes on with its work.
        Attach(gateway, "a@example.com");
        Assert.Equal((2, 1), (anchor.BindingCount, gateway.BindingCount));
    }

    [Fact]
    [Trait("Rfc", "5846-9.2-03")]
    [Trait("Rfc", "5846-8.2-03")]
    [Trait("Rfc", "5846-13-01")]
    public void A_refusal_is_an_alarm_and_the_anchor_is_not_asked_again()
    {
        var command = network.Do(other, now => other.Revoke(RevocationRequest.Gateway(), now));
        network.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(RevocationStatus.GlobalRevocationNotAuthorized, network.Sent[^1].Revoked.Status);
        var outcome = Assert.IsType<RevocationOutcome>(network.Outcomes[(other.Name, command)][0]);
        Assert.Equal((RevocationResult.Rejected, 0, 1), (outcome.Result, outcome.BindingsRevoked, outcome.BindingsKept));
        Assert.Equal((3, 1), (anchor.BindingCount, other.BindingCount));
        Assert.Equal(
            [("mag2", (byte?)130)],
            network.Events.Where(happened => happened.Kind == EventKind.GlobalRevocationRefused).Select(happened => (happened.Agent, happened.Code)));

        var before = network.Sent.Count;
        Assert.Throws<InvalidOperationException>(() => other.Revoke(RevocationRequest.Gateway(), network.Now));
        network.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(before, network.Sent.Count);
        // An administrator who has changed the anchor may have it tried again.
        other.PermitRevocation();
        network.Do(other, now => other.Revoke(RevocationRequest.Gateway(), now));
        Assert.Equal(before + 1, network.Sent.Count);
    }

    public static TheoryData<string?, int, int, RevocationStatus, int> Authorisations => new()
    {
        // The identity, the gateway that sends, the one whose care-of address is named (0 for none), the status, and what is left.
        { Identity, 1, 0, RevocationStatus.Success, 1 },
        { Identity, 1, 1, RevocationStatus.Success, 1 },
        { "mag1@OPERATOR.example", 1, 0, RevocationStatus.Success, 1 },
        { null, 1, 0, RevocationStatus.GlobalRevocationNotAuthorized, 3 },
        { "mag2@operator.example", 1, 0, RevocationStatus.GlobalRevocationNotAuthorized, 3 },
        { Identity, 2, 0, RevocationStatus.GlobalRevocationNotAuthorized, 3 },
        { Identity, 2, 1, RevocationStatus.GlobalRevocationNotAuthorized, 3 },
        { Identity, 1, 2, RevocationStatus.GlobalRevocationNotAuthorized, 3 },
    };

    [Theory]
    [MemberData(nameof(Authorisations))]
    [Trait("Rfc", "5846-8.2-02")]
    [Trait("Rfc", "5846-8.2-03")]
    [Trait("Rfc", "5846-8.2-04")]
    [Trait("Rfc", "5846-13-02")]
    public void Identity_source_and_care_of_address_have_to_be_those_of_the_configuration(
        string? identity, int sender, int named, RevocationStatus status, int left)
    {
        MobilityOption[] options = named == 0 ? [] : [new AlternateCareOfAddressOption { AlternateCareOfAddress = GatewayAddress(Transport.IPv6, named) }];
        Assert.Equal(status, Tell(Indicate(RevocationTrigger.PerPeerPolicy, 1, identity, options), sender));
        Assert.Equal(left, anchor.BindingCount);
    }

    [Fact]
    [Trait("Rfc", "5846-8.2-04")]
    public void A_gateway_with_two_addresses_revokes_at_one_what_it_registered_at_the_other()
    {
        var both = new Network(3);
        var lma = both.Add(Anchor(AnchorOptions(Transport.IPv6) with
        {
            GlobalRevocation = [new() { Identity = Identity, CareOfAddresses = [GatewayAddress(Transport.IPv6, 1), GatewayAddress(Transport.IPv6, 2)] }],
        }));
        var second = both.Add(Gateway(GatewayOptions(2, Transport.IPv6)));
        both.Do(second, now => second.Attach(Node, null, HandoffIndicator.NewInterface, now));
        both.Run(TimeSpan.FromSeconds(1));
        var option = new AlternateCareOfAddressOption { AlternateCareOfAddress = GatewayAddress(Transport.IPv6, 2) };
        both.Inject(FromGateway(1, Transport.IPv6), Sealed(Indicate(RevocationTrigger.PerPeerPolicy, 1, Identity, option), 1));
        both.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(0, lma.BindingCount);
    }

    [Fact]
    [Trait("Rfc", "5846-8.2-02")]
    [Trait("Rfc", "5846-8.2-01")]
    public void P_has_to_be_set_and_V_clear()
    {
        var indication = Indicate(RevocationTrigger.PerPeerPolicy, 1, Identity);
        Assert.Equal(RevocationStatus.RevocationFunctionNotSupported, Tell(indication with { ProxyBinding = false }, 1));
        Assert.Equal(RevocationStatus.RevocationFunctionNotSupported, Tell(indication with { IPv4HomeAddressBindingOnly = true, SequenceNumber = 2 }, 1));
        Assert.Equal(3, anchor.BindingCount);
    }

    [Fact]
    [Trait("Rfc", "5846-9.2-02")]
    [Trait("Rfc", "5846-6.3-03")]
    public void Without_an_answer_it_is_sent_again_and_then_the_gateway_cleans_up()
    {
        network.Loses = sent => sent.Message is BindingRevocationIndication;
        var start = network.Now.Elapsed;
        var before = network.Sent.Count;
        var command = network.Do(gateway, now => gateway.Revoke(RevocationRequest.Gateway(), now));
        Assert.Throws<InvalidOperationException>(() => gateway.Revoke(RevocationRequest.Gateway(), network.Now));
        Assert.Throws<InvalidOperationException>(() => gateway.Attach("d@example.com", null, HandoffIndicator.NewInterface, network.Now));
        network.Run(TimeSpan.FromSeconds(3.5));
        Assert.Equal([0, 1], network.Sent.Skip(before).Select(sent => (sent.At - start).TotalSeconds));
        Assert.Single(network.Sent.Skip(before).Select(sent => sent.Octets).Distinct());
        Assert.Equal(RevocationResult.TimedOut, Assert.IsType<RevocationOutcome>(network.Outcomes[(gateway.Name, command)][0]).Result);
        Assert.Equal((0, 0), (gateway.BindingCount, gateway.Initiator.Outstanding));
        network.Run(TimeSpan.FromHours(2));
        Assert.Equal(0, gateway.HeldBesideAttachments);
    }

    [Fact]
    [Trait("Rfc", "5846-9.2-01")]
    public void A_gateway_that_has_forgotten_its_bindings_still_has_them_revoked()
    {
        var again = Gateway(GatewayOptions(1, Transport.IPv6) with { Identity = Identity }, 99);
        var cell = new Probe(again);
        cell.Do(now => again.Revoke(RevocationRequest.Gateway(), now));
        network.Inject(FromGateway(1, Transport.IPv6), cell.Last.Octets.Span);
        network.Run(TimeSpan.FromSeconds(1));
        Assert.Equal("c@example.com", Assert.Single(anchor.Bindings(network.Now)).Identifier);
    }

    [Fact]
    public void An_update_that_was_on_its_way_is_taken_back_afterwards()
    {
        network.Loses = sent => sent.Message is BindingUpdate { Lifetime: > 0 };
        var attach = network.Do(gateway, now => gateway.Attach("d@example.com", null, HandoffIndicator.NewInterface, now));
        var late = network.Sent[^1];
        network.Do(gateway, now => gateway.Revoke(RevocationRequest.Gateway(), now));
        network.Run(TimeSpan.FromMilliseconds(7));
        // The update overtakes nothing: it comes when the anchor has revoked already.
        network.Inject(late.Envelope, late.Octets.Span);
        network.Run(TimeSpan.FromMinutes(1));
        Assert.Contains(network.Sent, sent => sent.Message is BindingAcknowledgement && sent.Acknowledgement.SequenceNumber == late.Update.SequenceNumber);
        Assert.Equal(AttachmentResult.Cancelled, Assert.IsType<AttachmentOutcome>(Assert.Single(network.Outcomes[(gateway.Name, attach)])).Result);
        Assert.Equal("c@example.com", Assert.Single(anchor.Bindings(network.Now)).Identifier);
        Assert.Equal(0, gateway.BindingCount);
    }

    [Fact]
    public void What_was_due_meanwhile_goes_on_after_a_refusal()
    {
        var own = Gateway();
        var cell = new Probe(own);
        cell.Do(now => own.Attach(Node, null, HandoffIndicator.NewInterface, now));
        cell.Deliver(Acknowledge(cell.Last, prefix: "2001:db8:100::/64", lifetime: 25), FromGateway().Reversed);
        cell.Advance(TimeSpan.FromSeconds(74));
        cell.Do(now => own.Revoke(RevocationRequest.Gateway(), now));
        var indication = cell.Last;
        Assert.All(cell.Advance(TimeSpan.FromSeconds(1.5)), sent => Assert.IsType<BindingRevocationIndication>(sent.Message));
        cell.Deliver(Answer(indication, RevocationStatus.GlobalRevocationNotAuthorized), FromGateway().Reversed);
        Assert.Equal(BindingState.Active, Assert.Single(own.Bindings(cell.Now)).State);
        Assert.Equal(HandoffIndicator.NotChanged, Assert.Single(cell.Advance(TimeSpan.Zero)).Option<HandoffIndicatorOption>().Indicator);
        Assert.Empty(cell.Deliver(Answer(indication), FromGateway().Reversed));
        Assert.Equal(1, own.Counters.Dropped(DropReason.NoMatchingRequest));
    }

    [Fact]
    public void Requests_and_options_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>(() => gateway.Revoke(RevocationRequest.Realm("example.com"), network.Now));
        Assert.Throws<ArgumentException>(() => gateway.Revoke(RevocationRequest.Gateway("2001:db8::99"), network.Now));
        Assert.Throws<ArgumentException>(() => RevocationRequest.Gateway("203.0.113.1"));
        Assert.Throws<ArgumentException>(() => anchor.Revoke(RevocationRequest.Gateway(), network.Now));
        Assert.Throws<ArgumentException>(() => Gateway(GatewayOptions() with { Identity = "" }));
        Assert.Throws<ArgumentException>(() => Gateway(GatewayOptions() with { Revocation = new() { InitialDelay = TimeSpan.Zero } }));
        Assert.Throws<ArgumentException>(() => Anchor(AnchorOptions() with { GlobalRevocation = [new() { Identity = Identity, CareOfAddresses = [] }] }));
    }

    private static GatewayAuthorization Authorized(int number) => new() { Identity = Identity, CareOfAddresses = [GatewayAddress(Transport.IPv6, number)] };

    private static byte[] Sealed(MobilityMessage message, int gateway)
    {
        var octets = message.ToOctets().ToArray();
        FromGateway(gateway, Transport.IPv6).Seal(octets);
        return octets;
    }

    private RevocationStatus Tell(BindingRevocationIndication indication, int sender)
    {
        network.Inject(FromGateway(sender, Transport.IPv6), Sealed(indication, sender));
        network.Run(TimeSpan.FromMilliseconds(6));
        return network.Sent[^1].Revoked.Status;
    }

    private void Attach(MobileAccessGateway at, string identifier)
    {
        network.Do(at, now => at.Attach(identifier, null, HandoffIndicator.NewInterface, now));
        network.Run(TimeSpan.FromSeconds(1));
    }
}
