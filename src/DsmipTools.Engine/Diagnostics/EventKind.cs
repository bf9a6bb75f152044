namespace DsmipTools.Engine.Diagnostics;

/// <summary>What happened.</summary>
public enum EventKind
{
    /// <summary>The agent started.</summary>
    Started,

    /// <summary>The agent stopped.</summary>
    Stopped,

    /// <summary>The agent runs without message protection: peers are known by address alone.</summary>
    Unprotected,

    /// <summary>A configuration variable has changed; the detail tells it with its values before and after.</summary>
    ConfigurationChanged,

    /// <summary>A message was dropped.</summary>
    Dropped,

    /// <summary>A message failed a security check (RFC 5944, 3.8.2.1; RFC 5846, 6.2).</summary>
    SecurityException,

    /// <summary>A registration or binding was made.</summary>
    BindingCreated,

    /// <summary>A registration or binding was renewed or changed.</summary>
    BindingUpdated,

    /// <summary>A registration or update was refused with a code or status.</summary>
    BindingRefused,

    /// <summary>A registration or binding was removed by the mobile node or gateway.</summary>
    BindingRemoved,

    /// <summary>A registration or binding reached the end of its lifetime.</summary>
    BindingExpired,

    /// <summary>An administrator removed a registration or binding here; no message was sent.</summary>
    BindingCleared,

    /// <summary>The clock of a mobile node was set by the home agent's answer (RFC 5944, 5.7.1).</summary>
    Resynchronized,

    /// <summary>A request was not answered, and no attempt is left.</summary>
    TimedOut,

    /// <summary>A tunnel came up.</summary>
    TunnelUp,

    /// <summary>A tunnel went down.</summary>
    TunnelDown,

    /// <summary>An effect could not be carried out.</summary>
    EffectFailed,

    /// <summary>A message could not be sent or received; the detail says why.</summary>
    TransportError,

    /// <summary>An exception came out of an agent: a bug of DsmipTools. The agent goes on.</summary>
    AgentFault,

    /// <summary>A Binding Revocation Indication was sent.</summary>
    RevocationSent,

    /// <summary>A Binding Revocation Indication was sent once more.</summary>
    RevocationRetransmitted,

    /// <summary>The peer processed a revocation.</summary>
    RevocationAcknowledged,

    /// <summary>The peer rejected a revocation.</summary>
    RevocationRejected,

    /// <summary>A revocation got no answer; its bindings were cleaned up (RFC 5846, 6.3).</summary>
    RevocationTimedOut,

    /// <summary>A revocation was cancelled, because an update made it void.</summary>
    RevocationCancelled,

    /// <summary>A peer's revocation was processed or rejected.</summary>
    RevocationReceived,

    /// <summary>A prefix reply matched no prefix request (conformance list, 5454-3.5-10).</summary>
    UnmatchedPrefixReply,

    /// <summary>An alarm: the anchor does not let this gateway revoke all of its bindings (RFC 5846, 9.2); it is not asked again.</summary>
    GlobalRevocationRefused,

    /// <summary>A mobile node does not answer on its access link, and is de-registered (RFC 5213, 6.13).</summary>
    NodeUnreachable,

    /// <summary>A peer has not answered more heartbeats in a row than are allowed to be missing (RFC 5847, 3.1).</summary>
    PeerUnreachable,

    /// <summary>A peer that counted as unreachable has answered a heartbeat.</summary>
    PeerReachable,

    /// <summary>The Restart Counter of a peer says that it has restarted and lost its sessions (RFC 5847, 3.2).</summary>
    PeerRestarted,

    /// <summary>A mobile node hears a mobility agent for the first time, or again after it was lost (RFC 5944, 2.4).</summary>
    AgentDiscovered,

    /// <summary>The lifetime of a mobility agent's advertisement has passed without another one (RFC 5944, 2.4.2.1).</summary>
    AgentLost,

    /// <summary>The sequence number of a mobility agent says that it has restarted and lost its visitors (RFC 5944, 2.4.4).</summary>
    AgentRestarted,

    /// <summary>No mobility agent answers on the link of a mobile node: three solicitations went by without an advertisement.</summary>
    AgentNotFound,

    /// <summary>A mobile node that was away finds itself on its home network (RFC 5944, 2.4.3).</summary>
    ReturnedHome,
}
