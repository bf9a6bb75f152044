using System.Globalization;
using DsmipTools.Engine;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Net;
using DsmipTools.Packets;
using DsmipTools.Wire;
using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Worlds;

/// <summary>
/// Agents in virtual time, with real IP packets on simulated links. Time passes only while a call asks for it, as fast as the agents
/// work. One seed and the same calls from one thread give the same packets at the same times, in every process.
/// </summary>
public sealed partial class SimulatedWorld : WorldRuntime
{
    private const ushort FirstEphemeralPort = 49152;

    private readonly Lock gate = new();
    private readonly PriorityQueue<Happening, (long Due, long Order)> queue = new();
    private readonly Dictionary<Endpoint, SimulatedNode> nodes = [];
    private readonly Dictionary<(Address From, Address To), SimulatedPath> paths = [];
    private readonly Dictionary<string, ulong> randomSources = [];
    private readonly Dictionary<string, TimeSpan> clockOffsets = [];
    private readonly Stack<byte[]> spare = new();
    private readonly List<PacketFault> faults = [];
    private readonly PacketDecoder decoder = new();
    private Link defaultLink = Link.Default;
    private TimeSpan elapsed;
    private Traffic traffic;
    private long happenings;
    private int inFlight;

    /// <summary>Makes an empty world.</summary>
    /// <param name="seed">All random numbers come from it.</param>
    /// <param name="eventCapacity">The number of events that are kept.</param>
    public SimulatedWorld(ulong seed = 1, int eventCapacity = EventLog.DefaultCapacity)
        : base(eventCapacity) => Seed = seed;

    /// <summary>The wall clock when a simulation starts.</summary>
    public static DateTimeOffset StartOfTime { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <inheritdoc/>
    public override World World => World.Simulated;

    /// <summary>All random numbers come from it.</summary>
    public ulong Seed { get; }

    /// <inheritdoc/>
    public override Instant Now
    {
        get
        {
            lock (gate)
            {
                return At(elapsed);
            }
        }
    }

    /// <summary>The link between addresses for which nothing else is set. It may change while the world runs.</summary>
    public Link DefaultLink
    {
        get
        {
            lock (gate)
            {
                return defaultLink;
            }
        }

        set
        {
            ArgumentNullException.ThrowIfNull(value);
            lock (gate)
            {
                defaultLink = value;
            }
        }
    }

    /// <summary>What became of the packets so far.</summary>
    public Traffic Traffic
    {
        get
        {
            lock (gate)
            {
                return traffic;
            }
        }
    }

    /// <summary>How much virtual time a command may take before the wait for it is given up; a day unless set.</summary>
    public TimeSpan CommandLimit { get; set; } = TimeSpan.FromDays(1);

    /// <inheritdoc/>
    public override IRandomSource CreateRandom(string agent)
    {
        ArgumentException.ThrowIfNullOrEmpty(agent);
        lock (gate)
        {
            // An agent that restarts under its name must not repeat the numbers of its first life.
            var life = randomSources[agent] = randomSources.GetValueOrDefault(agent) + 1;
            return StableHash.Random(Seed, StableHash.Of(agent), life);
        }
    }

    /// <summary>The link from one address to another; partitioned when either the link or <see cref="Partition"/> says so.</summary>
    public Link GetLink(Address from, Address to)
    {
        lock (gate)
        {
            var path = PathOf(from, to);
            var link = path.Link ?? defaultLink;
            return path.IsPartitioned ? link with { IsPartitioned = true } : link;
        }
    }

    /// <summary>Sets the link between two addresses.</summary>
    /// <param name="from">One address.</param>
    /// <param name="to">The other address.</param>
    /// <param name="link">The link; null for the default one.</param>
    /// <param name="bothWays">False: only packets from the first address to the second are concerned.</param>
    public void SetLink(Address from, Address to, Link? link, bool bothWays = true)
    {
        lock (gate)
        {
            PathOf(from, to).Link = link;
            if (bothWays)
            {
                PathOf(to, from).Link = link;
            }
        }
    }

    /// <summary>Sets the link between two agents.</summary>
    public void SetLink(Agent from, Agent to, Link? link, bool bothWays = true)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        SetLink(from.LocalEndpoint.Address, to.LocalEndpoint.Address, link, bothWays);
    }

    /// <summary>What was sent from one address to another so far.</summary>
    internal LinkPathCounters CountersOf(Address from, Address to)
    {
        lock (gate)
        {
            return PathOf(from, to).Fates.Counters;
        }
    }

