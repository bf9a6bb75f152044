namespace DsmipTools.Engine;

/// <summary>The roles of agents.</summary>
public enum AgentKind
{
    /// <summary>Home agent of Mobile IPv4 (RFC 5944, RFC 5454).</summary>
    HomeAgent,

    /// <summary>Mobile node of Mobile IPv4 (RFC 5944, RFC 5454).</summary>
    MobileNode,

    /// <summary>Foreign agent of Mobile IPv4 (RFC 5944, 3.7).</summary>
    ForeignAgent,

    /// <summary>Local mobility anchor of Proxy Mobile IPv6 (RFC 5213).</summary>
    LocalMobilityAnchor,

    /// <summary>Mobile access gateway of Proxy Mobile IPv6 (RFC 5213).</summary>
    MobileAccessGateway,
}
