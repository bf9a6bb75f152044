using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Tests.Simulation;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using static DsmipTools.Engine.Tests.Simulation.Domain;

namespace DsmipTools.Engine.Tests.ProxyMobileIPv6;

/// <summary>IPv4 home addresses (RFC 5844, 3.1 and 3.2).</summary>
public sealed class IPv4Tests
{
    private const string Other = "mn8@example.com";

    private readonly LocalMobilityAnchor anchor;
    private readonly Probe probe;

    public IPv4Tests()
    {
        anchor = Anchor(Options());
        probe = new Probe(anchor);
    }

    private static Address Any => Address.AnyIPv4;

    [Fact]
    [Trait("Rfc", "5844-3.1.1-01")]
    [Trait("Rfc", "5844-3.1.2.1-07")]
    [Trait("Rfc", "5844-3.1.2.2-01")]
    [Trait("Rfc", "5844-3.1.2.2-04")]
    [Trait("Rfc", "5844-3.1.2.2-07")]
    [Trait("Rfc", "5844-3.1.2.6-01")]
    [Trait("Rfc", "5844-3.1.2.6-04")]
    [Trait("Rfc", "5844-3.1.2.6-05")]
    public void An_address_is_assigned_with_its_network_router_and_DHCP_mode()
    {
        var answer = Ask(Any);
        var reply = answer.Option<IPv4HomeAddressReplyOption>();
        Assert.Equal((IPv4HomeAddressReplyStatus.Success, (Address)"192.0.2.2", 28), (reply.Status, reply.IPv4HomeAddress, reply.PrefixLength));
        Assert.Equal("192.0.2.1", answer.Option<IPv4DefaultRouterAddressOption>().IPv4DefaultRouterAddress);
        Assert.True(answer.Option<IPv4DhcpSupportModeOption>().DhcpSupportMode);
        Assert.Single(answer.Options.OfType<HomeNetworkPrefixOption>());

        var binding = Assert.Single(anchor.Bindings(probe.Now));
        Assert.Equal(((Address?)"192.0.2.2", (Address?)"192.0.2.1"), (binding.IPv4HomeAddress, binding.IPv4DefaultRouter));
        Assert.Equal(Node, anchor.Find("192.0.2.2", probe.Now)?.Identifier);
        Assert.Null(anchor.Find("192.0.2.3", probe.Now));

        probe.Advance(TimeSpan.FromHours(2));
        Assert.Equal((0, 0), (anchor.BindingCount, anchor.Cache.IndexEntries));
    }

    [Fact]
    public void Without_a_DHCP_mode_none_is_said()
    {
        var silent = Anchor(AnchorOptions() with { IPv4HomeNetwork = "192.0.2.0/28" });
        var cell = new Probe(silent);
        Assert.Empty(Assert.Single(cell.Deliver(With(Update(cell), Any), FromGateway())).Options.OfType<IPv4DhcpSupportModeOption>());
    }

    [Fact]
    [Trait("Rfc", "5844-3.1.2.1-05")]
    [Trait("Rfc", "5844-3.1.2.1-08")]
    [Trait("Rfc", "5844-3.1.2.2-04")]
    [Trait("Rfc", "5844-3.1.2.3-01")]
    [Trait("Rfc", "5844-3.1.2.6-04")]
    public void The_same_session_keeps_its_address_through_renewal_and_handover()
    {
        Ask(Any);
        Assert.Equal("192.0.2.2", AddressOf(Ask("192.0.2.2", prefix: "2001:db8:100::/64", indicator: HandoffIndicator.NotChanged)));
        Assert.Equal("192.0.2.2", AddressOf(Ask(Any, gateway: 2, indicator: HandoffIndicator.BetweenGateways)));
        Assert.Equal(FromGateway(2).Source.Address, anchor.Find("192.0.2.2", probe.Now)?.Peer);
        Assert.Equal(1, anchor.BindingCount);
    }

