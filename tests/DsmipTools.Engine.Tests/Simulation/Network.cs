using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Wire;
using DsmipTools.Wire.Capture;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.Tests.Simulation;

/// <summary>Agents, links with faults and a virtual clock: one seed gives one run, octet by octet.</summary>
internal sealed class Network(ulong seed)
{
    private readonly SeededRandom random = new(seed);
    private readonly List<Station> stations = [];
    private readonly Dictionary<Address, Station> byAddress = [];
    private readonly Dictionary<Address, Link> links = [];
    private readonly PriorityQueue<byte[], (TimeSpan At, long Order)> inFlight = new();
    private long order;

    public ulong Seed => seed;

    public Instant Now { get; private set; } = new(TimeSpan.Zero, new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    /// <summary>The link of every station that has none of its own.</summary>
    public Link Link { get; set; } = Link.Perfect;

    /// <summary>True keeps every message sent.</summary>
    public bool Keeps { get; set; } = true;

    /// <summary>A test's own fault: true loses the packet.</summary>
    public Func<SentMessage, bool>? Loses { get; set; }

    /// <summary>A test's own fault: true fails the effect.</summary>
    public Func<Agent, Effect, bool>? Fails { get; set; }

    public List<SentMessage> Sent { get; } = [];

    public List<AgentEvent> Events { get; } = [];

    public Dictionary<(string Agent, long Command), List<object>> Outcomes { get; } = [];

    /// <summary>Where every packet sent is written; null for nowhere.</summary>
    public PcapngWriter? Capture { get; init; }

    /// <summary>Called after every input to an agent.</summary>
    public Action? AfterInput { get; set; }

    public long Packets { get; private set; }

    /// <summary>FNV-1a over every packet sent and when.</summary>
    public ulong Hash { get; private set; } = 14695981039346656037;

    public T Add<T>(T agent)
        where T : Agent
    {
        var station = new Station(agent);
        stations.Add(station);
        byAddress.Add(agent.LocalEndpoint.Address, station);
        agent.Start(Now);
        Collect(station);
        return agent;
    }

    /// <summary>An agent loses all that it knew, and begins anew at its address.</summary>
    public T Restart<T>(Agent old, T fresh)
        where T : Agent
    {
        var station = byAddress[old.LocalEndpoint.Address];
        byAddress.Remove(old.LocalEndpoint.Address);
        stations.Remove(station);
        foreach (var key in Outcomes.Keys.Where(key => key.Agent == old.Name).ToList())
        {
            Outcomes.Remove(key);
        }

        return Add(fresh);
    }

    /// <summary>The time of day is set at one agent.</summary>
    public void SetClock(Agent agent, TimeSpan offset) => byAddress[agent.LocalEndpoint.Address].ClockOffset = offset;

    /// <summary>The link of one station; both directions use the worse of the two ends by taking the faults of both.</summary>
    public void SetLink(Agent agent, Link link) => links[agent.LocalEndpoint.Address] = link;

    /// <summary>False for an agent that has been restarted.</summary>
    public bool Runs(Agent agent) => byAddress.TryGetValue(agent.LocalEndpoint.Address, out var station) && station.Agent == agent;

    /// <summary>The tunnels and routes that an agent has asked for.</summary>
    public ForwardingTable ForwardingOf(Agent agent) => byAddress[agent.LocalEndpoint.Address].Forwarding;

    public long Do(Agent agent, Func<Instant, long> command)
    {
        var station = byAddress[agent.LocalEndpoint.Address];
        var number = command(TimeAt(station));
        Collect(station);
        return number;
    }

    public int Below(int limit) => (int)(random.NextUInt64() % (ulong)limit);

    public void Run(TimeSpan duration)
    {
        var end = Now.Elapsed + duration;
        while (NextEvent() is { } next && next <= end)
        {
            Now += next - Now.Elapsed;
            Step();
        }

        Now += end - Now.Elapsed;
    }

    /// <summary>Puts a packet on its way as if an agent had sent it.</summary>
    public void Inject(in Envelope envelope, ReadOnlySpan<byte> message)
    {
        var packet = new byte[PacketFrame.Overhead(envelope) + message.Length];
        PacketFrame.Write(envelope, message, packet);
        inFlight.Enqueue(packet, (Now.Elapsed + Link.Latency, order++));
    }

    public T Outcome<T>(Agent agent, long command) => Assert.IsType<T>(Outcomes[(agent.Name, command)][^1]);

    private Instant TimeAt(Station station) => Now with { WallClock = Now.WallClock + station.ClockOffset };

    private TimeSpan? NextEvent()
    {
        TimeSpan? next = inFlight.TryPeek(out _, out var first) ? first.At : null;
        foreach (var station in stations)
        {
            if (station.Agent.NextDeadline is { } due && (next is not { } sooner || due < sooner))
            {
                next = due > Now.Elapsed ? due : Now.Elapsed;
            }
        }

        return next;
    }

    private void Step()
    {
        while (inFlight.TryPeek(out var packet, out var first) && first.At <= Now.Elapsed)
        {
            inFlight.Dequeue();
            Assert.True(PacketFrame.TryRead(packet, Transport.ProxyMobileIPv6Udp, out var envelope, out var message, out var error), error.ToString());
            if (byAddress.TryGetValue(envelope.Destination.Address, out var station) && (envelope.IsProtected || station.Agent.LocalEndpoint == envelope.Destination))
            {
                station.Agent.Receive(message, envelope, TimeAt(station));
                Collect(station);
            }
        }

        foreach (var station in stations)
        {
            for (var calls = 0; station.Agent.NextDeadline <= Now.Elapsed; calls++)
            {
                Assert.True(calls < 100, "a deadline that has passed stays");
                station.Agent.Expire(TimeAt(station));
                Collect(station);
            }
        }
    }

    private void Collect(Station station)
    {
        var outbox = station.Agent.Outbox;
        while (outbox.TryTake(out var effect))
        {
            Assert.True(effect.Number > station.LastEffect);
            station.LastEffect = effect.Number;
            if (Fails?.Invoke(station.Agent, effect) == true)
            {
                station.Agent.Fail(effect.Number, "the test says so", Now);
                continue;
            }

            switch (effect.Kind)
            {
                case EffectKind.Send:
                    if (station.Agent.TryPrepare(effect, Now, out var envelope, out var octets, out var refused))
                    {
                        Send(envelope, octets, outbox.MessageOf(effect));
                    }
                    else
                    {
                        station.Agent.Fail(effect.Number, refused!, Now);
                    }

                    break;
                case EffectKind.TunnelUp:
                    station.Forwarding.Add(effect.Tunnel!);
                    break;
                case EffectKind.TunnelDown:
                    Assert.DoesNotContain(station.Forwarding.Routes, route => route.Tunnel == effect.Tunnel);
                    station.Forwarding.Remove(effect.Tunnel!);
                    break;
                case EffectKind.RouteAdd:
                    station.Forwarding.Add(effect.Route!);
                    break;
                case EffectKind.RouteRemove:
                    // At a gateway a mobile node's other interface may have taken the prefix over; what failed to come back is not there.
                    Assert.True(station.Forwarding.Remove(effect.Route!) || effect.Route!.Link != 0 || Fails is not null);
                    break;
                case EffectKind.Event when Keeps:
                    Events.Add(effect.Event);
                    break;
                case EffectKind.Completion:
                    var key = (station.Agent.Name, effect.Command);
                    (Outcomes.TryGetValue(key, out var outcomes) ? outcomes : Outcomes[key] = []).Add(effect.Outcome!);
                    break;
            }
        }

        AfterInput?.Invoke();
    }

    private void Send(in Envelope envelope, ReadOnlySpan<byte> octets, ReadOnlySpan<byte> message)
    {
        var packet = new byte[PacketFrame.Overhead(envelope) + octets.Length];
        PacketFrame.Write(envelope, octets, packet);
        Packets++;
        Digest(packet);
        Capture?.Write(0, Now.WallClock, packet);
        if (Keeps || Loses is not null)
        {
            var sent = new SentMessage(Now.Elapsed, envelope, Octets.Create(message));
            Sent.Add(sent);
            if (Loses?.Invoke(sent) == true)
            {
                return;
            }
        }

        var source = links.GetValueOrDefault(envelope.Source.Address, Link);
        var destination = links.GetValueOrDefault(envelope.Destination.Address, source);
        var copies = Below(100) < destination.Duplication ? 2 : 1;
        for (var copy = 0; copy < copies; copy++)
        {
            if (!source.Partitioned && !destination.Partitioned && Below(100) >= destination.Loss)
            {
                var jitter = destination.Jitter > TimeSpan.Zero ? Below((int)destination.Jitter.TotalMicroseconds) : 0;
                inFlight.Enqueue(packet, (Now.Elapsed + destination.Latency + TimeSpan.FromMicroseconds(jitter), order++));
            }
        }
    }

    private void Digest(ReadOnlySpan<byte> packet)
    {
        var hash = (Hash ^ (ulong)Now.Elapsed.Ticks) * 1099511628211;
        foreach (var octet in packet)
        {
            hash = (hash ^ octet) * 1099511628211;
        }

        Hash = hash;
    }

    private sealed class Station(Agent agent)
    {
        public Agent Agent { get; } = agent;

        public TimeSpan ClockOffset { get; set; }

        public ForwardingTable Forwarding { get; } = new(agent.LocalEndpoint.Address);

        public long LastEffect { get; set; }
    }
}
