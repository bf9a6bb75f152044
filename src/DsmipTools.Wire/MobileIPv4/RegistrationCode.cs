namespace DsmipTools.Wire.MobileIPv4;

/// <summary>
/// Code values of Registration Replies (IANA, Mobile IPv4 numbers; RFC 5944, 3.4 where no other RFC is named): accepted 0 to 8, refused by the
/// foreign agent 64 to 127, by the home agent 128 to 192, by the gateway foreign agent 193 to 200.
/// </summary>
public enum RegistrationCode : byte
{
    /// <summary>registration accepted.</summary>
    Accepted = 0,

    /// <summary>registration accepted, but simultaneous mobility bindings unsupported.</summary>
    AcceptedSimultaneousBindingsUnsupported = 1,

    /// <summary>foreign agent: reason unspecified.</summary>
    ForeignAgentReasonUnspecified = 64,

    /// <summary>foreign agent: administratively prohibited.</summary>
    ForeignAgentAdministrativelyProhibited = 65,

    /// <summary>foreign agent: insufficient resources.</summary>
    ForeignAgentInsufficientResources = 66,

    /// <summary>foreign agent: mobile node failed authentication.</summary>
    ForeignAgentMobileNodeFailedAuthentication = 67,

    /// <summary>foreign agent: home agent failed authentication.</summary>
    ForeignAgentHomeAgentFailedAuthentication = 68,

    /// <summary>foreign agent: requested Lifetime too long.</summary>
    ForeignAgentRequestedLifetimeTooLong = 69,

    /// <summary>foreign agent: poorly formed Request.</summary>
    ForeignAgentPoorlyFormedRequest = 70,

    /// <summary>foreign agent: poorly formed Reply.</summary>
    ForeignAgentPoorlyFormedReply = 71,

    /// <summary>foreign agent: requested encapsulation unavailable.</summary>
    ForeignAgentRequestedEncapsulationUnavailable = 72,

    /// <summary>foreign agent: reserved and unavailable.</summary>
    ForeignAgentReservedAndUnavailable = 73,

    /// <summary>foreign agent: requested reverse tunnel unavailable (RFC 3024).</summary>
    ForeignAgentReverseTunnelUnavailable = 74,

    /// <summary>foreign agent: reverse tunnel is mandatory and 'T' bit not set (RFC 3024).</summary>
    ForeignAgentReverseTunnelMandatory = 75,

    /// <summary>foreign agent: mobile node too distant (RFC 3024).</summary>
    ForeignAgentMobileNodeTooDistant = 76,

    /// <summary>foreign agent: invalid care-of address.</summary>
    ForeignAgentInvalidCareOfAddress = 77,

    /// <summary>foreign agent: registration timeout.</summary>
    ForeignAgentRegistrationTimeout = 78,

    /// <summary>foreign agent: delivery style not supported (RFC 3024).</summary>
    ForeignAgentDeliveryStyleNotSupported = 79,

    /// <summary>foreign agent: home network unreachable.</summary>
    ForeignAgentHomeNetworkUnreachable = 80,

    /// <summary>foreign agent: home agent host unreachable.</summary>
    ForeignAgentHomeAgentHostUnreachable = 81,

    /// <summary>foreign agent: home agent port unreachable.</summary>
    ForeignAgentHomeAgentPortUnreachable = 82,

    /// <summary>foreign agent: home agent unreachable.</summary>
    ForeignAgentHomeAgentUnreachable = 88,

    /// <summary>foreign agent: vendor-specific reason.</summary>
    ForeignAgentVendorSpecificReason = 89,

    /// <summary>foreign agent: non-zero home agent address required (RFC 4433).</summary>
    ForeignAgentNonzeroHomeAgentAddressRequired = 90,

    /// <summary>foreign agent: non-zero home address required, NONZERO_HOMEADDR_REQD (RFC 2794, 5).</summary>
    ForeignAgentNonzeroHomeAddressRequired = 96,

    /// <summary>foreign agent: missing NAI, MISSING_NAI (RFC 2794, 5).</summary>
    ForeignAgentMissingNai = 97,

    /// <summary>foreign agent: missing home agent, MISSING_HOME_AGENT (RFC 2794, 5).</summary>
    ForeignAgentMissingHomeAgent = 98,

    /// <summary>foreign agent: missing home address, MISSING_HOMEADDR (RFC 2794, 5).</summary>
    ForeignAgentMissingHomeAddress = 99,

    /// <summary>foreign agent: unable to interpret a CVSE sent by the mobile node (RFC 3115).</summary>
    ForeignAgentUnableToInterpretCvseSentByMobileNode = 100,

