using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using DsmipTools.Engine;
using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.MobileIPv4;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Revocation;
using DsmipTools.Engine.Security;
using DsmipTools.Hosting;
using DsmipTools.Labs;
using DsmipTools.Tunnels;
using DsmipTools.Wire.Ip;
using DsmipTools.Worlds;

namespace DsmipTools;

/// <summary>
/// The agents of one world, with the security associations that they share, captures and tunnels. Disposal stops all of them, and so does the end of the
/// process, also by SIGTERM and SIGHUP.
/// </summary>
public sealed class DsmipHost : IAsyncDisposable
{
    // One indication each: far below the 65,536 sequence numbers of an anchor, and enough that silent peers do not hold up the others.
    private const int MaximumRevocationsAtOnce = 1024;

    private readonly Lock gate = new();
    private readonly List<HostedAgent> agents = [];
    private readonly ProcessEnd ending;
    private long transientNodes;

    /// <summary>Opens a host.</summary>
    /// <param name="world">Where its agents run.</param>
    /// <param name="seed">The seed of a simulated world: one seed, one run.</param>
    public DsmipHost(World world = World.Simulated, ulong seed = 1)
    {
        Runtime = WorldRuntime.Open(world, seed);
        Labs = new HostedLabs(EndIn);
        ending = new ProcessEnd(async () => await ((IAsyncDisposable?)Lab ?? this).DisposeAsync().ConfigureAwait(false));
    }

    /// <summary>Where the agents run.</summary>
    public World World => Runtime.World;

    /// <summary>The world itself: time, events, tunnels, captures.</summary>
    public WorldRuntime Runtime { get; }

    /// <summary>The simulated world with its links and faults; null in another world.</summary>
    public SimulatedWorld? Simulation => Runtime as SimulatedWorld;

    /// <summary>The lab whose agents these are; null for none.</summary>
    internal Lab? Lab { get; init; }

    /// <summary>The mobility security associations (RFC 5944, 1.6) that the host's agents use.</summary>
    public SecurityAssociations SecurityAssociations { get; } = new();

    /// <summary>The IPsec security associations (RFC 5213, 4) between anchors and gateways; see <see cref="Add(IPsecSecurityAssociation)"/>.</summary>
    public IPsecSecurityAssociations IPsecSecurityAssociations { get; } = new();

    /// <summary>The captures on interfaces of this machine, in every world.</summary>
    public HostedCaptures Captures { get; } = new();

    /// <summary>The tunnels of this machine that are configured by hand, in every world.</summary>
    public HostedTunnels Tunnels { get; } = new();

    /// <summary>The labs that were made here, each with a world and agents of its own.</summary>
    public HostedLabs Labs { get; }

    /// <summary>What happened.</summary>
    public EventLog Events => Runtime.Events;

    /// <summary>The agents, in the order in which they were added.</summary>
    public IReadOnlyList<HostedAgent> Agents
    {
        get
        {
            lock (gate)
            {
                // An array: PowerShell indexes no other list that only says that it is read-only.
                return agents.ToArray();
            }
        }
    }

    /// <summary>Adds a home agent and starts it.</summary>
    /// <param name="options">How it is configured.</param>
    /// <param name="start">False to leave it stopped.</param>
    /// <param name="place">Where it runs; by default, in the world of the host.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or the name is taken.</exception>
    /// <exception cref="NotSupportedException">It cannot run there; it is not added.</exception>
    /// <exception cref="Net.NetException">Its address cannot be had; it is not added.</exception>
    public HostedHomeAgent Add(HomeAgentOptions options, bool start = true, AgentPlace? place = null)
    {
        // A home agent checks its options when it is made; one that is to be started later is to be refused now too.
        using (new HomeAgent(options, SecurityAssociations, new SeededRandom(0)))
        {
            return Add(new HostedHomeAgent(this, options) { Place = place ?? PlaceIn(Lab, options.Name, options.Address) }, start);
        }
    }