    [Fact]
    [Trait("Rfc", "5844-3.1.2.1-05")]
    [Trait("Rfc", "5844-3.1.2.1-09")]
    [Trait("Rfc", "5844-3.1.2.4-02")]
    public void An_update_that_leaves_the_address_out_gives_it_up_and_one_that_asks_again_gets_one()
    {
        Ask(Any);
        Ask(null, prefix: "2001:db8:100::/64", indicator: HandoffIndicator.NotChanged);
        Assert.Null(Assert.Single(anchor.Bindings(probe.Now)).IPv4HomeAddress);
        Assert.Null(anchor.Find("192.0.2.2", probe.Now));
        Assert.Equal("192.0.2.3", AddressOf(Ask(Any, prefix: "2001:db8:100::/64", indicator: HandoffIndicator.NotChanged)));
        Assert.Equal(1, anchor.BindingCount);
    }

    [Fact]
    [Trait("Rfc", "5844-3.1.2.1-01")]
    [Trait("Rfc", "5844-3.1.2.1-06")]
    [Trait("Rfc", "5844-3.1.2.4-01")]
    [Trait("Rfc", "5844-3.1.2.6-02")]
    [Trait("Rfc", "5844-3.1.2.7-01")]
    public void IPv4_service_alone_has_no_prefix_and_may_get_one_later()
    {
        var answer = Ask(Any, ipv6: false);
        Assert.Equal(BindingStatus.Accepted, answer.Acknowledgement.Status);
        Assert.Empty(answer.Options.OfType<HomeNetworkPrefixOption>());
        Assert.Empty(Assert.Single(anchor.Bindings(probe.Now)).Prefixes);
        // RFC 5844, 3.1.2.7: the address is the key.
        Ask("192.0.2.2", ipv6: false, gateway: 2, indicator: HandoffIndicator.BetweenGateways);
        Assert.Equal(FromGateway(2).Source.Address, Assert.Single(anchor.Bindings(probe.Now)).Peer);
        Assert.Equal(
            (Prefix)"2001:db8:100::/64", Ask("192.0.2.2", gateway: 2, indicator: HandoffIndicator.NotChanged).Option<HomeNetworkPrefixOption>().Prefix);
        Assert.Equal([(Prefix)"2001:db8:100::/64"], Assert.Single(anchor.Bindings(probe.Now)).Prefixes);

        // 3.1.2.4: an update for the address alone does not extend the prefixes.
        Ask("192.0.2.2", ipv6: false, gateway: 3, indicator: HandoffIndicator.BetweenGateways);
        Assert.Empty(Assert.Single(anchor.Bindings(probe.Now)).Prefixes);
        Assert.Equal(1, anchor.Pool.Released);
    }

    [Fact]
    [Trait("Rfc", "5844-3.1.2.2-02")]
    [Trait("Rfc", "5844-3.1.2.6-03")]
    [Trait("Rfc", "5844-3.1.2.7-01")]
    public void An_address_may_be_asked_for_by_value()
    {
        Assert.Equal("192.0.2.9", AddressOf(Ask("192.0.2.9")));
        Refused("192.0.2.9", BindingStatus.NotAuthorizedForIPv4HomeAddress, IPv4HomeAddressReplyStatus.AdministrativelyProhibited);
        Refused("192.0.2.1", BindingStatus.NotAuthorizedForIPv4HomeAddress, IPv4HomeAddressReplyStatus.AdministrativelyProhibited);
        Refused("192.0.2.0", BindingStatus.NotAuthorizedForIPv4HomeAddress, IPv4HomeAddressReplyStatus.AdministrativelyProhibited);
        Refused("192.0.2.15", BindingStatus.NotAuthorizedForIPv4HomeAddress, IPv4HomeAddressReplyStatus.AdministrativelyProhibited);
        Refused("198.51.100.7", BindingStatus.NotAuthorizedForIPv4HomeAddress, IPv4HomeAddressReplyStatus.AdministrativelyProhibited);
        // Another address than the one of the session.
        Assert.Equal(
            BindingStatus.NotAuthorizedForIPv4HomeAddress,
            Ask("192.0.2.10", prefix: "2001:db8:100::/64", indicator: HandoffIndicator.NotChanged).Acknowledgement.Status);
        Assert.Equal("192.0.2.9", Assert.Single(anchor.Bindings(probe.Now)).IPv4HomeAddress);
    }

