using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Revocation;
using DsmipTools.Engine.Tests.Simulation;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using static DsmipTools.Engine.Tests.Simulation.Domain;

namespace DsmipTools.Engine.Tests.Revocation;

/// <summary>The IPv4 home address is revoked and the prefixes stay (RFC 5846, 8.1, 8.2 and 9.1: V).</summary>
public sealed class IPv4RevocationTests
{
    private readonly Network network = new(8);
    private readonly LocalMobilityAnchor anchor;
    private readonly MobileAccessGateway gateway;

    public IPv4RevocationTests()
    {
        anchor = network.Add(Anchor(AnchorOptions() with { IPv4HomeNetwork = "192.0.2.0/24" }));
        gateway = network.Add(Gateway(GatewayOptions() with { Lifetime = TimeSpan.FromSeconds(100) }));
        Attach(Node);
    }

    private ProxyBindingSnapshot AtAnchor => Assert.Single(anchor.Bindings(network.Now));

    private ProxyBindingSnapshot AtGateway => Assert.Single(gateway.Bindings(network.Now));

    [Theory]
    [InlineData(null)]
    [InlineData("192.0.2.2")]
    [Trait("Rfc", "5846-8.1-11")]
    [Trait("Rfc", "5846-9.1-05")]
    [Trait("Rfc", "5846-6.1.1-04")]
    [Trait("Rfc", "5846-5.1-09")]
    public void Only_the_address_goes_at_both_ends(string? address)
    {
        var (indication, command) = Revoke(RevocationRequest.IPv4(Node, address is null ? (Address?)null : Address.Parse(address)));
        Assert.True(indication.Indication.IPv4HomeAddressBindingOnly && indication.Indication.ProxyBinding);
        Assert.False(indication.Indication.Global);
        Assert.Equal(RevocationTrigger.UserInitiatedSessionTermination, indication.Indication.Trigger);
        Assert.Equal([MobilityOptionType.MobileNodeIdentifier, MobilityOptionType.IPv4HomeAddressRequest], indication.Options.Select(option => option.Type));
        Assert.Equal(("192.0.2.2", 24), (
            indication.Option<IPv4HomeAddressRequestOption>().IPv4HomeAddress.ToString(), indication.Option<IPv4HomeAddressRequestOption>().PrefixLength));
        Assert.Equal(BindingState.RevocationInProgress, AtAnchor.State);

        network.Run(TimeSpan.FromSeconds(1));
        Assert.Equal((RevocationStatus.Success, true), (network.Sent[^1].Revoked.Status, network.Sent[^1].Revoked.IPv4HomeAddressBindingOnly));
        Assert.Equal(((Address?)null, BindingState.Active, 1), (AtAnchor.IPv4HomeAddress, AtAnchor.State, AtAnchor.Prefixes.Count));
        Assert.Equal(((Address?)null, BindingState.Active), (AtGateway.IPv4HomeAddress, AtGateway.State));
        Assert.Equal(AtAnchor.Prefixes, AtGateway.Prefixes);
        Assert.Equal(new RevocationFinished(1, 1), network.Outcome<RevocationFinished>(anchor, command));

        // Renewals go on without it, and the address is free.
        network.Run(TimeSpan.FromSeconds(200));
        Assert.Equal(AtAnchor.Prefixes, AtGateway.Prefixes);
        Assert.Null(AtAnchor.IPv4HomeAddress);
        Assert.Null(anchor.Find("192.0.2.2", network.Now));
    }

    [Fact]
    [Trait("Rfc", "5846-6.3-03")]
    [Trait("Rfc", "5846-8.1-11")]
    public void Without_an_answer_only_the_address_is_cleaned_up()
    {
        network.SetLink(gateway, Link.Perfect with { Partitioned = true });
        var (_, command) = Revoke(RevocationRequest.IPv4(Node));
        network.Run(TimeSpan.FromSeconds(3.5));
        Assert.Equal(((Address?)null, 1), (AtAnchor.IPv4HomeAddress, AtAnchor.Prefixes.Count));
        Assert.Equal(new RevocationFinished(1, 1), network.Outcome<RevocationFinished>(anchor, command));
        // The gateway, which heard nothing, loses it with its next renewal.
        network.SetLink(gateway, Link.Perfect);
        Assert.Equal("192.0.2.2", AtGateway.IPv4HomeAddress);
    }

