using DsmipTools.Engine.Forwarding;
using DsmipTools.Net;
using DsmipTools.Tunnels;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Tunneling;

namespace DsmipTools.Hosting;

/// <summary>A tunnel of this host; its state and counters are those of the moment at which they are read. Safe for use by several threads.</summary>
public sealed class HostedTunnel
{
    private volatile Running? running;

    internal HostedTunnel(TunnelOptions options) => Options = options;

    /// <summary>The name, unique in its host without regard to case.</summary>
    public string Name => Options.Name;

    /// <summary>The agent that has it: null, because it is configured by hand.</summary>
    public string? Owner { get; }

    /// <summary>What it is doing.</summary>
    public TunnelState State => running is not { } now ? TunnelState.Disabled : now.Up.Failure is null ? TunnelState.Enabled : TunnelState.Failed;

    /// <summary>How packets run in it.</summary>
    public TunnelEncapsulation Encapsulation => Options.Encapsulation;

    /// <summary>This end.</summary>
    public Address Local => Options.Local;

    /// <summary>The other end.</summary>
    public Address Remote => Options.Remote;

    /// <summary>The UDP port of this end; null without UDP.</summary>
    public int? Port => Ends.Local.Port is not 0 and var port ? port : null;

    /// <summary>The UDP port of the other end; null without UDP.</summary>
    public int? RemotePort => Ends.Remote.Port is not 0 and var port ? port : null;

    /// <summary>What is behind the other end.</summary>
    public IReadOnlyList<Destination> Prefix => Options.Prefixes;

    /// <summary>The addresses of this host inside it.</summary>
    public IReadOnlyList<Address> Address => Options.Addresses;

    /// <summary>The GRE key; null for none.</summary>
    public uint? GreKey => Options.Key;

    /// <summary>The name of the tunnel that it runs over; null for none.</summary>
    public string? Over => Options.Over;

    /// <summary>The longest packet that goes in, in octets; with a dynamic MTU less where the path carries less.</summary>
    public int Mtu => Options.Mtu;

    /// <summary>Whether its MTU follows the path to the other end (RFC 4213, 3.2.2).</summary>
    public bool DynamicMtu => Options.UsesDynamicMtu;

    /// <summary>The longest outer packet that arrives at the other end, as ICMP errors have told within ten minutes; null without any, and with a static MTU.</summary>
    public int? PathMtu => (running?.Up as CarriedTunnel)?.Tunnel.Path?.Value;

    /// <summary>The hop limit or TTL of the outer header.</summary>
    public int HopLimit => Options.HopLimit;

    /// <summary>
    /// The link-local address of this end (RFC 4213, 3.7); null as long as it is disabled, without IPv6, and where the kernel has an interface for it.
    /// </summary>
    public Address? LinkLocalAddress => Link?.LocalAddress;

    /// <summary>The link-local address of the other end, as this end makes it of the outer address, or as that end has probed from it.</summary>
    public Address? RemoteLinkLocalAddress => Link?.RemoteAddress;

    /// <summary>Whether the other end answers probes (RFC 4213, 3.8); packets go to it all the same.</summary>
    public NeighbourState? Neighbour => Link?.State;

    /// <summary>What carries its packets at this moment, as far as it can; as long as it is disabled, what was asked for.</summary>
    public TunnelBackend Backend => running is { } now ? now.Up.Backend.Backend : Options.Backend;

    /// <summary>Why it is that backend; null as long as the tunnel is disabled.</summary>
    public string? BackendReason => running is { } now ? now.Up.Backend.Because : null;

    /// <summary>The interface of the host that leads into it; null as long as it is disabled.</summary>
    public string? Interface => running?.Up.InterfaceName;

    /// <summary>When it was enabled; null as long as it is disabled.</summary>
    public DateTimeOffset? EnabledAt => running?.Since;

    /// <summary>Packets that came out of it and went to the host.</summary>
    public long PacketsIn => Counters.PacketsIn;

    /// <summary>Their octets, without the tunnel's headers.</summary>
    public long OctetsIn => Counters.OctetsIn;

    /// <summary>Packets of the host that left in it.</summary>
    public long PacketsOut => Counters.PacketsOut;

    /// <summary>Their octets, without the tunnel's headers.</summary>
    public long OctetsOut => Counters.OctetsOut;

    /// <summary>Packets that were dropped, in both directions.</summary>
    public long Dropped => Counters.Drops.Sum(drop => drop.Packets);

    /// <summary>How many of them for which cause.</summary>
    public IReadOnlyList<TunnelDrop> Drops => Counters.Drops;

    /// <summary>What ended it; null unless it failed.</summary>
    public NetException? Failure => running?.Up.Failure;

    /// <summary>How it is configured.</summary>
    public TunnelOptions Options { get; }

    internal TunnelCounters Counters { get; } = new();

    internal TunnelEnds Ends => Options.Ends;

    private TunnelNeighbour? Link => (running?.Up as CarriedTunnel)?.Tunnel.Neighbour;

    internal TunnelCarrier? Carrier => (running?.Up as CarriedTunnel)?.Carrier;

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>How packets to an address go into it, as those of a tunnel that runs over it do; null unless a carrier has it.</summary>
    internal Route? RouteTo(Address address) => running?.Up is CarriedTunnel up
        ? new Route(Destination.Of(address), up.Tunnel) { SendKey = Options.Key, ReceiveKey = Options.Key }
        : null;

    internal void Begin(RaisedTunnel up) => running = new Running(up, DateTimeOffset.Now);

    internal void End()
    {
        running?.Up.Dispose();
        running = null;
    }

    private sealed record Running(RaisedTunnel Up, DateTimeOffset Since);
}
