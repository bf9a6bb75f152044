using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Wire;
using DsmipTools.Wire.Icmp.IcmpV4;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine;

/// <summary>
/// A protocol agent as a function of inputs: it reads no clock, opens no socket and starts no task. Inputs are messages, the passing of
/// time, commands and failures of effects; outputs go to the <see cref="Outbox"/>. One thread at a time.
/// </summary>
public abstract class Agent
{
    /// <summary>
    /// How much of one kind ends in one call of <see cref="Expire"/>: messages are not kept waiting when a million bindings end at once. What is left stays
    /// due, and the agent is called again.
    /// </summary>
    private protected const int MostEndedAtOnce = 1000;

    private long lastCommand;

    /// <summary>Makes an agent.</summary>
    /// <param name="name">The name shown to administrators.</param>
    /// <param name="random">Where its random numbers come from.</param>
    protected Agent(string name, IRandomSource random)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(random);
        Name = name;
        Random = random;
    }

    /// <summary>The name shown to administrators.</summary>
    public string Name { get; }

    /// <summary>The role.</summary>
    public abstract AgentKind Kind { get; }

    /// <summary>Where the agent receives messages. After an input it may be another address: the agent has moved, and its world follows before it sends.</summary>
    public abstract Endpoint LocalEndpoint { get; }

    /// <summary>How messages reach the agent over UDP or IPv6.</summary>
    public abstract Transport Transport { get; }

    /// <summary>What proves that a message comes from who it says.</summary>
    public abstract string Protection { get; }

    /// <summary>True when every message of the agent is protected so that its packet shows no UDP: with ESP.</summary>
    public virtual bool IsProtected => false;

    /// <summary>When <see cref="Expire"/> wants to be called, as <see cref="Instant.Elapsed"/>; null when nothing is waiting.</summary>
    public abstract TimeSpan? NextDeadline { get; }

    /// <summary>The number of bindings, registrations or attachments that the agent holds.</summary>
    public abstract int BindingCount { get; }

    /// <summary>What the agent wants done.</summary>
    public Outbox Outbox { get; } = new();

    /// <summary>What the agent has counted.</summary>
    public Counters Counters { get; } = new();

    private protected IRandomSource Random { get; }

    /// <summary>A message has arrived. Octets that mean nothing are dropped, counted and reported, never thrown at.</summary>
    public abstract void Receive(ReadOnlySpan<byte> message, in Envelope envelope, Instant now);

    /// <summary>An IP packet has come in on a link of the agent's own, such as the access link of a gateway. An agent without links has no use for it.</summary>
    /// <param name="link">The number of the link, unique within the agent.</param>
    /// <param name="packet">The packet, from its IP header.</param>
    /// <param name="now">The time.</param>
    public virtual void ReceiveOnLink(uint link, ReadOnlySpan<byte> packet, Instant now)
    {
    }

    /// <summary>A link of the agent's own has come up.</summary>
    /// <param name="link">The number of the link, unique within the agent.</param>
    /// <param name="now">The time.</param>
    public virtual void LinkUp(uint link, Instant now)
    {
    }

    /// <summary>A link of the agent's own has gone down.</summary>
    /// <param name="link">The number of the link; one that is not up means nothing.</param>
    /// <param name="now">The time.</param>
    public virtual void LinkDown(uint link, Instant now)
    {
    }

    /// <summary>True when the agent wants to hear what ICMP says of its messages.</summary>
    public virtual bool HearsErrors => false;

    /// <summary>A message did not reach its destination, as ICMP says, whose word nobody has proved.</summary>
    /// <param name="destination">Where the message went.</param>
    /// <param name="code">Why.</param>
    /// <param name="now">The time.</param>
    public virtual void ReceiveError(Endpoint destination, IcmpV4DestinationUnreachableCode code, Instant now)
    {
    }

    /// <summary>An IP packet for the agent itself has come out of one of its tunnels. Where the agent's host takes such packets it does not see them.</summary>
    /// <param name="tunnel">The tunnel.</param>
    /// <param name="packet">The packet, from its IP header.</param>
    /// <param name="now">The time.</param>
    public virtual void ReceiveFromTunnel(Tunnel tunnel, ReadOnlySpan<byte> packet, Instant now)
    {
    }

    /// <summary>True while a packet in UDP that belongs to no tunnel may be what the agent waits for: it then comes as a message (RFC 3519, 4.6).</summary>
    public virtual bool ExpectsTunnelData => false;

    /// <summary>Time has passed: timers that are due run. Where many are due the rest stays so, and the call is made again.</summary>
    public abstract void Expire(Instant now);

    /// <summary>The bindings that a filter may fit, to be read piece by piece.</summary>
    public virtual BindingScan Scan(BindingFilter filter) => BindingScan.Empty;

    /// <summary>The agent has its address: where it asked for port 0, this one has the real port. Called once, before <see cref="Start"/>.</summary>
    public virtual void Bind(Endpoint actual)
    {
    }

    /// <summary>The agent starts its work; called once, before any other input.</summary>
    public virtual void Start(Instant now) => Report(new AgentEvent { At = now, Kind = EventKind.Started });

    /// <summary>
    /// What leaves for a <see cref="EffectKind.Send"/> effect: its message, protected where the agent protects it. A world sends this and nothing
    /// else, at once: the octets are good until the next call.
    /// </summary>
    /// <param name="effect">The effect, just taken.</param>
    /// <param name="now">The time.</param>
    /// <param name="envelope">How it travels.</param>
    /// <param name="octets">What the packet carries.</param>
    /// <param name="refused">Why it must not leave: the effect has failed.</param>
    public virtual bool TryPrepare(in Effect effect, Instant now, out Envelope envelope, out ReadOnlySpan<byte> octets, out string? refused)
    {
        envelope = effect.Envelope;
        octets = Outbox.MessageOf(effect);
        refused = null;
        return true;
    }

    /// <summary>An effect could not be carried out. Called before any later effect is taken. The agent reports it, because it knows for whom the effect was.</summary>
    /// <param name="effect">The number of the effect.</param>
    /// <param name="reason">Why, as text for a person.</param>
    /// <param name="now">The time.</param>
    public virtual void Fail(long effect, string reason, Instant now) =>
        Report(new AgentEvent { At = now, Kind = EventKind.EffectFailed, Detail = reason });

    private protected long NextCommand() => ++lastCommand;

    private protected void Report(in AgentEvent happened) => Outbox.Report(happened with { Agent = Name });

    private protected void Drop(MessageKind message, DropReason reason, in Envelope envelope, Instant now, string? detail = null)
    {
        Counters.Count(message, Direction.Received, drop: reason);
        Report(new AgentEvent
        {
            At = now,
            Kind = reason.IsSecurityException() ? EventKind.SecurityException : EventKind.Dropped,
            Message = message,
            Drop = reason,
            Peer = envelope.Source.Address,
            Detail = detail,
        });
    }
}
