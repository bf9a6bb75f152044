using DsmipTools.Engine.Timing;
using DsmipTools.Wire;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>A peer that is watched by heartbeats (RFC 5847, 3.1 and 3.2).</summary>
internal sealed class HeartbeatPeer(Envelope envelope) : ITimed
{
    /// <summary>How the updates or answers of its last session came in.</summary>
    public Envelope Envelope { get; set; } = envelope;

    /// <summary>The sequence number of the last request.</summary>
    public uint SequenceNumber { get; set; }

    /// <summary>When the last request was sent.</summary>
    public TimeSpan SentAt { get; set; }

    /// <summary>True while the last request has no response.</summary>
    public bool IsWaiting { get; set; }

    /// <summary>MISSING_HEARTBEAT.</summary>
    public int Missing { get; set; }

    public bool IsUnreachable { get; set; }

    /// <summary>The last Restart Counter; null before the first.</summary>
    public uint? RestartCounter { get; set; }

    /// <summary>A time at which that counter held for certain: what was registered before it belongs to that life of the peer, or to one before.</summary>
    public TimeSpan CertainAt { get; set; }

    public TimeSpan Deadline { get; set; } = TimeSpan.MaxValue;

    public TimeSpan QueuedAt { get; set; } = TimeSpan.MaxValue;
}