    /// <summary>Lets nothing pass between two addresses; the link between them stays as it is set.</summary>
    public void Partition(Address one, Address other) => SetPartition(one, other, true);

    /// <summary>Ends what <see cref="Partition"/> began.</summary>
    public void Heal(Address one, Address other) => SetPartition(one, other, false);

    /// <summary>Lets something become of the next packets that carry a certain message; of several such faults the first that fits comes first.</summary>
    public void Add(PacketFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        lock (gate)
        {
            faults.Add(fault);
        }
    }

    /// <summary>Sets how far the wall clock of an agent is from the world's; it may change while the agent runs.</summary>
    /// <param name="agent">The name of the agent; it need not run yet.</param>
    /// <param name="offset">Added to the wall clock that the agent sees.</param>
    public void SetClockOffset(string agent, TimeSpan offset)
    {
        ArgumentException.ThrowIfNullOrEmpty(agent);
        lock (gate)
        {
            clockOffsets[agent] = offset;
        }
    }

    /// <summary>Puts an IP packet onto the links, as if its source had sent it; it may be anything.</summary>
    /// <param name="packet">The packet.</param>
    public void Inject(ReadOnlySpan<byte> packet)
    {
        lock (gate)
        {
            Address from = default, to = default;
            if (packet.Length >= IPv4Header.Fields.Layout.Length && packet[0] >> 4 == 4)
            {
                from = IPv4Header.Fields.Source.ReadAddress(packet);
                to = IPv4Header.Fields.Destination.ReadAddress(packet);
            }
            else if (packet.Length >= IPv6Header.Fields.Layout.Length)
            {
                from = IPv6Header.Fields.Source.ReadAddress(packet);
                to = IPv6Header.Fields.Destination.ReadAddress(packet);
            }

            var octets = Rent(packet.Length);
            packet.CopyTo(octets);
            Travel(from, to, octets, packet.Length);
        }
    }

