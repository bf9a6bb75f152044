using System.Globalization;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Timing;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>What the heartbeats need from the agent that they work for.</summary>
internal interface IHeartbeatOwner
{
    string Name { get; }

    Outbox Outbox { get; }

    Counters Counters { get; }

    IRandomSource Random { get; }

    /// <summary>True while the agent keeps anything of a peer; one that it does not know is not watched any more.</summary>
    bool Knows(in Envelope peer);

    /// <summary>True when there is a session with a peer, so that a request may be sent (RFC 5847, 3).</summary>
    bool HasSessions(in Envelope peer);

    /// <summary>A peer has restarted and lost its sessions: those that were registered before a time are its old life's, about others nobody knows.</summary>
    void PeerRestarted(in Envelope peer, TimeSpan before, Instant now);

    void PeerUnreachable(in Envelope peer, Instant now);

    void PeerReachable(in Envelope peer, Instant now);
}

/// <summary>Requests to the peers with sessions, responses to theirs, and what follows from both (RFC 5847, 3). Written once for anchor and gateway.</summary>
internal sealed class Heartbeats(IHeartbeatOwner owner, HeartbeatOptions configured)
{
    /// <summary>An unsolicited response was not under way longer than this: an update that is older comes from before the restart.</summary>
    private static readonly TimeSpan longestDelay = TimeSpan.FromSeconds(4);

    // Whether ESP protects them or not: a gateway knows only from what comes, and protection may begin while a peer is watched.
    private readonly Dictionary<Envelope, HeartbeatPeer> peers = [];
    private readonly HashSet<Address> unsupported = [];
    private readonly TimerQueue<HeartbeatPeer> timers = new();
    private HeartbeatOptions options = configured;
    private uint restartCounter;

    public TimeSpan? NextDeadline => timers.NextDeadline;

    /// <summary>The number of peers that are watched.</summary>
    public int Count => peers.Count;

    public bool IsOn => options.IsOn;

    /// <summary>The agent starts: former peers learn of it at once.</summary>
    public void Start(Instant now)
    {
        restartCounter = options.RestartCounter ?? (uint)now.WallClock.ToUnixTimeSeconds();
        foreach (var peer in options.FormerPeers)
        {
            Respond(peer.Reversed, 0, unsolicited: true);
        }
    }

    /// <summary>A peer has a session: it is watched from now on, until nothing of it is left.</summary>
    public void Watch(in Envelope envelope, Instant now)
    {
        if (!options.IsOn || unsupported.Contains(envelope.Source.Address))
        {
            return;
        }

        if (Find(envelope) is { } known)
        {
            known.Envelope = envelope;
            return;
        }

        var peer = new HeartbeatPeer(envelope) { SequenceNumber = (uint)owner.Random.NextUInt64(), Deadline = now.Elapsed + options.Interval };
        peers.Add(KeyOf(envelope), peer);
        timers.Schedule(peer);
    }

    public void Expire(Instant now)
    {
        while (timers.TryTake(now.Elapsed, out var peer))
        {
            if (!owner.Knows(peer.Envelope))
            {
                peers.Remove(KeyOf(peer.Envelope));
                continue;
            }

            peer.Deadline = now.Elapsed + options.Interval;
            timers.Schedule(peer);
            if (owner.HasSessions(peer.Envelope))
            {
                Request(peer, now);
            }
        }
    }

    /// <summary>Takes another interval, and what follows from silence: the next request to each peer comes one interval from now.</summary>
    /// <param name="changed">The options.</param>
    /// <param name="known">The peers with sessions, in a fixed order.</param>
    /// <param name="now">The time.</param>
    public void Configure(HeartbeatOptions changed, IReadOnlyList<Envelope> known, Instant now)
    {
        var isScheduledOtherwise = changed.Interval != options.Interval;
        options = changed;
        if (!isScheduledOtherwise)
        {
            return;
        }

        if (!options.IsOn)
        {
            foreach (var peer in peers.Values)
            {
                Forget(peer);
            }

            peers.Clear();
            return;
        }

        foreach (var envelope in known)
        {
            if (Find(envelope) is { } peer)
            {
                peer.Deadline = now.Elapsed + options.Interval;
                timers.Schedule(peer);
            }
            else
            {
                Watch(envelope, now);
            }
        }
    }

    public DropReason Receive(HeartbeatView heartbeat, in Envelope envelope, Instant now)
    {
        if (!heartbeat.Response)
        {
            // Answered whether there are sessions or not (RFC 5847, 3).
            owner.Counters.Count(MessageKind.HeartbeatRequest, Direction.Received);
            Respond(envelope.Reversed, heartbeat.SequenceNumber, unsolicited: false);
            return DropReason.None;
        }

        uint? counter = null;
        foreach (var option in heartbeat.Options)
        {
            counter = counter is null && RestartCounterOption.TryRead(option, out var value) ? value : counter;
        }

        var reason = heartbeat.Unsolicited ? ReceiveUnsolicited(counter, envelope, now) : ReceiveResponse(heartbeat.SequenceNumber, counter, envelope, now);
        if (reason == DropReason.None)
        {
            owner.Counters.Count(MessageKind.HeartbeatResponse, Direction.Received);
        }

        return reason;
    }

    /// <summary>A Binding Error in answer to a request: the peer does not know heartbeats, and gets none any more (RFC 5847, 3).</summary>
    public DropReason Receive(BindingErrorStatus status, in Envelope envelope)
    {
        if (status != BindingErrorStatus.UnrecognizedMobilityHeaderType || Find(envelope) is not { IsWaiting: true } peer)
        {
            return DropReason.NoMatchingRequest;
        }

        owner.Counters.Count(MessageKind.BindingError, Direction.Received, (byte)status);
        unsupported.Add(envelope.Source.Address);
        peers.Remove(KeyOf(envelope));
        Forget(peer);
        return DropReason.None;
    }

