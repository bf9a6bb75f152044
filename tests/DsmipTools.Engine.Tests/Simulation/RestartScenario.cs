using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Wire;
using DsmipTools.Wire.MobilityHeader;
using static DsmipTools.Engine.Tests.Simulation.Domain;

namespace DsmipTools.Engine.Tests.Simulation;

/// <summary>
/// A virtual hour over bad links in which any agent restarts at any moment; then the links heal, and both sides agree: where nothing is lost and
/// restarts are told, long before the lifetimes end; else, as a de-registration or a question may have been lost for good, when they have ended.
/// Then all leave, and nothing may be left.
/// </summary>
internal sealed class RestartScenario
{
    private static readonly Link slow = new() { Duplication = 15, Jitter = TimeSpan.FromMilliseconds(200) };

    private readonly Network network;
    private readonly MobileAccessGateway[] gateways = new MobileAccessGateway[2];
    private readonly bool isSure;
    private readonly bool tells;
    private LocalMobilityAnchor anchor;

    public RestartScenario(ulong seed)
    {
        network = new Network(seed) { Keeps = false, Link = seed % 2 == 0 ? slow : slow with { Loss = 20 } };
        isSure = seed % 2 == 0;
        tells = isSure || seed % 4 == 1;
        anchor = network.Add(NewAnchor([]));
        for (var at = 0; at < gateways.Length; at++)
        {
            gateways[at] = network.Add(NewGateway(at, []));
        }
    }

    public int Restarts { get; private set; }

    public void Run()
    {
        while (network.Now.Elapsed < TimeSpan.FromHours(1))
        {
            Act();
            network.Run(TimeSpan.FromSeconds(network.Below(4) == 0 ? network.Below(30) / 10.0 : network.Below(60)));
        }

        network.Link = Link.Perfect;
        network.Run(isSure ? TimeSpan.FromSeconds(90) : TimeSpan.FromHours(2));
        Assert.Equal(View(anchor.Bindings(network.Now)), View(gateways.SelectMany(gateway => gateway.Bindings(network.Now))));
        foreach (var gateway in gateways)
        {
            foreach (var binding in gateway.Bindings(network.Now).ToList())
            {
                network.Do(gateway, now => gateway.Detach(binding.Identifier!, now));
            }
        }

        network.Run(TimeSpan.FromHours(2));
        anchor.Expire(network.Now);
        Assert.Equal((0, 0, 0), (anchor.BindingCount, anchor.Cache.IndexEntries, anchor.HeldBesideBindings));
        Assert.Equal([0, 0], gateways.Select(gateway => gateway.BindingCount + gateway.HeldBesideAttachments));
    }

    private static string View(IEnumerable<ProxyBindingSnapshot> bindings) => string.Join('\n', bindings
        .Where(binding => binding.State != BindingState.Deregistered)
        .Select(binding => $"{binding.Identifier} {binding.Prefixes} {binding.CareOfAddress} {binding.State}")
        .Order(StringComparer.Ordinal));

    private LocalMobilityAnchor NewAnchor(IReadOnlyList<Envelope> former) =>
        Anchor(AnchorOptions() with { Heartbeat = new HeartbeatOptions { FormerPeers = former } }, network.Seed + (ulong)Restarts);

    private MobileAccessGateway NewGateway(int at, IReadOnlyList<Envelope> former) =>
        Gateway(GatewayOptions(at + 1) with { Heartbeat = new HeartbeatOptions { FormerPeers = former } }, network.Seed + 100 + (ulong)Restarts);

    private void Act()
    {
        var at = network.Below(gateways.Length);
        var gateway = gateways[at];
        var node = $"mn{network.Below(6)}-{at}@example.com";
        switch (network.Below(12))
        {
            case 0:
                Restarts++;
                network.Restart(gateway, gateways[at] = NewGateway(at, tells ? gateway.Peers : []));
                break;
            case 1:
                Restarts++;
                var fresh = NewAnchor(tells ? anchor.Peers : []);
                network.Restart(anchor, fresh);
                anchor = fresh;
                break;
            case < 8 when gateway.Find(node, network.Now) is null:
                network.Do(gateway, now => gateway.Attach(node, null, HandoffIndicator.NewInterface, now));
                break;
            case > 9 when gateway.Find(node, network.Now) is { State: BindingState.Active }:
                network.Do(gateway, now => gateway.Detach(node, now));
                break;
        }
    }
}
