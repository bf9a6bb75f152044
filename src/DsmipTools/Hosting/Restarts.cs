using DsmipTools.Engine;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Wire;

namespace DsmipTools.Hosting;

/// <summary>
/// What an agent of Proxy Mobile IPv6 knows across its restarts (RFC 5847, 3.2): its Restart Counter, which rises with every start because every
/// start loses the sessions, and the peers to be told. After the end of the process the seconds of the wall clock keep the counter rising.
/// </summary>
internal sealed class Restarts
{
    private uint? last;
    private IReadOnlyList<Envelope> peers = [];
    private IReadOnlyList<Envelope> former = [];

    /// <summary>An agent is about to start.</summary>
    public void Begin(HeartbeatOptions configured, Instant now)
    {
        var first = configured.RestartCounter ?? (uint)now.WallClock.ToUnixTimeSeconds();
        last = last is { } counter && (configured.RestartCounter is not null || counter >= first) ? counter + 1 : first;
        former = [.. configured.FormerPeers, .. peers];
    }

    /// <summary>The options of an agent that has begun, with what it has to know of its restarts.</summary>
    public HeartbeatOptions Complete(HeartbeatOptions configured) => configured with { RestartCounter = last, FormerPeers = former };

    /// <summary>An agent has stopped, and had sessions with some peers.</summary>
    public void End(IReadOnlyList<Envelope> of) => peers = of;
}