    [Fact]
    [Trait("Rfc", "5846-8.1-11")]
    public void A_binding_that_has_nothing_else_goes_with_its_address()
    {
        Attach("only@example.com", ipv6: false);
        Revoke(RevocationRequest.IPv4("only@example.com"));
        network.Run(TimeSpan.FromSeconds(1));
        Assert.Equal((1, 1), (anchor.BindingCount, gateway.BindingCount));
        Assert.Equal(Node, AtGateway.Identifier);
    }

    [Fact]
    [Trait("Rfc", "5846-8.1-11")]
    [Trait("Rfc", "5846-8.1-07")]
    public void Each_address_needs_an_indication_and_all_of_a_mobile_node_are_its_identifier_alone()
    {
        Attach(Node, interfaceNumber: 2);
        Attach(Node, interfaceNumber: 3, ipv6: false);
        var before = network.Sent.Count;
        network.Do(anchor, now => anchor.Revoke(RevocationRequest.IPv4(Node), now));
        Assert.Equal(
            ["192.0.2.2", "192.0.2.3", "192.0.2.4"],
            network.Sent.Skip(before).Select(sent => sent.Option<IPv4HomeAddressRequestOption>().IPv4HomeAddress.ToString()));

        // The whole takes the place of the parts, and includes bindings that no prefix could name.
        var (indication, _) = Revoke(RevocationRequest.MobileNode(Node));
        Assert.Equal(Node, Assert.IsType<MobileNodeIdentifierOption>(Assert.Single(indication.Options)).Text);
        network.Run(TimeSpan.FromSeconds(1));
        Assert.Equal((0, 0, 0), (anchor.BindingCount, gateway.BindingCount, anchor.Cache.IndexEntries));
    }

    [Fact]
    public void What_is_not_there_or_goes_as_a_whole_has_no_address_to_revoke()
    {
        Assert.Empty(anchor.Preview(RevocationRequest.IPv4("nobody@example.com")));
        Assert.Empty(anchor.Preview(RevocationRequest.IPv4(Node, "192.0.2.99")));
        Revoke(RevocationRequest.MobileNode(Node));
        Assert.Empty(anchor.Preview(RevocationRequest.IPv4(Node)));
        Assert.Throws<ArgumentException>(() => RevocationRequest.IPv4(Node, "2001:db8::1"));
        Assert.Throws<ArgumentException>(() => RevocationRequest.IPv4(Node, trigger: RevocationTrigger.PerPeerPolicy));
        Assert.Equal($"{Node}, IPv4 192.0.2.2", RevocationRequest.IPv4(Node, "192.0.2.2").ToString());
    }

    [Theory]
    [InlineData("192.0.2.2", RevocationTrigger.AdministrativeReason, RevocationStatus.Success)]
    [InlineData("192.0.2.3", RevocationTrigger.AdministrativeReason, RevocationStatus.BindingDoesNotExist)]
    [InlineData("0.0.0.0", RevocationTrigger.AdministrativeReason, RevocationStatus.BindingDoesNotExist)]
    [InlineData(null, RevocationTrigger.AdministrativeReason, RevocationStatus.IPv4HomeAddressOptionRequired)]
    [InlineData("192.0.2.2", RevocationTrigger.InterMagHandoverUnknown, RevocationStatus.MobileNodeIsAttached)]
    [Trait("Rfc", "5846-9.1-05")]
    [Trait("Rfc", "5846-9.1-04")]
    public void A_gateway_releases_the_address_of_the_mobile_node_alone(string? address, RevocationTrigger trigger, RevocationStatus status)
    {
        network.Inject(FromGateway().Reversed, Sealed(Only(trigger, address), FromGateway().Reversed));
        network.Run(TimeSpan.FromMilliseconds(6));
        Assert.Equal(status, network.Sent[^1].Revoked.Status);
        Assert.Equal(status == RevocationStatus.Success ? null : (Address?)"192.0.2.2", AtGateway.IPv4HomeAddress);
        Assert.Equal((BindingState.Active, 1), (AtGateway.State, AtGateway.Prefixes.Count));
    }