    [Fact]
    [Trait("Rfc", "5844-3.1.2.2-02")]
    public void A_fixed_address_is_for_its_mobile_node_alone()
    {
        var own = Anchor(Options() with { FixedIPv4HomeAddresses = new Dictionary<string, Address> { [Node] = "192.0.2.2" } });
        var cell = new Probe(own);
        Assert.Equal("192.0.2.3", AddressOf(Assert.Single(cell.Deliver(With(Update(cell, Other), Any), FromGateway()))));
        Assert.Equal(
            BindingStatus.NotAuthorizedForIPv4HomeAddress,
            Assert.Single(cell.Deliver(With(Update(cell, "thief@example.com"), "192.0.2.2"), FromGateway())).Acknowledgement.Status);
        Assert.Equal("192.0.2.2", AddressOf(Assert.Single(cell.Deliver(With(Update(cell), Any), FromGateway()))));
    }

    [Fact]
    [Trait("Rfc", "5844-3.1.2.2-03")]
    [Trait("Rfc", "5844-3.1.2.5-01")]
    [Trait("Rfc", "5844-3.1.2.6-05")]
    public void A_network_that_is_used_up_refuses_and_nothing_is_taken()
    {
        var small = Anchor(AnchorOptions() with { IPv4HomeNetwork = "192.0.2.0/29" });
        var cell = new Probe(small);
        for (var number = 0; number < 5; number++)
        {
            Assert.Equal(
                BindingStatus.Accepted, Assert.Single(cell.Deliver(With(Update(cell, $"{number}@x"), Any), FromGateway())).Acknowledgement.Status);
        }

        var answer = Assert.Single(cell.Deliver(With(Update(cell, "6@x"), Any), FromGateway()));
        Assert.Equal(BindingStatus.InsufficientResources, answer.Acknowledgement.Status);
        Assert.Equal(IPv4HomeAddressReplyStatus.ReasonUnspecified, answer.Option<IPv4HomeAddressReplyOption>().Status);
        Assert.Empty(answer.Options.OfType<IPv4DefaultRouterAddressOption>());
        Assert.Equal(
            (Prefix)"2001:db8:100:5::/64",
            Assert.Single(cell.Deliver(Update(cell, "7@x"), FromGateway())).Option<HomeNetworkPrefixOption>().Prefix);
        // What is given back is assigned again.
        cell.Now += TimeSpan.FromSeconds(1);
        cell.Deliver(With(Update(cell, "2@x", lifetime: 0), "192.0.2.4"), FromGateway());
        cell.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal("192.0.2.4", AddressOf(Assert.Single(cell.Deliver(With(Update(cell, "6@x"), Any), FromGateway()))));
    }

    [Fact]
    [Trait("Rfc", "5844-3.1.2.1-03")]
    [Trait("Rfc", "5844-3.1.2.1-04")]
    public void Updates_that_ask_too_much_or_of_the_wrong_anchor_are_refused()
    {
        var twice = With(With(Update(probe), Any), "192.0.2.4");
        Assert.Equal(
            BindingStatus.MultipleIPv4HomeAddressAssignmentNotSupported, Assert.Single(probe.Deliver(twice, FromGateway())).Acknowledgement.Status);
        var none = new Probe(Anchor());
        var answer = Assert.Single(none.Deliver(With(Update(none), Any), FromGateway()));
        Assert.Equal(BindingStatus.NotAuthorizedForIPv4MobilityService, answer.Acknowledgement.Status);
        Assert.Equal(IPv4HomeAddressReplyStatus.AdministrativelyProhibited, answer.Option<IPv4HomeAddressReplyOption>().Status);
        Assert.Equal(0, anchor.BindingCount);
    }

