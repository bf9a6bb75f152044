using DsmipTools.Engine;
using DsmipTools.Engine.Diagnostics;

namespace DsmipTools.Hosting;

/// <summary>What an agent did in the last interval.</summary>
public sealed record AgentActivity
{
    internal AgentActivity(HostedAgent agent, AgentStatistics? statistics, DateTimeOffset at, AgentEvent? lastEvent)
    {
        (Agent, AgentKind, LastEvent) = (agent.Name, agent.Kind, lastEvent);
        State = statistics is null ? AgentState.Stopped : AgentState.Running;
        At = statistics?.At ?? at;
        if (statistics is null)
        {
            return;
        }

        Bindings = statistics.Bindings;
        Updates = Rate(Exchanged(statistics.ProxyBindingUpdate) + Exchanged(statistics.RegistrationRequest));
        Revocations = Rate(Exchanged(statistics.BindingRevocationIndication));
        Drops = Rate(statistics.Dropped);

        double Rate(long count) => statistics.At > statistics.Since ? count / (statistics.At - statistics.Since).TotalSeconds : 0;
    }

    /// <summary>When, in the time of the agent's world.</summary>
    public DateTimeOffset At { get; }

    /// <summary>The agent.</summary>
    public string Agent { get; }

    /// <summary>Its role.</summary>
    public AgentKind AgentKind { get; }

    /// <summary>Whether it runs.</summary>
    public AgentState State { get; }

    /// <summary>The bindings at that moment.</summary>
    public int Bindings { get; }

    /// <summary>Proxy Binding Updates or Registration Requests per second, received and sent, retransmissions among them.</summary>
    public double Updates { get; }

    /// <summary>Binding Revocation Indications per second, in the same way.</summary>
    public double Revocations { get; }

    /// <summary>Dropped messages per second.</summary>
    public double Drops { get; }

    /// <summary>The newest event of the agent; null when none is kept.</summary>
    public AgentEvent? LastEvent { get; }

    private static long Exchanged(MessageStatistics? message) => message is null ? 0 : message.Received + message.Sent + message.Retransmitted;
}
