namespace DsmipTools.Engine.Diagnostics;

/// <summary>The messages that agents count.</summary>
public enum MessageKind
{
    /// <summary>Octets that are no message the agent knows.</summary>
    Unknown,

    /// <summary>Registration Request (RFC 5944, 3.3).</summary>
    RegistrationRequest,

    /// <summary>Registration Reply (RFC 5944, 3.4).</summary>
    RegistrationReply,

    /// <summary>Proxy Binding Update (RFC 5213, 8.1).</summary>
    ProxyBindingUpdate,

    /// <summary>Proxy Binding Acknowledgement (RFC 5213, 8.2).</summary>
    ProxyBindingAcknowledgement,

    /// <summary>Binding Revocation Indication (RFC 5846, 5.1).</summary>
    BindingRevocationIndication,

    /// <summary>Binding Revocation Acknowledgement (RFC 5846, 5.2).</summary>
    BindingRevocationAcknowledgement,

    /// <summary>Router Solicitation (RFC 4861, 4.1).</summary>
    RouterSolicitation,

    /// <summary>Router Advertisement (RFC 4861, 4.2).</summary>
    RouterAdvertisement,

    /// <summary>Neighbor Solicitation (RFC 4861, 4.3).</summary>
    NeighborSolicitation,

    /// <summary>Neighbor Advertisement (RFC 4861, 4.4).</summary>
    NeighborAdvertisement,

    /// <summary>Heartbeat request (RFC 5847, 3.3: R is clear).</summary>
    HeartbeatRequest,

    /// <summary>Heartbeat response, asked for or unsolicited (RFC 5847, 3.3: R is set).</summary>
    HeartbeatResponse,

    /// <summary>Binding Error (RFC 6275, 6.1.9).</summary>
    BindingError,

    /// <summary>A packet from or to a mobile node, which is none for the agent itself.</summary>
    DataPacket,

    /// <summary>ICMPv6 Parameter Problem (RFC 4443, 3.4).</summary>
    ParameterProblem,

    /// <summary>Registration Revocation (RFC 3543, 3.3).</summary>
    RegistrationRevocation,

    /// <summary>Registration Revocation Acknowledgment (RFC 3543, 3.4).</summary>
    RegistrationRevocationAcknowledgment,

    /// <summary>Agent Solicitation (RFC 5944, 2.2).</summary>
    AgentSolicitation,

    /// <summary>Agent Advertisement (RFC 5944, 2.1).</summary>
    AgentAdvertisement,
}
