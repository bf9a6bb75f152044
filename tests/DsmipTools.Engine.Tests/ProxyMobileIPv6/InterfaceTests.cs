using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Tests.Simulation;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using static DsmipTools.Engine.Tests.Simulation.Domain;

namespace DsmipTools.Engine.Tests.ProxyMobileIPv6;

/// <summary>Interfaces of one mobile node, each with its session, told apart by link-layer identifier and access technology (RFC 5213, 5.4.1).</summary>
public sealed class InterfaceTests
{
    private const string First = "020000000001";
    private const string Second = "020000000002";

    private readonly LocalMobilityAnchor anchor;
    private readonly Probe probe;

    public InterfaceTests()
    {
        anchor = Anchor();
        probe = new Probe(anchor);
    }

    [Fact]
    [Trait("Rfc", "5213-5.1-03")]
    [Trait("Rfc", "5213-5.2-02")]
    [Trait("Rfc", "5213-5.3.6-10")]
    [Trait("Rfc", "5213-5.4-01")]
    [Trait("Rfc", "5213-5.4.1.2-01")]
    [Trait("Rfc", "5213-5.4.1.2-06")]
    public void Each_interface_has_a_session_of_its_own_and_its_identifier_comes_back()
    {
        var one = Ask(First);
        var two = Ask(Second);
        Assert.Equal(2, anchor.Bindings(Node, probe.Now).Count());
        Assert.Equal([First, Second], anchor.Bindings(probe.Now).Select(binding => binding.LinkLayerIdentifier.ToString()));
        Assert.Equal(First, one.Option<MobileNodeLinkLayerIdentifierOption>().LinkLayerIdentifier.ToString());
        Assert.NotEqual(PrefixOf(one), PrefixOf(two));

        // 5.4.1.2 (2): the same interface at another gateway is the same session, whatever the indicator.
        Assert.Equal(PrefixOf(one), PrefixOf(Ask(First, gateway: 2, indicator: HandoffIndicator.NewInterface)));
        // Another access technology makes another interface of it.
        Assert.NotEqual(PrefixOf(one), PrefixOf(Ask(First, technology: AccessTechnologyType.Ethernet)));
        Assert.Equal(3, anchor.BindingCount);
    }

    [Theory]
    [InlineData(HandoffIndicator.BetweenInterfaces, 1)]
    [InlineData(HandoffIndicator.BetweenGateways, 2)]
    [InlineData(HandoffIndicator.NewInterface, 2)]
    [InlineData(HandoffIndicator.NotChanged, 2)]
    [Trait("Rfc", "5213-5.4-03")]
    [Trait("Rfc", "5213-5.4.1.2-02")]
    [Trait("Rfc", "5213-5.4.1.2-06")]
    public void The_only_session_moves_to_another_interface_when_the_indicator_says_so(HandoffIndicator indicator, int sessions)
    {
        Ask(First);
        Ask(Second, gateway: 2, indicator: indicator);
        Assert.Equal(sessions, anchor.BindingCount);
        Assert.Equal(Second, anchor.Bindings(probe.Now).Last().LinkLayerIdentifier.ToString());
    }

    [Fact]
    [Trait("Rfc", "5213-5.4-03")]
    [Trait("Rfc", "5213-5.4.1-01")]
    [Trait("Rfc", "5213-5.4.1.1-06")]
    [Trait("Rfc", "5213-5.4.1.2-02")]
    public void One_of_several_sessions_does_not_move_to_another_interface_without_its_prefix()
    {
        var one = PrefixOf(Ask(First));
        Ask(Second);
        Ask("020000000003", gateway: 2, indicator: HandoffIndicator.BetweenInterfaces);
        Assert.Equal(3, anchor.BindingCount);
        // 5.4.1.1 (5), second case.
        Ask("020000000004", gateway: 2, indicator: HandoffIndicator.BetweenInterfaces, prefix: one);
        Assert.Equal(3, anchor.BindingCount);
        Assert.Equal("020000000004", anchor.Find(one.Address, probe.Now)?.LinkLayerIdentifier.ToString());
    }