    /// <summary>foreign agent: unable to interpret a CVSE sent by the home agent (RFC 3115).</summary>
    ForeignAgentUnableToInterpretCvseSentByHomeAgent = 101,

    /// <summary>foreign agent: unknown challenge (RFC 4721).</summary>
    ForeignAgentUnknownChallenge = 104,

    /// <summary>foreign agent: missing challenge (RFC 4721).</summary>
    ForeignAgentMissingChallenge = 105,

    /// <summary>foreign agent: stale challenge (RFC 4721).</summary>
    ForeignAgentStaleChallenge = 106,

    /// <summary>foreign agent: missing MN-FA Key Generation Nonce Reply extension (RFC 3957).</summary>
    ForeignAgentMissingKeyGenerationNonceReply = 107,

    /// <summary>foreign agent: mobile node failed AAA authentication (RFC 4721).</summary>
    ForeignAgentMobileNodeFailedAaaAuthentication = 108,

    /// <summary>foreign agent: home agent sent a wrong challenge in its reply (RFC 4721).</summary>
    ForeignAgentHomeAgentSentWrongChallenge = 109,

    /// <summary>foreign agent: error code for experimental use (RFC 4064).</summary>
    ForeignAgentExperimentalUse = 127,

    /// <summary>home agent: reason unspecified.</summary>
    ReasonUnspecified = 128,

    /// <summary>home agent: administratively prohibited.</summary>
    AdministrativelyProhibited = 129,

    /// <summary>home agent: insufficient resources.</summary>
    InsufficientResources = 130,

    /// <summary>home agent: mobile node failed authentication.</summary>
    MobileNodeFailedAuthentication = 131,

    /// <summary>home agent: foreign agent failed authentication.</summary>
    ForeignAgentFailedAuthentication = 132,

    /// <summary>home agent: registration Identification mismatch.</summary>
    IdentificationMismatch = 133,

    /// <summary>home agent: poorly formed Request.</summary>
    PoorlyFormedRequest = 134,

    /// <summary>home agent: too many simultaneous mobility bindings.</summary>
    TooManySimultaneousBindings = 135,

    /// <summary>home agent: unknown home agent address.</summary>
    UnknownHomeAgentAddress = 136,

    /// <summary>home agent: requested reverse tunnel unavailable (RFC 3024).</summary>
    ReverseTunnelUnavailable = 137,

    /// <summary>home agent: reverse tunnel is mandatory and 'T' bit not set (RFC 3024).</summary>
    ReverseTunnelMandatory = 138,

    /// <summary>home agent: requested encapsulation unavailable (RFC 3024).</summary>
    RequestedEncapsulationUnavailable = 139,

    /// <summary>home agent: unable to interpret a CVSE sent by the mobile node (RFC 3115).</summary>
    UnableToInterpretCvseSentByMobileNode = 140,

    /// <summary>home agent: unable to interpret a CVSE sent by the foreign agent (RFC 3115).</summary>
    UnableToInterpretCvseSentByForeignAgent = 141,

    /// <summary>home agent: requested UDP tunnel encapsulation unavailable, ERROR_HA_UDP_ENCAP_UNAVAIL (RFC 3519, 3.5).</summary>
    RequestedUdpTunnelEncapsulationUnavailable = 142,

    /// <summary>home agent: register with the redirected home agent (RFC 4433).</summary>
    RegisterWithRedirectedHomeAgent = 143,

    /// <summary>home agent: mobile node failed AAA authentication (RFC 4721).</summary>
    MobileNodeFailedAaaAuthentication = 144,

    /// <summary>home agent: Proxy Mobile IPv4 unsupported, PMIP_UNSUPPORTED (RFC 5563).</summary>
    ProxyMobileIPv4Unsupported = 149,

    /// <summary>home agent: Proxy Mobile IPv4 disallowed, PMIP_DISALLOWED (RFC 5563).</summary>
    ProxyMobileIPv4Disallowed = 150,

    /// <summary>home agent: error code for experimental use (RFC 4064).</summary>
    ExperimentalUse = 192,

    /// <summary>foreign agent: Invalid Home Agent Address.</summary>
    ForeignAgentInvalidHomeAgentAddress = 194,
}

/// <summary>The ranges of Registration Reply codes (RFC 5944, 6.4).</summary>
public static class RegistrationCodes
{
    /// <summary>True for a success code, 0 to 8.</summary>
    public static bool IsAccepted(this RegistrationCode code) => (byte)code <= 8;

    /// <summary>True for a code that a home agent sets: then the reply has to carry a Mobile-Home Authentication extension (RFC 5944, 3.6.2.1).</summary>
    public static bool IsFromHomeAgent(this RegistrationCode code) => (byte)code is <= 8 or (>= 128 and <= 192);
}
