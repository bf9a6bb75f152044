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

/// <summary>What a local mobility anchor does with any Proxy Binding Update, whatever session it is about (RFC 5213, 5.1, 5.3.1 and 5.4.1).</summary>
public sealed class UpdateProcessingTests
{
    private readonly LocalMobilityAnchor anchor;
    private readonly Probe probe;

    public UpdateProcessingTests()
    {
        anchor = Anchor();
        probe = new Probe(anchor);
    }

    [Theory]
    [InlineData(BindingStatus.MissingHomeNetworkPrefixOption)]
    [InlineData(BindingStatus.MissingHandoffIndicatorOption, MobilityOptionType.HomeNetworkPrefix)]
    [InlineData(BindingStatus.MissingAccessTechnologyTypeOption, MobilityOptionType.HomeNetworkPrefix, MobilityOptionType.HandoffIndicator)]
    [InlineData(
        BindingStatus.NotAuthorizedForHomeNetworkPrefix,
        MobilityOptionType.HomeNetworkPrefix, MobilityOptionType.HandoffIndicator, MobilityOptionType.AccessTechnologyType)]
    [Trait("Rfc", "5213-5.3-01")]
    public void The_checks_of_an_update_are_made_in_their_order(BindingStatus status, params MobilityOptionType[] present)
    {
        var foreign = Update(probe, prefix: "2001:db8:ffff::/64");
        var bare = foreign with
        {
            Options = ValueList.From(foreign.Options.Where(option =>
                option is MobileNodeIdentifierOption or TimestampOption || present.Contains(option.Type))),
        };
        Assert.Equal(status, Assert.Single(probe.Deliver(bare, FromGateway())).Acknowledgement.Status);
    }

    [Fact]
    [Trait("Rfc", "5213-4-06")]
    [Trait("Rfc", "5213-5.3.1-03")]
    [Trait("Rfc", "5213-5.3.6-02")]
    [Trait("Rfc", "5213-5.3.6-16")]
    [Trait("Rfc", "5213-6.9.1.2-04")]
    [Trait("Rfc", "5213-6.9.1.5-02")]
    [Trait("Rfc", "5213-6.9.1.5-07")]
    [Trait("Rfc", "5844-4.1.1-01")]
    public void Over_native_IPv6_no_home_address_travels_in_the_headers()
    {
        var native = FromGateway(1, Transport.IPv6);
        var lma = Anchor(AnchorOptions(Transport.IPv6));
        var cell = new Probe(lma);
        var answer = Assert.Single(cell.Deliver(Update(cell), native));
        Assert.Equal(native.Source.Address, Assert.Single(lma.Bindings(cell.Now)).CareOfAddress);
        Assert.Equal((BindingStatus.Accepted, native.Reversed), (answer.Acknowledgement.Status, answer.Envelope));
        Assert.Equal(((Address?)null, (Address?)null), (answer.Envelope.InnerSource, answer.Envelope.InnerDestination));
        // A Home Address option is not looked at, and not answered.
        cell.Now += TimeSpan.FromSeconds(1);
        var odd = Assert.Single(cell.Deliver(Update(cell), native with { InnerSource = "2001:db8:100::7" }));
        Assert.Equal((BindingStatus.Accepted, native.Reversed), (odd.Acknowledgement.Status, odd.Envelope));

        var gateway = Gateway(GatewayOptions(1, Transport.IPv6));
        var link = new Probe(gateway);
        var command = link.Do(now => gateway.Attach(Node, null, HandoffIndicator.NewInterface, now));
        Assert.Equal(native, link.Last.Envelope);
        Assert.Equal(((Address?)null, (Address?)null), (link.Last.Envelope.InnerSource, link.Last.Envelope.InnerDestination));
        link.Deliver(Acknowledge(link.Last, prefix: "2001:db8:100::/64"), native.Reversed);
        Assert.Equal(AttachmentResult.Accepted, link.Outcome<AttachmentOutcome>(command).Result);
    }

    [Theory]
    [InlineData(17, true, DropReason.BadPayloadProto)]
    [InlineData(59, false, DropReason.BadChecksum)]
    [Trait("Rfc", "5213-5.3.1-02")]
    public void A_mobility_header_that_breaks_the_rules_of_its_own_is_dropped(byte payloadProto, bool checksum, DropReason reason)
    {
        var native = FromGateway(1, Transport.IPv6);
        var lma = Anchor(AnchorOptions(Transport.IPv6));
        var cell = new Probe(lma);
        Assert.Empty(cell.Deliver(Damaged(Update(cell), native, payloadProto, checksum), native));
        Assert.Equal(1, lma.Counters[MessageKind.ProxyBindingUpdate, Direction.Received, drop: reason]);
        Assert.Single(cell.Deliver(Damaged(Update(cell), native, (byte)IpProtocol.NoNextHeader, checksum: true), native));
        Assert.Equal(1, lma.BindingCount);
    }

