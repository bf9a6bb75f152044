using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Tests.Simulation;
using DsmipTools.Wire;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using static DsmipTools.Engine.Tests.Simulation.Domain;

namespace DsmipTools.Engine.Tests.ProxyMobileIPv6;

/// <summary>Datagrams that mean nothing leave an agent running with its bindings as they were.</summary>
public sealed class RandomInputTests
{
    private const int Datagrams = 10_000;
    private readonly SeededRandom random = new(20260301);

    [Theory]
    [InlineData(Transport.ProxyMobileIPv6Udp)]
    [InlineData(Transport.IPv6)]
    public void An_anchor_survives(Transport transport)
    {
        var anchor = Anchor(AnchorOptions(transport));
        var probe = new Probe(anchor);
        var sent = Enumerable.Range(0, 50)
            .Select(number => Assert.Single(probe.Deliver(Update(probe, $"keep{number}@example.com"), FromGateway(1, transport)))).ToList();
        probe.Now += TimeSpan.FromSeconds(1);
        // Messages about others: what a mutation makes of them is another's business.
        MobilityMessage[] samples =
        [
            Update(probe, "other@example.org"),
            Update(probe, "other@example.org", "2001:db8:1ff::/64", HandoffIndicator.BetweenGateways),
            Update(probe, "other@example.org", lifetime: 0),
            Indicate(RevocationTrigger.PerPeerPolicy, 7, "mag2.example.org"),
            Answer(new SentMessage(default, FromGateway(2, transport), Indicate(RevocationTrigger.PerPeerPolicy, 7, null).ToOctets())),
            sent[0].Message,
        ];
        Attack(probe, samples, FromGateway(2, transport));
        Assert.Equal(50, anchor.Bindings(probe.Now).Count(binding => binding.Identifier!.StartsWith("keep", StringComparison.Ordinal)));
        Assert.Equal(
            BindingStatus.Accepted, Assert.Single(probe.Deliver(Update(probe, "last@example.net"), FromGateway(1, transport))).Acknowledgement.Status);
    }

    [Theory]
    [InlineData(Transport.ProxyMobileIPv6Udp)]
    [InlineData(Transport.IPv6)]
    public void A_gateway_survives(Transport transport)
    {
        var gateway = Gateway(GatewayOptions(1, transport));
        var probe = new Probe(gateway);
        var envelope = FromGateway(1, transport).Reversed;
        for (var number = 0; number < 50; number++)
        {
            probe.Do(now => gateway.Attach($"keep{number}@example.com", null, HandoffIndicator.NewInterface, now));
            probe.Deliver(Acknowledge(probe.Last, prefix: "2001:db8:100:1::/64"), envelope);
        }

        var update = probe.Last;
        var before = gateway.Bindings(probe.Now).ToArray();
        MobilityMessage[] samples =
        [
            Acknowledge(update, prefix: "2001:db8:100:1::/64"),
            Acknowledge(update, BindingStatus.SequenceNumberOutOfWindow),
            Indicate(RevocationTrigger.AdministrativeReason, 7, "other@example.org"),
            Indicate(RevocationTrigger.RevokingMobilityNodeLocalPolicy, 8, "@example.org"),
            Indicate(RevocationTrigger.InterMagHandoverUnknown, 9, "other@example.org", new HomeNetworkPrefixOption { Prefix = "2001:db8:9::/64" }),
            update.Message,
        ];
        Attack(probe, samples, envelope);
        Assert.Equal(before, gateway.Bindings(probe.Now));
        Assert.Equal(
            RevocationStatus.Success,
            Assert.Single(probe.Deliver(Indicate(RevocationTrigger.AdministrativeReason, 99, "keep7@example.com"), envelope)).Revoked.Status);
    }

    private void Attack(Probe probe, MobilityMessage[] samples, Envelope envelope)
    {
        probe.KeepsEvents = false;
        for (var count = 0; count < Datagrams; count++)
        {
            var octets = new byte[Below(200)];
            for (var at = 0; at < octets.Length; at++)
            {
                octets[at] = (byte)random.NextUInt64();
            }

            probe.Deliver(octets, envelope);
        }

        for (var count = 0; count < Datagrams; count++)
        {
            var octets = samples[Below(samples.Length)].ToOctets().ToArray();
            for (var flips = 1 + Below(3); flips > 0; flips--)
            {
                octets[Below(octets.Length)] ^= (byte)(1 << Below(8));
            }

            // Half of them with a right checksum, so that the deeper checks are reached over IPv6 too.
            if (Below(2) == 0)
            {
                envelope.Seal(octets);
            }

            probe.Deliver(Below(10) == 0 ? octets.AsSpan(0, Below(octets.Length)) : octets, envelope);
        }

        var counted = probe.Agent.Counters.Snapshot().Where(pair => pair.Key.Drop != DropReason.None).Select(pair => pair.Key.Drop).Distinct();
        Assert.Contains(DropReason.Malformed, counted);
        Assert.Contains(DropReason.BadPayloadProto, counted);
        Assert.Contains(DropReason.UnexpectedMessage, counted);
    }

    private int Below(int limit) => (int)(random.NextUInt64() % (ulong)limit);
}
