using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Tests.Simulation;
using DsmipTools.Wire;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using static DsmipTools.Engine.Tests.Simulation.Domain;

namespace DsmipTools.Engine.Tests.ProxyMobileIPv6;

public sealed class AllocationTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_renewal_at_the_anchor_allocates_nothing(bool withEverything)
    {
        var anchor = Anchor(AnchorOptions() with
        {
            PrefixesPerSession = withEverything ? 3 : 1,
            IPv4HomeNetwork = "192.0.2.0/24",
            Heartbeat = withEverything ? new HeartbeatOptions() : NoHeartbeats,
            PolicyStore = withEverything
                ? new ConfiguredProfiles([new("@example.org", new()), new("mn*@*.com", new() { Gateways = [FromGateway().Source.Address] })])
                : null,
        });
        var probe = new Probe(anchor);
        MobilityOption[] more = withEverything
            ? [new MobileNodeLinkLayerIdentifierOption { LinkLayerIdentifier = new byte[] { 2, 0, 0, 0, 0, 1 } }, new IPv4HomeAddressRequestOption { IPv4HomeAddress = "192.0.2.2" }, new GreKeyOption { GreKeyIdentifier = 7 }]
            : [];
        var first = Update(probe);
        var answer = Assert.Single(probe.Deliver(first with { Options = [.. first.Options.Span, .. more] }, FromGateway()));
        var renewal = Update(probe, prefix: "2001:db8:100::/64", indicator: HandoffIndicator.NotChanged);
        var octets = (renewal with
        {
            Options = [.. renewal.Options.Span, .. more, .. answer.Options.OfType<HomeNetworkPrefixOption>().Skip(1)],
        }).ToOctets().ToArray();
        ReadOnlySpan<byte> start = [(byte)MobilityOptionType.Timestamp, 8];
        var stamp = octets.AsSpan().IndexOf(start);
        var envelope = FromGateway();
        var now = probe.Now;
        var accepted = 0;
        Renew(3000);
        var rounds = new long[5];
        for (var round = 0; round < rounds.Length; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Renew(1000);
            rounds[round] = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal([0, 0, 0, 0, 0], rounds);
        Assert.Equal(8000, accepted);

        void Renew(int count)
        {
            for (; count > 0; count--)
            {
                now += TimeSpan.FromSeconds(1);
                TimestampOption.Fields.Timestamp.Write(octets.AsSpan(stamp), TimestampOption.FromTime(now.WallClock));
                anchor.Receive(octets, envelope, now);
                while (anchor.Outbox.TryTake(out var effect))
                {
                    accepted += effect.Kind == EffectKind.Send && anchor.Outbox.MessageOf(effect)[6] == 0 ? 1 : 0;
                }
            }
        }
    }

    [Fact]
    public void An_indication_at_a_gateway_allocates_its_remembered_answer_and_little_more()
    {
        var gateway = Gateway();
        var probe = new Probe(gateway);
        var octets = Indicate(RevocationTrigger.AdministrativeReason, 0, "nobody@example.com").ToOctets().ToArray();
        var envelope = FromGateway().Reversed;
        ushort number = 0;
        Indicated(600);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Indicated(1000);
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 1000, 0, 256);

        void Indicated(int count)
        {
            for (; count > 0; count--)
            {
                BindingRevocationIndication.Fields.SequenceNumber.Write(octets, ++number);
                gateway.Receive(octets, envelope, probe.Now);
                while (gateway.Outbox.TryTake(out _))
                {
                }
            }
        }
    }
}
