using DsmipTools.Engine.Diagnostics;
using DsmipTools.Wire.Tunneling;

namespace DsmipTools.Engine.Forwarding;

/// <summary>
/// The routes that an agent asks for, and the tunnels that they need: one for each pair of ends and encapsulation, up as long as anybody uses it
/// (RFC 5213, 5.6.1). Keeps nothing for a binding; a change is known until it is carried out or has failed.
/// </summary>
/// <typeparam name="T">What the agent needs to take a change back.</typeparam>
internal sealed class TrafficRoutes<T>(string agent, Outbox outbox, TunnelEnd end)
{
    private readonly Dictionary<Place, Shared> tunnels = [];
    private readonly List<Pending> pending = [];
    private long lastTunnel;

    /// <summary>The number of tunnels that are up.</summary>
    public int Tunnels => tunnels.Count;

    /// <summary>The number of sessions that use them.</summary>
    public int Uses => tunnels.Values.Sum(shared => shared.Uses);

    /// <summary>The tunnel to the other agent; null when there is none.</summary>
    public Tunnel? Find(in TunnelEnds ends) => tunnels.TryGetValue(new Place(ends, 0), out var shared) ? shared.Tunnel : null;

    /// <summary>The tunnel inside the other one; null when there is none.</summary>
    public Tunnel? FindInside(in Reachability reached) => reached.Inside is null ? null : tunnels[PlaceInside(reached)].Tunnel;

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

        var (isSame, isSameInside) = Compare(before, after);
        var change = new RouteChange { Old = before.Count > 0 ? Find(before.Ends) : null, OldInside = before.Count > 0 ? FindInside(before) : null };
        var shared = after.Count == 0 ? null : isSame ? tunnels[new Place(after.Ends, 0)] : Use(new Place(after.Ends, 0), null, now);
        var inside = after.Inside is not { } insideEnds ? null
            : isSameInside ? tunnels[PlaceInside(after)]
            : Use(new Place(insideEnds, shared!.Tunnel.Id), after.RouteTo(Destination.Of(after.IPv4HomeAddress!.Value), shared.Tunnel), now, shared.Effect);
        change = change with { TunnelUp = shared?.Effect ?? 0, InsideUp = inside?.Effect ?? 0, IsInsideNew = inside is not null && !isSameInside };
        for (var at = 0; at < after.Count; at++)
        {
            if (!IsUnchanged(before, after, at))
            {
                var effect = outbox.Change(
                    EffectKind.RouteAdd,
                    after.RouteTo(after[at], (after.IsInside(at) ? inside! : shared!).Tunnel),
                    change.Adds > 0 ? change.Guard : change.IsInsideNew ? change.InsideUp : change.TunnelUp);
                change = change with { FirstAdd = change.Adds > 0 ? change.FirstAdd : effect, Adds = change.Adds + 1 };
            }
        }

        for (var at = 0; at < before.Count; at++)
        {
            if (!after.Has(before[at]))
            {
                outbox.Change(EffectKind.RouteRemove, before.RouteTo(before[at], (before.IsInside(at) ? change.OldInside : change.Old)!), change.Guard);
            }
        }

        if (before.Inside is { } former && !isSameInside)
        {
            Release(new Place(former, change.Old!.Id), change.Guard, now);
        }

