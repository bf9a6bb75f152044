namespace DsmipTools.Engine.Forwarding;

/// <summary>Why a packet was not forwarded.</summary>
public enum ForwardingDrop
{
    /// <summary>It was not dropped.</summary>
    None,

    /// <summary>A header of it cannot be read, or a checksum is wrong.</summary>
    Malformed,

    /// <summary>It is a fragment of a tunneled packet.</summary>
    Fragment,

    /// <summary>It comes out of a tunnel that does not stand: its outer source is no peer's.</summary>
    ForeignTunnel,

    /// <summary>Its GRE key is not the one of its mobile node (RFC 5845).</summary>
    WrongKey,

    /// <summary>Its source is not the mobile node's that sends it, or not of a binding that the other end of the tunnel has registered.</summary>
    ForeignSource,

    /// <summary>Its source is no unicast address, or a link-local one (RFC 5213, 6.10.5); or it ends on the link, and asks for nothing that is answered there.</summary>
    LinkScope,

    /// <summary>Nobody has its destination.</summary>
    NoRoute,

    /// <summary>It came out of the tunnel for an address that no attached mobile node has (RFC 5213, 6.10.5).</summary>
    NotAttached,

    /// <summary>It goes to an attached mobile node, but did not come out of the tunnel from the anchor.</summary>
    NotThroughTunnel,

    /// <summary>It was routed into the tunnel to the very address that it goes to (RFC 2473, 4.1).</summary>
    TunnelLoop,

    /// <summary>Its hop limit or TTL is used up.</summary>
    HopLimitExceeded,

    /// <summary>It is longer than the MTU of the tunnel.</summary>
    TooBig,

    /// <summary>It met congestion on the way, and its transport cannot be told (RFC 6040, 4.2).</summary>
    Congestion,

    /// <summary>The host refused it: no route to the other end of the tunnel, no room, or a rule of a firewall. No decision of the forwarder.</summary>
    Refused,

    /// <summary>An ICMP error about a packet of a tunnel that does not stand, or that this host did not send: forged, or late.</summary>
    ForeignError,
}

/// <summary>Groups of causes.</summary>
public static class ForwardingDrops
{
    /// <summary>True for what an honest peer or mobile node never sends.</summary>
    public static bool IsSecurityException(this ForwardingDrop drop) =>
        drop is ForwardingDrop.ForeignTunnel or ForwardingDrop.WrongKey or ForwardingDrop.ForeignSource or ForwardingDrop.NotThroughTunnel;
}
