namespace DsmipTools.Wire.MobileIPv4;

/// <summary>Code values of Registration Replies (RFC 5944, 3.4): accepted 0 to 8, refused by the foreign agent 64 to 127, by the home agent 128 to 192.</summary>
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
