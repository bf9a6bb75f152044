using DsmipTools.Wire;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.Bindings;

/// <summary>A binding at one moment, as administrators see it; the base of what each protocol adds.</summary>
public abstract record BindingSnapshot
{
    /// <summary>The name of the agent that holds it.</summary>
    public required string Agent { get; init; }

    /// <summary>The role of that agent.</summary>
    public required AgentKind AgentKind { get; init; }

    /// <summary>The Network Access Identifier of the mobile node; null when it has none.</summary>
    public string? Identifier { get; init; }

    /// <summary>The care-of address or proxy care-of address.</summary>
    public required Address CareOfAddress { get; init; }

    /// <summary>The address of the other side, where the last accepted message came from.</summary>
    public required Address Peer { get; init; }

    /// <summary>The home address, or the IPv4 home address of RFC 5844; null for none.</summary>
    internal abstract Address? Home { get; }

    /// <summary>The IPv6 prefixes of the binding.</summary>
    public ValueList<Prefix> Prefixes { get; init; }

    /// <summary>The lifetime that was granted; <see cref="Timeout.InfiniteTimeSpan"/> for infinity.</summary>
    public required TimeSpan LifetimeGranted { get; init; }

    /// <summary>What is left of it.</summary>
    public required TimeSpan LifetimeRemaining { get; init; }

    /// <summary>The state.</summary>
    public required BindingState State { get; init; }

    /// <summary>The envelope of the last accepted message.</summary>
    public required Envelope Envelope { get; init; }
}
