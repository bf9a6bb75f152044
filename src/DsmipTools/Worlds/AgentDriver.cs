using System.Diagnostics.CodeAnalysis;
using DsmipTools.Engine;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Tunnels;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Worlds;

/// <summary>
/// Gives one agent its inputs, one at a time, and carries out its effects after each. What worlds have in common is here; what comes in
/// and how messages leave is theirs.
/// </summary>
/// <remarks>An exception out of an agent is a bug of the agent. It becomes an event and is counted; the agent goes on with its next input.</remarks>
internal abstract class AgentDriver(WorldRuntime world, Agent agent)
{
    // An agent whose deadline does not move when it is called must not keep a processor or hold virtual time still.
    private static readonly TimeSpan shortestExpiry = TimeSpan.FromMilliseconds(1);

    private readonly Dictionary<long, Command> awaited = [];
    private TimeSpan notBefore;
    private Endpoint place;

    public Agent Agent => agent;

    /// <summary>Where the agent receives messages, its real port included.</summary>
    public abstract Endpoint Local { get; }

    /// <summary>The tunnels and routes of the agent where packets of mobile nodes travel; null where they do not.</summary>
    public virtual ForwardingTable? Forwarding => null;

    /// <summary>The tunnels of the agent that carry packets on the host's own network.</summary>
    public virtual IReadOnlyList<AgentTunnel> CarriedTunnels => [];

    /// <summary>The number of commands that wait for an outcome.</summary>
    public int AwaitedCount => awaited.Count;

    /// <summary>True while an input is being worked on.</summary>
    protected bool IsBusy { get; private set; }

    protected WorldRuntime World => world;

    /// <summary>When <see cref="Expire"/> is to be called.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "See the remarks of the class.")]
    public TimeSpan? NextExpiry
    {
        get
        {
            try
            {
                return agent.NextDeadline is { } deadline ? deadline > notBefore ? deadline : notBefore : null;
            }
            catch (Exception exception)
            {
                Fault(exception, null, world.Now);
                return null;
            }
        }
    }

    /// <summary>Hands work to the agent's loop, from any thread.</summary>
    public abstract void Post(Work work);

    /// <summary>Drops what waits for outcomes of a command, from any thread.</summary>
    public void Forget(Command command) => Post(new Forgetting(command));

    /// <summary>Waits for the outcomes of a command that has just run.</summary>
    public void Await(Command command) => awaited[command.Number] = command;

    public void Start(Instant now)
    {
        IsBusy = true;
        try
        {
            agent.Start(now);
            place = agent.LocalEndpoint;
            Drain(now);
        }
        finally
        {
            IsBusy = false;
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "See the remarks of the class.")]
    public void Receive(ReadOnlySpan<byte> message, in Envelope envelope, Instant now)
    {
        IsBusy = true;
        try
        {
            agent.Receive(message, envelope, now);
        }
        catch (Exception exception)
        {
            Fault(exception, envelope.Source.Address, now);
        }

        Finish(now);
    }

    /// <summary>A packet for the agent itself, out of one of its tunnels.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "See the remarks of the class.")]
    public void ReceiveFromTunnel(Tunnel tunnel, ReadOnlySpan<byte> packet, Instant now)
    {
        IsBusy = true;
        try
        {
            agent.ReceiveFromTunnel(tunnel, packet, now);
        }
        catch (Exception exception)
        {
            Fault(exception, tunnel.Remote, now);
        }

        Finish(now);
    }

    /// <summary>A packet from a link of the agent's own; called by <see cref="Work"/>.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "See the remarks of the class.")]
    public void TakeFromLink(uint link, ReadOnlySpan<byte> packet, Instant now)
    {
        try
        {
            agent.ReceiveOnLink(link, packet, now);
        }
        catch (Exception exception)
        {
            Fault(exception, null, now);
        }
    }

    /// <summary>Tells the agent something; called by <see cref="Work"/>.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "See the remarks of the class.")]
    public void Tell(Action<Agent, Instant> what, Instant now)
    {
        try
        {
            what(agent, now);
        }
        catch (Exception exception)
        {
            Fault(exception, null, now);
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "See the remarks of the class.")]
    public void Expire(Instant now)
    {
        IsBusy = true;
        try
        {
            agent.Expire(now);
        }
        catch (Exception exception)
        {
            Fault(exception, null, now);
        }

        Finish(now);
        notBefore = TimeSpan.Zero;
        notBefore = NextExpiry <= now.Elapsed ? now.Elapsed + shortestExpiry : TimeSpan.Zero;
    }

    public void Perform(Work work, Instant now)
    {
        IsBusy = true;
        work.Run(this, now);
        Finish(now);
    }

    /// <summary>The agent has stopped: nothing of it stays behind.</summary>
    public void Stop(Instant now)
    {
        foreach (var command in awaited.Values)
        {
            command.End(Gone());
        }

        awaited.Clear();
        world.Tunnels.DownAll(agent.Name);
        world.Report(new AgentEvent { At = now, Agent = agent.Name, Kind = EventKind.Stopped });
    }

    // Without the name of an object, which would stand behind the sentence on a line of its own.
    public ObjectDisposedException Gone() => new(null, $"The agent {agent.Name} has stopped.");

    /// <summary>Gives the agent another address; when it cannot be had the agent keeps the old one, and that becomes an event.</summary>
    protected abstract void Move(Endpoint wanted, Instant now);

