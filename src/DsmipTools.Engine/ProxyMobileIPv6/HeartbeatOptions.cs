using DsmipTools.Engine.Configuration;
using DsmipTools.Wire;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>How an anchor and a gateway watch each other (RFC 5847): the variables of its section 5, and what has to outlast a restart.</summary>
public sealed record HeartbeatOptions
{
    /// <summary>
    /// HEARTBEAT_INTERVAL: from one request to the next; default 60 seconds, <see cref="Timeout.InfiniteTimeSpan"/> sends none. From 1 second to
    /// 3600. RFC 5847, 3 and 5 say that it should not be less than 30 seconds; shorter values are taken, because the peers of a lab are no burden.
    /// </summary>
    [Changeable]
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>MISSING_HEARTBEATS_ALLOWED: how many requests in a row may stay without a response before the peer counts as unreachable; default 3.</summary>
    [Changeable]
    public int MissingAllowed { get; init; } = 3;

    /// <summary>
    /// The Restart Counter, greater after every restart that lost the sessions (RFC 5847, 3.2). Null takes the seconds of the wall clock at the
    /// start, which needs no storage; two starts within one second need a value.
    /// </summary>
    public uint? RestartCounter { get; init; }

    /// <summary>
    /// The peers that had sessions before the last restart, in the envelopes in which their messages came: each is told of it by an unsolicited
    /// response (RFC 5847, 3.2). None by default, and for a first start.
    /// </summary>
    public IReadOnlyList<Envelope> FormerPeers { get; init; } = [];

    /// <summary>
    /// True for an anchor that removes the bindings of a gateway which became unreachable; by default they stay until their lifetimes end, because
    /// a path that is down for minutes must not end sessions. A gateway always keeps its attachments, and registers them anew when its anchor is back.
    /// </summary>
    [Changeable]
    public bool RemovesUnreachable { get; init; }

    /// <summary>True when requests are sent; answers are given in any case.</summary>
    internal bool IsOn => Interval != Timeout.InfiniteTimeSpan;

    internal void Validate()
    {
        if (IsOn && (Interval < TimeSpan.FromSeconds(1) || Interval > TimeSpan.FromSeconds(3600)))
        {
            throw new ArgumentException("HEARTBEAT_INTERVAL lies between 1 and 3600 seconds, or is infinite (RFC 5847, 5).");
        }

        if (MissingAllowed < 0)
        {
            throw new ArgumentException("MISSING_HEARTBEATS_ALLOWED is 0 or more (RFC 5847, 5).");
        }
    }
}
