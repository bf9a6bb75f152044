using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Tests.Simulation;
using DsmipTools.Engine.Timing;
using DsmipTools.Wire;
using DsmipTools.Wire.MobilityHeader;
using static DsmipTools.Engine.Tests.Simulation.Domain;

namespace DsmipTools.Engine.Tests.ProxyMobileIPv6;

/// <summary>MAX_UPDATE_RATE: three updates a second for one mobile node (RFC 6275, 11.8 and 12; RFC 5213, 6.9.4).</summary>
public sealed class UpdateRateTests
{
    private readonly MobileAccessGateway gateway = Gateway(GatewayOptions() with
    {
        Retransmission = new RetransmissionPolicy(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(50), 8),
    });

    private readonly Probe probe;

    public UpdateRateTests() => probe = new Probe(gateway);

    [Fact]
    [Trait("Rfc", "5213-6.9.4-02")]
    public void However_short_the_wait_no_second_has_more_than_three_updates()
    {
        var command = Attach(0);
        probe.Advance(TimeSpan.FromSeconds(10));
        var times = probe.Sent.Select(sent => sent.At).ToList();
        Assert.Equal(9, times.Count);
        Assert.All(times, time => Assert.InRange(times.Count(other => other >= time && other - time < TimeSpan.FromSeconds(1)), 1, 3));
        Assert.Equal((AttachmentResult.TimedOut, 9), (probe.Outcome<AttachmentOutcome>(command).Result, probe.Outcome<AttachmentOutcome>(command).Attempts));
    }

    [Fact]
    [Trait("Rfc", "5213-6.9.4-02")]
    public void It_counts_for_a_mobile_node_with_all_of_its_interfaces_and_not_for_all_mobile_nodes()
    {
        for (var number = 1; number <= 5; number++)
        {
            Attach(number);
        }

        Assert.Equal(3, probe.Sent.Count);
        probe.Do(now => gateway.Attach("other@example.com", null, HandoffIndicator.NewInterface, now));
        Assert.Equal(4, probe.Sent.Count);
    }

    [Fact]
    public void An_update_that_waits_is_not_answered_by_the_answer_to_the_one_before()
    {
        Attach(0);
        var registration = probe.Last;
        probe.Deliver(Acknowledge(registration, prefix: "2001:db8:100:5::/64"), FromGateway().Reversed);
        Attach(1);
        Attach(2);
        var command = probe.Do(now => gateway.Detach(Node, default, now));
        Assert.Equal(3, probe.Sent.Count);
        probe.Deliver(Acknowledge(registration, prefix: "2001:db8:100:5::/64"), FromGateway().Reversed);
        Assert.Equal(BindingState.Deregistered, Assert.Single(gateway.Bindings(probe.Now), binding => binding.LinkLayerIdentifier.Length == 0).State);
        probe.Advance(TimeSpan.FromSeconds(1));
        var leaving = Assert.Single(probe.Sent, sent => sent.Update.Lifetime == 0);
        probe.Deliver(Acknowledge(leaving), FromGateway().Reversed);
        Assert.Equal(AttachmentResult.Accepted, probe.Outcome<AttachmentOutcome>(command).Result);
    }

    [Fact]
    public void A_mobile_node_is_forgotten_after_a_second()
    {
        var rate = new UpdateRate();
        for (var number = 0; number < 100; number++)
        {
            Assert.True(rate.TryTake(NetworkAccessIdentifier.Parse($"mn{number}"), TimeSpan.FromMilliseconds(number), out _));
        }

        Assert.True(rate.TryTake(NetworkAccessIdentifier.Parse("mn99"), TimeSpan.FromSeconds(1.05), out _));
        Assert.Equal(49, rate.Count);
        Assert.True(rate.TryTake(NetworkAccessIdentifier.Parse("mn99"), TimeSpan.FromSeconds(3), out _));
        Assert.Equal(1, rate.Count);
    }

    private long Attach(int number) => probe.Do(now => gateway.Attach(
        new AttachmentRequest { Identifier = Node, LinkLayerIdentifier = number == 0 ? default : Octets.FromHex($"0{number}") }, now));
}
