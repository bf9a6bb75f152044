namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>
/// What a local mobility anchor does when another gateway registers a mobile node that has one session, and the handoff indicator is 4, handoff
/// state unknown: has the mobile node moved, or attached with another interface?
/// </summary>
public enum UnknownHandoffPolicy
{
    /// <summary>Asks the gateway that has the session, by an indication with trigger 4 (RFC 5846, 8.1).</summary>
    Revoke,

    /// <summary>Waits for its de-registration, at most MaxDelayBeforeNewBCEAssign (RFC 5213, 5.4.1).</summary>
    Wait,

    /// <summary>Makes a new session at once (RFC 5213, 5.4.1).</summary>
    NewSession,
}
