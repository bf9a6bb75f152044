using DsmipTools.Engine;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Engine.MobileIPv4;
using DsmipTools.Engine.Security;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;

namespace DsmipTools.Engine.Tests.MobileIPv4;

/// <summary>A message on the link.</summary>
internal sealed record Datagram(TimeSpan At, Envelope Envelope, byte[] Octets)
{
    public RegistrationRequest Request => (RegistrationRequest)Message;

    public RegistrationReply Reply => (RegistrationReply)Message;

    public MobileIPv4Message Message => MobileIPv4Message.TryParse(Octets, out var message, out var error)
        ? message!
        : throw new InvalidOperationException(error.ToString());
}

/// <summary>A home agent, mobile nodes and a link between them in virtual time; one seed gives the same run.</summary>
internal sealed class Network
{
    public static readonly DateTimeOffset Epoch = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly List<Agent> agents = [];
    private readonly Dictionary<Agent, ForwardingTable> tables = [];
    private readonly PriorityQueue<Datagram, (TimeSpan At, long Order)> inFlight = new();
    private readonly SeededRandom faults;
    private readonly ulong seed;
    private long order;
    private TimeSpan elapsed;

    public Network(HomeAgentOptions? options = null, ulong seed = 1)
    {
        this.seed = seed;
        faults = new SeededRandom(seed ^ 0xFA17);
        HomeAgent = Add(new HomeAgent(options ?? DefaultOptions, Associations, new SeededRandom(seed)));
    }

    public static HomeAgentOptions DefaultOptions => new()
    {
        Name = "ha1",
        Address = "192.0.2.1",
        HomeNetwork = "10.1.1.0/24",
        PrefixPolicy = new ConfiguredPrefixes(["2001:db8:7::/48"]),
    };

    public SecurityAssociations Associations { get; } = new();

    public HomeAgent HomeAgent { get; }

