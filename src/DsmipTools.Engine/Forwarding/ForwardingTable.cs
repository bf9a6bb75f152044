using System.Diagnostics.CodeAnalysis;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Tunneling;

namespace DsmipTools.Engine.Forwarding;

/// <summary>
/// The tunnels and routes of one agent as a forwarder sees them. One thread changes it; any number of threads read it meanwhile without locks
/// and without allocating. Each tunnel and each route is immutable: a reader has it as it was or as it is.
/// </summary>
public sealed class ForwardingTable
{
    private readonly PublishedTable<Destination, Route> routes = new(static route => route.Destination);
    private readonly PublishedTable<TunnelEnds, Tunnel> tunnels = new(static tunnel => tunnel.Ends);
    private readonly PublishedTable<Address, LocalAddress> locals = new(static local => local.Address);
    private readonly int[] lengths = new int[129];
    private readonly int[] lengthsIPv4 = new int[33];
    private int nested;

    /// <summary>Makes an empty table of a host without an agent.</summary>
    public ForwardingTable()
    {
    }

    /// <summary>Makes an empty table.</summary>
    /// <param name="local">The agent's address: where its messages come in.</param>
    public ForwardingTable(Address local) => locals.Set(new LocalAddress(local, 1));

    /// <summary>The number of routes.</summary>
    public int RouteCount => routes.Count;

    /// <summary>The number of tunnels.</summary>
    public int TunnelCount => tunnels.Count;

    /// <summary>True when a tunnel runs over another one.</summary>
    public bool HasNested => Volatile.Read(ref nested) > 0;

    /// <summary>The routes now, in order of their destinations; for administrators, not for packets.</summary>
    public IReadOnlyList<Route> Routes =>
        [.. routes.Values().OrderBy(route => route.Destination.Address).ThenBy(route => route.Destination.Length)];

    /// <summary>The tunnels now, in no order; for administrators, not for packets.</summary>
    public IEnumerable<Tunnel> Tunnels => tunnels.Values();

    /// <summary>Brings a tunnel up.</summary>
    public void Add(Tunnel tunnel)
    {
        ArgumentNullException.ThrowIfNull(tunnel);
        Note(tunnel, 1);
        if (tunnels.Set(tunnel) is { } before)
        {
            Note(before, -1);
        }
    }

    /// <summary>Takes a tunnel down; routes through it are nobody's any more once the agent has removed them.</summary>
    public void Remove(Tunnel tunnel)
    {
        ArgumentNullException.ThrowIfNull(tunnel);
        if (tunnels.TryFind(tunnel.Ends, out var present) && present.Id == tunnel.Id)
        {
            tunnels.Remove(tunnel.Ends);
            Note(present, -1);
        }
    }

    /// <summary>Adds a route, or replaces the one to the same destination.</summary>
    public void Add(Route route)
    {
        ArgumentNullException.ThrowIfNull(route);
        // The length counts before the route is there: a reader must not miss it in between.
        ref var count = ref CountOf(route.Destination);
        Volatile.Write(ref count, count + 1);
        if (routes.Set(route) is not null)
        {
            count--;
        }
    }

    /// <summary>Removes a route; false when it is not there, or when another attachment has the destination by now, which keeps it.</summary>
    public bool Remove(Route route)
    {
        ArgumentNullException.ThrowIfNull(route);
        if (!routes.TryFind(route.Destination, out var present) || present.Link != route.Link)
        {
            return false;
        }

        routes.Remove(route.Destination);
        CountOf(route.Destination)--;
        return true;
    }

    /// <summary>The route to an address, by the longest prefix.</summary>
    public bool TryFind(Address address, [MaybeNullWhen(false)] out Route route)
    {
        var counts = address.IsIPv4 ? lengthsIPv4 : lengths;
        for (var length = counts.Length - 1; length >= 0; length--)
        {
            if (Volatile.Read(ref counts[length]) > 0 && routes.TryFind(Destination.Of(address, length), out route))
            {
                return true;
            }
        }

        route = null;
        return false;
    }

    /// <summary>The tunnel that a packet from outside runs in.</summary>
    public bool TryFind(in TunnelEnds ends, [MaybeNullWhen(false)] out Tunnel tunnel) => tunnels.TryFind(ends, out tunnel);

    /// <summary>True for an address of the agent: its own, or the end of one of its tunnels.</summary>
    public bool IsLocal(Address address) => locals.TryFind(address, out _);

    /// <summary>What comes from the network comes to the ends of tunnels that run over it, and to no others.</summary>
    private void Note(Tunnel tunnel, int change)
    {
        if (tunnel.Over is null)
        {
            Count(tunnel.Local, change);
        }
        else
        {
            Volatile.Write(ref nested, nested + change);
        }
    }

    private void Count(Address local, int change)
    {
        var count = locals.TryFind(local, out var present) ? present.Uses + change : change;
        if (count == 0)
        {
            locals.Remove(local);
        }
        else
        {
            locals.Set(new LocalAddress(local, count));
        }
    }

    private ref int CountOf(Destination destination) => ref (destination.Address.IsIPv4 ? lengthsIPv4 : lengths)[destination.Length];

    private sealed record LocalAddress(Address Address, int Uses);
}