    [Theory]
    [InlineData(17, true)]
    [InlineData(59, false)]
    [Trait("Rfc", "5213-6.9.1.2-02")]
    public void A_mobility_header_that_breaks_the_rules_of_its_own_is_dropped_by_a_gateway(byte payloadProto, bool checksum)
    {
        var native = FromGateway(1, Transport.IPv6);
        var gateway = Gateway(GatewayOptions(1, Transport.IPv6));
        var cell = new Probe(gateway);
        var command = cell.Do(now => gateway.Attach(Node, null, HandoffIndicator.NewInterface, now));
        var answer = Acknowledge(cell.Last, prefix: "2001:db8:100::/64");
        cell.Deliver(Damaged(answer, native.Reversed, payloadProto, checksum), native.Reversed);
        Assert.Empty(cell.Outcomes(command));
        cell.Deliver(answer, native.Reversed);
        Assert.Equal(AttachmentResult.Accepted, cell.Outcome<AttachmentOutcome>(command).Result);
    }

    [Fact]
    [Trait("Rfc", "5213-5.9-01")]
    public void Messages_of_route_optimisation_are_not_answered()
    {
        MobilityMessage[] messages = [new HomeTestInit { HomeInitCookie = 1 }, new CareOfTestInit { CareOfInitCookie = 1 }, new BindingRefreshRequest()];
        Assert.All(messages, message => Assert.Empty(probe.Deliver(message, FromGateway())));
        Assert.Equal(messages.Length, anchor.Counters.Dropped(DropReason.UnexpectedMessage));
    }

    [Fact]
    [Trait("Rfc", "5213-5.1-06")]
    public void A_binding_without_a_timestamp_has_the_value_zero()
    {
        probe.Deliver(Update(probe, timestamp: false), FromGateway());
        Assert.Equal(0UL, anchor.Cache.Find("mn7@example.com"u8)!.Timestamp);
        var stamped = Update(probe, prefix: "2001:db8:100::/64", indicator: HandoffIndicator.NotChanged);
        probe.Deliver(stamped, FromGateway());
        Assert.Equal(((TimestampOption)stamped.Options[4]).Timestamp, anchor.Cache.Find("mn7@example.com"u8)!.Timestamp);
    }

