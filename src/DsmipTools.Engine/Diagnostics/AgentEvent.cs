using DsmipTools.Engine.Bindings;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.Diagnostics;

/// <summary>Something that happened, with its cause; a value, so that reporting does not allocate.</summary>
public readonly record struct AgentEvent
{
    /// <summary>When.</summary>
    public Instant At { get; init; }

    /// <summary>The name of the agent.</summary>
    public string? Agent { get; init; }

    /// <summary>What.</summary>
    public EventKind Kind { get; init; }

    /// <summary>The message concerned.</summary>
    public MessageKind Message { get; init; }

    /// <summary>Why a message was dropped.</summary>
    public DropReason Drop { get; init; }

    /// <summary>The code, status or trigger concerned; null for none.</summary>
    public byte? Code { get; init; }

    /// <summary>The other side.</summary>
    public Address? Peer { get; init; }

    /// <summary>The home address concerned (Mobile IPv4).</summary>
    public Address? HomeAddress { get; init; }

    /// <summary>The Network Access Identifier concerned.</summary>
    public NetworkAccessIdentifier? Identifier { get; init; }

    /// <summary>The prefix concerned.</summary>
    public Prefix? Prefix { get; init; }

    /// <summary>How many bindings are concerned; 0 where it does not matter.</summary>
    public int Count { get; init; }

    /// <summary>More, as text for a person; never a secret.</summary>
    public string? Detail { get; init; }
}
