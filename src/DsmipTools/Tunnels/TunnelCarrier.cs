using System.Collections.Concurrent;
using DsmipTools.Engine;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Net;
using DsmipTools.Net.Tunnels;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Tunneling;

namespace DsmipTools.Tunnels;

/// <summary>
/// Carries the tunnels of one owner: all share one device, one thread and the tables of the forwarder, which decides about each packet. The owner
/// calls one thing at a time.
/// </summary>
internal sealed partial class TunnelCarrier : ITunnelTraffic, IDisposable
{
    private readonly ForwardingTable table = new();
    private readonly ConcurrentDictionary<long, TunnelCounters> countersById = new();
    private readonly TunnelCounters others;
    private readonly Dictionary<Address, int> addresses = [];
    private readonly byte[] output = GC.AllocateUninitializedArray<byte>(TunnelPort.Headroom + TunnelPort.MaximumPacket, pinned: true);
    private readonly TunnelPort port;
    private readonly TunnelErrors errors;
    private readonly KernelTunnels kernel;
    private readonly HostEntries entries;
    private readonly ITunnelOwner? owner;
    private volatile NetException? failure;

    /// <summary>Makes the device.</summary>
    /// <param name="others">Counts the packets of no tunnel.</param>
    /// <param name="owner">Told of what it cannot know otherwise, on the carrier's thread; null for nobody.</param>
    /// <exception cref="NetException">A privilege is missing, or the host has no TUN devices.</exception>
    public TunnelCarrier(TunnelCounters others, ITunnelOwner? owner = null)
    {
        (this.others, this.owner) = (others, owner);
        port = new TunnelPort(this);
        try
        {
            kernel = new KernelTunnels(port.InterfaceIndex, table, others);
        }
        catch
        {
            port.Dispose();
            throw;
        }

        entries = new HostEntries(port.Network);
        errors = new TunnelErrors(table, port);
    }

    /// <summary>The device.</summary>
    public string InterfaceName => port.InterfaceName;

    /// <summary>Why nothing is carried any more; null as long as all is well.</summary>
    public NetException? Failure => failure;

    /// <summary>The routes now, in order of their destinations.</summary>
    public IReadOnlyList<Route> Routes => table.Routes;

    /// <summary>True when there are no tunnels.</summary>
    public bool IsEmpty => countersById.IsEmpty;

    /// <summary>True when packets of a tunnel are taken.</summary>
    public bool Carries(Tunnel tunnel) => countersById.ContainsKey(tunnel.Id);

    /// <summary>Packets of a tunnel are taken from now on.</summary>
    /// <param name="tunnel">The tunnel.</param>
    /// <param name="protocols">What stands behind its outer IP header: one protocol, or both of IP in IP.</param>
    /// <param name="counters">Counts its packets.</param>
    /// <param name="backend">What is to carry them.</param>
    /// <exception cref="NetException">A privilege is missing, the port is in use, or the backend cannot be had.</exception>
    public void Add(Tunnel tunnel, ReadOnlySpan<IpProtocol> protocols, TunnelCounters counters, TunnelBackend backend = TunnelBackend.Auto)
    {
        countersById[tunnel.Id] = counters;
        table.Add(tunnel);
        var listening = 0;
        try
        {
            // Errors of the way to the other end come by ICMP.
            for (; listening <= protocols.Length; listening++)
            {
                port.Listen(listening == 0 ? ErrorsTo(tunnel) : protocols[listening - 1], tunnel.Ends.Local);
            }
        }
        catch
        {
            Remove(tunnel, protocols, listening);
            throw;
        }

        counters.HasShortWay = TunnelErrors.HasShortWay(tunnel);
        AddLink(tunnel, counters);
        if (tunnel.Over is { } over)
        {
            // Programs in the kernel would take what is inside for the host's.
            kernel.Suspend(over.Tunnel);
        }

        if (backend != TunnelBackend.UserSpace)
        {
            try
            {
                kernel.Add(tunnel, counters, isDemanded: backend == TunnelBackend.Ebpf);
            }
            catch
            {
                Remove(tunnel, protocols);
                throw;
            }
        }

        WakeInKernel(tunnel);
    }

