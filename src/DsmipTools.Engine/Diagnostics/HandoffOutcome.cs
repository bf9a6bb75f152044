using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Engine.Diagnostics;

/// <summary>What became of an update by which a mobile node comes to another gateway.</summary>
public enum HandoffOutcome
{
    /// <summary>It got the session that it had. A gateway, which cannot tell, counts any session that it was given after a handoff.</summary>
    Accepted,

    /// <summary>It got a new session, because the other gateway still has it, or did not say (RFC 5846, 8.1).</summary>
    NewSession,

    /// <summary>The update was refused.</summary>
    Refused,
}

/// <summary>What a counter of handoffs counts.</summary>
/// <param name="Indicator">The handoff indicator of the update (RFC 5213, 8.4).</param>
/// <param name="Outcome">What became of it.</param>
public readonly record struct HandoffKey(HandoffIndicator Indicator, HandoffOutcome Outcome);