    public TimeSpan Latency { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Of 100 messages, so many are lost; so many are doubled; so many come up to a second late.</summary>
    public int Loss { get; set; }

    public int Duplication { get; set; }

    public int Reordering { get; set; }

    /// <summary>By how much an agent's time of day is ahead.</summary>
    public Dictionary<Agent, TimeSpan> ClockOffset { get; } = [];

    /// <summary>Says why an effect fails; null when it does not.</summary>
    public Func<Effect, string?> Failure { get; set; } = _ => null;

    public List<Datagram> Sent { get; } = [];

    public List<AgentEvent> Events { get; } = [];

    public List<Effect> Effects { get; } = [];

    public Dictionary<(Agent Agent, long Id), Tunnel> Up { get; } = [];

    /// <summary>The tunnels of the home agent.</summary>
    public IReadOnlyList<Tunnel> Tunnels => [.. Up.Where(pair => pair.Key.Agent == HomeAgent).OrderBy(pair => pair.Key.Id).Select(pair => pair.Value)];

    /// <summary>What the home agent routes, and to which other end.</summary>
    public IEnumerable<string> Routes => Forwarding(HomeAgent).Routes.Select(route => $"{route.Destination} {route.Tunnel.Remote}");

    public Dictionary<(Agent Agent, long Command), RegistrationOutcome> Outcomes { get; } = [];

    /// <summary>Packets that agents sent as they are.</summary>
    public List<byte[]> Packets { get; } = [];

    /// <summary>What came of commands to the home agent.</summary>
    public List<(long Command, object Outcome)> HomeAgentOutcomes { get; } = [];

    public IEnumerable<Datagram> Replies => Sent.Where(datagram => datagram.Envelope.Source == HomeAgent.LocalEndpoint);

    public RegistrationReply LastReply => Replies.Last().Reply;

    public static byte[] KeyOf(Address homeAddress) => [.. "key of "u8, .. homeAddress.ToIPAddress().GetAddressBytes(), 1, 2, 3, 4, 5];

    public Instant Now(Agent agent) =>
        new(elapsed, Epoch + elapsed + ClockOffset.GetValueOrDefault(agent));

    public SecurityAssociation Associate(Address homeAddress, uint index = 256)
    {
        var association = new SecurityAssociation(index, homeAddress, KeyOf(homeAddress));
        Associations.TryAdd(association);
        return association;
    }

    public MobileNode AddMobileNode(Address homeAddress, Func<MobileNodeOptions, MobileNodeOptions>? configure = null)
    {
        var options = new MobileNodeOptions
        {
            Name = $"mn {homeAddress}",
            HomeAddress = homeAddress,
            HomeAgent = HomeAgent.LocalEndpoint,
            CareOfAddress = Address.FromIPv4(0xC6336400 | (uint)(homeAddress.Value & 0xFF)),
            LocalPort = 40000,
            SecurityAssociation = Associate(homeAddress),
            RenewAutomatically = false,
        };
        return Add(new MobileNode(configure?.Invoke(options) ?? options, new SeededRandom(seed + (ulong)agents.Count)));
    }

    /// <summary>Runs a command and the time that it needs, and returns its outcome.</summary>
    public RegistrationOutcome Do(MobileNode node, Func<MobileNode, Instant, long> command)
    {
        var number = Begin(node, command);
        for (var step = 0; step < 1000 && !Outcomes.ContainsKey((node, number)); step++)
        {
            Step(TimeSpan.MaxValue);
        }

        return Outcomes[(node, number)];
    }

    public RegistrationOutcome Register(MobileNode node) => Do(node, (mn, now) => mn.Register(now));

    public RegistrationOutcome Deregister(MobileNode node) => Do(node, (mn, now) => mn.Deregister(now));

    public long Begin(MobileNode node, Func<MobileNode, Instant, long> command)
    {
        var number = command(node, Now(node));
        Drain(node);
        return number;
    }

    /// <summary>Lets time pass.</summary>
    public void Run(TimeSpan duration)
    {
        var end = elapsed + duration;
        while (Step(end))
        {
        }

        elapsed = end;
    }

    public void Run(double seconds) => Run(TimeSpan.FromSeconds(seconds));

    /// <summary>Hands octets to an agent at once, past the link; returns what the agent sent in answer.</summary>
    public List<Datagram> Inject(Agent agent, ReadOnlySpan<byte> octets, Endpoint? source = null, Endpoint? destination = null)
    {
        var before = Sent.Count;
        var held = (Loss, Loss = 100).Loss;
        agent.Receive(
            octets, new Envelope(Transport.MobileIPv4Udp, source ?? new Endpoint("198.51.100.99", 40000), destination ?? agent.LocalEndpoint), Now(agent));
        Drain(agent);
        Loss = held;
        return Sent[before..];
    }

    /// <summary>The tunnels and routes of an agent.</summary>
    public ForwardingTable Forwarding(Agent agent)
    {
        if (!tables.TryGetValue(agent, out var table))
        {
            tables.Add(agent, table = new ForwardingTable(agent.LocalEndpoint.Address));
        }

        return table;
    }

    /// <summary>Removes what is on its way.</summary>
    public void ClearLink() => inFlight.Clear();

    private TAgent Add<TAgent>(TAgent agent)
        where TAgent : Agent
    {
        agents.Add(agent);
        agent.Start(Now(agent));
        Drain(agent);
        return agent;
    }

    /// <summary>Goes to the next thing that happens, if it is not after an end.</summary>
    private bool Step(TimeSpan end)
    {
        var arrival = inFlight.TryPeek(out _, out var priority) ? priority.At : TimeSpan.MaxValue;
        var due = agents.MinBy(agent => agent.NextDeadline ?? TimeSpan.MaxValue)!;
        var deadline = due.NextDeadline ?? TimeSpan.MaxValue;
        var next = arrival <= deadline ? arrival : deadline;
        if (next > end || next == TimeSpan.MaxValue)
        {
            return false;
        }

        elapsed = next > elapsed ? next : elapsed;
        if (arrival > deadline)
        {
            due.Expire(Now(due));
            Drain(due);
            return true;
        }

        var datagram = inFlight.Dequeue();
        if (agents.Find(agent => agent.LocalEndpoint == datagram.Envelope.Destination) is { } receiver)
        {
            receiver.Receive(datagram.Octets, datagram.Envelope, Now(receiver));
            Drain(receiver);
        }

        return true;
    }

    public void Drain(Agent agent)
    {
        while (agent.Outbox.TryTake(out var effect))
        {
            Effects.Add(effect);
            if (effect.Kind != EffectKind.Event && Failure(effect) is { } reason)
            {
                agent.Fail(effect.Number, reason, Now(agent));
                continue;
            }

            CarryOut(agent, effect);
        }
    }

    private void CarryOut(Agent agent, Effect effect)
    {
        switch (effect.Kind)
        {
            case EffectKind.Send:
                Send(new Datagram(elapsed, effect.Envelope, agent.Outbox.MessageOf(effect).ToArray()));
                break;
            case EffectKind.TunnelUp:
                Forwarding(agent).Add(effect.Tunnel!);
                Up[(agent, effect.Tunnel!.Id)] = effect.Tunnel;
                break;
            case EffectKind.TunnelDown:
                Forwarding(agent).Remove(effect.Tunnel!);
                Assert.True(Up.Remove((agent, effect.Tunnel!.Id)));
                break;
            case EffectKind.RouteAdd:
                Forwarding(agent).Add(effect.Route!);
                break;
            case EffectKind.RouteRemove:
                Forwarding(agent).Remove(effect.Route!);
                break;
            case EffectKind.Event:
                Events.Add(effect.Event);
                break;
            case EffectKind.SendPacket:
                Packets.Add(agent.Outbox.MessageOf(effect).ToArray());
                break;
            case EffectKind.Completion when agent == HomeAgent:
                HomeAgentOutcomes.Add((effect.Command, effect.Outcome!));
                break;
            default:
                Outcomes.Add((agent, effect.Command), (RegistrationOutcome)effect.Outcome!);
                break;
        }
    }

    private void Send(Datagram datagram)
    {
        Sent.Add(datagram);
        var copies = Happens(Loss) ? 0 : Happens(Duplication) ? 2 : 1;
        for (var copy = 0; copy < copies; copy++)
        {
            var delay = Latency + (Happens(Reordering) ? TimeSpan.FromMilliseconds(faults.NextUInt64() % 1000) : TimeSpan.Zero);
            inFlight.Enqueue(datagram, (elapsed + delay, order++));
        }
    }

    private bool Happens(int percent) => percent > 0 && faults.NextUInt64() % 100 < (ulong)percent;
}
