using DsmipTools.Engine;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Wire;

namespace DsmipTools.Hosting;

/// <summary>What an agent has counted since it was started, or since an earlier look.</summary>
public sealed record AgentStatistics
{
    private static readonly MessageKind[] ofProxyMobileIPv6 =
    [
        MessageKind.ProxyBindingUpdate, MessageKind.ProxyBindingAcknowledgement,
        MessageKind.BindingRevocationIndication, MessageKind.BindingRevocationAcknowledgement,
    ];

    private static readonly MessageKind[] ofMobileIPv4 = [MessageKind.RegistrationRequest, MessageKind.RegistrationReply];

    private readonly Counters source;

    internal AgentStatistics(Agent agent, DateTimeOffset startedAt, Instant now)
        : this(
            agent.Name,
            agent.Kind,
            agent.Counters,
            [.. agent.Counters.Snapshot().Select(counter => AgentStatistic.From(agent.Name, counter))],
            [.. agent.Counters.Handoffs().Select(handoff => new HandoffStatistic(handoff.Key.Indicator, handoff.Key.Outcome, handoff.Value))])
    {
        (Bindings, PeakBindings) = (agent.BindingCount, agent.Counters.PeakBindings);
        (Since, At) = (startedAt, now.WallClock);
    }

    private AgentStatistics(string agent, AgentKind kind, Counters source, ValueList<AgentStatistic> counters, ValueList<HandoffStatistic> handoffs)
    {
        (Agent, AgentKind, this.source, Counters, Handoffs) = (agent, kind, source, counters, handoffs);
        var own = kind is AgentKind.HomeAgent or AgentKind.MobileNode ? ofMobileIPv4 : ofProxyMobileIPv6;
        Messages = ValueList.From(own
            .Concat(counters.Select(counter => counter.Message).Where(message => !own.Contains(message)).Distinct())
            .Select(message => new MessageStatistics(message, counters)));
        Drops = ByReason(counters);
    }

    /// <summary>The agent.</summary>
    public string Agent { get; }

    /// <summary>Its role.</summary>
    public AgentKind AgentKind { get; }

    /// <summary>Since when this was counted: the start of the agent, or the earlier look.</summary>
    public DateTimeOffset Since { get; private init; }

    /// <summary>When this was read, in the time of the agent's world.</summary>
    public DateTimeOffset At { get; private init; }

    /// <summary>The bindings at that moment.</summary>
    public int Bindings { get; private init; }

    /// <summary>The most bindings at a time since the agent was started.</summary>
    public int PeakBindings { get; private init; }

    /// <summary>The messages: all kinds that agents of this role exchange, and those others that came.</summary>
    public ValueList<MessageStatistics> Messages { get; }

    /// <summary>How many messages arrived that the agent could make something of.</summary>
    public long Received => Messages.Sum(message => message.Received);

    /// <summary>How many messages it sent for the first time.</summary>
    public long Sent => Messages.Sum(message => message.Sent);

    /// <summary>How many messages it sent once more.</summary>
    public long Retransmitted => Messages.Sum(message => message.Retransmitted);

    /// <summary>How many messages arrived and had no effect.</summary>
    public long Dropped => Messages.Sum(message => message.Dropped);

    /// <summary>Those by the name of the reason, whatever the message.</summary>
    public IReadOnlyDictionary<string, long> Drops { get; }

    /// <summary>The mobile nodes that came from another gateway, or whose gateway said so; empty for Mobile IPv4.</summary>
    public ValueList<HandoffStatistic> Handoffs { get; }

    /// <summary>Every counter that is not zero.</summary>
    public ValueList<AgentStatistic> Counters { get; }

    /// <summary>Registration Requests; null for an agent of Proxy Mobile IPv6.</summary>
    public MessageStatistics? RegistrationRequest => Of(MessageKind.RegistrationRequest);

    /// <summary>Registration Replies, by code; null for an agent of Proxy Mobile IPv6.</summary>
    public MessageStatistics? RegistrationReply => Of(MessageKind.RegistrationReply);

    /// <summary>Proxy Binding Updates; null for an agent of Mobile IPv4.</summary>
    public MessageStatistics? ProxyBindingUpdate => Of(MessageKind.ProxyBindingUpdate);

    /// <summary>Proxy Binding Acknowledgements, by status; null for an agent of Mobile IPv4.</summary>
    public MessageStatistics? ProxyBindingAcknowledgement => Of(MessageKind.ProxyBindingAcknowledgement);

    /// <summary>Binding Revocation Indications, by trigger; null for an agent of Mobile IPv4.</summary>
    public MessageStatistics? BindingRevocationIndication => Of(MessageKind.BindingRevocationIndication);

    /// <summary>Binding Revocation Acknowledgements, by status; null for an agent of Mobile IPv4.</summary>
    public MessageStatistics? BindingRevocationAcknowledgement => Of(MessageKind.BindingRevocationAcknowledgement);

    /// <summary>What was counted after an earlier look; all of it where the agent was started again in between. Bindings and their peak stay as they are.</summary>
    public AgentStatistics ChangesSince(AgentStatistics? earlier)
    {
        if (earlier is null || earlier.source != source)
        {
            return this;
        }

        var counted = earlier.Counters.ToDictionary(counter => counter with { Count = 0 }, counter => counter.Count);
        var handed = earlier.Handoffs.ToDictionary(handoff => handoff with { Count = 0 }, handoff => handoff.Count);
        return new AgentStatistics(
            Agent,
            AgentKind,
            source,
            ValueList.From(Counters
                .Select(counter => counter with { Count = Math.Max(0, counter.Count - counted.GetValueOrDefault(counter with { Count = 0 })) })
                .Where(counter => counter.Count > 0)),
            ValueList.From(Handoffs
                .Select(handoff => handoff with { Count = handoff.Count - handed.GetValueOrDefault(handoff with { Count = 0 }) })
                .Where(handoff => handoff.Count > 0)))
        {
            Since = earlier.At,
            At = At,
            Bindings = Bindings,
            PeakBindings = PeakBindings,
        };
    }

    internal static OrderedDictionary<string, long> ByReason(IEnumerable<AgentStatistic> counters) => new(counters
        .Where(counter => counter.Drop != DropReason.None)
        .GroupBy(counter => counter.Drop)
        .OrderBy(reason => reason.Key)
        .Select(reason => KeyValuePair.Create($"{reason.Key}", reason.Sum(counter => counter.Count))));

    private MessageStatistics? Of(MessageKind message) => Messages.FirstOrDefault(statistics => statistics.Message == message);
}