        if (before.Count > 0 && !isSame)
        {
            Release(new Place(before.Ends, 0), change.Guard, now);
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

    /// <summary>Whether the tunnel stays, and whether the one inside does: it stands on the other one.</summary>
    private static (bool Outside, bool Inside) Compare(in Reachability before, in Reachability after)
    {
        var isSame = before.Count > 0 && after.Count > 0 && before.Ends == after.Ends;
        return (isSame, isSame && before.Inside is not null && before.Inside == after.Inside);
    }

    /// <summary>True for a destination that is reached now as it was before.</summary>
    private static bool IsUnchanged(in Reachability before, in Reachability after, int at)
    {
        var (isSame, isSameInside) = Compare(before, after);
        return isSame && before.GoesAs(after)
            && before.IndexOf(after[at]) is >= 0 and var was && before.IsInside(was) == after.IsInside(at)
            && (isSameInside || !after.IsInside(at));
    }

    private Place PlaceInside(in Reachability reached) => new(reached.Inside!.Value, tunnels[new Place(reached.Ends, 0)].Tunnel.Id);

    private Shared Use(in Place place, Route? over, Instant now, long guard = 0)
    {
        if (!tunnels.TryGetValue(place, out var shared))
        {
            var ends = place.Ends;
            var tunnel = new Tunnel(++lastTunnel, ends.Local.Address, ends.Remote.Address)
            {
                Encapsulation = ends.Encapsulation, LocalPort = ends.Local.Port, RemotePort = ends.Remote.Port, End = end, Over = over,
            };
            tunnels.Add(place, shared = new Shared(tunnel, outbox.Change(EffectKind.TunnelUp, tunnel, guard)));
            Report(EventKind.TunnelUp, tunnel, shared.Effect, now);
        }

        shared.Uses++;
        return shared;
    }

    private void Release(in Place place, long guard, Instant now)
    {
        var shared = tunnels[place];
        if (--shared.Uses == 0)
        {
            tunnels.Remove(place);
            outbox.Change(EffectKind.TunnelDown, shared.Tunnel, guard);
            Report(EventKind.TunnelDown, shared.Tunnel, guard, now);
        }
    }

    private void Revert(in Pending change, long failed, Instant now)
    {
        var (before, after) = (change.Before, change.After);
        var (isSame, isSameInside) = Compare(before, after);
        if (before.Count > 0 && !isSame)
        {
            Restore(new Place(before.Ends, 0), change.Change.Old!);
        }

        if (before.Inside is { } former && !isSameInside)
        {
            Restore(new Place(former, change.Change.Old!.Id), change.Change.OldInside!);
        }

        var effect = change.Change.FirstAdd;
        for (var at = 0; at < after.Count && change.Change.Adds > 0 && effect < failed; at++)
        {
            var destination = after[at];
            if (IsUnchanged(before, after, at))
            {
                continue;
            }

            effect++;
            // Removed in any case: should the old way fail too, none is left to a tunnel that goes down.
            outbox.Change(EffectKind.RouteRemove, after.RouteTo(destination, TunnelOf(after, after.IsInside(at))));
            if (before.IndexOf(destination) is >= 0 and var was)
            {
                outbox.Change(EffectKind.RouteAdd, before.RouteTo(destination, TunnelOf(before, before.IsInside(was))));
            }
        }

        if (change.Change.IsInsideNew && GiveBack(PlaceInside(after), failed, now) && before.Inside == after.Inside)
        {
            // The two have the same ends: with the new one up, packets of the old one were known no more.
            outbox.Change(EffectKind.TunnelUp, change.Change.OldInside!);
        }

        if (!isSame)
        {
            GiveBack(new Place(after.Ends, 0), failed, now);
        }
    }

    private Tunnel TunnelOf(in Reachability reached, bool isInside) =>
        tunnels[isInside ? PlaceInside(reached) : new Place(reached.Ends, 0)].Tunnel;

    /// <summary>It did not go down after all: that was to happen only if the change succeeded.</summary>
    private void Restore(in Place place, Tunnel tunnel)
    {
        if (!tunnels.TryGetValue(place, out var shared))
        {
            tunnels.Add(place, shared = new Shared(tunnel, 0));
        }

        shared.Uses++;
    }

    /// <summary>Ends the use of a tunnel of a change that has failed; it goes down if it had come up, which is true then.</summary>
    private bool GiveBack(in Place place, long failed, Instant now)
    {
        var shared = tunnels[place];
        if (shared.Effect < failed)
        {
            Release(place, 0, now);
            return true;
        }

        if (--shared.Uses == 0)
        {
            tunnels.Remove(place);
        }

        return false;
    }

    private void Report(EventKind kind, Tunnel tunnel, long guard, Instant now) => outbox.Report(
        new AgentEvent { At = now, Agent = agent, Kind = kind, Peer = tunnel.Remote, Detail = tunnel.ToString() }, guard);

    /// <summary>What a tunnel is known by here: one that runs over another one goes with that.</summary>
    /// <param name="Ends">Its ends.</param>
    /// <param name="Over">The number of the tunnel under it; 0 for none.</param>
    private readonly record struct Place(TunnelEnds Ends, long Over);

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
/// <param name="InsideUp">What brought up the tunnel inside it; 0 for none.</param>
internal readonly record struct RouteChange(long FirstAdd, int Adds, long TunnelUp, long InsideUp)
{
    /// <summary>The effect that has to succeed before anybody is told; 0 when nothing can fail.</summary>
    public long Guard => Adds > 0 ? FirstAdd + Adds - 1 : IsInsideNew ? InsideUp : 0;

    /// <summary>True when the tunnel inside comes up with this change: it may have no routes.</summary>
    public bool IsInsideNew { get; init; }

    /// <summary>The tunnel that was used before; null for none.</summary>
    public Tunnel? Old { get; init; }

    /// <summary>The tunnel inside it; null for none.</summary>
    public Tunnel? OldInside { get; init; }

    public bool DependsOn(long effect) => Guard > 0
        && (effect == TunnelUp || (InsideUp > 0 && effect == InsideUp) || (effect >= FirstAdd && effect <= Guard));
}
