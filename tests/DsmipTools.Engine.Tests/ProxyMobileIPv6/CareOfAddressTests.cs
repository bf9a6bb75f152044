using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Revocation;
using DsmipTools.Engine.Tests.Simulation;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using static DsmipTools.Engine.Tests.Simulation.Domain;

namespace DsmipTools.Engine.Tests.ProxyMobileIPv6;

/// <summary>A proxy care-of address that is not the source of the updates (RFC 5213, 5.3.1 and 6.9.1.5; RFC 5844, 4; RFC 5846, 8.1).</summary>
public sealed class CareOfAddressTests
{
    private static readonly Address alternate = "2001:db8:c::1";
    private static readonly Envelope from = FromGateway(transport: Transport.IPv6);

    private readonly LocalMobilityAnchor anchor = Anchor(AnchorOptions(Transport.IPv6) with
    {
        CareOfAddresses = [new CareOfAddressAuthorization { Sources = [from.Source.Address], CareOfAddresses = [alternate] }],
    });

    private readonly Probe probe;

    public CareOfAddressTests() => probe = new Probe(anchor);

    private ProxyBindingSnapshot Only => Assert.Single(anchor.Bindings(probe.Now));

    [Fact]
    [Trait("Rfc", "5213-5.3.1-16")]
    public void The_address_in_the_option_is_the_proxy_care_of_address_and_answers_go_to_the_source()
    {
        var answer = Assert.Single(probe.Deliver(Named(Update(probe), alternate), from));
        Assert.Equal(BindingStatus.Accepted, answer.Acknowledgement.Status);
        Assert.Equal(from.Reversed, answer.Envelope);
        Assert.Equal(alternate, Only.CareOfAddress);
        Assert.Equal(from.Source.Address, Only.Peer);
    }

    [Theory]
    [InlineData("2001:db8:c::2", 1)]
    [InlineData("2001:db8:c::1", 2)]
    [InlineData("ff02::1", 1)]
    [InlineData("::", 1)]
    public void Nobody_names_an_address_that_is_not_allowed_to_him(string address, int gateway)
    {
        var refusal = Assert.Single(probe.Deliver(Named(Update(probe), address), FromGateway(gateway, Transport.IPv6)));
        Assert.Equal(BindingStatus.MagNotAuthorizedForProxyRegistration, refusal.Acknowledgement.Status);
        Assert.Equal(0, anchor.BindingCount);
    }

    [Fact]
    public void The_own_address_may_always_be_named()
    {
        probe.Deliver(Named(Update(probe), from.Source.Address), from);
        Assert.Equal(from.Source.Address, Only.CareOfAddress);
    }

    [Fact]
    [Trait("Rfc", "5213-5.3.5-01")]
    public void A_deregistration_for_another_care_of_address_is_ignored()
    {
        probe.Deliver(Named(Update(probe), alternate), from);
        probe.Now += TimeSpan.FromMilliseconds(1);
        Assert.Empty(probe.Deliver(Update(probe, prefix: Only.Prefixes[0], lifetime: 0, sequenceNumber: 2), from));
        Assert.Equal(BindingState.Active, Only.State);
        probe.Now += TimeSpan.FromMilliseconds(1);
        Assert.Single(probe.Deliver(Named(Update(probe, prefix: Only.Prefixes[0], lifetime: 0, sequenceNumber: 3), alternate), from));
        Assert.NotEqual(BindingState.Active, Only.State);
    }

    [Theory]
    [Trait("Rfc", "5846-8.1-04")]
    [InlineData(false)]
    [InlineData(true)]
    public void An_indication_goes_to_the_source_and_names_the_care_of_address(bool realm)
    {
        probe.Deliver(Named(Update(probe), alternate), from);
        probe.Do(now => anchor.Revoke(realm ? RevocationRequest.Realm("example.com") : RevocationRequest.MobileNode(Node), now));
        Assert.Equal(from.Reversed, probe.Last.Envelope);
        Assert.Equal(alternate, probe.Last.Option<AlternateCareOfAddressOption>().AlternateCareOfAddress);
        probe.Deliver(Answer(probe.Last), from);
        Assert.Equal(0, anchor.BindingCount);
        Assert.Equal(0, anchor.Cache.IndexEntries);
    }

