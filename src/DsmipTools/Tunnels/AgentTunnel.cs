using DsmipTools.Engine;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Net;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Tunneling;

namespace DsmipTools.Tunnels;

/// <summary>
/// A tunnel of an agent that carries packets on the host's own network. It comes and goes with the bindings that use it; its prefixes are those of the
/// moment at which it was read, its state and counters of now. Safe for use by several threads.
/// </summary>
public sealed class AgentTunnel
{
    private readonly Tunnel tunnel;
    private readonly TunnelCarrier carrier;
    private readonly TunnelCounters counters;

    internal AgentTunnel(string owner, Tunnel tunnel, TunnelCarrier carrier, TunnelCounters counters, DateTimeOffset since, IEnumerable<Route> routes)
    {
        (Owner, this.tunnel, this.carrier, this.counters, EnabledAt) = (owner, tunnel, carrier, counters, since);
        Prefix = routes.Select(route => route.Destination).ToArray();
    }

    /// <summary>The agent's name and the number of the tunnel there.</summary>
    public string Name => $"{Owner}:{tunnel.Id}";

    /// <summary>The agent.</summary>
    public string Owner { get; }

    /// <summary>What it is doing.</summary>
    public TunnelState State => carrier.Failure is not null ? TunnelState.Failed : carrier.Carries(tunnel) ? TunnelState.Enabled : TunnelState.Disabled;

    /// <summary>How packets run in it; each encapsulation carries IPv4 and IPv6 packets.</summary>
    public Encapsulation Encapsulation => tunnel.Encapsulation;

    /// <summary>The agent's end.</summary>
    public Address Local => tunnel.Local;

    /// <summary>The other end.</summary>
    public Address Remote => tunnel.Remote;

    /// <summary>The UDP port of this end; null without UDP.</summary>
    public int? Port => tunnel.LocalPort is not 0 and var port ? port : null;

    /// <summary>The UDP port of the other end; null without UDP.</summary>
    public int? RemotePort => tunnel.RemotePort is not 0 and var port ? port : null;

    /// <summary>On which side the mobile nodes are.</summary>
    public TunnelEnd End => tunnel.End;

    /// <summary>The addresses of mobile nodes whose packets run in it.</summary>
    public IReadOnlyList<Destination> Prefix { get; }

    /// <summary>The longest packet that goes in, in octets.</summary>
    public int Mtu => tunnel.Mtu;

    /// <summary>What carries its packets.</summary>
    public TunnelBackend Backend => carrier.BackendOf(tunnel).Backend;

    /// <summary>Why it is that backend.</summary>
    public string BackendReason => carrier.BackendOf(tunnel).Because;

    /// <summary>The interface of the host that leads into the agent's tunnels.</summary>
    public string Interface => carrier.InterfaceName;

    /// <summary>When it came up.</summary>
    public DateTimeOffset EnabledAt { get; }

    /// <summary>Packets that came out of it and went on.</summary>
    public long PacketsIn => counters.PacketsIn;

    /// <summary>Their octets, without the tunnel's headers.</summary>
    public long OctetsIn => counters.OctetsIn;

    /// <summary>Packets that left in it.</summary>
    public long PacketsOut => counters.PacketsOut;

    /// <summary>Their octets, without the tunnel's headers.</summary>
    public long OctetsOut => counters.OctetsOut;

    /// <summary>Packets that were dropped, in both directions.</summary>
    public long Dropped => counters.Drops.Sum(drop => drop.Packets);

    /// <summary>How many of them for which cause.</summary>
    public IReadOnlyList<TunnelDrop> Drops => counters.Drops;

    /// <summary>What ended it; null unless it failed.</summary>
    public NetException? Failure => carrier.Failure;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
