using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Tests.Simulation;
using DsmipTools.Wire;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using static DsmipTools.Engine.Tests.Simulation.Domain;

namespace DsmipTools.Engine.Tests.ProxyMobileIPv6;

public sealed class AllocationTests
{
    [Fact]
    public void A_renewal_at_the_anchor_allocates_nothing()
    {
        var anchor = Anchor();
        var probe = new Probe(anchor);
        probe.Deliver(Update(probe), FromGateway());
        var octets = Update(probe, prefix: "2001:db8:100::/64", indicator: HandoffIndicator.NotChanged).ToOctets().ToArray();
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
