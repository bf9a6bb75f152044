using DsmipTools.Engine.States;

namespace DsmipTools.Engine.Revocation;

/// <summary>What an indication is doing (RFC 5846, 6).</summary>
internal enum RevocationState : byte
{
    /// <summary>It is not there, or it has ended and its sequence number is free.</summary>
    Absent,

    /// <summary>It was sent and not answered.</summary>
    Outstanding,
}

/// <summary>What happens to an indication.</summary>
internal enum RevocationEvent : byte
{
    /// <summary>It is sent (6.1).</summary>
    Sent,

    /// <summary>A wait is over, and an attempt is left: it is sent once more (6.3).</summary>
    WaitOver,

    /// <summary>The peer answers with success, or partial success (6.2.2).</summary>
    Acknowledged,

    /// <summary>The peer knows no such binding (status 128 or 131).</summary>
    AlreadyGone,

    /// <summary>The peer rejects it with another status.</summary>
    Rejected,

    /// <summary>The last wait is over (6.3).</summary>
    TimedOut,

    /// <summary>No binding is left that it is about: all have changed or gone.</summary>
    Cancelled,
}

/// <summary>The life of an indication.</summary>
internal static class RevocationStates
{
    public static TransitionTable<RevocationState, RevocationEvent> Transitions { get; } = new(
        new(RevocationState.Absent, RevocationEvent.Sent, RevocationState.Outstanding),
        new(RevocationState.Outstanding, RevocationEvent.WaitOver, RevocationState.Outstanding),
        new(RevocationState.Outstanding, RevocationEvent.Acknowledged, RevocationState.Absent),
        new(RevocationState.Outstanding, RevocationEvent.AlreadyGone, RevocationState.Absent),
        new(RevocationState.Outstanding, RevocationEvent.Rejected, RevocationState.Absent),
        new(RevocationState.Outstanding, RevocationEvent.TimedOut, RevocationState.Absent),
        new(RevocationState.Outstanding, RevocationEvent.Cancelled, RevocationState.Absent));
}
