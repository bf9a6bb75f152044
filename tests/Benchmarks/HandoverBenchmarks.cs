using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Hosting;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Worlds;

namespace DsmipTools.Benchmarks;

/// <summary>
/// How long a mobile node waits for its new gateway when it is unknown whether it has moved (RFC 5846, 8.1): in virtual time, over links of 5 ms, with the
/// RFCs' defaults. Every run gives the same numbers.
/// </summary>
internal static class HandoverBenchmarks
{
    public static IEnumerable<Benchmark> All => [new("resolution of an unknown handover", Resolve)];

    private static IEnumerable<Row> Resolve()
    {
        foreach (var (name, isLeft, isSilent) in new[]
        {
            ("trigger 4, the old gateway answers: it has left", true, false),
            ("trigger 4, the old gateway refuses: still attached (132)", false, false),
            ("trigger 4, the old gateway is silent: 1 s, then 2 s", false, true),
        })
        {
            var asked = Attach(UnknownHandoffPolicy.Revoke, isLeft, isSilent);
            var waited = Attach(UnknownHandoffPolicy.Wait, isLeft, isSilent);
            yield return new Row($"unknown handover, {name}", Row.Milliseconds(asked.TotalMilliseconds))
            {
                Baseline = $"MaxDelayBeforeNewBCEAssign: {Row.Milliseconds(waited.TotalMilliseconds)}",
                Ratio = Row.Times(waited / asked),
            };
        }
    }

    private static TimeSpan Attach(UnknownHandoffPolicy policy, bool isLeft, bool isSilent)
    {
        var host = new DsmipHost();
        try
        {
            var world = host.Simulation!;
            var anchor = host.Add(new LocalMobilityAnchorOptions { Name = "lma", Address = "2001:db8::1", PrefixPool = "2001:db8:8000::/33", UnknownHandoff = policy });
            var old = host.Add(new MobileAccessGatewayOptions { Name = "mag1", Address = "2001:db8:1::1", LocalMobilityAnchor = anchor.Address });
            var fresh = host.Add(new MobileAccessGatewayOptions { Name = "mag2", Address = "2001:db8:1::2", LocalMobilityAnchor = anchor.Address });
            Wait(old.AttachAsync("mn1@example.com"));
            if (isLeft)
            {
                // The de-registration is lost, so that only the old gateway knows.
                world.Partition(old.Address, anchor.Address);
                _ = world.Begin(host.Runtime.Agents[1], now => ((MobileAccessGateway)host.Runtime.Agents[1]).Detach("mn1@example.com", now));
                world.Advance(TimeSpan.FromMilliseconds(10));
                world.Heal(old.Address, anchor.Address);
            }

            if (isSilent)
            {
                world.Partition(old.Address, anchor.Address);
            }

            var start = world.Now.Elapsed;
            Wait(fresh.AttachAsync("mn1@example.com", null, HandoffIndicator.Unknown));
            return world.Now.Elapsed - start;
        }
        finally
        {
            host.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private static void Wait(Task<AttachmentOutcome> attaching)
    {
        if (attaching.GetAwaiter().GetResult() is { Result: not AttachmentResult.Accepted } outcome)
        {
            throw new InvalidOperationException($"{outcome.Identifier}: {outcome.Result} {outcome.Status}.");
        }
    }
}