    /// <summary>Reports what goes wrong with the agent's messages.</summary>
    protected void ReportTrouble(Instant now, Address? peer, string detail) => world.Report(
        new AgentEvent { At = now, Agent = agent.Name, Kind = EventKind.TransportError, Peer = peer, Detail = detail });

    /// <summary>Sends a message; what goes wrong becomes an event.</summary>
    protected abstract void Send(in Envelope envelope, ReadOnlySpan<byte> message, Instant now);

    /// <summary>Brings a tunnel up; returns the reason, or throws, when it is refused.</summary>
    protected virtual string? BringUp(Tunnel tunnel, Instant now)
    {
        var refused = world.Tunnels.Up(agent.Name, tunnel, now);
        if (refused is null)
        {
            Forwarding?.Add(tunnel);
        }

        return refused;
    }

    /// <summary>Takes a tunnel down.</summary>
    protected virtual void TakeDown(Tunnel tunnel)
    {
        world.Tunnels.Down(agent.Name, tunnel);
        Forwarding?.Remove(tunnel);
    }

    /// <summary>Adds a route, or throws.</summary>
    protected virtual void Add(Route route) => Forwarding?.Add(route);

    /// <summary>Removes a route.</summary>
    protected virtual void Remove(Route route) => Forwarding?.Remove(route);

    /// <summary>Sends a whole IP packet; false where the world has sockets for messages alone.</summary>
    protected virtual bool SendPacket(ReadOnlySpan<byte> packet) => false;

    /// <summary>Sends a packet on a link of the agent's own; false where the world has no such links.</summary>
    protected virtual bool SendOnLink(uint link, ReadOnlySpan<byte> packet) => false;

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "See the remarks of the class.")]
    private void Finish(Instant now)
    {
        for (var drained = false; !drained;)
        {
            try
            {
                Follow(now);
                Drain(now);
                drained = true;
            }
            catch (Exception exception)
            {
                // The effect is lost; those behind it are carried out.
                Fault(exception, null, now);
            }
        }

        IsBusy = false;
    }

    /// <summary>An input may have moved the agent: what it sends next has to leave from its new address.</summary>
    private void Follow(Instant now)
    {
        var wanted = agent.LocalEndpoint;
        if (wanted != place)
        {
            place = wanted;
            Move(wanted, now);
        }
    }

    private void Drain(Instant now)
    {
        while (agent.Outbox.TryTake(out var effect))
        {
            switch (effect.Kind)
            {
                case EffectKind.Send:
                    if (agent.TryPrepare(effect, now, out var envelope, out var octets, out var refused))
                    {
                        Send(envelope, octets, now);
                    }
                    else
                    {
                        Fail(effect, refused!, now);
                    }

                    break;
                case EffectKind.SendPacket when SendPacket(agent.Outbox.MessageOf(effect)):
                case EffectKind.SendOnLink when SendOnLink(effect.Link, agent.Outbox.MessageOf(effect)):
                    break;
                case EffectKind.TunnelUp or EffectKind.TunnelDown or EffectKind.RouteAdd or EffectKind.RouteRemove:
                    if (TryLead(effect, now) is { } reason)
                    {
                        Fail(effect, reason, now);
                    }

                    break;
                case EffectKind.Event:
                    world.Report(effect.Event);
                    break;
                case EffectKind.Completion:
                    Complete(effect.Command, effect.Outcome!);
                    break;
                default:
                    Fail(effect, $"This world cannot carry out {effect.Kind}.", now);
                    break;
            }
        }
    }

    /// <summary>Leads the traffic of mobile nodes where the agent wants it; returns the reason when that cannot be.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "A host, or a hook, that throws refuses the tunnel or route.")]
    private string? TryLead(in Effect effect, Instant now)
    {
        try
        {
            switch (effect.Kind)
            {
                case EffectKind.TunnelUp:
                    return BringUp(effect.Tunnel!, now);
                case EffectKind.TunnelDown:
                    TakeDown(effect.Tunnel!);
                    break;
                case EffectKind.RouteAdd:
                    Add(effect.Route!);
                    break;
                default:
                    Remove(effect.Route!);
                    break;
            }

            return null;
        }
        catch (Exception exception)
        {
            return exception.Message;
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "See the remarks of the class.")]
    private void Fail(in Effect effect, string reason, Instant now)
    {
        try
        {
            agent.Fail(effect.Number, reason, now);
        }
        catch (Exception exception)
        {
            Fault(exception, effect.Tunnel?.Remote, now);
        }
    }

    private void Complete(long number, object outcome)
    {
        if (!awaited.TryGetValue(number, out var command))
        {
            // Nobody waits any more: the command was cancelled.
            return;
        }

        command.Take(outcome);
        if (command.IsOver)
        {
            awaited.Remove(number);
        }
    }

    private void Fault(Exception exception, Address? peer, Instant now)
    {
        world.CountFault();
        world.Report(new AgentEvent
        {
            At = now,
            Agent = agent.Name,
            Kind = EventKind.AgentFault,
            Peer = peer,
            Detail = $"{exception.GetType().Name}: {exception.Message} {exception.StackTrace}",
        });
    }

    private sealed class Forgetting(Command command) : Work
    {
        public override void Run(AgentDriver driver, Instant now) => driver.awaited.Remove(command.Number);

        public override void End(Exception reason)
        {
        }
    }
}
