using DsmipTools.Engine.Security;
using DsmipTools.Wire;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;

namespace DsmipTools.Engine.Tests.MobileIPv4;

/// <summary>The hot path of a home agent.</summary>
public class AllocationTests
{
    [Fact]
    public void A_renewal_does_not_allocate()
    {
        var network = new Network();
        network.Associate(Requests.Home);
        var agent = network.HomeAgent;
        var request = Requests.Make(
            network,
            MobileNodeNaiExtension.Create("mn7@example.com"),
            Requests.Prefix("2001:db8:7:1::/64"),
            Requests.Prefix("2001:db8:ffff::/64"),
            new IPv6TunnelingModeExtension());
        var envelope = new Envelope(Transport.MobileIPv4Udp, Requests.Node, agent.LocalEndpoint);
        var signed = Enumerable.Range(0, 2000).Select(number => Requests.Sign(request with { Identification = request.Identification + (ulong)number })).ToList();
        var now = network.Now(agent);
        var accepted = 0;
        long allocated = 0;
        for (var number = 0; number < signed.Count; number++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            agent.Receive(signed[number], envelope, now);
            while (agent.Outbox.TryTake(out var effect))
            {
                accepted += effect.Kind == EffectKind.Send && agent.Outbox.MessageOf(effect)[1] == (byte)RegistrationCode.Accepted ? 1 : 0;
            }

            // The first ones make the binding and fill the tables.
            allocated += number < 100 ? 0 : GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(signed.Count, accepted);
        Assert.Equal(0, allocated);
        Assert.Equal(request.Identification + 1999, agent.Find(Requests.Home, now)!.Identification);
        Assert.True(NtpTimestamp.AreClose(request.Identification, request.Identification + 1999, TimeSpan.FromTicks(10)));
    }
}
