using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Revocation;
using DsmipTools.Engine.Tests.Simulation;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using static DsmipTools.Engine.Tests.Simulation.Domain;

namespace DsmipTools.Engine.Tests.Revocation;

/// <summary>Some of the bindings were released before: the responder names them, and the initiator counts them (RFC 5846, 5.2, 6.2.2, 8.2 and 9.1).</summary>
public sealed class PartialSuccessTests
{
    private static readonly Prefix[] Assigned = ["2001:db8:100::/64", "2001:db8:100:1::/64", "2001:db8:100:2::/64"];

    [Fact]
    [Trait("Rfc", "5846-9.1-06")]
    [Trait("Rfc", "5846-5.2-03")]
    [Trait("Rfc", "5846-6.2.2-03")]
    public void What_the_gateway_no_longer_had_is_named_and_gone_at_both_ends()
    {
        var network = new Network(6);
        var anchor = network.Add(Anchor());
        var gateway = network.Add(Gateway());
        for (byte number = 1; number <= 3; number++)
        {
            network.Do(gateway, now => gateway.Attach(new AttachmentRequest { Identifier = Node, LinkLayerIdentifier = new[] { number } }, now));
            network.Run(TimeSpan.FromSeconds(1));
        }

        // The gateway loses one without the anchor's knowledge: an indication that the anchor did not send.
        var envelope = FromGateway().Reversed;
        var forged = Indicate(RevocationTrigger.Unspecified, 1, Node, new HomeNetworkPrefixOption { Prefix = Assigned[1] }).ToOctets().ToArray();
        envelope.Seal(forged);
        network.Inject(envelope, forged);
        network.Run(TimeSpan.FromSeconds(1));
        Assert.Equal((3, 2), (anchor.BindingCount, gateway.BindingCount));

        var command = network.Do(anchor, now => anchor.Revoke(RevocationRequest.MobileNode(Node, Assigned), now));
        network.Run(TimeSpan.FromSeconds(1));
        var answer = network.Sent[^1];
        Assert.Equal(RevocationStatus.PartialSuccess, answer.Revoked.Status);
        Assert.Equal(Node, answer.Option<MobileNodeIdentifierOption>().Text);
        Assert.Equal(Assigned[1], answer.Option<HomeNetworkPrefixOption>().Prefix);
        var outcome = Assert.IsType<RevocationOutcome>(network.Outcomes[(anchor.Name, command)][0]);
        Assert.Equal((RevocationResult.Acknowledged, 3, 1, 0), (outcome.Result, outcome.BindingsRevoked, outcome.BindingsAlreadyReleased, outcome.BindingsKept));
        Assert.Equal([Node, "2001:db8:100:1::/64"], outcome.NamedByPeer);
        Assert.Equal((0, 0, 0), (anchor.BindingCount, gateway.BindingCount, anchor.Cache.IndexEntries));
    }

    public static TheoryData<MobilityOption[], int> Named => new()
    {
        { [], 0 },
        { [MobileNodeIdentifierOption.Create(Node)], 2 },
        { [MobileNodeIdentifierOption.Create("mn7@EXAMPLE.com")], 2 },
        { [MobileNodeIdentifierOption.Create(Node), new HomeNetworkPrefixOption { Prefix = Assigned[0] }], 1 },
        { [new HomeNetworkPrefixOption { Prefix = "2001:db8:100:2::1/64" }], 1 },
        { [MobileNodeIdentifierOption.Create(Node), MobileNodeIdentifierOption.Create("other@example.com")], 3 },
        { [MobileNodeIdentifierOption.Create("nobody@example.com")], 0 },
    };

    [Theory]
    [MemberData(nameof(Named))]
    [Trait("Rfc", "5846-6.2.2-03")]
    public void Bindings_are_named_by_prefix_or_by_mobile_node(MobilityOption[] options, int released)
    {
        var anchor = Anchor();
        var probe = new Probe(anchor);
        probe.Deliver(Update(probe), FromGateway());
        probe.Now += TimeSpan.FromSeconds(1);
        probe.Deliver(Update(probe, technology: AccessTechnologyType.Ethernet), FromGateway());
        probe.Deliver(Update(probe, "other@example.com"), FromGateway());
        var command = probe.Do(now => anchor.Revoke(RevocationRequest.Realm("example.com"), now));
        probe.Deliver(Answer(probe.Last, RevocationStatus.PartialSuccess, options), FromGateway());
        var outcome = Assert.IsType<RevocationOutcome>(probe.Outcomes(command)[0]);
        Assert.Equal((3, released, options.Length), (outcome.BindingsRevoked, outcome.BindingsAlreadyReleased, outcome.NamedByPeer.Count));
        Assert.Equal(0, anchor.BindingCount);
    }
}