    [Fact]
    public void One_gateway_with_two_care_of_addresses_is_revoked_by_either()
    {
        probe.Deliver(Named(Update(probe), alternate), from);
        probe.Deliver(Update(probe, "mn8@example.com"), from);
        Assert.Equal([from], anchor.Peers);
        probe.Do(now => anchor.Revoke(RevocationRequest.Peer(alternate), now));
        Assert.Empty(probe.Last.Options);
        probe.Deliver(Answer(probe.Last), from);
        Assert.Equal("mn8@example.com", Only.Identifier);
    }

    [Fact]
    public void A_refused_renewal_is_no_refused_handoff()
    {
        probe.Deliver(Named(Update(probe), alternate), from);
        var late = Named(Update(probe, prefix: Only.Prefixes[0], indicator: HandoffIndicator.NotChanged, timestamp: false), alternate);
        Assert.Equal(BindingStatus.SequenceNumberOutOfWindow, Assert.Single(probe.Deliver(late, from)).Acknowledgement.Status);
        Assert.Empty(anchor.Counters.Handoffs());
    }

    [Fact]
    public void A_gateway_that_revokes_everything_means_its_updates_that_wait_too()
    {
        var lma = Anchor(AnchorOptions(Transport.IPv6) with
        {
            CareOfAddresses = [new CareOfAddressAuthorization { Sources = [from.Source.Address], CareOfAddresses = [alternate] }],
            GlobalRevocation = [new GatewayAuthorization { Identity = "mag1", CareOfAddresses = [from.Source.Address, alternate] }],
        });
        var cell = new Probe(lma);
        cell.Deliver(Update(cell), FromGateway(2, Transport.IPv6));
        cell.Now += TimeSpan.FromSeconds(1);
        var asked = Assert.Single(cell.Deliver(Named(Update(cell, indicator: HandoffIndicator.Unknown), alternate), from));
        var all = Indicate(RevocationTrigger.PerPeerPolicy, 1, "mag1", new AlternateCareOfAddressOption { AlternateCareOfAddress = alternate });
        Assert.Equal(RevocationStatus.Success, Assert.Single(cell.Deliver(all, from)).Revoked.Status);
        Assert.Empty(cell.Deliver(Answer(asked), FromGateway(2, Transport.IPv6)));
        Assert.DoesNotContain(lma.Bindings(cell.Now), binding => binding.State == BindingState.Active);
    }

    [Fact]
    [Trait("Rfc", "5213-6.9.1.5-03")]
    public void A_gateway_names_its_care_of_address_and_obeys_an_indication_for_it_alone()
    {
        var gateway = Gateway(GatewayOptions(transport: Transport.IPv6) with { ProxyCareOfAddress = alternate });
        var cell = new Probe(gateway);
        cell.Do(now => gateway.Attach(Node, null, HandoffIndicator.NewInterface, now));
        Assert.Equal(alternate, cell.Last.Option<AlternateCareOfAddressOption>().AlternateCareOfAddress);
        Assert.Equal(from, cell.Last.Envelope);
        cell.Deliver(Acknowledge(cell.Last, prefix: "2001:db8:100:5::/64"), from.Reversed);
        Assert.Equal(alternate, gateway.Find(Node, cell.Now)!.CareOfAddress);
        Assert.Equal(RevocationStatus.BindingDoesNotExist, Revoke(1, from.Source.Address));
        Assert.Equal(RevocationStatus.Success, Revoke(2, alternate));

        RevocationStatus Revoke(ushort number, Address careOfAddress) => Assert.Single(cell.Deliver(
            Indicate(RevocationTrigger.AdministrativeReason, number, Node, new AlternateCareOfAddressOption { AlternateCareOfAddress = careOfAddress }),
            from.Reversed)).Revoked.Status;
    }