    [Theory]
    [InlineData(First, HandoffIndicator.Unknown, BindingStatus.Accepted)]
    [InlineData(Second, HandoffIndicator.BetweenGateways, BindingStatus.NotAuthorizedForHomeNetworkPrefix)]
    [InlineData(null, HandoffIndicator.BetweenGateways, BindingStatus.NotAuthorizedForHomeNetworkPrefix)]
    [InlineData(null, HandoffIndicator.BetweenInterfaces, BindingStatus.Accepted)]
    [Trait("Rfc", "5213-5.4.1-01")]
    [Trait("Rfc", "5213-5.4.1.1-01")]
    [Trait("Rfc", "5213-5.4.1.1-05")]
    [Trait("Rfc", "5213-5.4.1.1-09")]
    public void The_prefix_of_a_named_interface_moves_with_that_interface(string? identifier, HandoffIndicator indicator, BindingStatus status)
    {
        var prefix = PrefixOf(Ask(First));
        Assert.Equal(status, Ask(identifier, gateway: 2, indicator: indicator, prefix: prefix).Acknowledgement.Status);
    }

    [Fact]
    [Trait("Rfc", "5213-5.1-03")]
    [Trait("Rfc", "5213-5.3.6-10")]
    public void An_identifier_of_zeros_is_none_and_comes_back_all_the_same()
    {
        var one = Ask("000000000000");
        Assert.Equal("000000000000", one.Option<MobileNodeLinkLayerIdentifierOption>().LinkLayerIdentifier.ToString());
        Assert.Equal(0, Assert.Single(anchor.Bindings(probe.Now)).LinkLayerIdentifier.Length);
        Assert.Equal(PrefixOf(one), PrefixOf(Ask(null, gateway: 2, indicator: HandoffIndicator.BetweenGateways)));
    }

    [Fact]
    public void A_refusal_with_the_longest_identifiers_can_be_read()
    {
        var update = Update(probe, new string('a', 254), prefix: "2001:db8:ffff::/64");
        MobilityOption[] more = [.. Enumerable.Range(0, 60).Select(number => new HomeNetworkPrefixOption { Prefix = new Prefix((UInt128)(number + 1) << 64, 64) })];
        var octets = update with
        {
            Options = [.. update.Options.Span, .. more, new MobileNodeLinkLayerIdentifierOption { LinkLayerIdentifier = Enumerable.Repeat((byte)7, 249).ToArray() }],
        };
        var answer = Assert.Single(probe.Deliver(octets, FromGateway()));
        Assert.Equal(BindingStatus.NotAuthorizedForHomeNetworkPrefix, answer.Acknowledgement.Status);
        Assert.Equal(249, answer.Option<MobileNodeLinkLayerIdentifierOption>().LinkLayerIdentifier.Length);
    }

