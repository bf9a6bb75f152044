using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Wire.Tunneling;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>
/// The routes that an agent asks for, and the tunnels that they need: one for each peer and encapsulation, up as long as anybody uses it
/// (RFC 5213, 5.6.1). Keeps nothing for a binding; a change is known until it is carried out or has failed.
/// </summary>
/// <typeparam name="T">What the agent needs to take a change back.</typeparam>
internal sealed class TrafficRoutes<T>(string agent, Outbox outbox, TunnelEnd end)
{
    private readonly Dictionary<TunnelEnds, Shared> tunnels = [];
    private readonly List<Pending> pending = [];
    private long lastTunnel;

    /// <summary>The number of tunnels that are up.</summary>
    public int Tunnels => tunnels.Count;

    /// <summary>The number of sessions that use them.</summary>
    public int Uses => tunnels.Values.Sum(shared => shared.Uses);

    public Tunnel? Find(in TunnelEnds ends) => tunnels.TryGetValue(ends, out var shared) ? shared.Tunnel : null;

    /// <summary>
    /// Asks for what a session needs now in place of what it had: nothing when that is the same. Returns the effect that has to succeed before
    /// anybody is told; 0 when nothing can fail.
    /// </summary>
    public RouteChange Change(in Reachability before, in Reachability after, Instant now)
    {
        if (outbox.IsEmpty)
        {
            // Whatever was asked for before has been carried out.
            pending.Clear();
        }

        var isSameTunnel = before.Count > 0 && after.Count > 0 && before.Ends == after.Ends;
        var goesAsBefore = isSameTunnel && before.GoesAs(after);
        var change = new RouteChange { Old = before.Count > 0 ? Find(before.Ends) : null };
        var shared = after.Count == 0 ? null : isSameTunnel ? tunnels[after.Ends] : Use(after.Ends, now);
        for (var at = 0; at < after.Count; at++)
        {
            var destination = after[at];
            if (!goesAsBefore || !before.Has(destination))
            {
                var effect = outbox.Change(
                    EffectKind.RouteAdd, after.RouteTo(destination, shared!.Tunnel), change.Adds > 0 ? change.Guard : shared.Effect);
                change = change with { FirstAdd = change.Adds > 0 ? change.FirstAdd : effect, Adds = change.Adds + 1, TunnelUp = shared.Effect };
            }
        }

        for (var at = 0; at < before.Count; at++)
        {
            if (!after.Has(before[at]))
            {
                outbox.Change(EffectKind.RouteRemove, before.RouteTo(before[at], tunnels[before.Ends].Tunnel), change.Guard);
            }
        }

        if (before.Count > 0 && !isSameTunnel)
        {
            Release(before.Ends, change.Guard, now);
        }

        return change;
    }

    /// <summary>Remembers how to take a change back, until it has been carried out.</summary>
    public void Expect(in RouteChange change, in Reachability before, in Reachability after, T owner) =>
        pending.Add(new Pending(change, before, after, owner));

    /// <summary>An effect has failed: what depends on it does not happen, routes are as before, and the owners of the changes come back.</summary>
    public List<T> Fail(long effect, Instant now)
    {
        var failed = pending.FindAll(change => change.Change.DependsOn(effect));
        pending.RemoveAll(change => change.Change.DependsOn(effect));
        if (failed.Count > 0)
        {
            outbox.Withdraw(effect);
        }

        failed.ForEach(change => Revert(change, effect, now));
        return failed.ConvertAll(change => change.Owner);
    }

    private Shared Use(in TunnelEnds ends, Instant now)
    {
        if (!tunnels.TryGetValue(ends, out var shared))
        {
            var tunnel = new Tunnel(++lastTunnel, ends.Local.Address, ends.Remote.Address)
            {
                Encapsulation = ends.Encapsulation, LocalPort = ends.Local.Port, RemotePort = ends.Remote.Port, End = end,
            };
            tunnels.Add(ends, shared = new Shared(tunnel, outbox.Change(EffectKind.TunnelUp, tunnel)));
            Report(EventKind.TunnelUp, tunnel, shared.Effect, now);
        }

        shared.Uses++;
        return shared;
    }

    private void Release(in TunnelEnds ends, long guard, Instant now)
    {
        var shared = tunnels[ends];
        if (--shared.Uses == 0)
        {
            tunnels.Remove(ends);
            outbox.Change(EffectKind.TunnelDown, shared.Tunnel, guard);
            Report(EventKind.TunnelDown, shared.Tunnel, guard, now);
        }
    }

    private void Revert(in Pending change, long failed, Instant now)
    {
        var (before, after) = (change.Before, change.After);
        var isSameTunnel = before.Count > 0 && before.Ends == after.Ends;
        if (before.Count > 0 && !isSameTunnel && !tunnels.ContainsKey(before.Ends))
        {
            // It did not go down after all: that was to happen only if this succeeded.
            tunnels.Add(before.Ends, new Shared(change.Change.Old!, 0));
        }

        if (before.Count > 0 && !isSameTunnel)
        {
            tunnels[before.Ends].Uses++;
        }

        var effect = change.Change.FirstAdd;
        for (var at = 0; at < after.Count && effect < failed; at++)
        {
            var destination = after[at];
            if (isSameTunnel && before.GoesAs(after) && before.Has(destination))
            {
                continue;
            }

            effect++;
            // Removed in any case: should the old way fail too, none is left to a tunnel that goes down.
            outbox.Change(EffectKind.RouteRemove, after.RouteTo(destination, tunnels[after.Ends].Tunnel));
            if (before.Has(destination))
            {
                outbox.Change(EffectKind.RouteAdd, before.RouteTo(destination, tunnels[before.Ends].Tunnel));
            }
        }

        if (isSameTunnel)
        {
            return;
        }

        var shared = tunnels[after.Ends];
        if (shared.Effect != failed)
        {
            Release(after.Ends, 0, now);
        }
        else if (--shared.Uses == 0)
        {
            tunnels.Remove(after.Ends);
        }
    }

    private void Report(EventKind kind, Tunnel tunnel, long guard, Instant now) => outbox.Report(
        new AgentEvent { At = now, Agent = agent, Kind = kind, Peer = tunnel.Remote, Detail = tunnel.ToString() }, guard);

    private sealed class Shared(Tunnel tunnel, long effect)
    {
        public Tunnel Tunnel { get; } = tunnel;

        /// <summary>The effect that brought it up.</summary>
        public long Effect { get; } = effect;

        public int Uses { get; set; }
    }

    private readonly record struct Pending(RouteChange Change, Reachability Before, Reachability After, T Owner);
}

/// <summary>The effects of a change of routes.</summary>
/// <param name="FirstAdd">The first route that is added; those after it follow without a gap.</param>
/// <param name="Adds">How many.</param>
/// <param name="TunnelUp">What brought up their tunnel, now or long ago.</param>
internal readonly record struct RouteChange(long FirstAdd, int Adds, long TunnelUp)
{
    /// <summary>The effect that has to succeed before anybody is told; 0 when nothing can fail.</summary>
    public long Guard => Adds == 0 ? 0 : FirstAdd + Adds - 1;

    /// <summary>The tunnel that was used before; null for none.</summary>
    public Tunnel? Old { get; init; }

    public bool DependsOn(long effect) => Adds > 0 && (effect == TunnelUp || (effect >= FirstAdd && effect <= Guard));
}
