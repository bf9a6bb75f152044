using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Tests.Simulation;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using static DsmipTools.Engine.Tests.Simulation.Domain;

namespace DsmipTools.Engine.Tests.ProxyMobileIPv6;

/// <summary>What a mobile access gateway says in its Proxy Binding Updates, and what it takes for an answer (RFC 5213, 6.9.1).</summary>
public sealed class UpdateMessageTests
{
    private static readonly Prefix Assigned = "2001:db8:100:5::/64";

    private readonly MobileAccessGateway gateway;
    private readonly Probe probe;

    public UpdateMessageTests()
    {
        gateway = Gateway();
        probe = new Probe(gateway);
    }

    private static Envelope FromAnchor => FromGateway().Reversed;

    [Fact]
    [Trait("Rfc", "5213-6.1-01")]
    [Trait("Rfc", "5213-6.9.1.3-01")]
    [Trait("Rfc", "5213-6.9.1.4-02")]
    [Trait("Rfc", "5844-4.2.1-01")]
    public void Renewals_and_the_end_have_the_options_of_the_first_update()
    {
        Attach(new AttachmentRequest
        {
            Identifier = Node, LinkLayerIdentifier = Octets.FromHex("020000000001"), AccessTechnologyType = AccessTechnologyType.Ethernet,
        });
        var types = probe.Last.Options.Select(option => option.Type).ToArray();
        probe.Deliver(Acknowledge(probe.Last, prefix: Assigned, lifetime: 25), FromAnchor);
        Assert.Equal(AnchorAddress(Transport.ProxyMobileIPv6Udp), Assert.Single(gateway.Bindings(probe.Now)).Peer);
        probe.Advance(TimeSpan.FromSeconds(75.5));
        probe.Do(now => gateway.Detach(Node, now));

        Assert.Equal([900, 900, 0], probe.Sent.Select(sent => (int)sent.Update.Lifetime));
        Assert.All(probe.Sent, sent =>
        {
            Assert.Equal(types, sent.Options.Select(option => option.Type));
            Assert.Equal("020000000001", sent.Option<MobileNodeLinkLayerIdentifierOption>().LinkLayerIdentifier.ToString());
            Assert.Equal(AccessTechnologyType.Ethernet, sent.Option<AccessTechnologyTypeOption>().AccessTechnologyType);
        });
    }

    [Theory]
    [InlineData(HandoffIndicator.NewInterface)]
    [InlineData(HandoffIndicator.BetweenInterfaces)]
    [InlineData(HandoffIndicator.BetweenGateways)]
    [InlineData(HandoffIndicator.Unknown)]
    [Trait("Rfc", "5213-6.9.1.1-05")]
    public void The_handoff_indicator_is_what_the_access_link_says(HandoffIndicator indicator)
    {
        Attach(new AttachmentRequest { Identifier = Node, HandoffIndicator = indicator });
        probe.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([indicator, indicator], probe.Sent.Select(sent => sent.Option<HandoffIndicatorOption>().Indicator));
    }

    [Fact]
    [Trait("Rfc", "5213-6.9.1.1-09")]
    public void Sequence_numbers_rise_over_all_mobile_nodes()
    {
        for (var number = 0; number < 3; number++)
        {
            Attach(new AttachmentRequest { Identifier = $"mn{number}@example.com" });
        }

        probe.Advance(TimeSpan.FromSeconds(1));
        var first = probe.Sent[0].Update.SequenceNumber;
        Assert.Equal(
            Enumerable.Range(0, 6).Select(number => (ushort)(first + number)), probe.Sent.Select(sent => sent.Update.SequenceNumber));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0000")]
    [InlineData("000000000000")]
    [Trait("Rfc", "5213-6.9.1.1-10")]
    public void An_interface_of_zeros_or_none_is_not_named(string interfaceOctets)
    {
        Attach(new AttachmentRequest { Identifier = Node, LinkLayerIdentifier = Octets.FromHex(interfaceOctets) });
        Assert.Empty(probe.Last.Options.OfType<MobileNodeLinkLayerIdentifierOption>());
        probe.Do(now => gateway.Detach(Node, Octets.FromHex(interfaceOctets), now));
        Assert.Equal(0, probe.Last.Update.Lifetime);
    }

    [Fact]
    [Trait("Rfc", "5213-8.2-02")]
    public void Unknown_options_of_an_answer_are_skipped_in_any_order()
    {
        var command = Attach(new AttachmentRequest { Identifier = Node });
        var answer = Acknowledge(probe.Last, prefix: Assigned);
        probe.Deliver(
            answer with
            {
                Options =
                [
                    new UnknownMobilityOption { OptionType = 200, Data = new byte[] { 1, 2, 3 } },
                    .. answer.Options.Reverse(),
                    new Pad1Option(),
                    new UnknownMobilityOption { OptionType = 201 },
                ],
            },
            FromAnchor);
        Assert.Equal([Assigned], probe.Outcome<AttachmentOutcome>(command).Prefixes);
    }

    [Fact]
    [Trait("Rfc", "5213-6.9.1.2-08")]
    public void An_answer_for_another_mobile_node_is_ignored()
    {
        var command = Attach(new AttachmentRequest { Identifier = Node });
        var answer = Acknowledge(probe.Last, prefix: Assigned);
        probe.Deliver(answer with { Options = [MobileNodeIdentifierOption.Create("mn8@example.com"), .. answer.Options.Skip(1)] }, FromAnchor);
        Assert.Empty(probe.Outcomes(command));
        Assert.Equal(1, gateway.Counters.Dropped(DropReason.NoMatchingRequest));
    }

    [Fact]
    [Trait("Rfc", "5213-6.9.1.2-12")]
    public void After_a_mismatch_the_gateway_keeps_its_own_time()
    {
        Attach(new AttachmentRequest { Identifier = Node });
        var refusal = Acknowledge(probe.Last, BindingStatus.TimestampMismatch);
        probe.Deliver(refusal with { Options = [.. refusal.Options.SkipLast(1), Stamp(probe, TimeSpan.FromHours(1))] }, FromAnchor);
        probe.Now += TimeSpan.FromSeconds(10);
        Attach(new AttachmentRequest { Identifier = Node });
        Assert.Equal(Stamp(probe).Timestamp, probe.Last.Option<TimestampOption>().Timestamp);
    }

    private long Attach(AttachmentRequest request) => probe.Do(now => gateway.Attach(request, now));
}
