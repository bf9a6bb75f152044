namespace DsmipTools.Wire.MobilityHeader;

/// <summary>Binding Acknowledgement status (IANA, Mobile IPv6 parameters; RFC 6275, 6.1.8; RFC 5213, 8.9; others as said): accepted below 128, refused from 128.</summary>
public enum BindingStatus : byte
{
    /// <summary>Binding Update accepted.</summary>
    Accepted = 0,

    /// <summary>Accepted but prefix discovery necessary.</summary>
    AcceptedPrefixDiscoveryNecessary = 1,

    /// <summary>Accepted, but GRE encapsulation and GRE keys are not required (RFC 5845, 6.4).</summary>
    GreKeyOptionNotRequired = 2,

    /// <summary>GRE encapsulation was negotiated, but the TLV-header format is not supported (RFC 5845, 6.4).</summary>
    GreTunnelingButTlvHeaderNotSupported = 3,

    /// <summary>MCOA NOTCOMPLETE: some of the binding identifiers were rejected (RFC 5648, 4.4).</summary>
    MultipleCareOfAddressesNotComplete = 4,

    /// <summary>MCOA RETURNHOME WO/NDP: no Neighbor Discovery for the home address on the home link (RFC 5648, 4.4).</summary>
    MultipleCareOfAddressesReturnHomeWithoutNdp = 5,

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

    /// <summary>Mobile Router Operation not permitted (RFC 3963, 4.2).</summary>
    MobileRouterOperationNotPermitted = 140,

    /// <summary>Invalid Prefix (RFC 3963, 4.2).</summary>
    InvalidPrefix = 141,

    /// <summary>Not Authorized for Prefix (RFC 3963, 4.2).</summary>
    NotAuthorizedForPrefix = 142,

    /// <summary>Forwarding Setup failed: prefixes missing (RFC 3963, 4.2).</summary>
    ForwardingSetupFailed = 143,

    /// <summary>MIPV6-ID-MISMATCH: the timestamp of the replay protection option is not valid (RFC 4285, 6).</summary>
    IdentificationMismatch = 144,

    /// <summary>MIPV6-MESG-ID-REQD: the replay protection option is missing (RFC 4285, 6).</summary>
    MessageIdentificationRequired = 145,

    /// <summary>MIPV6-AUTH-FAIL: authentication failed (RFC 4285, 5.3).</summary>
    AuthenticationFailed = 146,

    /// <summary>Permanent home keygen token unavailable (RFC 4866).</summary>
    PermanentHomeKeygenTokenUnavailable = 147,

    /// <summary>CGA and signature verification failed (RFC 4866).</summary>
    CgaAndSignatureVerificationFailed = 148,

    /// <summary>Permanent home keygen token exists (RFC 4866).</summary>
    PermanentHomeKeygenTokenExists = 149,

    /// <summary>Non-null home nonce index expected (RFC 4866).</summary>
    NonNullHomeNonceIndexExpected = 150,

    /// <summary>SERVICE_AUTHORIZATION_FAILED (RFC 5149).</summary>
    ServiceAuthorizationFailed = 151,

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

    /// <summary>GRE encapsulation and GRE keys are required, but the GRE Key option is missing (RFC 5845, 6.4).</summary>
    GreKeyOptionRequired = 163,

    /// <summary>MCOA MALFORMED: a Binding Identifier option is not formatted correctly (RFC 5648, 4.4).</summary>
    MultipleCareOfAddressesMalformed = 164,

    /// <summary>MCOA NON-MCOA BINDING EXISTS: a binding without an identifier exists, and O was clear (RFC 5648, 4.4).</summary>
    NonMultipleCareOfAddressesBindingExists = 165,

    /// <summary>MCOA PROHIBITED: administratively prohibited (RFC 5648, 4.4).</summary>
    MultipleCareOfAddressesProhibited = 166,

    /// <summary>MCOA UNKNOWN COA: no care-of address is known for the binding identifier (RFC 5648, 4.4).</summary>
    MultipleCareOfAddressesUnknownCareOfAddress = 167,

    /// <summary>MCOA BULK REGISTRATION PROHIBITED (RFC 5648, 4.4).</summary>
    MultipleCareOfAddressesBulkRegistrationProhibited = 168,

    /// <summary>MCOA SIMULTANEOUS HOME AND FOREIGN PROHIBITED (RFC 5648, 4.4).</summary>
    MultipleCareOfAddressesSimultaneousHomeAndForeignProhibited = 169,

    /// <summary>Mobile node not authorized for IPv4 mobility service (RFC 5844, 3.3.5).</summary>
    NotAuthorizedForIPv4MobilityService = 170,

    /// <summary>Mobile node not authorized for the requesting IPv4 home address (RFC 5844, 3.3.5).</summary>
    NotAuthorizedForIPv4HomeAddress = 171,

    /// <summary>Mobile node not authorized for IPv6 mobility service (RFC 5844, 3.3.5).</summary>
    NotAuthorizedForIPv6MobilityService = 172,

    /// <summary>Multiple IPv4 home address assignments not supported (RFC 5844, 3.3.5).</summary>
    MultipleIPv4HomeAddressAssignmentNotSupported = 173,

    /// <summary>Invalid Care-of Address.</summary>
    InvalidCareOfAddress = 174,

    /// <summary>INVALID_MOBILE_NODE_GROUP_IDENTIFIER (RFC 6602).</summary>
    InvalidMobileNodeGroupIdentifier = 175,
}

/// <summary>The ranges of Binding Acknowledgement status values (RFC 6275, 6.1.8).</summary>
public static class BindingStatuses
{
    /// <summary>True for 0 to 127: the update was accepted.</summary>
    public static bool IsAccepted(this BindingStatus status) => (byte)status < 128;
}