    [Fact]
    [Trait("Rfc", "5213-6.1-02")]
    [Trait("Rfc", "5213-6.9.1.1-10")]
    [Trait("Rfc", "5213-6.9.1.5-05")]
    public void A_gateway_attaches_and_detaches_each_interface_by_itself()
    {
        var gateway = Gateway();
        var cell = new Probe(gateway);
        Attach(First, "2001:db8:100:1::/64");
        Attach(Second, "2001:db8:100:2::/64");
        Assert.Equal(Second, cell.Last.Option<MobileNodeLinkLayerIdentifierOption>().LinkLayerIdentifier.ToString());
        Assert.Throws<InvalidOperationException>(() => Attach(Second, "2001:db8:100:3::/64"));
        Assert.Throws<InvalidOperationException>(() => gateway.Detach(Node, cell.Now));
        Assert.Throws<InvalidOperationException>(() => gateway.Detach(Node, Octets.FromHex("01"), cell.Now));

        Assert.Throws<InvalidOperationException>(() => gateway.Detach(Node, Octets.FromHex(First), AccessTechnologyType.EUtran, cell.Now));
        Assert.Equal([First, Second], gateway.Bindings(Node, cell.Now).Select(binding => binding.LinkLayerIdentifier.ToString()));
        Assert.Empty(gateway.Bindings("other@example.com", cell.Now));

        var command = cell.Do(now => gateway.Detach(Node, Octets.FromHex(First), AccessTechnologyType.WirelessLan, now));
        Assert.Equal((Prefix)"2001:db8:100:1::/64", cell.Last.Option<HomeNetworkPrefixOption>().Prefix);
        cell.Deliver(Acknowledge(cell.Last), FromGateway().Reversed);
        Assert.Equal(AttachmentResult.Accepted, cell.Outcome<AttachmentOutcome>(command).Result);
        Assert.Equal(Second, Assert.Single(gateway.Bindings(cell.Now)).LinkLayerIdentifier.ToString());
        cell.Do(now => gateway.Detach(Node, now));
        cell.Advance(TimeSpan.FromHours(2));
        Assert.Equal((0, 0), (gateway.BindingCount, gateway.HeldBesideAttachments));

        void Attach(string interfaceOctets, Prefix assigned)
        {
            cell.Do(now => gateway.Attach(new AttachmentRequest { Identifier = Node, LinkLayerIdentifier = Octets.FromHex(interfaceOctets) }, now));
            cell.Deliver(Acknowledge(cell.Last, prefix: assigned), FromGateway().Reversed);
        }
    }

    [Fact]
    public void Interfaces_of_one_mobile_node_that_attach_in_one_tick_are_all_accepted()
    {
        var network = new Network(3);
        var lma = network.Add(Anchor());
        var gateway = network.Add(Gateway());
        network.Do(gateway, now => gateway.Attach(new AttachmentRequest { Identifier = Node, LinkLayerIdentifier = Octets.FromHex(First) }, now));
        network.Do(gateway, now => gateway.Attach(new AttachmentRequest { Identifier = Node, LinkLayerIdentifier = Octets.FromHex(Second) }, now));
        network.Run(TimeSpan.FromMilliseconds(500));
        Assert.Equal(2, lma.BindingCount);
        Assert.Equal(lma.Bindings(network.Now).Select(binding => binding.Prefixes), gateway.Bindings(network.Now).Select(binding => binding.Prefixes));
    }

    [Fact]
    [Trait("Rfc", "5213-6.9.1.2-07")]
    public void An_answer_for_another_interface_is_no_echo()
    {
        var gateway = Gateway();
        var cell = new Probe(gateway);
        var command = cell.Do(now => gateway.Attach(new AttachmentRequest { Identifier = Node, LinkLayerIdentifier = Octets.FromHex(First) }, now));
        var answer = Acknowledge(cell.Last, prefix: "2001:db8:100::/64");
        cell.Deliver(
            answer with
            {
                Options =
                [
                    .. answer.Options.Where(option => option is not MobileNodeLinkLayerIdentifierOption),
                    new MobileNodeLinkLayerIdentifierOption { LinkLayerIdentifier = Octets.FromHex(Second) },
                ],
            },
            FromGateway().Reversed);
        Assert.Equal(AttachmentResult.NotEchoed, cell.Outcome<AttachmentOutcome>(command).Result);
    }

    private static Prefix PrefixOf(SentMessage answer) => answer.Option<HomeNetworkPrefixOption>().Prefix;

    private SentMessage Ask(
        string? identifier,
        int gateway = 1,
        HandoffIndicator indicator = HandoffIndicator.NewInterface,
        AccessTechnologyType technology = AccessTechnologyType.WirelessLan,
        Prefix? prefix = null)
    {
        probe.Now += TimeSpan.FromSeconds(1);
        var update = Update(probe, prefix: prefix, indicator: indicator, technology: technology);
        MobilityOption[] named = identifier is null ? [] : [new MobileNodeLinkLayerIdentifierOption { LinkLayerIdentifier = Octets.FromHex(identifier) }];
        return Assert.Single(probe.Deliver(update with { Options = [.. update.Options.Span, .. named] }, FromGateway(gateway)));
    }
}
