using System.Runtime.CompilerServices;
using DsmipTools.Engine;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Tunnels;

namespace DsmipTools.Worlds;

/// <summary>
/// Runs agents: gives them time, messages and commands, and carries out what they want done. All members may be called from any thread.
/// </summary>
public abstract class WorldRuntime : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly HashSet<string> names = [];
    private readonly List<AgentDriver> drivers = [];
    private readonly Dictionary<Agent, AgentDriver> driverOf = new(ReferenceEqualityComparer.Instance);
    private PacketCapture? capture;
    private long faults;
    private bool disposed;

    private protected WorldRuntime(int eventCapacity) => Events = new EventLog(eventCapacity);

    /// <summary>Which world this is.</summary>
    public abstract World World { get; }

    /// <summary>The time in this world.</summary>
    public abstract Instant Now { get; }

    /// <summary>What happened.</summary>
    public EventLog Events { get; }

    /// <summary>The tunnels that agents have brought up.</summary>
    public TunnelTable Tunnels { get; } = new();

    /// <summary>
    /// Where the IP packets of this world are written, each once, with the time of the world; null for nowhere. It may change while
    /// agents run. Whoever sets it disposes it.
    /// </summary>
    public PacketCapture? Capture
    {
        get => Volatile.Read(ref capture);
        set => Volatile.Write(ref capture, value);
    }

    /// <summary>The number of exceptions that came out of agents. Each is a bug of an agent and an event of kind <see cref="EventKind.AgentFault"/>.</summary>
    public long Faults => Interlocked.Read(ref faults);

    /// <summary>The agents that run, in the order in which they were added.</summary>
    public IReadOnlyList<Agent> Agents
    {
        get
        {
            lock (gate)
            {
                return [.. drivers.Select(driver => driver.Agent)];
            }
        }
    }

    /// <summary>The drivers of the agents that run.</summary>
    private protected IReadOnlyList<AgentDriver> Drivers
    {
        get
        {
            lock (gate)
            {
                return [.. drivers];
            }
        }
    }

    /// <summary>Opens a world.</summary>
    /// <param name="world">Which one.</param>
    /// <param name="seed">The seed of a simulated world; other worlds do not use it.</param>
    /// <param name="eventCapacity">The number of events that are kept.</param>
    public static WorldRuntime Open(World world, ulong seed = 1, int eventCapacity = EventLog.DefaultCapacity) => world switch
    {
        World.Simulated => new SimulatedWorld(seed, eventCapacity),
        World.Loopback or World.Namespace or World.Host => new SocketWorld(world, eventCapacity),
        _ => throw new ArgumentOutOfRangeException(nameof(world), world, "There is no such world."),
    };

    /// <summary>The random source for an agent that is about to be made: seeded in the simulated world, cryptographic elsewhere.</summary>
    /// <param name="agent">The name that the agent will have.</param>
    public abstract IRandomSource CreateRandom(string agent);

    /// <summary>Gives an agent its address and starts it.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="place">Where it runs; by default, in this world.</param>
    /// <exception cref="ArgumentException">An agent of that name runs already.</exception>
    /// <exception cref="NotSupportedException">The agent cannot run there.</exception>
    /// <exception cref="Net.NetException">Its socket cannot be had.</exception>
    public void Add(Agent agent, AgentPlace? place = null)
    {
        ArgumentNullException.ThrowIfNull(agent);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (!names.Add(agent.Name))
            {
                throw new ArgumentException($"An agent with the name {agent.Name} runs already in this world.", nameof(agent));
            }
        }

        AgentDriver? driver = null;
        try
        {
            driver = Open(agent, place);
        }
        finally
        {
            lock (gate)
            {
                if (driver is null)
                {
                    names.Remove(agent.Name);
                }
                else if (!disposed)
                {
                    drivers.Add(driver);
                    driverOf.Add(agent, driver);
                    driver = null;
                }
            }
        }

        if (driver is not null)
        {
            // The world was disposed while the agent started.
            Close(driver);
            ObjectDisposedException.ThrowIf(disposed, this);
        }
    }

    /// <summary>Stops an agent: its address is free again, its tunnels are gone, commands that wait end with <see cref="ObjectDisposedException"/>.</summary>
    /// <exception cref="InvalidOperationException">The agent does not run in this world.</exception>
    public void Remove(Agent agent)
    {
        ArgumentNullException.ThrowIfNull(agent);
        AgentDriver driver;
        lock (gate)
        {
            driver = Find(agent) ?? throw IsNotHere(agent);
            drivers.Remove(driver);
            driverOf.Remove(agent);
        }

        Close(driver);
        lock (gate)
        {
            names.Remove(agent.Name);
        }
    }

    /// <summary>Stops an agent and starts another in its place, as after a restart that lost all state.</summary>
    /// <exception cref="Net.NetException">The socket of the new one cannot be had; then neither runs.</exception>
    public void Restart(Agent agent, Agent replacement)
    {
        Remove(agent);
        Add(replacement);
    }

    /// <summary>Starts a command and returns at once; in the simulated world somebody else has to let time pass.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="command">Runs on the agent's loop and returns the number of the command.</param>
    /// <param name="cancellationToken">Ends the wait at once; an outcome that comes later is discarded.</param>
    /// <returns>The outcome of the command. What the command throws comes back here.</returns>
    public Task<object> Begin(Agent agent, Func<Instant, long> command, CancellationToken cancellationToken = default) =>
        Begin(agent, command, cancellationToken, out _, out _);

    /// <summary>Starts a command and waits for its outcome. In the simulated world this lets virtual time pass.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="command">Runs on the agent's loop and returns the number of the command.</param>
    /// <param name="cancellationToken">Ends the wait at once; an outcome that comes later is discarded.</param>
    /// <returns>The outcome of the command. What the command throws comes back here.</returns>
    public Task<object> Execute(Agent agent, Func<Instant, long> command, CancellationToken cancellationToken = default)
    {
        var task = Begin(agent, command, cancellationToken, out var driver, out var posted);
        try
        {
            Drive(() => task.IsCompleted, cancellationToken);
            return task;
        }
        catch (OperationCanceledException)
        {
            return Task.FromCanceled<object>(cancellationToken);
        }
        catch (SimulationStalledException exception)
        {
            posted!.End(exception);
            driver!.Forget(posted);
            return task;
        }
    }

    /// <summary>Starts a command that has several outcomes, and gives them as they come. The command starts with the enumeration.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="command">Runs on the agent's loop and returns the number of the command; 0 when there is nothing to wait for.</param>
    /// <param name="isLast">True for the last outcome, which is given too.</param>
    /// <param name="cancellationToken">Ends the wait at once; outcomes that come later are discarded.</param>
    public async IAsyncEnumerable<object> ExecuteMany(
        Agent agent, Func<Instant, long> command, Func<object, bool> isLast, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(agent);
        cancellationToken.ThrowIfCancellationRequested();
        var driver = Find(agent) ?? throw IsNotHere(agent);
        var posted = new StreamCommand(command, isLast);
        try
        {
            driver.Post(posted);
            while (true)
            {
                Drive(() => posted.IsOver || posted.Outcomes.TryPeek(out _), cancellationToken);
                if (!await posted.Outcomes.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    yield break;
                }

                while (posted.Outcomes.TryRead(out var outcome))
                {
                    yield return outcome;
                    cancellationToken.ThrowIfCancellationRequested();
                }
            }
        }
        finally
        {
            posted.Abandon(driver);
        }
    }

    /// <summary>Runs a command that has no outcome on the agent's loop; the task ends when it has run and its effects are carried out.</summary>
    public Task Run(Agent agent, Action<Instant> command, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        var query = Post(
            agent,
            now =>
            {
                command(now);
                return true;
            },
            cancellationToken);
        return query.WaitAsync(cancellationToken);
    }

    /// <summary>Reads something of an agent on its loop, between inputs, and waits for it.</summary>
    /// <exception cref="InvalidOperationException">The agent does not run in this world, or the call comes from inside one of its inputs.</exception>
    public T Query<T>(Agent agent, Func<Instant, T> read)
    {
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(read);
        ThrowIfInside(Find(agent) ?? throw IsNotHere(agent));
        return Post(agent, read, CancellationToken.None).GetAwaiter().GetResult();
    }

    /// <summary>Waits. In the simulated world virtual time passes instead.</summary>
    public abstract Task Delay(TimeSpan duration, CancellationToken cancellationToken = default);

    /// <summary>Waits until something is so, at most for a limit. In the simulated world virtual time passes.</summary>
    /// <param name="condition">What to wait for; it may call <see cref="Query"/>.</param>
    /// <param name="limit">How long at most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>True when it came to be so.</returns>
    public abstract Task<bool> WaitUntil(Func<bool> condition, TimeSpan limit, CancellationToken cancellationToken = default);

    /// <summary>
    /// Gives events as they come, until a limit of time has passed or the world ends. In the simulated world virtual time passes for that, and
    /// it ends too when nothing is left to happen.
    /// </summary>
    /// <param name="reader">Where to begin; see <see cref="EventLog.Open"/>.</param>
    /// <param name="limit">How much time may pass, in the time of the world; <see cref="Timeout.InfiniteTimeSpan"/> for no limit.</param>
    /// <param name="cancellationToken">Ends the enumeration with <see cref="OperationCanceledException"/>.</param>
    public async IAsyncEnumerable<AgentEvent> Follow(
        EventReader reader, TimeSpan limit, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, Timeout.InfiniteTimeSpan);
        var end = limit == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : Now.Elapsed + limit;
        do
        {
            while (reader.TryRead(out var happened))
            {
                if (happened.At.Elapsed > end)
                {
                    yield break;
                }

                yield return happened;
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        while (await WaitForEvent(reader, end, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Stops all agents, in reverse order, and frees all that the world holds.</summary>
    public ValueTask DisposeAsync()
    {
        AgentDriver[] running;
        lock (gate)
        {
            if (disposed)
            {
                return ValueTask.CompletedTask;
            }

            disposed = true;
            running = [.. drivers];
            drivers.Clear();
            driverOf.Clear();
        }

        foreach (var driver in Enumerable.Reverse(running))
        {
            Close(driver);
        }

        Events.Close();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>The tunnels that carry packets on the host's own network, agent by agent.</summary>
    internal IReadOnlyList<AgentTunnel> CarriedTunnels() => [.. Drivers.SelectMany(driver => driver.CarriedTunnels)];

    internal void Report(in AgentEvent happened) => Events.Add(happened);

    internal void CountFault() => Interlocked.Increment(ref faults);

    /// <summary>Makes the driver of an agent, with its address bound and the agent started.</summary>
    private protected abstract AgentDriver Open(Agent agent, AgentPlace? place);

    /// <summary>Stops a driver and frees its address.</summary>
    private protected abstract void Close(AgentDriver driver);

    /// <summary>Lets time pass until something is done, where time is ours.</summary>
    /// <exception cref="OperationCanceledException">The token asked for it.</exception>
    /// <exception cref="SimulationStalledException">It will never be done.</exception>
    private protected virtual void Drive(Func<bool> isDone, CancellationToken cancellationToken)
    {
    }

    /// <summary>Waits for the next event until a moment; false when none came, or none will come.</summary>
    private protected abstract Task<bool> WaitForEvent(EventReader reader, TimeSpan end, CancellationToken cancellationToken);

    /// <summary>Refuses a call that would wait for itself.</summary>
    private protected abstract void ThrowIfInside(AgentDriver driver);

    private static InvalidOperationException IsNotHere(Agent agent) => new($"The agent {agent.Name} does not run in this world.");

    private AgentDriver? Find(Agent agent)
    {
        lock (gate)
        {
            return driverOf.GetValueOrDefault(agent);
        }
    }

    private Task<object> Begin(
        Agent agent, Func<Instant, long> command, CancellationToken cancellationToken, out AgentDriver? driver, out SingleCommand? posted)
    {
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(command);
        posted = null;
        driver = null;
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<object>(cancellationToken);
        }

        driver = Find(agent);
        if (driver is null)
        {
            return Task.FromException<object>(IsNotHere(agent));
        }

        posted = new SingleCommand(command);
        posted.Watch(driver, cancellationToken);
        driver.Post(posted);
        return posted.Task;
    }

    private Task<T> Post<T>(Agent agent, Func<Instant, T> read, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(agent);
        if (Find(agent) is not { } driver)
        {
            return Task.FromException<T>(IsNotHere(agent));
        }

        var query = new Query<T>(read, cancellationToken);
        driver.Post(query);
        return query.Task;
    }
}