    /// <summary>Adds a foreign agent and starts it.</summary>
    /// <param name="options">How it is configured.</param>
    /// <param name="start">False to leave it stopped.</param>
    /// <param name="place">Where it runs; by default, in the world of the host.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or the name is taken.</exception>
    /// <exception cref="NotSupportedException">It cannot run there; it is not added.</exception>
    /// <exception cref="Net.NetException">Its address cannot be had; it is not added.</exception>
    public HostedForeignAgent Add(ForeignAgentOptions options, bool start = true, AgentPlace? place = null)
    {
        using (new ForeignAgent(options, SecurityAssociations, new SeededRandom(0)))
        {
            return Add(new HostedForeignAgent(this, options) { Place = place ?? PlaceIn(Lab, options.Name, options.Address) }, start);
        }
    }

    /// <summary>Adds a mobile node and starts it. On real networks it registers and carries no traffic: its home address is not given to the host.</summary>
    /// <param name="options">How it is configured.</param>
    /// <param name="start">False to leave it stopped.</param>
    /// <param name="place">Where it runs; by default, in the world of the host.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or the name is taken.</exception>
    /// <exception cref="NotSupportedException">It cannot run there; it is not added.</exception>
    /// <exception cref="Net.NetException">Its address cannot be had; it is not added.</exception>
    public HostedMobileNode Add(MobileNodeOptions options, bool start = true, AgentPlace? place = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var hosted = new HostedMobileNode(this, options with { CarriesTraffic = options.CarriesTraffic && World == World.Simulated })
        {
            Place = place ?? PlaceIn(Lab, options.Name, options.CareOfAddress ?? options.HomeAddress),
        };
        return Add(hosted, start);
    }

    /// <summary>Adds a local mobility anchor and starts it.</summary>
    /// <param name="options">How it is configured.</param>
    /// <param name="start">False to leave it stopped.</param>
    /// <param name="place">Where it runs; by default, in the world of the host.</param>
    /// <exception cref="ArgumentException">An option is out of its range, the name is taken, or the peers of an anchor that others can reach are not named.</exception>
    /// <exception cref="NotSupportedException">It cannot run there; it is not added.</exception>
    /// <exception cref="Net.NetException">Its address cannot be had; it is not added.</exception>
    public HostedLocalMobilityAnchor Add(LocalMobilityAnchorOptions options, bool start = true, AgentPlace? place = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        place ??= PlaceIn(Lab, options.Name, options.Address);
        _ = ProtectionFor(options, place);
        return Add(new HostedLocalMobilityAnchor(this, options) { Place = place }, start);
    }

    /// <summary>Adds a mobile access gateway and starts it.</summary>
    /// <param name="options">How it is configured.</param>
    /// <param name="start">False to leave it stopped.</param>
    /// <param name="place">Where it runs; by default, in the world of the host.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or the name is taken.</exception>
    /// <exception cref="NotSupportedException">It cannot run there; it is not added.</exception>
    /// <exception cref="Net.NetException">Its address cannot be had; it is not added.</exception>
    public HostedMobileAccessGateway Add(MobileAccessGatewayOptions options, bool start = true, AgentPlace? place = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return Add(new HostedMobileAccessGateway(this, options) { Place = place ?? PlaceIn(Lab, options.Name, options.Address) }, start);
    }

    /// <summary>
    /// Adds an IPsec security association. From now on its two addresses exchange no signaling without ESP: the next one, in the other direction,
    /// should follow at once.
    /// </summary>
    /// <exception cref="ArgumentException">Its destination already has one with this SPI.</exception>
    /// <exception cref="NotSupportedException">The world has real sockets, which the kernel's policies protect: <see cref="KernelIPsec"/>.</exception>
    public void Add(IPsecSecurityAssociation association)
    {
        ThrowUnlessEspIsCarried();
        IPsecSecurityAssociations.Add(association);
    }

    /// <summary>Adds an IPsec security association; false when its destination already has one with this SPI.</summary>
    /// <exception cref="NotSupportedException">The world has real sockets, which the kernel's policies protect: <see cref="KernelIPsec"/>.</exception>
    public bool TryAdd(IPsecSecurityAssociation association)
    {
        ThrowUnlessEspIsCarried();
        return IPsecSecurityAssociations.TryAdd(association);
    }

