using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Revocation;
using DsmipTools.Engine.Tests.Simulation;
using DsmipTools.Engine.Timing;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using static DsmipTools.Engine.Tests.Simulation.Domain;

namespace DsmipTools.Engine.Tests.ProxyMobileIPv6;

/// <summary>Without timestamps, updates are ordered by a sequence number that is kept for each session (RFC 5213, 5.5; RFC 6275, 9.5.1 and 11.7.3).</summary>
public sealed class SequenceNumberTests
{
    private static readonly Prefix Assigned = "2001:db8:100:5::/64";

    private readonly MobileAccessGateway gateway;
    private readonly Probe probe;

    public SequenceNumberTests()
    {
        gateway = Gateway(GatewayOptions() with { TimestampBasedApproachInUse = false });
        probe = new Probe(gateway);
    }

    [Fact]
    [Trait("Rfc", "5213-5.5-02")]
    [Trait("Rfc", "5213-5.5-16")]
    [Trait("Rfc", "5213-6.9.1.1-08")]
    [Trait("Rfc", "5213-9.3-01")]
    public void Each_session_has_a_number_of_its_own_that_rises_from_where_it_was()
    {
        Attach(new AttachmentRequest { Identifier = Node, SequenceNumber = 65534 });
        Assert.Empty(probe.Last.Options.OfType<TimestampOption>());
        Assert.Equal(65535, probe.Last.Update.SequenceNumber);
        Accept();
        Attach(new AttachmentRequest { Identifier = "other@example.com", SequenceNumber = 7 });
        Assert.Equal(8, probe.Last.Update.SequenceNumber);
        Accept();
        probe.Do(now => gateway.Detach(Node, now));
        Assert.Equal(0, probe.Last.Update.SequenceNumber);
        Assert.Equal([0, 8], gateway.Bindings(probe.Now).Select(binding => (int)binding.SequenceNumber));
    }

    [Fact]
    [Trait("Rfc", "5213-5.5-16")]
    public void A_number_out_of_the_window_is_corrected_by_the_anchors_own()
    {
        var command = Attach(new AttachmentRequest { Identifier = Node, SequenceNumber = 10 });
        var refusal = Acknowledge(probe.Last, BindingStatus.SequenceNumberOutOfWindow) with { SequenceNumber = 500 };
        Assert.Equal(501, Assert.Single(probe.Deliver(refusal, FromGateway().Reversed)).Update.SequenceNumber);
        Assert.Empty(probe.Deliver(refusal, FromGateway().Reversed));
        Accept();
        Assert.Equal(AttachmentResult.Accepted, probe.Outcome<AttachmentOutcome>(command).Result);
    }

    [Fact]
    public void An_anchor_that_is_never_content_is_not_asked_for_ever()
    {
        var command = Attach(new AttachmentRequest { Identifier = Node, SequenceNumber = 10 });
        for (var attempt = 0; attempt < 5; attempt++)
        {
            probe.Deliver(
                Acknowledge(probe.Last, BindingStatus.SequenceNumberOutOfWindow) with { SequenceNumber = (ushort)(probe.Last.Update.SequenceNumber + 1) },
                FromGateway().Reversed);
            probe.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(5, probe.Sent.Count);
        Assert.Equal(BindingStatus.SequenceNumberOutOfWindow, probe.Outcome<AttachmentOutcome>(command).Status);
        Assert.Equal((0, 0), (gateway.BindingCount, gateway.HeldBesideAttachments));
    }

    [Fact]
    public void An_answer_finds_its_interface_where_two_have_the_same_number()
    {
        Attach(new AttachmentRequest { Identifier = Node, SequenceNumber = 10, LinkLayerIdentifier = Octets.FromHex("01") });
        var first = probe.Last;
        Attach(new AttachmentRequest { Identifier = Node, SequenceNumber = 10, LinkLayerIdentifier = Octets.FromHex("02") });
        probe.Deliver(Acknowledge(probe.Last, prefix: "2001:db8:100:6::/64"), FromGateway().Reversed);
        probe.Deliver(Acknowledge(first, prefix: Assigned), FromGateway().Reversed);
        Assert.Equal([[Assigned], [(Prefix)"2001:db8:100:6::/64"]], gateway.Bindings(probe.Now).Select(binding => binding.Prefixes.ToArray()));
    }

    [Fact]
    [Trait("Rfc", "5213-5.5-16")]
    public void A_mobile_node_moves_between_gateways_that_know_nothing_of_each_other()
    {
        var network = new Network(3);
        var anchor = network.Add(Anchor());
        var gateways = Enumerable.Range(1, 3).Select(number => network.Add(Gateway(
            GatewayOptions(number) with { TimestampBasedApproachInUse = false }, (ulong)number))).ToArray();
        for (var move = 0; move < 9; move++)
        {
            var (at, step) = (gateways[move % 3], move);
            network.Do(at, now => at.Attach(Node, null, step == 0 ? HandoffIndicator.NewInterface : HandoffIndicator.BetweenGateways, now));
            network.Run(TimeSpan.FromSeconds(5));
            Assert.Equal(at.LocalEndpoint.Address, Assert.Single(anchor.Bindings(network.Now)).CareOfAddress);
            network.Do(at, now => at.Detach(Node, now));
            network.Run(TimeSpan.FromSeconds(1));
        }
    }

    private long Attach(AttachmentRequest request) => probe.Do(now => gateway.Attach(request, now));

    private void Accept() => probe.Deliver(Acknowledge(probe.Last, prefix: Assigned), FromGateway().Reversed);
}
