using DsmipTools.Engine;
using DsmipTools.Wire;

namespace DsmipTools.Worlds;

/// <content>Mobile nodes on the access links of gateways. Such a link loses nothing, and packets take a millisecond.</content>
public sealed partial class SimulatedWorld
{
    private static readonly TimeSpan accessLatency = TimeSpan.FromMilliseconds(1);

    private readonly Dictionary<uint, SimulatedHost> hosts = [];
    private readonly List<SimulatedHost> everyHost = [];
    private uint lastLink;
    private uint lastHost;

    /// <summary>What hosts share with their world.</summary>
    internal Lock Gate => gate;

    /// <summary>The mobile nodes, in the order in which they were made.</summary>
    public IReadOnlyList<SimulatedHost> Hosts
    {
        get
        {
            lock (gate)
            {
                return [.. everyHost];
            }
        }
    }

    /// <summary>The mobile node with an identifier, made where there is none: whoever comes back is the one that left.</summary>
    /// <param name="identifier">The Network Access Identifier.</param>
    /// <param name="linkLayerAddress">The link-layer address of its interface, 6 octets; none for any.</param>
    /// <exception cref="ArgumentException">The link-layer address has another length.</exception>
    public SimulatedHost FindOrAddHost(string identifier, Octets linkLayerAddress = default)
    {
        lock (gate)
        {
            return everyHost.Find(host => host.Identifier == identifier && (linkLayerAddress.Length == 0 || host.LinkLayerAddress == linkLayerAddress))
                ?? AddHost(identifier, linkLayerAddress);
        }
    }

    /// <summary>Makes a mobile node: an ordinary IPv6 host, which is on no link yet.</summary>
    /// <param name="identifier">The Network Access Identifier by which gateways register it.</param>
    /// <param name="linkLayerAddress">The link-layer address of its interface, 6 octets; none for one of its own.</param>
    /// <exception cref="ArgumentException">The link-layer address has another length.</exception>
    public SimulatedHost AddHost(string identifier, Octets linkLayerAddress = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(identifier);
        if (linkLayerAddress.Length is not (0 or 6))
        {
            throw new ArgumentException($"A link-layer address has 6 octets, not {linkLayerAddress.Length}.", nameof(linkLayerAddress));
        }

        lock (gate)
        {
            // Locally administered, and the same in every run.
            var number = ++lastHost;
            var own = Octets.Create([0x02, 0x00, (byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number]);
            var host = new SimulatedHost(this, identifier, linkLayerAddress.Length == 0 ? own : linkLayerAddress);
            everyHost.Add(host);
            return host;
        }
    }

    internal uint Connect(SimulatedHost host)
    {
        hosts.Add(++lastLink, host);
        return lastLink;
    }

    internal void Disconnect(uint link) => hosts.Remove(link);

    /// <summary>Does something for a host after a while, if the gateway that it is at still runs.</summary>
    internal void Later(Agent? gateway, TimeSpan delay, Action action)
    {
        if (NodeOf(gateway) is { } node)
        {
            Enqueue(new Happening(node, new Arrival((_, _) => action(), () => { }), null, 0), elapsed + delay);
        }
    }

    internal void SendFromHost(Agent? gateway, uint link, Octets packet)
    {
        if (NodeOf(gateway) is { } node)
        {
            Travel(node, packet, (driver, now) => driver.TakeFromLink(link, packet.Span, now));
        }
    }

    private void SendOnLink(SimulatedNode node, uint link, Octets packet)
    {
        if (sharedLinks.TryGetValue(link, out var shared))
        {
            SendToMembers(node, shared, packet);
            return;
        }

        Travel(node, packet, (_, now) => hosts.GetValueOrDefault(link)?.Receive(packet.Span, now));
    }

    private void Travel(SimulatedNode node, Octets packet, Action<AgentDriver, Instant> arrive)
    {
        Record(packet.Span, default);
        inFlight++;
        var arrival = new Arrival(
            (driver, now) =>
            {
                inFlight--;
                arrive(driver, now);
            },
            () => inFlight--);
        Enqueue(new Happening(node, arrival, null, 0), elapsed + accessLatency);
    }

    private SimulatedNode? NodeOf(Agent? agent) => agent is not null && nodes.GetValueOrDefault(agent.LocalEndpoint) is { } node && node.Agent == agent ? node : null;

    /// <summary>Something comes to one end of an access link; nothing does when the gateway has stopped.</summary>
    private sealed class Arrival(Action<AgentDriver, Instant> arrive, Action isLost) : Work
    {
        private bool isOver;

        public override void Run(AgentDriver driver, Instant now) => arrive(driver, now);

        public override void End(Exception reason)
        {
            if (!isOver)
            {
                isOver = true;
                isLost();
            }
        }
    }
}