    [Fact]
    [Trait("Rfc", "5213-5.4.1.1-07")]
    public void A_prefix_moves_between_gateways_with_indicator_3_over_the_same_access()
    {
        probe.Deliver(Update(probe), FromGateway());
        probe.Now += TimeSpan.FromSeconds(1);
        var moved = Update(probe, prefix: "2001:db8:100::/64", indicator: HandoffIndicator.BetweenGateways);
        Assert.Equal(BindingStatus.Accepted, Assert.Single(probe.Deliver(moved, FromGateway(2))).Acknowledgement.Status);
        Assert.Equal(FromGateway(2).Source.Address, Assert.Single(anchor.Bindings(probe.Now)).Peer);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Rfc", "5213-5.4.1.2-03")]
    [Trait("Rfc", "5213-5.4.1.2-04")]
    public void The_only_session_of_another_interface_is_waited_for_too(bool comes)
    {
        var cell = new Probe(Anchor(AnchorOptions() with { UnknownHandoff = UnknownHandoffPolicy.Wait }));
        cell.Deliver(Of("020000000001", Update(cell)), FromGateway());
        cell.Now += TimeSpan.FromSeconds(1);
        Assert.Empty(cell.Deliver(Of("020000000002", Update(cell, indicator: HandoffIndicator.Unknown)), FromGateway(2)));
        Assert.Empty(cell.Advance(TimeSpan.FromSeconds(1.499)));
        var sent = comes
            ? cell.Deliver(Of("020000000001", Update(cell, prefix: "2001:db8:100::/64", lifetime: 0)), FromGateway())
            : cell.Advance(TimeSpan.FromSeconds(0.001));
        Assert.Equal(FromGateway(2).Reversed, sent[^1].Envelope);
        Assert.Equal(comes ? "2001:db8:100::/64" : "2001:db8:100:1::/64", sent[^1].Option<HomeNetworkPrefixOption>().Prefix.ToString());
        Assert.Equal(comes ? 1 : 2, cell.Agent.BindingCount);
    }

    [Fact]
    [Trait("Rfc", "5213-5.4.1.2-05")]
    public void The_only_session_of_another_interface_need_not_be_waited_for()
    {
        var cell = new Probe(Anchor(AnchorOptions() with { UnknownHandoff = UnknownHandoffPolicy.NewSession }));
        cell.Deliver(Of("020000000001", Update(cell)), FromGateway());
        cell.Now += TimeSpan.FromSeconds(1);
        Assert.Single(cell.Deliver(Of("020000000002", Update(cell, indicator: HandoffIndicator.Unknown)), FromGateway(2)));
        Assert.Equal(2, cell.Agent.BindingCount);
    }

    [Fact]
    [Trait("Rfc", "5213-5.4.1.2-07")]
    public void The_end_of_an_interface_that_has_no_session_is_ignored()
    {
        probe.Deliver(Of("020000000001", Update(probe)), FromGateway());
        probe.Now += TimeSpan.FromSeconds(1);
        Assert.Empty(probe.Deliver(Of("020000000002", Update(probe, indicator: HandoffIndicator.Unknown, lifetime: 0)), FromGateway()));
        Assert.Equal(BindingState.Active, Assert.Single(anchor.Bindings(probe.Now)).State);
        Assert.Equal(1, anchor.Counters.Dropped(DropReason.NoMatchingRequest));
    }

    [Fact]
    [Trait("Rfc", "5213-5.4-01")]
    public void Each_session_has_a_lifetime_of_its_own()
    {
        probe.Deliver(Of("020000000001", Update(probe, lifetime: 10)), FromGateway());
        probe.Now += TimeSpan.FromSeconds(1);
        probe.Deliver(Of("020000000002", Update(probe, lifetime: 20)), FromGateway());
        probe.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal("020000000002", Assert.Single(anchor.Bindings(probe.Now)).LinkLayerIdentifier.ToString());
        probe.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal(0, anchor.BindingCount);
    }

    [Fact]
    [Trait("Rfc", "5213-9.1-01")]
    [Trait("Rfc", "5213-9.1-02")]
    [Trait("Rfc", "5213-9.1-03")]
    public void Variables_may_have_other_values_than_their_defaults()
    {
        var options = AnchorOptions() with
        {
            MinDelayBeforeBCEDelete = TimeSpan.FromSeconds(2),
            MaxDelayBeforeNewBCEAssign = TimeSpan.FromSeconds(4),
            TimestampValidityWindow = TimeSpan.FromSeconds(3),
            UnknownHandoff = UnknownHandoffPolicy.Wait,
        };
        var cell = new Probe(Anchor(options));
        Assert.Equal(
            BindingStatus.TimestampMismatch,
            Assert.Single(cell.Deliver(Update(cell, skew: TimeSpan.FromSeconds(3.1)), FromGateway())).Acknowledgement.Status);
        Assert.Equal(
            BindingStatus.Accepted,
            Assert.Single(cell.Deliver(Update(cell, skew: TimeSpan.FromSeconds(-2.9)), FromGateway())).Acknowledgement.Status);

        cell.Deliver(Update(cell, indicator: HandoffIndicator.Unknown), FromGateway(2));
        Assert.Empty(cell.Advance(TimeSpan.FromSeconds(3.9)));
        Assert.Single(cell.Advance(TimeSpan.FromSeconds(0.1)));

        cell.Deliver(Update(cell, prefix: "2001:db8:100:1::/64", lifetime: 0), FromGateway(2));
        cell.Advance(TimeSpan.FromSeconds(1.9));
        Assert.Equal(2, cell.Agent.BindingCount);
        cell.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal(1, cell.Agent.BindingCount);
    }

    private static BindingUpdate Of(string interfaceOctets, BindingUpdate update) => update with
    {
        Options = [.. update.Options.Span, new MobileNodeLinkLayerIdentifierOption { LinkLayerIdentifier = Octets.FromHex(interfaceOctets) }],
    };

    private static byte[] Damaged(MobilityMessage message, in Envelope envelope, byte payloadProto, bool checksum)
    {
        var octets = (message with { PayloadProto = payloadProto }).ToOctets().ToArray();
        envelope.Seal(octets);
        octets[4] ^= checksum ? (byte)0 : (byte)0x40;
        return octets;
    }
}
