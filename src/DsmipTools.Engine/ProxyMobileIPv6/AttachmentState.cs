using DsmipTools.Engine.States;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>What a Binding Update List entry is doing (RFC 5213, 6.1 and 6.9).</summary>
internal enum AttachmentState : byte
{
    /// <summary>There is no entry.</summary>
    Absent,

    /// <summary>The first update is outstanding.</summary>
    Registering,

    /// <summary>The binding is in force and nothing is outstanding.</summary>
    Registered,

    /// <summary>The binding is in force and an update that extends it is outstanding.</summary>
    Renewing,

    /// <summary>The binding is in force until it expires; the anchor's answers contradict the updates, and none is sent any more.</summary>
    Silent,

    /// <summary>A de-registration is outstanding.</summary>
    Deregistering,
}

/// <summary>What happens to a Binding Update List entry.</summary>
internal enum AttachmentEvent : byte
{
    /// <summary>The mobile node attaches to the access link (RFC 5213, 6.9.1.1).</summary>
    Attached,

    /// <summary>The anchor accepts the update that is outstanding (6.9.1.2).</summary>
    Accepted,

    /// <summary>The anchor refuses it.</summary>
    Refused,

    /// <summary>The anchor's answer contradicts it (6.9.1.2 (6)).</summary>
    NotEchoed,

    /// <summary>Three quarters of the lifetime are over (6.9.1.3).</summary>
    RenewalDue,

    /// <summary>No answer, and no attempt is left (6.9.4).</summary>
    NotAnswered,

    /// <summary>The lifetime is over.</summary>
    LifetimeOver,

    /// <summary>The mobile node leaves the access link (6.9.1.4), or what is on its way has to be taken back.</summary>
    Detached,

    /// <summary>The binding was revoked (RFC 5846, 9.1 and 9.2), or is forgotten for another cause that needs no update.</summary>
    Revoked,
}

/// <summary>The life of a Binding Update List entry.</summary>
internal static class AttachmentStates
{
    public static TransitionTable<AttachmentState, AttachmentEvent> Transitions { get; } = new(
        new(AttachmentState.Absent, AttachmentEvent.Attached, AttachmentState.Registering),
        new(AttachmentState.Registering, AttachmentEvent.Accepted, AttachmentState.Registered),
        new(AttachmentState.Registering, AttachmentEvent.Refused, AttachmentState.Absent),
        new(AttachmentState.Registering, AttachmentEvent.NotEchoed, AttachmentState.Absent),
        new(AttachmentState.Registering, AttachmentEvent.NotAnswered, AttachmentState.Absent),
        new(AttachmentState.Registering, AttachmentEvent.Detached, AttachmentState.Deregistering),
        new(AttachmentState.Registering, AttachmentEvent.Revoked, AttachmentState.Absent),
        new(AttachmentState.Registered, AttachmentEvent.RenewalDue, AttachmentState.Renewing),
        new(AttachmentState.Registered, AttachmentEvent.Detached, AttachmentState.Deregistering),
        new(AttachmentState.Registered, AttachmentEvent.Revoked, AttachmentState.Absent),
        new(AttachmentState.Renewing, AttachmentEvent.Accepted, AttachmentState.Registered),
        new(AttachmentState.Renewing, AttachmentEvent.Refused, AttachmentState.Absent),
        new(AttachmentState.Renewing, AttachmentEvent.NotEchoed, AttachmentState.Silent),
        new(AttachmentState.Renewing, AttachmentEvent.LifetimeOver, AttachmentState.Absent),
        new(AttachmentState.Renewing, AttachmentEvent.Detached, AttachmentState.Deregistering),
        new(AttachmentState.Renewing, AttachmentEvent.Revoked, AttachmentState.Absent),
        new(AttachmentState.Silent, AttachmentEvent.LifetimeOver, AttachmentState.Absent),
        new(AttachmentState.Silent, AttachmentEvent.Detached, AttachmentState.Deregistering),
        new(AttachmentState.Silent, AttachmentEvent.Revoked, AttachmentState.Absent),
        new(AttachmentState.Deregistering, AttachmentEvent.Accepted, AttachmentState.Absent),
        new(AttachmentState.Deregistering, AttachmentEvent.Refused, AttachmentState.Absent),
        new(AttachmentState.Deregistering, AttachmentEvent.NotEchoed, AttachmentState.Absent),
        new(AttachmentState.Deregistering, AttachmentEvent.NotAnswered, AttachmentState.Absent),
        // A mobile node that comes back gets a new entry; one that leaves again is de-registered again.
        new(AttachmentState.Deregistering, AttachmentEvent.Detached, AttachmentState.Deregistering),
        new(AttachmentState.Deregistering, AttachmentEvent.Attached, AttachmentState.Absent),
        new(AttachmentState.Deregistering, AttachmentEvent.Revoked, AttachmentState.Absent));
}
