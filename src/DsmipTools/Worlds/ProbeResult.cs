using DsmipTools.Engine.Forwarding;
using DsmipTools.Wire;

namespace DsmipTools.Worlds;

/// <summary>What became of a packet.</summary>
public enum ProbeOutcome
{
    /// <summary>It arrived at a mobile node on an access link.</summary>
    Delivered,

    /// <summary>An anchor sent it on towards somebody outside.</summary>
    Left,

    /// <summary>It was for an agent itself.</summary>
    ToAgent,

    /// <summary>An agent dropped it.</summary>
    Dropped,

    /// <summary>A link lost it.</summary>
    Lost,

    /// <summary>No agent takes packets for its destination.</summary>
    Undeliverable,
}

/// <summary>Where a packet went in a simulated world, or why it was dropped.</summary>
public sealed record ProbeResult
{
    /// <summary>What became of it.</summary>
    public required ProbeOutcome Outcome { get; init; }

    /// <summary>Why an agent dropped it; None when none did.</summary>
    public ForwardingDrop Drop { get; init; }

    /// <summary>The agents that it came by, in order.</summary>
    public ValueList<string> Path { get; init; }

    /// <summary>The mobile node that it arrived at; null for none.</summary>
    public string? Node { get; init; }

    /// <summary>The packet as it arrived or left; empty when it did neither.</summary>
    public Octets Packet { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Outcome}{(Drop == ForwardingDrop.None ? "" : $" ({Drop})")}{(Node is null ? "" : $" to {Node}")}{(Path.Count == 0 ? "" : $" by {string.Join(", ", Path)}")}";
}
