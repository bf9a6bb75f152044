namespace DsmipTools.Wire.MobilityHeader.Options;

/// <summary>Mobility option types (IANA, Mobile IPv6 parameters).</summary>
public enum MobilityOptionType : byte
{
    /// <summary>Pad1 (RFC 6275, 6.2.2).</summary>
    Pad1 = 0,

    /// <summary>PadN (RFC 6275, 6.2.3).</summary>
    PadN = 1,

    /// <summary>Binding Refresh Advice (RFC 6275, 6.2.4).</summary>
    BindingRefreshAdvice = 2,

    /// <summary>Alternate Care-of Address (RFC 6275, 6.2.5).</summary>
    AlternateCareOfAddress = 3,

    /// <summary>Nonce Indices (RFC 6275, 6.2.6).</summary>
    NonceIndices = 4,

    /// <summary>Binding Authorization Data (RFC 6275, 6.2.7).</summary>
    BindingAuthorizationData = 5,

    /// <summary>Mobile Network Prefix (RFC 3963, 4.3).</summary>
    MobileNetworkPrefix = 6,

    /// <summary>Mobile Node Identifier (RFC 4283, 3).</summary>
    MobileNodeIdentifier = 8,

    /// <summary>Mobility Message Authentication, AUTH-OPTION (RFC 4285, 5).</summary>
    MobilityMessageAuthentication = 9,

    /// <summary>Mobility Message Replay Protection, MESG-ID-OPTION (RFC 4285, 6).</summary>
    MobilityMessageReplayProtection = 10,

    /// <summary>Home Network Prefix (RFC 5213, 8.3).</summary>
    HomeNetworkPrefix = 22,

    /// <summary>Handoff Indicator (RFC 5213, 8.4).</summary>
    HandoffIndicator = 23,

    /// <summary>Access Technology Type (RFC 5213, 8.5).</summary>
    AccessTechnologyType = 24,

    /// <summary>Mobile Node Link-layer Identifier (RFC 5213, 8.6).</summary>
    MobileNodeLinkLayerIdentifier = 25,

    /// <summary>Link-local Address (RFC 5213, 8.7).</summary>
    LinkLocalAddress = 26,

    /// <summary>Timestamp (RFC 5213, 8.8).</summary>
    Timestamp = 27,

    /// <summary>Restart Counter (RFC 5847, 3.4).</summary>
    RestartCounter = 28,

    /// <summary>IPv4 Home Address (RFC 5555, 3.1.1).</summary>
    IPv4HomeAddress = 29,

    /// <summary>IPv4 Address Acknowledgement (RFC 5555, 3.2.1; its section 8 says 29, which is wrong).</summary>
    IPv4AddressAcknowledgement = 30,

    /// <summary>NAT Detection (RFC 5555, 3.2.2).</summary>
    NatDetection = 31,

    /// <summary>IPv4 Care-of Address (RFC 5555, 3.1.2).</summary>
    IPv4CareOfAddress = 32,

    /// <summary>GRE Key (RFC 5845, 6.1).</summary>
    GreKey = 33,

    /// <summary>Binding Identifier (RFC 5648, 4.3).</summary>
    BindingIdentifier = 35,

    /// <summary>IPv4 Home Address Request (RFC 5844, 3.3.1).</summary>
    IPv4HomeAddressRequest = 36,

    /// <summary>IPv4 Home Address Reply (RFC 5844, 3.3.2).</summary>
    IPv4HomeAddressReply = 37,

    /// <summary>IPv4 Default-Router Address (RFC 5844, 3.3.3).</summary>
    IPv4DefaultRouterAddress = 38,

    /// <summary>IPv4 DHCP Support Mode (RFC 5844, 3.3.4).</summary>
    IPv4DhcpSupportMode = 39,
}