    [Theory]
    [InlineData("192.0.2.2", 1, RevocationStatus.Success)]
    [InlineData("192.0.2.3", 1, RevocationStatus.BindingDoesNotExist)]
    [InlineData(null, 1, RevocationStatus.IPv4HomeAddressOptionRequired)]
    [InlineData("192.0.2.2", 2, RevocationStatus.BindingDoesNotExist)]
    [Trait("Rfc", "5846-8.2-06")]
    [Trait("Rfc", "5846-13-02")]
    public void An_anchor_releases_the_address_that_the_gateway_registered(string? address, int number, RevocationStatus status)
    {
        network.Inject(FromGateway(number), Sealed(Only(RevocationTrigger.UserInitiatedSessionTermination, address), FromGateway(number)));
        network.Run(TimeSpan.FromMilliseconds(6));
        Assert.Equal(status, network.Sent[^1].Revoked.Status);
        Assert.Equal(status == RevocationStatus.Success ? null : (Address?)"192.0.2.2", AtAnchor.IPv4HomeAddress);
        Assert.Equal((BindingState.Active, 1), (AtAnchor.State, AtAnchor.Prefixes.Count));
    }

    [Theory]
    [InlineData(RevocationTrigger.UserInitiatedSessionTermination, 1, false)]
    [InlineData(RevocationTrigger.UserInitiatedSessionTermination, 2, false)]
    [InlineData(RevocationTrigger.PossibleOutOfSyncBceState, 1, false)]
    [InlineData(RevocationTrigger.PossibleOutOfSyncBceState, 2, true)]
    [InlineData(RevocationTrigger.InterMagHandoverSameAccessType, 1, true)]
    [Trait("Rfc", "5846-8.1-12")]
    public void An_update_that_crosses_keeps_the_prefixes_and_the_address_by_the_reason(RevocationTrigger trigger, int number, bool keeps)
    {
        var own = Anchor(AnchorOptions() with { IPv4HomeNetwork = "192.0.2.0/24" });
        var cell = new Probe(own);
        cell.Deliver(Asking(Update(cell)), FromGateway());
        cell.Do(now => own.Revoke(RevocationRequest.IPv4(Node, trigger: trigger), now));
        var indication = cell.Last;
        cell.Now += TimeSpan.FromSeconds(0.5);
        var update = Asking(Update(cell, indicator: number == 1 ? HandoffIndicator.NotChanged : HandoffIndicator.BetweenGateways));
        var answer = Assert.Single(cell.Deliver(update, FromGateway(number)));

        Assert.Equal(BindingStatus.Accepted, answer.Acknowledgement.Status);
        Assert.Equal((Prefix)"2001:db8:100::/64", answer.Option<HomeNetworkPrefixOption>().Prefix);
        Assert.Equal(
            keeps ? IPv4HomeAddressReplyStatus.Success : IPv4HomeAddressReplyStatus.AdministrativelyProhibited,
            answer.Option<IPv4HomeAddressReplyOption>().Status);
        cell.Deliver(Answer(indication) with { IPv4HomeAddressBindingOnly = true }, FromGateway());
        var binding = Assert.Single(own.Bindings(cell.Now));
        Assert.Equal((keeps ? (Address?)"192.0.2.2" : null, BindingState.Active), (binding.IPv4HomeAddress, binding.State));
        Assert.Equal(0, own.Initiator.Outstanding);
    }

