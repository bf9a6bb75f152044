using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Wire;

namespace DsmipTools.Engine;

/// <summary>One output of an agent. Effects are numbered in the order in which they have to be carried out.</summary>
public readonly record struct Effect
{
    /// <summary>The number of the effect, rising by one.</summary>
    public long Number { get; init; }

    /// <summary>What is asked for.</summary>
    public EffectKind Kind { get; init; }

    /// <summary>The envelope of a message to send.</summary>
    public Envelope Envelope { get; init; }

    /// <summary>The number of the link to send a packet on.</summary>
    public uint Link { get; init; }

    /// <summary>The tunnel to bring up or down.</summary>
    public Tunnel? Tunnel { get; init; }

    /// <summary>The route to add or remove.</summary>
    public Route? Route { get; init; }

    /// <summary>The event to report.</summary>
    public AgentEvent Event { get; init; }

    /// <summary>The number of the command that is done.</summary>
    public long Command { get; init; }

    /// <summary>The outcome of the command.</summary>
    public object? Outcome { get; init; }

    /// <summary>The effect that has to succeed first; 0 for none.</summary>
    internal long Guard { get; init; }

    internal int Offset { get; init; }

    internal int Length { get; init; }
}