    /// <summary>
    /// Registers, or de-registers, once: with a mobile node that lives as long as the request waits for its answer and then gives its
    /// address back. What the home agent accepted stays until it expires.
    /// </summary>
    /// <param name="options">The mobile node.</param>
    /// <param name="deregister">True to remove what is registered for the home address.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="Net.NetException">The care-of address cannot be had.</exception>
    public async Task<RegistrationOutcome> RegisterOnceAsync(MobileNodeOptions options, bool deregister = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var number = Interlocked.Increment(ref transientNodes);
        var name = string.Create(CultureInfo.InvariantCulture, $"{options.Name}#{number}");
        using var node = new MobileNode(options with { Name = name, RenewAutomatically = false, CarriesTraffic = false }, Runtime.CreateRandom(name));
        Runtime.Add(node, PlaceIn(Lab, options.Name, options.CareOfAddress ?? options.HomeAddress));
        try
        {
            return (RegistrationOutcome)await Runtime
                .Execute(node, now => deregister ? node.Deregister(now) : node.Register(now), cancellationToken)
                .ConfigureAwait(false);
        }
        finally
        {
            Runtime.Remove(node);
        }
    }

    /// <summary>Revokes at several agents, or several things at one, at the same time, and gives the outcomes as they come.</summary>
    /// <param name="revocations">What to revoke where.</param>
    /// <param name="cancellationToken">Ends the wait; the agents go on with what has begun.</param>
    /// <exception cref="InvalidOperationException">An agent does not run, or cannot revoke that now; the others go on.</exception>
    public static async IAsyncEnumerable<RevocationOutcome> RevokeAsync(
        IEnumerable<(IRevocationInitiator Initiator, RevocationRequest Request)> revocations,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(revocations);
        var outcomes = Channel.CreateUnbounded<RevocationOutcome>();
        var waiting = new ConcurrentQueue<(IRevocationInitiator Initiator, RevocationRequest Request)>(revocations);
        var failures = new ConcurrentQueue<Exception>();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // In the simulated world the first of these does all the work before the next one starts, so that a run can be repeated.
        var workers = Enumerable.Range(0, Math.Min(waiting.Count, MaximumRevocationsAtOnce)).Select(_ => Work()).ToArray();
        _ = Task.WhenAll(workers).ContinueWith(
            _ => outcomes.Writer.Complete(failures.TryPeek(out var first) ? first : null), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        try
        {
            await foreach (var outcome in outcomes.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return outcome;
            }
        }
        finally
        {
            // Who has seen enough wants nothing more to begin.
            await enough.CancelAsync().ConfigureAwait(false);
        }

        async Task Work()
        {
            while (!enough.IsCancellationRequested && waiting.TryDequeue(out var next))
            {
                try
                {
                    await foreach (var outcome in next.Initiator.RevokeAsync(next.Request, enough.Token).ConfigureAwait(false))
                    {
                        outcomes.Writer.TryWrite(outcome);
                    }
                }
                catch (Exception failure) when (failure is InvalidOperationException or ObjectDisposedException or OperationCanceledException)
                {
                    // One agent that stopped does not keep the others from what they were asked for.
                    failures.Enqueue(failure);
                }
            }
        }
    }

    /// <summary>Removes bindings at the agents that hold them, and gives one result for each as it comes.</summary>
    /// <param name="bindings">The bindings.</param>
    /// <param name="signal">
    /// True to tell the other side: an anchor and a home agent revoke (RFC 5846, 8.1; RFC 3543), a gateway de-registers (RFC 5213, 6.9.1.4). False to remove them here alone.
    /// </param>
    /// <param name="cancellationToken">Ends the wait; the agents go on with what has begun.</param>
    /// <exception cref="NotSupportedException">An agent has no message for that; those before it are done.</exception>
    public async IAsyncEnumerable<BindingRemoval> RemoveAsync(
        IEnumerable<BindingSnapshot> bindings, bool signal = false, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(bindings);
        // What an anchor revokes goes at its gateways too: these have their turn afterwards, with what is left.
        var held = bindings.GroupBy(binding => binding.Agent, StringComparer.OrdinalIgnoreCase)
            .Select(group => (Agent: Find(group.Key), Bindings: group.ToArray()))
            .OrderBy(group => group.Agent is HostedMobileAccessGateway)
            .ToArray();
        foreach (var (agent, own) in held)
        {
            if (signal && agent is not null)
            {
                await foreach (var removal in agent.TellAsync(own, cancellationToken).ConfigureAwait(false))
                {
                    yield return removal;
                }

                continue;
            }

            foreach (var removal in agent?.Clear(own) ?? Array.ConvertAll(own, binding => new BindingRemoval(binding, BindingRemovalResult.NotFound)))
            {
                yield return removal;
            }
        }
    }

    /// <summary>Where an administrator wants an agent.</summary>
    /// <param name="world">The world; null for that of the node, or of the host.</param>
    /// <param name="node">A node of a lab, or a network namespace, by its name; null for none.</param>
    /// <returns>The place; null for the world of the host.</returns>
    /// <exception cref="ArgumentException">The world and the node exclude each other, or the world needs one.</exception>
    public AgentPlace? PlaceOf(World? world, string? node)
    {
        if (node is null)
        {
            return world is { } wanted && wanted != World ? AgentPlace.Of(wanted) : null;
        }

        return world is null or World.Namespace
            ? NodesNamed(node) switch
            {
                [] => AgentPlace.In(node),
                [var only] => AgentPlace.In(only),
                var several => throw new ArgumentException(
                    $"There are nodes with the name {node} in several labs: name the network namespace ({string.Join(", ", several.Select(each => each.Namespace))})."),
            }
            : throw new ArgumentException($"The node {node} is in the world of network namespaces, and not in {world}.");
    }

    /// <summary>The agent with a name, without regard to case; null when there is none.</summary>
    public HostedAgent? Find(string name)
    {
        lock (gate)
        {
            return agents.Find(agent => string.Equals(agent.Name, name, StringComparison.OrdinalIgnoreCase));
        }
    }

    /// <summary>The tunnels of agents that carry packets on this machine's networks, agent by agent; those of simulated and loopback agents do not.</summary>
    public IReadOnlyList<AgentTunnel> AgentTunnels() => Runtime.CarriedTunnels();

    /// <summary>The bindings of all agents that run, agent by agent, each at one moment. For many of them there is <see cref="FindBindings"/>.</summary>
    public IReadOnlyList<BindingSnapshot> Bindings() => Agents.SelectMany(agent => agent.Bindings()).ToArray();

    /// <summary>The bindings of all agents that fit a filter, agent by agent; see <see cref="HostedAgent.FindBindings"/>.</summary>
    public IEnumerable<BindingSnapshot> FindBindings(BindingFilter filter) => Agents.SelectMany(agent => agent.FindBindings(filter));

    /// <summary>Tells after each interval what agents did in it, in the time of the world, until it is cancelled. In the simulated world virtual time passes for that.</summary>
    /// <param name="watched">The agents; they may be stopped and started meanwhile.</param>
    /// <param name="interval">More than zero.</param>
    /// <param name="cancellationToken">Ends it with <see cref="OperationCanceledException"/>.</param>
    public async IAsyncEnumerable<AgentActivity> WatchAsync(
        IReadOnlyList<HostedAgent> watched, TimeSpan interval, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(watched);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        var events = Events.Open(int.MaxValue);
        var newest = new Dictionary<string, AgentEvent>(StringComparer.OrdinalIgnoreCase);
        var before = watched.Select(agent => agent.Statistics()).ToArray();
        for (var due = Runtime.Now.Elapsed + interval; ; due += interval)
        {
            var left = due - Runtime.Now.Elapsed;
            await Runtime.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
            while (events.TryRead(out var happened))
            {
                newest[happened.Agent ?? ""] = happened;
            }

            for (var at = 0; at < watched.Count; at++)
            {
                var statistics = watched[at].Statistics();
                yield return new AgentActivity(
                    watched[at],
                    statistics?.ChangesSince(before[at]),
                    Runtime.Now.WallClock,
                    newest.TryGetValue(watched[at].Name, out var last) ? last : null);
                before[at] = statistics;
            }
        }
    }

    /// <summary>Writes every packet from now on to a pcapng file (link type raw IP), until the result is disposed.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public IDisposable CaptureTo(string path)
    {
        var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read);
        var capture = new PacketCapture(stream);
        Runtime.Capture = capture;
        return new Captured(this, capture);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{World} ({Agents.Count} agents)");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        ending.Dispose();
        HostedAgent[] last;
        lock (gate)
        {
            last = [.. agents];
            agents.Clear();
        }

        foreach (var agent in Enumerable.Reverse(last))
        {
            agent.End();
        }

        Tunnels.Dispose();
        await Labs.RemoveAllAsync().ConfigureAwait(false);
        // The last of all: they show what the agents sent as they ended.
        await Runtime.DisposeAsync().ConfigureAwait(false);
        await Captures.StopAllAsync().ConfigureAwait(false);
    }