    [Fact]
    [Trait("Rfc", "5846-8.1-12")]
    public void An_update_without_the_address_makes_its_revocation_void()
    {
        var own = Anchor(AnchorOptions() with { IPv4HomeNetwork = "192.0.2.0/24" });
        var cell = new Probe(own);
        cell.Deliver(Asking(Update(cell)), FromGateway());
        var command = cell.Do(now => own.Revoke(RevocationRequest.IPv4(Node), now));
        cell.Now += TimeSpan.FromSeconds(0.5);
        Assert.Equal(BindingStatus.Accepted, Assert.Single(cell.Deliver(Update(cell), FromGateway())).Acknowledgement.Status);
        Assert.Equal(RevocationResult.Cancelled, Assert.IsType<RevocationOutcome>(cell.Outcomes(command)[0]).Result);
        Assert.Null(Assert.Single(own.Bindings(cell.Now)).IPv4HomeAddress);
    }

    [Fact]
    [Trait("Rfc", "5846-8.1-12")]
    public void A_gateway_that_dropped_the_address_still_ends_the_whole()
    {
        network.Loses = sent => sent.Message is BindingRevocationAcknowledgement;
        Revoke(RevocationRequest.IPv4(Node));
        network.Run(TimeSpan.FromSeconds(0.1));
        network.Do(gateway, now => gateway.Detach(Node, now));
        network.Run(TimeSpan.FromSeconds(0.1));
        Assert.Equal(BindingState.Deregistered, AtAnchor.State);
        network.Run(TimeSpan.FromSeconds(11));
        Assert.Equal((0, 0), (anchor.BindingCount, anchor.Cache.IndexEntries));
    }

    [Fact]
    [Trait("Rfc", "5846-8.1-12")]
    public void A_deregistration_of_the_address_alone_that_crosses_leaves_the_prefixes()
    {
        var own = Anchor(AnchorOptions() with { IPv4HomeNetwork = "192.0.2.0/24" });
        var cell = new Probe(own);
        cell.Deliver(Asking(Update(cell)), FromGateway());
        var command = cell.Do(now => own.Revoke(RevocationRequest.IPv4(Node), now));
        cell.Now += TimeSpan.FromSeconds(0.5);
        var all = Asking(Update(cell, indicator: HandoffIndicator.Unknown, lifetime: 0));
        var update = all with { Options = ValueList.From(all.Options.Where(option => option is not HomeNetworkPrefixOption)) };
        Assert.Equal(BindingStatus.Accepted, Assert.Single(cell.Deliver(update, FromGateway())).Acknowledgement.Status);

        // RFC 5844, 3.1.2.5: the entry must not be deleted.
        var binding = Assert.Single(own.Bindings(cell.Now));
        Assert.Equal((BindingState.Active, (Address?)null, 1), (binding.State, binding.IPv4HomeAddress, binding.Prefixes.Count));
        Assert.Equal(RevocationResult.Cancelled, Assert.IsType<RevocationOutcome>(cell.Outcomes(command)[0]).Result);
        Assert.Equal(0, own.Initiator.Outstanding);
    }

    private static BindingUpdate Asking(BindingUpdate update) =>
        update with { Options = [.. update.Options.Span, new IPv4HomeAddressRequestOption { IPv4HomeAddress = Address.AnyIPv4 }] };

    private static BindingRevocationIndication Only(RevocationTrigger trigger, string? address) => Indicate(
        trigger, 7, Node, address is null ? [] : [new IPv4HomeAddressRequestOption { IPv4HomeAddress = address }]) with
    {
        IPv4HomeAddressBindingOnly = true,
    };

    private static byte[] Sealed(MobilityMessage message, in Envelope envelope)
    {
        var octets = message.ToOctets().ToArray();
        envelope.Seal(octets);
        return octets;
    }

    private void Attach(string identifier, bool ipv6 = true, byte interfaceNumber = 1)
    {
        network.Do(gateway, now => gateway.Attach(
            new AttachmentRequest
            {
                Identifier = identifier, IPv4HomeAddress = Address.AnyIPv4, IPv6 = ipv6, LinkLayerIdentifier = new[] { interfaceNumber },
            },
            now));
        network.Run(TimeSpan.FromSeconds(1));
    }

    private (SentMessage Indication, long Command) Revoke(RevocationRequest request)
    {
        var command = network.Do(anchor, now => anchor.Revoke(request, now));
        return (network.Sent[^1], command);
    }
}
