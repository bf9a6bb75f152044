using DsmipTools.Engine.States;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>What a Binding Cache entry is doing (RFC 5213, 5.3; RFC 5846, 8.1).</summary>
internal enum ProxyBindingState : byte
{
    /// <summary>There is no entry.</summary>
    Absent,

    /// <summary>The binding is in force.</summary>
    Active,

    /// <summary>The binding is in force, and an indication for it is outstanding.</summary>
    RevocationInProgress,

    /// <summary>The binding was de-registered, and is kept for MinDelayBeforeBCEDelete.</summary>
    Deregistered,
}

/// <summary>What happens to a Binding Cache entry.</summary>
internal enum ProxyBindingEvent : byte
{
    /// <summary>An update that makes the binding is accepted (RFC 5213, 5.3.2).</summary>
    Registered,

    /// <summary>An update of the binding is accepted (5.3.3 and 5.3.4).</summary>
    Updated,

    /// <summary>The gateway de-registers the binding (5.3.5), or says with trigger 4 that the mobile node has left (RFC 5846, 8.1).</summary>
    Deregistered,

    /// <summary>An indication for the binding is sent (RFC 5846, 8.1).</summary>
    RevocationSent,

    /// <summary>The revocation is over: rejected, cancelled, or for the IPv4 home address alone; or the end of the binding follows.</summary>
    RevocationOver,

    /// <summary>The lifetime is over.</summary>
    LifetimeOver,

    /// <summary>MinDelayBeforeBCEDelete is over (RFC 5213, 5.3.5).</summary>
    DelayOver,

    /// <summary>The binding was revoked by one side (RFC 5846, 8.1 and 8.2), or is removed for another cause that needs no update.</summary>
    Revoked,
}

/// <summary>The life of a Binding Cache entry.</summary>
internal static class ProxyBindingStates
{
    public static TransitionTable<ProxyBindingState, ProxyBindingEvent> Transitions { get; } = new(
        new(ProxyBindingState.Absent, ProxyBindingEvent.Registered, ProxyBindingState.Active),
        new(ProxyBindingState.Active, ProxyBindingEvent.Updated, ProxyBindingState.Active),
        new(ProxyBindingState.Active, ProxyBindingEvent.Deregistered, ProxyBindingState.Deregistered),
        new(ProxyBindingState.Active, ProxyBindingEvent.RevocationSent, ProxyBindingState.RevocationInProgress),
        new(ProxyBindingState.Active, ProxyBindingEvent.LifetimeOver, ProxyBindingState.Absent),
        new(ProxyBindingState.Active, ProxyBindingEvent.Revoked, ProxyBindingState.Absent),
        // Beside a revocation of the IPv4 home address alone the prefixes are updated.
        new(ProxyBindingState.RevocationInProgress, ProxyBindingEvent.Updated, ProxyBindingState.RevocationInProgress),
        new(ProxyBindingState.RevocationInProgress, ProxyBindingEvent.RevocationOver, ProxyBindingState.Active),
        new(ProxyBindingState.Deregistered, ProxyBindingEvent.Updated, ProxyBindingState.Active),
        new(ProxyBindingState.Deregistered, ProxyBindingEvent.Deregistered, ProxyBindingState.Deregistered),
        new(ProxyBindingState.Deregistered, ProxyBindingEvent.DelayOver, ProxyBindingState.Absent),
        new(ProxyBindingState.Deregistered, ProxyBindingEvent.Revoked, ProxyBindingState.Absent));
}