    [Theory]
    [InlineData(false, BindingStatus.AdministrativelyProhibited)]
    [InlineData(true, BindingStatus.Accepted)]
    [Trait("Rfc", "5844-4.1.3.1-04")]
    [Trait("Rfc", "5844-5.1-01")]
    public void UDP_encapsulation_is_forced_where_the_anchor_accepts_that(bool accepts, BindingStatus expected)
    {
        var lma = Anchor(AnchorOptions() with { AcceptsForcedUdpEncapsulation = accepts });
        var cell = new Probe(lma);
        var answer = Assert.Single(cell.Deliver(Update(cell) with { ForcingUdpEncapsulation = true }, FromGateway()));
        Assert.Equal(expected, answer.Acknowledgement.Status);
        Assert.Equal(accepts ? [true] : [], answer.Options.OfType<NatDetectionOption>().Select(option => option.ForcingUdpEncapsulation));
        Assert.Equal(accepts ? [true] : [], lma.Bindings(cell.Now).Select(binding => binding.UsesUdpEncapsulation));
    }

    [Fact]
    [Trait("Rfc", "5844-4.2.2.1-03")]
    [Trait("Rfc", "5844-5.2-01")]
    public void A_gateway_that_forces_UDP_or_looks_for_a_NAT_says_so_and_learns_the_encapsulation_from_the_answer()
    {
        var gateway = Gateway(GatewayOptions() with { ForcesUdpEncapsulation = true, DetectsNat = true });
        var cell = new Probe(gateway);
        cell.Do(now => gateway.Attach(Node, null, HandoffIndicator.NewInterface, now));
        Assert.True(cell.Last.Update.ForcingUdpEncapsulation);
        Assert.Equal(FromGateway().Source.Address, cell.Last.Option<IPv4CareOfAddressOption>().IPv4CareOfAddress);
        var answer = Acknowledge(cell.Last, prefix: "2001:db8:100:5::/64");
        cell.Deliver(
            answer with { Options = [.. answer.Options, new NatDetectionOption { ForcingUdpEncapsulation = true, RefreshTime = 110 }] },
            FromGateway().Reversed);
        Assert.True(gateway.Find(Node, cell.Now)!.UsesUdpEncapsulation);
    }

    [Theory]
    [InlineData("203.0.113.1", false, uint.MaxValue)]
    [InlineData("10.0.0.2", true, 110u)]
    public void The_anchor_compares_where_the_gateway_believes_to_be_with_the_source(string believed, bool translated, uint refresh)
    {
        var lma = Anchor();
        var cell = new Probe(lma);
        var update = Update(cell);
        var answer = Assert.Single(cell.Deliver(
            update with { Options = [.. update.Options, new IPv4CareOfAddressOption { IPv4CareOfAddress = believed }] }, FromGateway()));
        Assert.Equal(new NatDetectionOption { ForcingUdpEncapsulation = translated, RefreshTime = refresh }, answer.Option<NatDetectionOption>());
    }

    [Fact]
    public void What_does_not_fit_the_transport_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Gateway(GatewayOptions() with { ProxyCareOfAddress = alternate }));
        Assert.Throws<ArgumentException>(() => Gateway(GatewayOptions(transport: Transport.IPv6) with { DetectsNat = true }));
        Assert.Throws<ArgumentException>(() => Anchor(AnchorOptions() with { CareOfAddresses = [new CareOfAddressAuthorization { CareOfAddresses = [] }] }));
    }

    private static BindingUpdate Named(BindingUpdate update, Address careOfAddress) =>
        update with { Options = [.. update.Options, new AlternateCareOfAddressOption { AlternateCareOfAddress = careOfAddress }] };
}
