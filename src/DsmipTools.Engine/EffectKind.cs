namespace DsmipTools.Engine;

/// <summary>What an agent asks its surroundings to do.</summary>
public enum EffectKind
{
    /// <summary>Send a message in an envelope.</summary>
    Send,

    /// <summary>Send an IP packet on a link of the agent's own, such as an access link.</summary>
    SendOnLink,

    /// <summary>Send a whole IP packet, such as an ICMP error.</summary>
    SendPacket,

    /// <summary>Bring a tunnel up; may fail.</summary>
    TunnelUp,

    /// <summary>Take a tunnel down.</summary>
    TunnelDown,

    /// <summary>Route a destination through a tunnel that is up, instead of what it was routed through before; may fail.</summary>
    RouteAdd,

    /// <summary>Route a destination nowhere any more, unless another attachment has taken it over.</summary>
    RouteRemove,

    /// <summary>Report an event.</summary>
    Event,

    /// <summary>A command is done; the detail is its outcome.</summary>
    Completion,
}
