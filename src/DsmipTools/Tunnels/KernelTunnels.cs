using System.Collections.Concurrent;
using DsmipTools.Engine;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Net;
using DsmipTools.Net.Ebpf;
using DsmipTools.Net.Tunnels;

namespace DsmipTools.Tunnels;

/// <summary>
/// Hands the tunnels of a carrier to programs in the kernel, as far as this host and their encapsulation allow. The carrier remains: it has the packets
/// that the programs leave to it. The programs are loaded for the first tunnel that wants them. The owner calls one thing at a time.
/// </summary>
/// <param name="device">The TUN device of the carrier.</param>
/// <param name="table">Its tables.</param>
/// <param name="others">Counts the packets of no tunnel.</param>
internal sealed class KernelTunnels(int device, ForwardingTable table, TunnelCounters others) : IDisposable
{
    private const string Otherwise = "Use -Backend UserSpace, or Auto.";

    private readonly ConcurrentDictionary<long, Handed> handed = [];
    private volatile KernelForwarder? kernel;
    private volatile NetException? refusal;

    /// <summary>Hands a tunnel over, now or as soon as the host's routes allow it.</summary>
    /// <param name="tunnel">The tunnel.</param>
    /// <param name="counters">Counts its packets.</param>
    /// <param name="isDemanded">True when it has to be now or never.</param>
    /// <exception cref="NetException">It is demanded, and cannot be.</exception>
    public void Add(Tunnel tunnel, TunnelCounters counters, bool isDemanded)
    {
        var reason = KernelTunnel.WhyNot(tunnel.Ends);
        if (reason is null && Load() is { } forwarder)
        {
            var added = new Handed(new KernelTunnel(NumberOf(tunnel), tunnel.Ends, tunnel.Mtu), counters);
            forwarder.Add(added.Tunnel);
            handed[tunnel.Id] = added;
            counters.Join(() => forwarder.Count(added.Tunnel.Id));
            if (!isDemanded || forwarder.Forwards(added.Tunnel.Id, out reason))
            {
                return;
            }

            Remove(tunnel);
        }

        if (isDemanded)
        {
            throw reason is not null
                ? new NetException(NetError.NotSupported, 0, $"No program in the kernel can carry this tunnel: {reason}. {Otherwise}")
                : new NetException(refusal!.Error, refusal.Errno, $"{refusal.Message} {Otherwise}", refusal);
        }
    }

    /// <summary>Takes a tunnel back, if it was handed over.</summary>
    public void Remove(Tunnel tunnel)
    {
        if (handed.TryRemove(tunnel.Id, out var removed))
        {
            removed.Counters.Leave();
            kernel!.Remove(removed.Tunnel);
        }
    }

    /// <summary>Adds a route, or replaces the one to the same destination. The kernel has to know each, of whatever tunnel, to find the longest.</summary>
    /// <exception cref="NetException">There is no room for it.</exception>
    public void Add(Route route) => kernel?.Add(Kernel(route));

    /// <summary>Removes a route.</summary>
    public void Remove(Route route) => kernel?.Remove(Kernel(route));

    /// <summary>True when the kernel has the packets of a tunnel; and why, or why not.</summary>
    public bool Has(Tunnel tunnel, out string because)
    {
        if (handed.TryGetValue(tunnel.Id, out var found))
        {
            return kernel!.Forwards(found.Tunnel.Id, out because);
        }

        because = KernelTunnel.WhyNot(tunnel.Ends) ?? refusal?.Message ?? "it was asked for";
        return false;
    }

    /// <summary>Detaches the programs.</summary>
    public void Dispose()
    {
        if (kernel is null)
        {
            return;
        }

        others.Leave();
        foreach (var each in handed.Values)
        {
            each.Counters.Leave();
        }

        kernel.Dispose();
    }

    // 0 is that of no tunnel.
    private static uint NumberOf(Tunnel tunnel) => (uint)(tunnel.Id % uint.MaxValue) + 1;

    private static KernelRoute Kernel(Route route) =>
        new(route.Destination.Address, route.Destination.Length, NumberOf(route.Tunnel), route.SendKey, route.ReceiveKey);

    private KernelForwarder? Load()
    {
        if (kernel is not null || refusal is not null)
        {
            return kernel;
        }

        try
        {
            var loaded = new KernelForwarder(device, TunnelPort.Mtu);
            foreach (var route in table.Routes)
            {
                loaded.Add(Kernel(route));
            }

            others.Join(() => loaded.Count(0));
            return kernel = loaded;
        }
        catch (NetException exception)
        {
            refusal = exception;
            return null;
        }
    }

    private sealed record Handed(KernelTunnel Tunnel, TunnelCounters Counters);
}