    /// <summary>What carries the packets of a tunnel at this moment, and why that.</summary>
    public (TunnelBackend Backend, string Because) BackendOf(Tunnel tunnel) =>
        (kernel.Has(tunnel, out var because) ? TunnelBackend.Ebpf : TunnelBackend.UserSpace, because);

    /// <summary>Packets of a tunnel are taken no more. Does nothing when they are not.</summary>
    public void Remove(Tunnel tunnel, ReadOnlySpan<IpProtocol> protocols) => Remove(tunnel, protocols, protocols.Length + 1);

    /// <summary>
    /// Leads packets into a tunnel that was added, and out of it: those of the host too, by routes and rules of its own. A route to the same destination
    /// is replaced.
    /// </summary>
    /// <exception cref="NetException">The host refused.</exception>
    public void Add(Route route)
    {
        entries.Set(route.Destination, HostRouting.For(route, port, port.Network));
        table.Add(route);
        kernel.Add(route);
    }

    /// <summary>Ends a route, unless another attachment has its destination by now.</summary>
    public void Remove(Route route)
    {
        if (table.Remove(route))
        {
            kernel.Remove(route);
            entries.Set(route.Destination);
        }
    }

    /// <summary>Gives the host an address inside its tunnels; uses are counted, because several tunnels may have one.</summary>
    /// <exception cref="NetException">The host refused.</exception>
    public void Add(Address address)
    {
        if (!addresses.TryGetValue(address, out var uses))
        {
            port.Network.AddAddress(port.InterfaceIndex, address);
        }

        addresses[address] = uses + 1;
    }

    /// <summary>Ends one use of an address.</summary>
    /// <exception cref="NetException">The host had it no more.</exception>
    public void Remove(Address address)
    {
        if (--addresses[address] == 0)
        {
            addresses.Remove(address);
            port.Network.RemoveAddress(port.InterfaceIndex, address);
        }
    }

    /// <inheritdoc/>
    public bool FromHost(ReadOnlySpan<byte> packet, Followers followers)
    {
        var decision = Forwarder.FromHost(packet, table);
        var counters = CountersOf(decision.Route?.Tunnel);
        if (decision.Action == ForwardingAction.Drop)
        {
            return IsAlone(packet, decision, followers, counters);
        }

        if (decision.Action != ForwardingAction.ToHost)
        {
            Wake(decision.Route!.Tunnel);
            return Send(packet, decision, counters, followers);
        }

        // From one mobile node to another of the same gateway.
        Deliver(packet, decision, counters, followers, isIn: false);
        return true;
    }

    /// <inheritdoc/>
    public bool FromNetwork(ReadOnlySpan<byte> packet, Followers followers)
    {
        var decision = Forwarder.FromNetwork(packet, table);
        var counters = CountersOf(decision.From);
        if (decision.Action == ForwardingAction.Drop)
        {
            return IsAlone(packet, decision, followers, counters);
        }

        if (decision.Action is ForwardingAction.Error or ForwardingAction.ToAgent)
        {
            if (decision.Action == ForwardingAction.Error)
            {
                errors.FromPath(packet, decision.From!);
            }

            return true;
        }

        if (decision.Action == ForwardingAction.ToLink)
        {
            return followers.Packets == 0 && FromLink(packet, decision, counters);
        }

        if (followers.Packets > 0 && decision.From!.Over is not null)
        {
            // They follow the packet that the tunnel under it has, and not the one inside.
            return false;
        }

        if (decision.Action == ForwardingAction.Encapsulate)
        {
            // From one mobile node to another of the same anchor.
            if (!Send(packet, decision, CountersOf(decision.Route!.Tunnel), followers))
            {
                return false;
            }

            counters.CountIn(1 + followers.Packets, decision.Length + followers.Octets);
            return true;
        }

        Deliver(packet, decision, counters, followers, isIn: true);
        return true;
    }