    [Fact]
    [Trait("Rfc", "5844-3.1.2.1-08")]
    [Trait("Rfc", "5844-3.1.2.5-01")]
    [Trait("Rfc", "5844-3.1.2.5-03")]
    public void Either_half_may_be_deregistered_by_itself()
    {
        Ask(Any);
        var address = Ask("192.0.2.2", ipv6: false, lifetime: 0, indicator: HandoffIndicator.Unknown);
        Assert.Equal((BindingStatus.Accepted, 0), (address.Acknowledgement.Status, (int)address.Acknowledgement.Lifetime));
        Assert.Equal((BindingState.Active, (Address?)null), (Only.State, Only.IPv4HomeAddress));
        Assert.Equal([(Prefix)"2001:db8:100::/64"], Only.Prefixes);

        Ask(Any, prefix: "2001:db8:100::/64", indicator: HandoffIndicator.NotChanged);
        var prefixes = Ask(null, prefix: "2001:db8:100::/64", lifetime: 0, indicator: HandoffIndicator.Unknown);
        Assert.Equal((Prefix)"2001:db8:100::/64", prefixes.Option<HomeNetworkPrefixOption>().Prefix);
        Assert.Equal((BindingState.Active, (Address?)"192.0.2.3"), (Only.State, Only.IPv4HomeAddress));
        Assert.Empty(Only.Prefixes);

        Ask("192.0.2.3", ipv6: false, lifetime: 0, indicator: HandoffIndicator.Unknown);
        Assert.Equal(BindingState.Deregistered, Only.State);
    }

