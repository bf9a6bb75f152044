using System.Globalization;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Hosting;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Benchmarks;

/// <summary>Whole agents in a simulated world: an anchor and a hundred gateways, packets and all.</summary>
internal static class SimulatedRevocationBenchmarks
{
    private const int Gateways = 100;
    private const int NodesPerGateway = 1000;
    private const int Rounds = 3;
    private const string Realm = "example.com";

    public static IEnumerable<Benchmark> All => [new("realm revocation in a simulated world", Revoke)];

    private static IEnumerable<Row> Revoke()
    {
        List<double> attaching = [], revoking = [];
        for (var round = 0; round < Rounds; round++)
        {
            var host = new DsmipHost(World.Simulated, (ulong)round + 1);
            try
            {
                var anchor = host.Add(new LocalMobilityAnchorOptions { Name = "lma", Address = "2001:db8::1", PrefixPool = "2001:db8:8000::/33" });
                var gateways = Enumerable.Range(0, Gateways).Select(number => host.Add(new MobileAccessGatewayOptions
                {
                    Name = string.Create(CultureInfo.InvariantCulture, $"mag{number}"),
                    Address = Address.Parse(string.Create(CultureInfo.InvariantCulture, $"2001:db8:1::{number + 1:x}")),
                    LocalMobilityAnchor = anchor.Address,
                })).ToArray();
                var start = Clock.Processor();
                Attach(gateways);
                attaching.Add((Clock.Processor() - start).TotalNanoseconds / (Gateways * NodesPerGateway));
                GC.Collect();
                start = Clock.Processor();
                var revoked = RevokeAll(anchor).GetAwaiter().GetResult();
                revoking.Add((Clock.Processor() - start).TotalMilliseconds);
                if (revoked != Gateways * NodesPerGateway || anchor.BindingCount != 0 || gateways.Sum(gateway => gateway.BindingCount) != 0)
                {
                    throw new InvalidOperationException($"{revoked} bindings were revoked, and {anchor.BindingCount} are left.");
                }
            }
            finally
            {
                host.DisposeAsync().AsTask().GetAwaiter().GetResult();
            }
        }

        yield return new Row("attachment in a simulated world, 100 gateways with 1,000 each", Row.Rate(Comparison.Median(attaching)));
        yield return new Row("realm revocation in a simulated world: 100,000 bindings on 100 gateways, from the command to the last BRA", Row.Milliseconds(Comparison.Median(revoking)))
        {
            Target = "1,000 ms", IsMet = Comparison.Median(revoking) < 1000,
        };
    }

    private static void Attach(HostedMobileAccessGateway[] gateways)
    {
        for (var node = 0; node < NodesPerGateway; node++)
        {
            var turn = gateways.Select((gateway, number) => gateway.AttachAsync(Messages.Node((node * Gateways) + number, 0).Split('@')[0] + "@" + Realm)).ToArray();
            foreach (var outcome in Task.WhenAll(turn).GetAwaiter().GetResult())
            {
                if (outcome.Result != AttachmentResult.Accepted)
                {
                    throw new InvalidOperationException($"{outcome.Identifier}: {outcome.Result} {outcome.Status}.");
                }
            }
        }
    }

    private static async Task<int> RevokeAll(HostedLocalMobilityAnchor anchor)
    {
        var revoked = 0;
        await foreach (var outcome in anchor.RevokeAsync(Revocation.Realm(Realm)).ConfigureAwait(false))
        {
            revoked += outcome.BindingsRevoked;
        }

        return revoked;
    }
}
