using DsmipTools.Engine.States;

namespace DsmipTools.Engine.Forwarding;

/// <summary>What is known of the other end of a tunnel that is an IPv6 link (RFC 4861, 7.3.2). Packets go to it in each of these states.</summary>
public enum NeighbourState : byte
{
    /// <summary>Nothing has confirmed it, or not within ReachableTime, and no packets went out meanwhile.</summary>
    Unknown,

    /// <summary>It has answered a probe within ReachableTime.</summary>
    Reachable,

    /// <summary>Packets go out, and a probe is outstanding.</summary>
    Probing,

    /// <summary>MAX_UNICAST_SOLICIT probes were not answered.</summary>
    Unreachable,
}

/// <summary>What happens to a neighbour.</summary>
internal enum NeighbourEvent : byte
{
    /// <summary>Packets have gone out since the last look.</summary>
    PacketsSent,

    /// <summary>No packets have gone out since the last look.</summary>
    NothingSent,

    /// <summary>It answers a probe (RFC 4861, 7.2.5).</summary>
    Confirmed,

    /// <summary>The last probe has had its time (7.3.3).</summary>
    NotConfirmed,

    /// <summary>It probes this end.</summary>
    Heard,
}

/// <summary>Neighbor Unreachability Detection as one table.</summary>
internal static class NeighbourStates
{
    public static TransitionTable<NeighbourState, NeighbourEvent> Transitions { get; } = new(
        new(NeighbourState.Unknown, NeighbourEvent.PacketsSent, NeighbourState.Probing),
        new(NeighbourState.Unknown, NeighbourEvent.NothingSent, NeighbourState.Unknown),
        new(NeighbourState.Probing, NeighbourEvent.Confirmed, NeighbourState.Reachable),
        new(NeighbourState.Probing, NeighbourEvent.NotConfirmed, NeighbourState.Unreachable),
        new(NeighbourState.Reachable, NeighbourEvent.PacketsSent, NeighbourState.Probing),
        new(NeighbourState.Reachable, NeighbourEvent.NothingSent, NeighbourState.Unknown),
        // From here on there is one probe for each ReachableTime with packets.
        new(NeighbourState.Unreachable, NeighbourEvent.PacketsSent, NeighbourState.Unreachable),
        new(NeighbourState.Unreachable, NeighbourEvent.NothingSent, NeighbourState.Unreachable),
        new(NeighbourState.Unreachable, NeighbourEvent.Confirmed, NeighbourState.Reachable),
        new(NeighbourState.Unreachable, NeighbourEvent.Heard, NeighbourState.Probing));
}