    [Fact]
    public void Networks_and_fixed_addresses_that_do_not_fit_are_refused()
    {
        var good = Options();
        LocalMobilityAnchorOptions[] wrong =
        [
            good with { IPv4HomeNetwork = "192.0.2.1/24" },
            good with { IPv4HomeNetwork = "192.0.2.0/30" },
            good with { IPv4HomeNetwork = "2001:db8::/24" },
            good with { IPv4HomeNetwork = IPv4HomeNetwork.Parse("192.0.2.0/24") with { DefaultRouter = "192.0.3.1" } },
            good with { IPv4HomeNetwork = IPv4HomeNetwork.Parse("192.0.2.0/24") with { DefaultRouter = "192.0.2.255" } },
            good with { IPv4HomeNetwork = null, FixedIPv4HomeAddresses = new Dictionary<string, Address> { ["a"] = "192.0.2.2" } },
            good with { FixedIPv4HomeAddresses = new Dictionary<string, Address> { ["a"] = "192.0.2.2", ["b"] = "192.0.2.2" } },
            good with { FixedIPv4HomeAddresses = new Dictionary<string, Address> { ["a"] = "192.0.2.1" } },
        ];
        Assert.Equal(wrong.Length, wrong.Count(options => Record.Exception(() => Anchor(options)) is ArgumentException));
        Assert.Throws<FormatException>(() => IPv4HomeNetwork.Parse("192.0.2.0"));
        Assert.Throws<FormatException>(() => IPv4HomeNetwork.Parse("192.0.2.0/x"));
        Assert.Equal("192.0.2.0/28", good.IPv4HomeNetwork?.ToString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Rfc", "5844-3.2.1-01")]
    [Trait("Rfc", "5844-3.2.3.1-01")]
    [Trait("Rfc", "5844-3.2.3.1-02")]
    [Trait("Rfc", "5844-3.2.3.1-05")]
    [Trait("Rfc", "5844-3.2.3.2-07")]
    [Trait("Rfc", "5844-3.2.3.2-10")]
    [Trait("Rfc", "5844-3.2.3.3-01")]
    [Trait("Rfc", "5844-3.2.3.3-05")]
    [Trait("Rfc", "5844-4-01")]
    public void A_gateway_asks_learns_renews_and_ends_the_address(bool ipv6)
    {
        var network = new Network(2);
        var lma = network.Add(Anchor(Options()));
        var gateway = network.Add(Gateway(GatewayOptions() with { Lifetime = TimeSpan.FromSeconds(100) }));
        var command = network.Do(gateway, now => gateway.Attach(new AttachmentRequest { Identifier = Node, IPv4HomeAddress = Any, IPv6 = ipv6 }, now));
        network.Run(TimeSpan.FromSeconds(1));
        var outcome = network.Outcome<AttachmentOutcome>(gateway, command);
        Assert.Equal(
            (AttachmentResult.Accepted, (Address?)"192.0.2.2", 28, (Address?)"192.0.2.1", true),
            (outcome.Result, outcome.IPv4HomeAddress, outcome.IPv4PrefixLength, outcome.IPv4DefaultRouter, outcome.IsDhcpServer));
        Assert.Equal(ipv6 ? 1 : 0, outcome.Prefixes.Count);

        network.Run(TimeSpan.FromSeconds(200));
        var renewal = network.Sent.Last(sent => sent.Message is BindingUpdate);
        Assert.Equal(("192.0.2.2", 28), (renewal.Option<IPv4HomeAddressRequestOption>().IPv4HomeAddress.ToString(), renewal.Option<IPv4HomeAddressRequestOption>().PrefixLength));
        Assert.Equal(ipv6 ? 1 : 0, renewal.Options.OfType<HomeNetworkPrefixOption>().Count());
        Assert.Equal("192.0.2.2", Assert.Single(gateway.Bindings(network.Now)).IPv4HomeAddress);
        Assert.Equal("192.0.2.2", Assert.Single(lma.Bindings(network.Now)).IPv4HomeAddress);

        network.Do(gateway, now => gateway.Detach(Node, now));
        network.Run(TimeSpan.FromMinutes(1));
        Assert.Equal((0, 0, 0), (gateway.BindingCount, lma.BindingCount, lma.Cache.IndexEntries));
    }

    [Fact]
    [Trait("Rfc", "5844-3.2.3.2-05")]
    public void A_gateway_goes_on_without_an_address_that_was_not_granted_and_needs_something()
    {
        var gateway = Gateway();
        var cell = new Probe(gateway);
        var command = cell.Do(now => gateway.Attach(new AttachmentRequest { Identifier = Node, IPv4HomeAddress = Any }, now));
        cell.Deliver(Acknowledge(cell.Last, prefix: "2001:db8:100::/64", lifetime: 25), FromGateway().Reversed);
        Assert.Null(cell.Outcome<AttachmentOutcome>(command).IPv4HomeAddress);
        cell.Advance(TimeSpan.FromSeconds(76));
        Assert.Empty(cell.Last.Options.OfType<IPv4HomeAddressRequestOption>());

        AttachmentRequest[] wrong =
        [
            new() { Identifier = Other, IPv6 = false },
            new() { Identifier = Other, IPv4HomeAddress = "2001:db8::1" },
            new() { Identifier = Other, IPv4HomeAddress = Any, IPv6 = false, Prefixes = ["2001:db8::/64"] },
            new() { Identifier = Other, IPv4HomeAddress = Any, IPv4PrefixLength = 33 },
        ];
        Assert.Equal(wrong.Length, wrong.Count(request => Record.Exception(() => gateway.Attach(request, cell.Now)) is ArgumentException));
    }

    private ProxyBindingSnapshot Only => Assert.Single(anchor.Bindings(probe.Now));

    private static LocalMobilityAnchorOptions Options() => AnchorOptions() with
    {
        IPv4HomeNetwork = IPv4HomeNetwork.Parse("192.0.2.0/28") with { GatewaysAreDhcpServers = true },
    };

    private static Address AddressOf(SentMessage answer) => answer.Option<IPv4HomeAddressReplyOption>().IPv4HomeAddress;

    private static BindingUpdate With(BindingUpdate update, Address address) =>
        update with { Options = [.. update.Options.Span, new IPv4HomeAddressRequestOption { IPv4HomeAddress = address }] };

    private SentMessage Ask(
        Address? address,
        bool ipv6 = true,
        int gateway = 1,
        Prefix? prefix = null,
        HandoffIndicator indicator = HandoffIndicator.NewInterface,
        ushort lifetime = 900)
    {
        probe.Now += TimeSpan.FromSeconds(1);
        var update = Update(probe, prefix: prefix, indicator: indicator, lifetime: lifetime);
        update = ipv6 ? update : update with { Options = ValueList.From(update.Options.Where(option => option is not HomeNetworkPrefixOption)) };
        return Assert.Single(probe.Deliver(address is { } asked ? With(update, asked) : update, FromGateway(gateway)));
    }

    private void Refused(Address address, BindingStatus status, IPv4HomeAddressReplyStatus reply)
    {
        var answer = Assert.Single(probe.Deliver(With(Update(probe, Other), address), FromGateway()));
        Assert.Equal(
            (status, reply, address),
            (answer.Acknowledgement.Status, answer.Option<IPv4HomeAddressReplyOption>().Status, answer.Option<IPv4HomeAddressReplyOption>().IPv4HomeAddress));
    }
}