    /// <inheritdoc/>
    public void Sent(object owner, int packets, int octets, NetError? error)
    {
        var counters = (TunnelCounters)owner;
        if (error is { } refused)
        {
            counters.Count(CauseOf(refused), packets);
            counters.HasShortWay |= refused == NetError.MessageTooLong;
        }
        else
        {
            counters.CountOut(packets, octets);
        }
    }

    /// <inheritdoc/>
    public void Fail(NetException reason)
    {
        failure = reason;
        owner?.Lost(reason);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Rules, and routes to access links, would survive the device.
        entries.Clear();
        kernel.Dispose();
        errors.Dispose();
        port.Dispose();
    }

    private void Remove(Tunnel tunnel, ReadOnlySpan<IpProtocol> protocols, int listening)
    {
        if (!Carries(tunnel))
        {
            return;
        }

        while (--listening >= 0)
        {
            port.Unlisten(listening == 0 ? ErrorsTo(tunnel) : protocols[listening - 1], tunnel.Ends.Local);
        }

        kernel.Remove(tunnel);
        table.Remove(tunnel);
        RemoveLink(tunnel);
        countersById.TryRemove(tunnel.Id, out _);
        if (tunnel.Over is { } over)
        {
            kernel.Resume(over.Tunnel);
            WakeInKernel(over.Tunnel);
        }
    }

    private static IpProtocol ErrorsTo(Tunnel tunnel) => tunnel.Local.IsIPv4 ? IpProtocol.Icmp : IpProtocol.IcmpV6;

    /// <summary>Headers of several packets are made from one where one header has their length, and where none has to leave in fragments.</summary>
    private static bool TakesFollowers(Tunnel tunnel, TunnelCounters counters) =>
        tunnel.Over is null && tunnel.Encapsulation != Encapsulation.Minimal && !counters.HasShortWay;

    private bool Send(ReadOnlySpan<byte> packet, in ForwardingDecision decision, TunnelCounters counters, Followers followers)
    {
        if (followers.Packets > 0 && !TakesFollowers(decision.Route!.Tunnel, counters))
        {
            return false;
        }

        // The kernel puts an identification in place of 0.
        var length = Forwarder.Write(packet, decision, 0, output);
        if (!counters.HasShortWay || !errors.TrySendTooLong(packet, decision, output.AsSpan(0, length), counters))
        {
            port.Send(output.AsSpan(0, length), length - decision.Length, counters, followers);
        }

        return true;
    }

    private void Deliver(ReadOnlySpan<byte> packet, in ForwardingDecision decision, TunnelCounters counters, Followers followers, bool isIn)
    {
        var length = Forwarder.Write(packet, decision, 0, output.AsSpan(TunnelPort.Headroom));
        if (port.Deliver(output.AsSpan(0, TunnelPort.Headroom + length), followers) is { } error)
        {
            counters.Count(CauseOf(error), 1 + followers.Packets);
        }
        else if (isIn)
        {
            counters.CountIn(1 + followers.Packets, decision.Length + followers.Octets);
        }
    }

    private static ForwardingDrop CauseOf(NetError error) => error == NetError.MessageTooLong ? ForwardingDrop.TooBig : ForwardingDrop.Refused;

    /// <summary>Drops a packet that comes alone. Others are looked at one by one: what is wrong with the longest of them need not be wrong with the last.</summary>
    private bool IsAlone(ReadOnlySpan<byte> packet, in ForwardingDecision decision, Followers followers, TunnelCounters counters)
    {
        if (followers.Packets > 0)
        {
            return false;
        }

        counters.Count(decision.Drop);
        // The device is there a moment before.
        errors?.Answer(packet, decision);
        owner?.Dropped(packet, decision);
        return true;
    }

    private TunnelCounters CountersOf(Tunnel? tunnel) =>
        tunnel is not null && countersById.TryGetValue(tunnel.Id, out var counters) ? counters : others;
}
