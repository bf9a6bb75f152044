using DsmipTools.Wire.Tunneling;

namespace DsmipTools.Engine.Forwarding;

/// <summary>What happens to a packet.</summary>
public enum ForwardingAction
{
    /// <summary>It is dropped.</summary>
    Drop,

    /// <summary>It is for the agent itself.</summary>
    ToAgent,

    /// <summary>It goes into a tunnel.</summary>
    Encapsulate,

    /// <summary>It goes to a mobile node on the access link.</summary>
    Deliver,

    /// <summary>It goes on towards its destination as it is.</summary>
    Forward,

    /// <summary>It goes to the host, which takes it or forwards it by its own rules.</summary>
    ToHost,

    /// <summary>It is an ICMP error about a packet that went into the tunnel <see cref="ForwardingDecision.From"/>: <see cref="PathError"/> reads it.</summary>
    Error,

    /// <summary>It is of the link that the tunnel <see cref="ForwardingDecision.From"/> is, and goes no further: <see cref="TunnelNeighbour"/> takes it.</summary>
    ToLink,
}

/// <summary>What <see cref="Forwarder.Decide"/> says about a packet; a value.</summary>
public readonly record struct ForwardingDecision
{
    /// <summary>What happens.</summary>
    public ForwardingAction Action { get; init; }

    /// <summary>Why the packet is dropped; None when it is not.</summary>
    public ForwardingDrop Drop { get; init; }

    /// <summary>Where it goes, or would have gone: into the tunnel of the route, or to its mobile node; null where no route was chosen.</summary>
    public Route? Route { get; init; }

    /// <summary>The tunnel that it came out of; null for none.</summary>
    public Tunnel? From { get; init; }

    /// <summary>Where the packet that goes on begins: behind the headers of the tunnel that it came out of.</summary>
    public int Offset { get; init; }

    /// <summary>Its length in octets.</summary>
    public int Length { get; init; }

    /// <summary>True on a host's own network: the host forwards in front of tunnels and behind them, and takes the hops of that.</summary>
    public bool HostForwards { get; init; }

    /// <summary>What it runs in from here: the encapsulation of its tunnel, or IP in IP where minimal encapsulation does not carry it (RFC 2004, 3).</summary>
    public Encapsulation Encapsulation { get; init; }

    /// <summary>What it came in; minimal encapsulation has its header to be put together again.</summary>
    public Encapsulation CameIn { get; init; }

    /// <summary>True when it met congestion in that tunnel, which it has to say from now on (RFC 6040, 4.2).</summary>
    public bool MetCongestion { get; init; }
}
