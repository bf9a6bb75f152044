using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Tests.Forwarding;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Engine.Tests.Simulation;

/// <content>Traffic follows the bindings at every moment: what is bound is reached, and nothing that was revoked or has left still forwards.</content>
internal sealed partial class RandomScenario
{
    private readonly Dictionary<MobileAccessGateway, int> routeCounts = [];
    private readonly bool hasFailures;
    private readonly byte[][] octets;

    private bool FailSometimes(Agent agent, Effect effect) =>
        effect.Kind is EffectKind.TunnelUp or EffectKind.RouteAdd && network.Below(20) == 0;

    /// <summary>After every input: the anchor routes exactly what its binding cache holds in force, to where it is registered.</summary>
    private void CheckForwarding()
    {
        if (!network.Runs(anchor) || !Array.TrueForAll(gateways, network.Runs))
        {
            // One of them is just being restarted.
            return;
        }

        var table = network.ForwardingOf(anchor);
        int routed = 0, missing = 0;
        foreach (var node in octets)
        {
            for (var binding = anchor.Cache.Find(node); binding is not null; binding = binding.NextOfNode)
            {
                for (var at = 0; at < binding.Prefixes.Count; at++)
                {
                    Check(binding, Destination.Of(binding.Prefixes[at]), isIPv4: false);
                }

                if (binding.IPv4HomeAddress is { } address)
                {
                    Check(binding, Destination.Of(address), isIPv4: true);
                }
            }
        }

        // Where effects fail, what comes back after a rejected revocation may have to wait for the next update.
        Assert.True(missing == 0 || hasFailures, $"{missing} destinations of bindings in force have no route");
        Assert.Equal(table.RouteCount, routed);
        foreach (var gateway in gateways)
        {
            CheckGateway(gateway, network.ForwardingOf(gateway));
        }

        void Check(ProxyBinding binding, Destination destination, bool isIPv4)
        {
            var isRouted = table.TryFind(destination.Address, out var route);
            routed += isRouted ? 1 : 0;
            var revocation = binding.IsDeregistered ? null : binding.Revocation?.Command;
            // One with a handover trigger asks, and stops nothing; what one before it has stopped stays so.
            var (stops, mayStop) = revocation is null or { IsOwn: true } || (revocation.Request.IPv4Only && !isIPv4) ? (binding.IsDeregistered, binding.IsDeregistered)
                : (!revocation.Request.Trigger.IsHandover(), true);
            Assert.False(isRouted && stops, $"{destination} of {binding.Identifier} is still routed");
            Assert.True(!isRouted || (route!.Destination == destination && route.Tunnel.Remote == binding.Peer.Address));
            missing += isRouted || mayStop ? 0 : 1;
        }
    }

    /// <summary>A gateway forwards for nobody that is not attached.</summary>
    private void CheckGateway(MobileAccessGateway gateway, ForwardingTable table)
    {
        if (routeCounts.GetValueOrDefault(gateway) == table.RouteCount)
        {
            return;
        }

        routeCounts[gateway] = table.RouteCount;
        var attached = gateway.Bindings(network.Now).Where(binding => binding.State == BindingState.Active).SelectMany(Destinations).ToHashSet();
        Assert.Superset(table.Routes.Select(route => route.Destination).ToHashSet(), attached);
    }

    private static IEnumerable<Destination> Destinations(ProxyBindingSnapshot binding) =>
        [.. binding.Prefixes.Select(Destination.Of), .. binding.IPv4HomeAddress is { } address ? [Destination.Of(address)] : Array.Empty<Destination>()];

    /// <summary>A packet to every address of every binding arrives at its mobile node, and one from there gets out; not from anybody else's source.</summary>
    private void CheckTraffic()
    {
        foreach (var binding in anchor.Bindings(network.Now))
        {
            var gateway = gateways.Single(gateway => gateway.LocalEndpoint.Address == binding.Peer);
            foreach (var destination in Destinations(binding))
            {
                var tunneled = Through(network.ForwardingOf(anchor), Datagram.To(destination.Address));
                Assert.NotNull(tunneled);
                var arrival = Forwarder.Decide(tunneled, 0, network.ForwardingOf(gateway));
                Assert.Equal((ForwardingAction.Deliver, ForwardingDrop.None, binding.Identifier), (arrival.Action, arrival.Drop, arrival.Route?.Node?.ToString()));

                var answer = Through(network.ForwardingOf(gateway), Datagram.From(destination.Address), arrival.Route!.Link);
                Assert.NotNull(answer);
                Assert.Equal(ForwardingAction.Forward, Forwarder.Decide(answer, 0, network.ForwardingOf(anchor)).Action);
                Assert.Null(Through(network.ForwardingOf(gateway), Datagram.From(destination.Address), arrival.Route.Link + 1_000_000));
            }
        }
    }

    private void CheckNoTraffic(IEnumerable<ProxyBindingSnapshot> revoked)
    {
        foreach (var destination in revoked.SelectMany(Destinations))
        {
            Assert.Equal(ForwardingDrop.NoRoute, Forwarder.Decide(Datagram.To(destination.Address), 0, network.ForwardingOf(anchor)).Drop);
            Assert.All(gateways, gateway => Assert.False(network.ForwardingOf(gateway).TryFind(destination.Address, out _)));
        }
    }

    private void CheckNoTunnels()
    {
        Assert.Equal([0, 0, 0, 0], gateways.Select(gateway => gateway.TunnelUses).Append(anchor.TunnelUses));
        Assert.All(gateways.Append<Agent>(anchor).Select(network.ForwardingOf), table => Assert.Equal((0, 0), (table.TunnelCount, table.RouteCount)));
    }

    private static byte[]? Through(ForwardingTable table, byte[] packet, long link = 0)
    {
        var decision = Forwarder.Decide(packet, link, table);
        if (decision.Action != ForwardingAction.Encapsulate)
        {
            return null;
        }

        var tunneled = new byte[Forwarder.LengthOf(decision)];
        Forwarder.Write(packet, decision, 7, tunneled);
        return tunneled;
    }
}
