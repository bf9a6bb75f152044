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
internal sealed class KernelTunnels : IDisposable
{
    private const string Otherwise = "Use -Backend UserSpace, or Auto.";

    private readonly ConcurrentDictionary<long, Handed> handed = [];
    private readonly Dictionary<long, TunnelCounters> wanted = [];
    private readonly ForwardingTable table;
    private readonly TunnelCounters others;
    private readonly KernelForwarder forwarder;
    private volatile NetException? refusal;
    private TunnelEnd? end;

    /// <summary>Prepares, in the network namespace of this thread.</summary>
    /// <param name="device">The TUN device of the carrier.</param>
    /// <param name="table">Its tables.</param>
    /// <param name="others">Counts the packets of no tunnel.</param>
    /// <exception cref="NetException">There are no more descriptors.</exception>
    public KernelTunnels(int device, ForwardingTable table, TunnelCounters others)
    {
        (this.table, this.others) = (table, others);
        forwarder = new KernelForwarder(device, TunnelPort.Mtu);
    }

    private bool IsLoaded => end is not null && refusal is null;

    /// <summary>Hands a tunnel over, now or as soon as the host's routes allow it.</summary>
    /// <param name="tunnel">The tunnel.</param>
    /// <param name="counters">Counts its packets.</param>
    /// <param name="isDemanded">True when it has to be now or never.</param>
    /// <exception cref="NetException">It is demanded, and cannot be.</exception>
    public void Add(Tunnel tunnel, TunnelCounters counters, bool isDemanded)
    {
        wanted[tunnel.Id] = counters;
        if (TryHand(tunnel, counters, out var reason) && (!isDemanded || forwarder.Forwards(NumberOf(tunnel), out reason)))
        {
            return;
        }

        if (isDemanded)
        {
            Remove(tunnel);
            throw reason is not null
                ? new NetException(NetError.NotSupported, 0, $"No program in the kernel can carry this tunnel: {reason}. {Otherwise}")
                : new NetException(refusal!.Error, refusal.Errno, $"{refusal.Message} {Otherwise}", refusal);
        }
    }

    /// <summary>True for a tunnel that was handed over: the kernel may have its packets at any moment.</summary>
    public bool Takes(Tunnel tunnel) => handed.ContainsKey(tunnel.Id);

    /// <summary>Takes a tunnel back, if it was handed over.</summary>
    public void Remove(Tunnel tunnel)
    {
        wanted.Remove(tunnel.Id);
        Suspend(tunnel);
    }

    /// <summary>Hands a tunnel over after all, if it was added and now can be.</summary>
    public void Resume(Tunnel tunnel)
    {
        if (wanted.TryGetValue(tunnel.Id, out var counters) && !handed.ContainsKey(tunnel.Id))
        {
            TryHand(tunnel, counters, out _);
        }
    }

    /// <summary>Takes a tunnel back until <see cref="Resume"/>.</summary>
    public void Suspend(Tunnel tunnel)
    {
        if (handed.TryRemove(tunnel.Id, out var removed))
        {
            removed.Counters.Leave();
            forwarder.Remove(removed.Tunnel);
        }
    }

    /// <summary>Adds a route, or replaces the one to the same destination.</summary>
    public void Add(Route route)
    {
        if (IsLoaded)
        {
            try
            {
                forwarder.Add(Kernel(route));
            }
            catch (NetException exception)
            {
                // It has to know each, of whatever tunnel, to find the longest.
                Refuse(exception);
            }
        }
    }

    /// <summary>Removes a route.</summary>
    public void Remove(Route route)
    {
        if (IsLoaded)
        {
            forwarder.Remove(Kernel(route));
        }
    }

    /// <summary>True when the kernel has the packets of a tunnel; and why, or why not.</summary>
    public bool Has(Tunnel tunnel, out string because)
    {
        if (handed.TryGetValue(tunnel.Id, out var found))
        {
            return forwarder.Forwards(found.Tunnel.Id, out because);
        }

        because = WhyNot(tunnel) ?? refusal?.Message ?? "no program in the kernel was given it";
        return false;
    }

    /// <summary>Detaches the programs.</summary>
    public void Dispose() => Refuse(null);

    // 0 is that of no tunnel.
    private static uint NumberOf(Tunnel tunnel) => (uint)(tunnel.Id % uint.MaxValue) + 1;

    private static KernelRoute Kernel(Route route) =>
        new(route.Destination.Address, route.Destination.Length, NumberOf(route.Tunnel), route.SendKey, route.ReceiveKey) { MayStay = route.RoutesLocally };

    private string? WhyNot(Tunnel tunnel) => KernelTunnel.WhyNot(tunnel.Ends)
        ?? (tunnel.Over is not null ? "it runs over another tunnel"
            : tunnel.Path is not null ? "there is no program for a dynamic MTU"
            : table.HasNested && table.Tunnels.Any(nested => nested.Over?.Tunnel.Id == tunnel.Id) ? "another tunnel runs over it"
            : IsLoaded && end != tunnel.End ? $"the programs that are loaded are for the {end} end of tunnels, and this is the {tunnel.End} end" : null);

    private bool TryHand(Tunnel tunnel, TunnelCounters counters, out string? reason)
    {
        reason = WhyNot(tunnel);
        if (reason is not null || !TryLoad(tunnel.End))
        {
            return false;
        }

        var added = new Handed(new KernelTunnel(NumberOf(tunnel), tunnel.Ends, tunnel.Mtu) { HopLimit = tunnel.HopLimit }, counters);
        try
        {
            forwarder.Add(added.Tunnel);
        }
        catch (NetException exception)
        {
            // There is no more room.
            reason = exception.Message;
            return false;
        }

        handed[tunnel.Id] = added;
        counters.Join(() => forwarder.Count(added.Tunnel.Id));
        return true;
    }

    private bool TryLoad(TunnelEnd demanded)
    {
        if (end is not null || refusal is not null)
        {
            return refusal is null;
        }

        try
        {
            forwarder.Load(demanded switch
            {
                TunnelEnd.Home => KernelTunnelEnd.Home,
                TunnelEnd.Access => KernelTunnelEnd.Access,
                _ => KernelTunnelEnd.Router,
            });
            foreach (var route in table.Routes)
            {
                forwarder.Add(Kernel(route));
            }

            others.Join(() => forwarder.Count(0));
            end = demanded;
            return true;
        }
        catch (NetException exception)
        {
            Refuse(exception);
            return false;
        }
    }

    /// <summary>Leaves everything to user space from now on.</summary>
    private void Refuse(NetException? reason)
    {
        (refusal, end) = (reason ?? refusal, null);
        others.Leave();
        foreach (var each in handed.Values)
        {
            each.Counters.Leave();
        }

        handed.Clear();
        forwarder.Dispose();
    }

    private sealed record Handed(KernelTunnel Tunnel, TunnelCounters Counters);
}
