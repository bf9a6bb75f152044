namespace DsmipTools.Engine.Forwarding;

/// <summary>Which end of a tunnel an agent is: it decides what of a packet out of the tunnel has to be a mobile node's.</summary>
public enum TunnelEnd
{
    /// <summary>An anchor's or a home agent's: the mobile nodes are behind the tunnel, and inner sources have to be theirs.</summary>
    Home,

    /// <summary>A gateway's or a mobile node's: the mobile nodes are on this side, and inner destinations have to be theirs.</summary>
    Access,

    /// <summary>
    /// A host's or router's, as of a tunnel that is configured by hand: inner sources have to lie under the tunnel's prefixes. The host itself
    /// forwards, before the tunnel and behind it, and takes the hops.
    /// </summary>
    Router,
}