    /// <summary>What protects the messages of an anchor: its own, or the host's IPsec security associations and, without those, the addresses of its peers.</summary>
    /// <exception cref="ArgumentException">The peers of an anchor that others can reach are not named.</exception>
    internal IMessageProtection ProtectionFor(LocalMobilityAnchorOptions options, AgentPlace? place)
    {
        // Without message protection the source address is all there is to go by, so that an open door has to be asked for.
        return options.Protection ?? new IPsecProtection(
            IPsecSecurityAssociations,
            options.Address,
            options.Peers is { } peers ? PeersByAddress.Of(peers)
                // Nobody is there but the nodes of the lab.
                : World == World.Simulated || place is { IsOfLab: true } ? PeersByAddress.Anyone
                : options.Address.IsLoopback ? PeersByAddress.LoopbackHost
                : throw new ArgumentException($"{options.Address} is no loopback address: name the mobile access gateways that may register (Peers).", nameof(options)));
    }

    /// <summary>The same for a gateway, whose only peer is its anchor.</summary>
    internal IMessageProtection ProtectionFor(MobileAccessGatewayOptions options) =>
        options.Protection ?? new IPsecProtection(IPsecSecurityAssociations, options.Address, PeersByAddress.Of([options.LocalMobilityAnchor]));

    internal void Start(HostedAgent agent)
    {
        lock (gate)
        {
            if (!agents.Contains(agent))
            {
                throw new InvalidOperationException($"The agent {agent.Name} was removed.");
            }
        }

        agent.Begin();
    }

