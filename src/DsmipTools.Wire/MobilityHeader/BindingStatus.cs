namespace DsmipTools.Wire.MobilityHeader;

/// <summary>Binding Acknowledgement status (RFC 6275, 6.1.8; RFC 5213, 8.9): accepted below 128, refused from 128.</summary>
public enum BindingStatus : byte
{
    /// <summary>Binding Update accepted.</summary>
    Accepted = 0,

    /// <summary>Accepted but prefix discovery necessary.</summary>
    AcceptedPrefixDiscoveryNecessary = 1,

    /// <summary>Reason unspecified.</summary>
    ReasonUnspecified = 128,

    /// <summary>Administratively prohibited.</summary>
    AdministrativelyProhibited = 129,

    /// <summary>Insufficient resources.</summary>
    InsufficientResources = 130,

    /// <summary>Home registration not supported.</summary>
    HomeRegistrationNotSupported = 131,

    /// <summary>Not home subnet.</summary>
    NotHomeSubnet = 132,

    /// <summary>Not home agent for this mobile node.</summary>
    NotHomeAgentForThisMobileNode = 133,

    /// <summary>Duplicate Address Detection failed.</summary>
    DuplicateAddressDetectionFailed = 134,

    /// <summary>Sequence number out of window.</summary>
    SequenceNumberOutOfWindow = 135,

    /// <summary>Expired home nonce index.</summary>
    ExpiredHomeNonceIndex = 136,

    /// <summary>Expired care-of nonce index.</summary>
    ExpiredCareOfNonceIndex = 137,

    /// <summary>Expired nonces.</summary>
    ExpiredNonces = 138,

    /// <summary>Registration type change disallowed.</summary>
    RegistrationTypeChangeDisallowed = 139,

    /// <summary>Proxy Registration not enabled.</summary>
    ProxyRegistrationNotEnabled = 152,

    /// <summary>Not local mobility anchor for this mobile node.</summary>
    NotLmaForThisMobileNode = 153,

    /// <summary>The mobile access gateway is not authorized to send proxy binding updates.</summary>
    MagNotAuthorizedForProxyRegistration = 154,

    /// <summary>The mobile node is not authorized for one or more of the requested home network prefixes.</summary>
    NotAuthorizedForHomeNetworkPrefix = 155,

    /// <summary>Timestamp mismatch: the clocks of the mobility entities are apart.</summary>
    TimestampMismatch = 156,

    /// <summary>The timestamp is lower than the previously accepted value.</summary>
    TimestampLowerThanPreviousAccepted = 157,

    /// <summary>Missing Home Network Prefix option.</summary>
    MissingHomeNetworkPrefixOption = 158,

    /// <summary>The received home network prefixes do not match those of the binding.</summary>
    BindingCacheEntryPrefixSetDoNotMatch = 159,

    /// <summary>Missing Mobile Node Identifier option.</summary>
    MissingMobileNodeIdentifierOption = 160,

    /// <summary>Missing Handoff Indicator option.</summary>
    MissingHandoffIndicatorOption = 161,

    /// <summary>Missing Access Technology Type option.</summary>
    MissingAccessTechnologyTypeOption = 162,

    /// <summary>Invalid Care-of Address.</summary>
    InvalidCareOfAddress = 174,
}

/// <summary>The ranges of Binding Acknowledgement status values (RFC 6275, 6.1.8).</summary>
public static class BindingStatuses
{
    /// <summary>True for 0 to 127: the update was accepted.</summary>
    public static bool IsAccepted(this BindingStatus status) => (byte)status < 128;
}
