using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Revocation;
using DsmipTools.Engine.Tests.Simulation;
using DsmipTools.Wire.MobilityHeader;
using static DsmipTools.Engine.Tests.Simulation.Domain;

namespace DsmipTools.Engine.Tests.Bindings;

/// <summary>An administrator removes bindings at one agent alone: nothing is sent, and nothing is left.</summary>
public sealed class ClearingTests
{
    [Fact]
    public void An_anchor_removes_a_binding_with_all_that_belongs_to_it()
    {
        var anchor = Anchor();
        var probe = new Probe(anchor);
        probe.Deliver(Update(probe), FromGateway());
        probe.Deliver(Update(probe, "other@example.com"), FromGateway());
        var command = probe.Do(now => anchor.Revoke(RevocationRequest.MobileNode(Node), now));
        var (binding, sent) = (anchor.Bindings(Node, probe.Now).Single(), probe.Sent.Count);

        probe.Do(now => anchor.Clear(binding, now) ? 1 : throw new InvalidOperationException());
        Assert.Equal(sent, probe.Sent.Count);
        Assert.Equal("other@example.com", Assert.Single(anchor.Bindings(probe.Now)).Identifier);
        Assert.Equal(RevocationResult.Cancelled, Assert.IsType<RevocationOutcome>(probe.Outcomes(command)[0]).Result);
        Assert.Contains(probe.Events, happened => happened.Kind == EventKind.BindingCleared && happened.Identifier?.ToString() == Node);
        Assert.False(anchor.Clear(binding, probe.Now));

        // Its prefix is free, and the gateway brings the session back.
        probe.Now += TimeSpan.FromSeconds(1);
        var renewal = Update(probe, prefix: binding.Prefixes[0], indicator: HandoffIndicator.NotChanged);
        Assert.Equal(BindingStatus.Accepted, Assert.Single(probe.Deliver(renewal, FromGateway())).Acknowledgement.Status);
        Assert.Equal(2, anchor.BindingCount);
    }

    [Fact]
    public void What_a_snapshot_shows_is_not_what_another_mobile_node_got_since()
    {
        var anchor = Anchor();
        var probe = new Probe(anchor);
        probe.Deliver(Update(probe), FromGateway());
        var gone = Assert.Single(anchor.Bindings(probe.Now));
        Assert.True(anchor.Clear(gone, probe.Now));
        probe.Do(_ => 0);
        probe.Deliver(Update(probe, "heir@example.com", prefix: gone.Prefixes[0]), FromGateway());
        Assert.False(anchor.Clear(gone, probe.Now));
        Assert.Equal("heir@example.com", Assert.Single(anchor.Bindings(probe.Now)).Identifier);
    }

    [Fact]
    public void A_gateway_forgets_an_attachment_and_sends_nothing_more()
    {
        var gateway = Gateway();
        var probe = new Probe(gateway);
        var command = probe.Do(now => gateway.Attach(Node, null, HandoffIndicator.NewInterface, now));
        var binding = Assert.Single(gateway.Bindings(probe.Now));
        probe.Do(now => gateway.Clear(binding, now) ? 1 : throw new InvalidOperationException());
        Assert.Equal(AttachmentResult.Cancelled, probe.Outcome<AttachmentOutcome>(command).Result);
        Assert.Equal(EventKind.BindingCleared, probe.Events[^1].Kind);
        Assert.Empty(probe.Advance(TimeSpan.FromHours(1)));
        Assert.Equal((0, 0), (gateway.BindingCount, gateway.HeldBesideAttachments));
        Assert.False(gateway.Clear(binding, probe.Now));
    }
}
