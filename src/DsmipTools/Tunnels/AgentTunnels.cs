using DsmipTools.Engine;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Net;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Tunneling;
using DsmipTools.Worlds;

namespace DsmipTools.Tunnels;

/// <summary>
/// The tunnels of one agent on the network of its place: a device and a table of its own, from its first tunnel on until it stops. The agent's loop
/// changes them; any thread lists them.
/// </summary>
internal sealed class AgentTunnels(string agent, AgentPlace place, ITunnelOwner owner) : IDisposable
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<long, Up> tunnels = [];
    private readonly TunnelCounters others = new();
    private TunnelCarrier? carrier;

    /// <summary>The tunnels that are up, in the order in which they came.</summary>
    public IReadOnlyList<AgentTunnel> List()
    {
        lock (gate)
        {
            if (carrier is not { } present)
            {
                return [];
            }

            var routes = present.Routes.ToLookup(route => route.Tunnel.Id);
            return [.. tunnels.Select(pair => new AgentTunnel(agent, pair.Value.Tunnel, present, pair.Value.Counters, pair.Value.Since, routes[pair.Key]))];
        }
    }

    /// <summary>Brings a tunnel up.</summary>
    /// <exception cref="NetException">The host refused: a privilege is missing, or there are no TUN devices.</exception>
    public void Add(Tunnel tunnel, Instant now)
    {
        var up = new Up(tunnel, new TunnelCounters(), now.WallClock);
        Carry(up);
        lock (gate)
        {
            tunnels[tunnel.Id] = up;
        }
    }

    /// <summary>Somebody removed the device: all that it carried is brought up again on another one.</summary>
    /// <returns>What the host refused; the rest is up.</returns>
    public IReadOnlyList<NetException> Restore()
    {
        if (carrier is not { Failure: not null } lost)
        {
            return [];
        }

        Up[] all;
        lock (gate)
        {
            all = [.. tunnels.Values];
            carrier = null;
        }

        var routes = lost.Routes;
        lost.Dispose();
        List<NetException> refused = [];
        foreach (var action in all.Select<Up, Action>(up => () => Carry(up)).Concat(routes.Select<Route, Action>(route => () => carrier?.Add(route))))
        {
            try
            {
                action();
            }
            catch (NetException exception)
            {
                refused.Add(exception);
            }
        }

        return refused;
    }

    /// <summary>Takes a tunnel down; does nothing when it is not up.</summary>
    public void Remove(Tunnel tunnel)
    {
        bool wasUp;
        lock (gate)
        {
            wasUp = tunnels.Remove(tunnel.Id);
        }

        if (wasUp)
        {
            carrier?.Remove(tunnel, ProtocolsOf(tunnel));
        }
    }

    /// <summary>Leads the traffic of a mobile node through a tunnel that is up.</summary>
    /// <exception cref="NetException">The host refused: somebody else has such a route, for example.</exception>
    public void Add(Route route) => (carrier ?? throw new NetException(NetError.InterfaceNotFound, 0, "The device of the tunnels is gone, and no other can be had.")).Add(route);

    /// <summary>Ends a route.</summary>
    public void Remove(Route route) => carrier?.Remove(route);

    /// <summary>Nothing of it is left on the host.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            tunnels.Clear();
            carrier?.Dispose();
            carrier = null;
        }
    }

    private void Carry(Up up)
    {
        var used = carrier ??= place.Open(() => new TunnelCarrier(others, owner));
        place.Open(() => used.Add(up.Tunnel, ProtocolsOf(up.Tunnel), up.Counters));
    }

    /// <summary>What stands behind the outer IP header: of IP in IP, the headers of both families.</summary>
    private static IpProtocol[] ProtocolsOf(Tunnel tunnel) => tunnel.Over is not null ? [] : tunnel.Encapsulation switch
    {
        Encapsulation.Gre => [IpProtocol.Gre],
        Encapsulation.Udp or Encapsulation.UdpMobileIPv4 => [IpProtocol.Udp],
        Encapsulation.Minimal => [IpProtocol.MinimalEncapsulation, IpProtocol.IPv6, IpProtocol.IPv4],
        _ => [IpProtocol.IPv6, IpProtocol.IPv4],
    };

    private sealed record Up(Tunnel Tunnel, TunnelCounters Counters, DateTimeOffset Since);
}
