using System.Diagnostics.CodeAnalysis;
using DsmipTools.Engine;
using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Configuration;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Wire.Ip;
using DsmipTools.Worlds;

namespace DsmipTools.Hosting;

/// <summary>An agent of a host: it can be started, asked, stopped and started again; a new start begins without bindings.</summary>
public abstract class HostedAgent
{
    // About a millisecond of the agent's time.
    private const int BindingsAtOnce = 1000;

    private readonly Lock changing = new();

    private protected HostedAgent(DsmipHost host, string name, AgentKind kind, Endpoint configured)
    {
        Host = host;
        Name = name;
        Kind = kind;
        Configured = configured;
    }

    /// <summary>The host.</summary>
    public DsmipHost Host { get; }

    /// <summary>The name, unique in its host without regard to case.</summary>
    public string Name { get; }

    /// <summary>The role.</summary>
    public AgentKind Kind { get; }

    /// <summary>The world that the agent runs in.</summary>
    public World World => Place?.World ?? Host.World;

    /// <summary>The node of a lab, or the network namespace, that the agent runs in; null for none.</summary>
    public string? Node => Place?.Node;

    /// <summary>Whether it runs.</summary>
    public AgentState State => Running is null ? AgentState.Stopped : AgentState.Running;

    /// <summary>The address.</summary>
    public Address Address => Endpoint.Address;

    /// <summary>The UDP port; 0 without UDP, and for a mobile node that does not run.</summary>
    public ushort Port => Endpoint.Port;

    /// <summary>What proves where messages come from; null while the agent does not run.</summary>
    public string? Protection => Running?.Protection;

    /// <summary>The number of bindings; 0 while the agent does not run.</summary>
    public int BindingCount => Ask((agent, _) => agent.BindingCount);

    /// <summary>When the agent was started, in the time of its world; null while it does not run.</summary>
    public DateTimeOffset? StartedAt { get; private set; }

    /// <summary>Where the agent runs; null for the world of its host.</summary>
    internal AgentPlace? Place { get; init; }

    internal Agent? Running { get; private set; }

    private protected Endpoint Configured { get; }

    private Endpoint Endpoint => Running?.LocalEndpoint ?? Configured;

    /// <summary>Starts the agent.</summary>
    /// <exception cref="InvalidOperationException">It runs already, or it was removed.</exception>
    /// <exception cref="Net.NetException">Its address cannot be had.</exception>
    public void Start() => Host.Start(this);

    /// <summary>Stops the agent; its bindings are gone. Does nothing when it does not run.</summary>
    public void Stop() => End();

    /// <summary>Stops the agent and takes it out of its host.</summary>
    public void Remove() => Host.Remove(this);

    /// <summary>All bindings at one moment: the agent does nothing else meanwhile. For many of them there is <see cref="FindBindings"/>.</summary>
    public IReadOnlyList<BindingSnapshot> Bindings() => Ask((agent, now) => agent.Scan(BindingFilter.All).Read(int.MaxValue, now)) ?? [];

    /// <summary>
    /// The bindings that fit a filter, read as they are enumerated, some at a time; the agent goes on with its work in between. Which ones
    /// these are is settled at the start: each comes once, as it is when it is read, and one that has gone by then does not come.
    /// </summary>
    /// <param name="filter">Which ones.</param>
    /// <param name="cancellationToken">Ends the enumeration with <see cref="OperationCanceledException"/>.</param>
    public IEnumerable<BindingSnapshot> FindBindings(BindingFilter filter, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        if (Running is not { } agent || !TryAsk(agent, _ => agent.Scan(filter), out var scan))
        {
            yield break;
        }

        while (!scan.IsAtEnd && TryAsk(agent, now => scan.Read(BindingsAtOnce, now), out var read))
        {
            cancellationToken.ThrowIfCancellationRequested();
            // The agent has work to do: what does not fit is left out here.
            foreach (var binding in read)
            {
                if (filter.Matches(binding))
                {
                    yield return binding;
                }
            }
        }
    }

    /// <summary>Puts the agent on a link that several agents share, beside those that it is on: a home agent or foreign agent serves it, a mobile node is on it.</summary>
    /// <param name="link">The name of the link, made where there is none.</param>
    /// <exception cref="NotSupportedException">The world is not the simulated one.</exception>
    /// <exception cref="InvalidOperationException">The agent does not run, or is on that link already.</exception>
    public SharedLink Join(string link)
    {
        var shared = Simulated().FindOrAddSharedLink(link);
        Simulated().Join(Need<Agent>(), shared);
        return shared;
    }

    /// <summary>Moves the agent off all such links and onto another one; null for onto none.</summary>
    /// <param name="link">The name of the link, made where there is none.</param>
    /// <exception cref="NotSupportedException">The world is not the simulated one.</exception>
    /// <exception cref="InvalidOperationException">The agent does not run.</exception>
    public void Move(string? link) => Simulated().Move(Need<Agent>(), link is null ? null : Simulated().FindOrAddSharedLink(link));

    /// <summary>What the agent has counted since it was started; null while it does not run.</summary>
    public AgentStatistics? Statistics() => Ask((agent, now) => new AgentStatistics(agent, StartedAt ?? now.WallClock, now));