    private void Forget(HeartbeatPeer peer)
    {
        peer.Deadline = TimeSpan.MaxValue;
        timers.Cancel(peer);
    }

    private static Envelope KeyOf(in Envelope envelope) => envelope with { IsProtected = false };

    private HeartbeatPeer? Find(in Envelope envelope) => peers.GetValueOrDefault(KeyOf(envelope));

    private DropReason ReceiveResponse(uint sequenceNumber, uint? counter, in Envelope envelope, Instant now)
    {
        if (Find(envelope) is not { IsWaiting: true } peer || peer.SequenceNumber != sequenceNumber)
        {
            return DropReason.NoMatchingRequest;
        }

        peer.IsWaiting = false;
        ComeAlive(peer, now);
        if (counter is { } value)
        {
            Compare(peer, value, peer.CertainAt, now);
            peer.CertainAt = peer.SentAt;
        }

        return DropReason.None;
    }

    /// <summary>
    /// A peer says by itself that it has restarted. Nothing ties this to a request, so that a copy from an earlier life must not count: the
    /// counter rises.
    /// </summary>
    private DropReason ReceiveUnsolicited(uint? counter, in Envelope envelope, Instant now)
    {
        if (counter is not { } value)
        {
            return DropReason.Malformed;
        }

        if (Find(envelope) is not { } peer)
        {
            // There are no sessions with it.
            return DropReason.None;
        }

        if (peer.RestartCounter is { } known && (int)(value - known) < 0)
        {
            return DropReason.Mismatch;
        }

        ComeAlive(peer, now);
        var before = now.Elapsed - longestDelay;
        if (peer.RestartCounter is null)
        {
            // Without a counter to compare, that it was sent at all says that its sender restarted.
            Restart(peer, value, before, now);
        }
        else
        {
            Compare(peer, value, before > peer.CertainAt ? before : peer.CertainAt, now);
        }

        return DropReason.None;
    }

    private void Compare(HeartbeatPeer peer, uint counter, TimeSpan before, Instant now)
    {
        if (peer.RestartCounter is { } known && known != counter)
        {
            Restart(peer, counter, before, now);
        }

        peer.RestartCounter = counter;
    }

    private void Restart(HeartbeatPeer peer, uint counter, TimeSpan before, Instant now)
    {
        var known = peer.RestartCounter?.ToString(CultureInfo.InvariantCulture) ?? "unknown";
        peer.RestartCounter = counter;
        Report(EventKind.PeerRestarted, peer, string.Create(CultureInfo.InvariantCulture, $"Restart Counter {counter}, before {known}"), now);
        owner.PeerRestarted(peer.Envelope, before, now);
    }

    private void ComeAlive(HeartbeatPeer peer, Instant now)
    {
        peer.Missing = 0;
        if (peer.IsUnreachable)
        {
            peer.IsUnreachable = false;
            Report(EventKind.PeerReachable, peer, null, now);
            owner.PeerReachable(peer.Envelope, now);
        }
    }

    private void Request(HeartbeatPeer peer, Instant now)
    {
        if (peer.IsWaiting && ++peer.Missing > options.MissingAllowed && !peer.IsUnreachable)
        {
            peer.IsUnreachable = true;
            Report(EventKind.PeerUnreachable, peer, string.Create(CultureInfo.InvariantCulture, $"{peer.Missing} requests without a response"), now);
            owner.PeerUnreachable(peer.Envelope, now);
            if (!owner.HasSessions(peer.Envelope))
            {
                return;
            }
        }

        peer.SequenceNumber++;
        peer.SentAt = now.Elapsed;
        peer.IsWaiting = true;
        var layout = Heartbeat.Fields.Layout;
        var writer = new MobilityMessageWriter(owner.Outbox.Reserve(layout.Length + 8), MobilityHeaderType.Heartbeat, layout.Length);
        Heartbeat.Fields.SequenceNumber.Write(writer.Octets, peer.SequenceNumber);
        owner.Outbox.Send(peer.Envelope.Reversed, writer.Finish());
        owner.Counters.Count(MessageKind.HeartbeatRequest, Direction.Sent);
    }

    private void Respond(in Envelope to, uint sequenceNumber, bool unsolicited)
    {
        var layout = Heartbeat.Fields.Layout;
        var room = layout.Length + RestartCounterOption.Fields.Layout.Length + 16;
        var writer = new MobilityMessageWriter(owner.Outbox.Reserve(room), MobilityHeaderType.Heartbeat, layout.Length);
        Heartbeat.Fields.Unsolicited.Write(writer.Octets, unsolicited);
        Heartbeat.Fields.Response.Write(writer.Octets, true);
        Heartbeat.Fields.SequenceNumber.Write(writer.Octets, sequenceNumber);
        RestartCounterOption.Fields.RestartCounter.Write(writer.Append(RestartCounterOption.Fields.Form), restartCounter);
        owner.Outbox.Send(to, writer.Finish());
        owner.Counters.Count(MessageKind.HeartbeatResponse, Direction.Sent);
    }

    private void Report(EventKind kind, HeartbeatPeer peer, string? detail, Instant now) => owner.Outbox.Report(new AgentEvent
    {
        At = now,
        Agent = owner.Name,
        Kind = kind,
        Message = kind == EventKind.PeerUnreachable ? MessageKind.HeartbeatRequest : MessageKind.HeartbeatResponse,
        Peer = peer.Envelope.Source.Address,
        Detail = detail,
    });
}