    /// <summary>Lets virtual time pass.</summary>
    public void Advance(TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.Zero);
        AdvanceUntil(static () => false, duration);
    }

    /// <summary>Lets virtual time pass until something is so, at most for a limit.</summary>
    /// <param name="condition">Asked now and after everything that happens; it may call <see cref="WorldRuntime.Query"/>.</param>
    /// <param name="limit">How much time may pass.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>True when it came to be so.</returns>
    public bool AdvanceUntil(Func<bool> condition, TimeSpan limit, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var end = Now.Elapsed + limit;
        while (!condition())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!Step(end))
            {
                return condition();
            }
        }

        return true;
    }

    /// <summary>Lets virtual time pass until no packet is under way and no command waits for its outcome. Timers of agents may still run.</summary>
    /// <param name="limit">How much time may pass.</param>
    /// <returns>False when the limit came first.</returns>
    public bool RunUntilQuiet(TimeSpan limit) => AdvanceUntil(
        () =>
        {
            lock (gate)
            {
                return inFlight == 0 && Drivers.All(driver => driver.AwaitedCount == 0);
            }
        },
        limit);

    /// <inheritdoc/>
    public override Task Delay(TimeSpan duration, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.Zero);
        return WaitUntil(static () => false, duration, cancellationToken);
    }

    /// <inheritdoc/>
    public override Task<bool> WaitUntil(Func<bool> condition, TimeSpan limit, CancellationToken cancellationToken = default)
    {
        try
        {
            return Task.FromResult(AdvanceUntil(condition, limit, cancellationToken));
        }
        catch (OperationCanceledException)
        {
            return Task.FromCanceled<bool>(cancellationToken);
        }
    }

    private protected override Task<bool> WaitForEvent(EventReader reader, TimeSpan end, CancellationToken cancellationToken)
    {
        while (!reader.HasNext)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                return Task.FromCanceled<bool>(cancellationToken);
            }

            // Without an end, time must not run on to it when nothing is left to happen.
            if ((end == TimeSpan.MaxValue && IsIdle) || !Step(end))
            {
                return Task.FromResult(false);
            }
        }

        return Task.FromResult(true);
    }

    private bool IsIdle
    {
        get
        {
            lock (gate)
            {
                return queue.Count == 0;
            }
        }
    }

    private protected override AgentDriver Open(Agent agent, AgentPlace? place)
    {
        lock (gate)
        {
            var node = new SimulatedNode(this, agent, FreeEndpoint(agent));
            nodes.Add(node.Local, node);
            order.Add(node);
            try
            {
                agent.Bind(node.Local);
                node.Start(TimeOf(agent));
            }
            catch
            {
                nodes.Remove(node.Local);
                order.Remove(node);
                throw;
            }

            Follow(node);
            return node;
        }
    }

    private protected override void Close(AgentDriver driver)
    {
        lock (gate)
        {
            var node = (SimulatedNode)driver;
            nodes.Remove(node.Local);
            order.Remove(node);
            foreach (var shared in sharedLinks.Values)
            {
                shared.Members.Remove(node.Agent);
            }

            node.IsStopped = true;
            node.Stop(TimeOf(node.Agent));
            foreach (var (happening, _) in queue.UnorderedItems)
            {
                if (happening.Node == node)
                {
                    happening.Work?.End(node.Gone());
                }
            }
        }
    }

    private protected override void Drive(Func<bool> isDone, CancellationToken cancellationToken)
    {
        var end = Now.Elapsed + CommandLimit;
        while (!isDone())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!Step(end) && !isDone())
            {
                throw new SimulationStalledException(queue.Count == 0
                    ? "The command is not done, and nothing is left to happen: no packet is under way and no timer runs."
                    : string.Create(CultureInfo.InvariantCulture, $"The command is not done after {CommandLimit} of virtual time."));
            }
        }
    }

    private protected override void ThrowIfInside(AgentDriver driver)
    {
        // Lock.IsHeldByCurrentThread tells a call from inside an input from a call by another thread.
        if (gate.IsHeldByCurrentThread && ((SimulatedNode)driver).IsInside)
        {
            throw new InvalidOperationException($"The call comes from inside an input to {driver.Agent.Name}, and would wait for itself.");
        }
    }

    private static Instant At(TimeSpan time) => new(time, StartOfTime + time);

    private Instant TimeOf(Agent agent) => At(elapsed) with { WallClock = StartOfTime + elapsed + clockOffsets.GetValueOrDefault(agent.Name) };

    private void SetPartition(Address one, Address other, bool partitioned)
    {
        lock (gate)
        {
            PathOf(one, other).IsPartitioned = partitioned;
            PathOf(other, one).IsPartitioned = partitioned;
        }
    }

    /// <summary>Carries out what happens next, if it happens before an end; else moves time to the end.</summary>
    private bool Step(TimeSpan end)
    {
        lock (gate)
        {
            if (!queue.TryPeek(out var next, out var priority) || priority.Due > end.Ticks)
            {
                elapsed = end > elapsed ? end : elapsed;
                return false;
            }

            queue.Dequeue();
            elapsed = TimeSpan.FromTicks(priority.Due);
            if (next.Work is not null)
            {
                Perform(next.Node!, next.Work);
            }
            else if (next.Node is not null)
            {
                Expire(next.Node);
            }
            else
            {
                Arrive(next);
            }

            return true;
        }
    }

    private void Enqueue(Happening happening, TimeSpan at) => queue.Enqueue(happening, (at.Ticks, happenings++));

    private void Post(SimulatedNode node, Work work)
    {
        lock (gate)
        {
            if (node.IsInside)
            {
                Enqueue(new Happening(node, work, null, 0), elapsed);
            }
            else
            {
                Perform(node, work);
            }
        }
    }

    private void Perform(SimulatedNode node, Work work)
    {
        if (node.IsStopped)
        {
            work.End(node.Gone());
            return;
        }

        node.Perform(work, TimeOf(node.Agent));
        Follow(node);
    }

    private void Expire(SimulatedNode node)
    {
        if (node.IsStopped || node.WokenAt != elapsed)
        {
            return;
        }

        node.WokenAt = TimeSpan.MaxValue;
        if (node.NextExpiry <= elapsed)
        {
            node.Expire(TimeOf(node.Agent));
        }

        Follow(node);
    }

    /// <summary>After every input: the node is woken when its agent wants it.</summary>
    private void Follow(SimulatedNode node)
    {
        if (node.NextExpiry is not { } deadline || deadline >= node.WokenAt)
        {
            return;
        }

        node.WokenAt = deadline > elapsed ? deadline : elapsed;
        Enqueue(new Happening(node, null, null, 0), node.WokenAt);
    }

    private void Move(SimulatedNode node, Endpoint wanted, Instant now)
    {
        var local = node.Agent.Transport == Transport.IPv6 ? wanted with { Port = 0 } : wanted;
        if (!nodes.TryAdd(local, node))
        {
            node.Complain(now, null, NetException.AddressInUse(local).Message);
            return;
        }

        nodes.Remove(node.Local);
        node.MoveTo(local);
    }

    private void Send(SimulatedNode node, in Envelope envelope, ReadOnlySpan<byte> message, Instant now)
    {
        var octets = Rent(PacketFrame.Overhead(envelope) + message.Length);
        int length;
        try
        {
            length = PacketFrame.Write(envelope, message, octets);
        }
        catch (ArgumentException exception)
        {
            spare.Push(octets);
            node.Complain(now, envelope.Destination.Address, exception.Message);
            return;
        }

        Travel(envelope.Source.Address, envelope.Destination.Address, octets, length);
    }

    private void Travel(Address from, Address to, byte[] octets, int length)
    {
        traffic = traffic with { Sent = traffic.Sent + 1 };
        Record(octets.AsSpan(0, length), to);
        var path = PathOf(from, to);
        var link = path.Link ?? defaultLink;
        var partitioned = link.IsPartitioned || path.IsPartitioned;
        var fault = TakeFault(from, octets.AsSpan(0, length));
        var fate = path.Fates.Decide(link, length, elapsed, partitioned || fault is { Delay: null }, fault?.Delay);
        if (fate.IsLost)
        {
            traffic = partitioned ? traffic with { Partitioned = traffic.Partitioned + 1 } : traffic with { Lost = traffic.Lost + 1 };
            Watched(octets.AsSpan(0, length))?.End(ProbeOutcome.Lost, null);
            spare.Push(octets);
            return;
        }

        if (fate.IsReordered)
        {
            traffic = traffic with { Reordered = traffic.Reordered + 1 };
        }

        if (fate.CorruptedAt is { } share && length > 0)
        {
            traffic = traffic with { Corrupted = traffic.Corrupted + 1 };
            var at = (int)(share * length * 8);
            octets[at / 8] ^= (byte)(0x80 >> (at % 8));
        }

        if (fate.CopyArrival is { } copyArrival)
        {
            traffic = traffic with { Duplicated = traffic.Duplicated + 1 };
            var copy = Rent(length);
            octets.AsSpan(0, length).CopyTo(copy);
            Launch(copy, length, copyArrival);
        }

        Launch(octets, length, fate.Arrival);
    }

    private void Record(ReadOnlySpan<byte> packet, Address to)
    {
        try
        {
            Capture?.Write(StartOfTime + elapsed, packet);
        }
        catch (Exception exception) when (exception is ArgumentException or IOException or ObjectDisposedException)
        {
            // A full disk loses the record of a packet, not the packet.
            Report(new AgentEvent { At = At(elapsed), Kind = EventKind.TransportError, Peer = to, Detail = "The packet cannot be captured: " + exception.Message });
        }
    }

    private PacketFault? TakeFault(Address from, ReadOnlySpan<byte> packet)
    {
        if (faults.Count == 0)
        {
            return null;
        }

        var kind = MessageKinds.Of(decoder.Decode(packet).Message);
        var at = faults.FindIndex(fault => fault.Kind == kind && (fault.From is null || fault.From == from));
        if (at < 0)
        {
            return null;
        }

        var fault = faults[at];
        if (fault.Count > 1)
        {
            faults[at] = fault with { Count = fault.Count - 1 };
        }
        else
        {
            faults.RemoveAt(at);
        }

        return fault;
    }

    private void Launch(byte[] octets, int length, TimeSpan arrival)
    {
        inFlight++;
        Enqueue(new Happening(null, null, octets, length), arrival);
    }

    private void Arrive(in Happening packet)
    {
        inFlight--;
        if (PassNat(packet))
        {
            return;
        }


        if (TryForward(packet.Octets.AsSpan(0, packet.Length)))
        {
            spare.Push(packet.Octets!);
            return;
        }

        Watched(packet.Octets.AsSpan(0, packet.Length))?.End(ProbeOutcome.Undeliverable, null);
        if (!PacketFrame.TryRead(packet.Octets.AsSpan(0, packet.Length), default, out var envelope, out var message, out _))
        {
            traffic = TakeError(packet.Octets.AsSpan(0, packet.Length))
                ? traffic with { Delivered = traffic.Delivered + 1 }
                : traffic with { Unreadable = traffic.Unreadable + 1 };
        }
        else if (!nodes.TryGetValue(PlaceOf(envelope), out var node)
            || (envelope.Transport == Transport.IPv6) != (node.Agent.Transport == Transport.IPv6)
            || (envelope.IsProtected && envelope.Transport != node.Agent.Transport))
        {
            traffic = traffic with { Undeliverable = traffic.Undeliverable + 1 };
            AnswerUndeliverable(packet.Octets.AsSpan(0, packet.Length), envelope);
        }
        else
        {
            traffic = traffic with { Delivered = traffic.Delivered + 1 };
            node.Receive(message, envelope with { Transport = node.Agent.Transport }, TimeOf(node.Agent));
            Follow(node);
        }

        spare.Push(packet.Octets!);
    }

    /// <summary>Where a packet goes to. ESP shows no port; over IPv4 it protects that of Proxy Mobile IPv6 (RFC 5844, 4.3.1).</summary>
    private static Endpoint PlaceOf(in Envelope envelope) => envelope is { IsProtected: true, Transport: Transport.ProxyMobileIPv6Udp }
        ? envelope.Destination with { Port = Envelope.ProxyMobileIPv6Port }
        : envelope.Destination;

    private SimulatedPath PathOf(Address from, Address to)
    {
        if (!paths.TryGetValue((from, to), out var path))
        {
            path = new SimulatedPath(StableHash.Random(Seed, StableHash.Of(from), StableHash.Of(to)));
            paths.Add((from, to), path);
        }

        return path;
    }

    private Endpoint FreeEndpoint(Agent agent)
    {
        var wanted = agent.LocalEndpoint;
        if (agent.Transport == Transport.IPv6)
        {
            wanted = wanted with { Port = 0 };
        }
        else if (wanted.Port == 0)
        {
            var port = FirstEphemeralPort;
            while (nodes.ContainsKey(wanted with { Port = port }))
            {
                port = port == ushort.MaxValue ? throw NetException.AddressInUse(wanted) : (ushort)(port + 1);
            }

            return wanted with { Port = port };
        }

        return nodes.ContainsKey(wanted) ? throw NetException.AddressInUse(wanted) : wanted;
    }

    private byte[] Rent(int length)
    {
        // Most packets fit the usual length; a longer one is not kept.
        const int Usual = 2048;
        if (length > Usual)
        {
            return new byte[length];
        }

        while (spare.TryPop(out var octets))
        {
            if (octets.Length == Usual)
            {
                return octets;
            }
        }

        return new byte[Usual];
    }

    /// <summary>What happens at a time: work for a node, a node that is woken, or a packet that arrives.</summary>
    private readonly record struct Happening(SimulatedNode? Node, Work? Work, byte[]? Octets, int Length);

    /// <summary>One direction between two addresses.</summary>
    private sealed class SimulatedPath(SeededRandom random)
    {
        public LinkPath Fates { get; } = new(random);

        /// <summary>Null where the default link holds.</summary>
        public Link? Link { get; set; }

        public bool IsPartitioned { get; set; }
    }

    /// <summary>An agent in this world.</summary>
    private sealed class SimulatedNode(SimulatedWorld world, Agent agent, Endpoint local) : AgentDriver(world, agent)
    {
        private Endpoint place = local;
        private ForwardingTable table = new(local.Address);

        public override Endpoint Local => place;

        public override ForwardingTable Forwarding => table;

        public ForwardingCounters Counters { get; } = new();

        public DropReports Drops { get; } = new();

        /// <summary>The identification of the last outer IPv4 header.</summary>
        public ushort Identification { get; set; }

        public bool IsInside => IsBusy;

        public bool IsStopped { get; set; }

        /// <summary>When the node is woken next; entries of the queue for other times are stale.</summary>
        public TimeSpan WokenAt { get; set; } = TimeSpan.MaxValue;

        public void MoveTo(Endpoint wanted)
        {
            // What its tunnels stood on is gone with the address.
            place = wanted;
            table = new ForwardingTable(wanted.Address);
        }

        public void Complain(Instant now, Address? peer, string detail) => ReportTrouble(now, peer, detail);

        public override void Post(Work work) => world.Post(this, work);

        protected override void Move(Endpoint wanted, Instant now) => world.Move(this, wanted, now);

        protected override bool SendPacket(ReadOnlySpan<byte> packet)
        {
            world.Inject(packet);
            return true;
        }

        protected override bool SendOnLink(uint link, ReadOnlySpan<byte> packet)
        {
            world.SendOnLink(this, link, Octets.Create(packet));
            return true;
        }

        protected override void Send(in Envelope envelope, ReadOnlySpan<byte> message, Instant now) => world.Send(this, envelope, message, now);
    }
}