    /// <summary>
    /// Removes bindings here alone: nothing is sent, and the other side finds out as it would after a crash. <see cref="DsmipHost.RemoveAsync"/>
    /// tells it.
    /// </summary>
    /// <exception cref="NotSupportedException">The agent is a mobile node, which de-registers.</exception>
    public IReadOnlyList<BindingRemoval> Clear(IEnumerable<BindingSnapshot> bindings)
    {
        ArgumentNullException.ThrowIfNull(bindings);
        return
        [
            .. bindings.Chunk(BindingsAtOnce).SelectMany(some =>
                Ask((agent, now) => Array.ConvertAll(some, binding => Cleared(binding, Clear(agent, binding, now)))) ?? Array.ConvertAll(some, binding => Cleared(binding, false))),
        ];
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>Removes bindings and tells the other side, in the messages of the agent's role; one result for each as it comes.</summary>
    /// <exception cref="NotSupportedException">The agent has no message for that.</exception>
    internal virtual IAsyncEnumerable<BindingRemoval> TellAsync(IReadOnlyList<BindingSnapshot> bindings, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"A {Kind} has no message that ends a binding of the other side's.");

    // Starting and stopping wait for the agent's loop, so that they hold the gate of this agent alone: what an agent asks of its host
    // meanwhile is answered.
    internal void Begin()
    {
        lock (changing)
        {
            if (State == AgentState.Running)
            {
                throw new InvalidOperationException($"The agent {Name} runs already.");
            }

            var agent = Create();
            try
            {
                Host.Runtime.Add(agent, Place);
            }
            catch
            {
                (agent as IDisposable)?.Dispose();
                throw;
            }

            Running = agent;
            StartedAt = Host.Runtime.Now.WallClock;
        }
    }

    internal void End()
    {
        lock (changing)
        {
            if (Running is not { } agent)
            {
                return;
            }

            Running = null;
            StartedAt = null;
            try
            {
                Remember(agent);
                Host.Runtime.Remove(agent);
            }
            finally
            {
                (agent as IDisposable)?.Dispose();
            }
        }
    }

    /// <summary>Does something that neither a start, a stop nor another one of these comes between.</summary>
    private protected TResult Exclusively<TResult>(Func<TResult> change)
    {
        lock (changing)
        {
            return change();
        }
    }

    /// <summary>Lets the agent take its other configuration and report it; where it does not run, the changes are reported here.</summary>
    private protected void Configure(IReadOnlyList<ConfigurationChange> changes, Action<Agent, Instant> configure)
    {
        if (Running is { } agent)
        {
            Host.Runtime.Query(agent, now =>
            {
                configure(agent, now);
                return agent;
            });
            return;
        }

        foreach (var change in changes)
        {
            Host.Runtime.Report(new AgentEvent { At = Host.Runtime.Now, Agent = Name, Kind = EventKind.ConfigurationChanged, Detail = change.ToString() });
        }
    }

    /// <summary>Removes the binding that a snapshot shows; false when there is none any more.</summary>
    private protected virtual bool Clear(Agent agent, BindingSnapshot binding, Instant now) =>
        throw new NotSupportedException($"A {Kind} does not remove what it has registered: it de-registers.");

    private static BindingRemoval Cleared(BindingSnapshot binding, bool isRemoved) =>
        new(binding, isRemoved ? BindingRemovalResult.Removed : BindingRemovalResult.NotFound);

    private protected abstract Agent Create();

    private SimulatedWorld Simulated() => Host.Simulation
        ?? throw new NotSupportedException($"Links that agents share are simulated: the {World} world has none.");

    /// <summary>The agent is about to stop: what the next one of this name has to know is read now.</summary>
    private protected virtual void Remember(Agent agent)
    {
    }

    private protected TResult? Ask<TResult>(Func<Agent, Instant, TResult> read) =>
        Running is { } agent && TryAsk(agent, now => read(agent, now), out var result) ? result : default;

    private bool TryAsk<TResult>(Agent agent, Func<Instant, TResult> read, [MaybeNullWhen(false)] out TResult result)
    {
        try
        {
            result = Host.Runtime.Query(agent, read);
            return true;
        }
        catch (InvalidOperationException) when (Running != agent)
        {
            // It was stopped meanwhile.
            result = default;
            return false;
        }
    }

    private protected TAgent Need<TAgent>()
        where TAgent : Agent => Running as TAgent ?? throw new InvalidOperationException($"The agent {Name} does not run: start it first.");

    /// <summary>Begins a command whose outcome nobody waits for.</summary>
    private protected void Begin<TAgent>(Func<TAgent, Instant, long> command)
        where TAgent : Agent
    {
        var agent = Need<TAgent>();
        Host.Runtime.Query(agent, now => command(agent, now));
    }

    private protected async Task<TOutcome> Command<TAgent, TOutcome>(Func<TAgent, Instant, long> command, CancellationToken cancellationToken)
        where TAgent : Agent
    {
        var agent = Need<TAgent>();
        return (TOutcome)await Host.Runtime.Execute(agent, now => command(agent, now), cancellationToken).ConfigureAwait(false);
    }
}