    internal void Remove(HostedAgent agent)
    {
        agent.End();
        lock (gate)
        {
            agents.Remove(agent);
        }
    }

    private static AgentPlace? PlaceIn(Lab? lab, string agent, Address address) => lab is { World: World.Namespace } ? lab.PlaceOf(agent, address) : null;

    private LabNode[] NodesNamed(string name) => [.. (Lab is null ? Labs.List() : [Lab]).Select(lab => lab.FindNode(name)).OfType<LabNode>()];

    /// <summary>A lab is about to end: who runs in its nodes ends first.</summary>
    private void EndIn(Lab lab)
    {
        foreach (var agent in Agents.Where(agent => agent.Place?.Namespace is { } place && lab.Nodes.Any(node => node.Namespace == place)).Reverse())
        {
            agent.Remove();
        }
    }

    private THosted Add<THosted>(THosted agent, bool start)
        where THosted : HostedAgent
    {
        if (agent.Place is { } place && (place.World == World.Simulated) != (World == World.Simulated))
        {
            throw new NotSupportedException($"{agent.Name} cannot run in {place} beside agents in the {World} world: simulated time is not that of real networks.");
        }

        lock (gate)
        {
            if (Find(agent.Name) is not null)
            {
                throw new ArgumentException($"There is an agent with the name {agent.Name} already.");
            }

            agents.Add(agent);
        }

        if (!start)
        {
            return agent;
        }

        try
        {
            Start(agent);
            return agent;
        }
        catch
        {
            Remove(agent);
            throw;
        }
    }

    private sealed class Captured(DsmipHost host, PacketCapture capture) : IDisposable
    {
        public void Dispose()
        {
            if (host.Runtime.Capture == capture)
            {
                host.Runtime.Capture = null;
            }

            capture.Dispose();
        }
    }

    private void ThrowUnlessEspIsCarried()
    {
        if (World != World.Simulated)
        {
            throw new NotSupportedException($"The {World} world carries no ESP. {KernelIPsec.Advice}");
        }
    }
}
