namespace DsmipTools.Wire.MobileIPv4.Extensions;

/// <summary>Types of extensions to Mobile IP registration messages (IANA, Mobile IPv4 numbers).</summary>
public enum ExtensionType : byte
{
    /// <summary>One-byte padding (RFC 5944, 2.1.3): one octet, without a length.</summary>
    Padding = 0,

    /// <summary>Mobile-Home Authentication (RFC 5944, 3.5.2).</summary>
    MobileHomeAuthentication = 32,

    /// <summary>Mobile-Foreign Authentication (RFC 5944, 3.5.3).</summary>
    MobileForeignAuthentication = 33,

    /// <summary>Foreign-Home Authentication (RFC 5944, 3.5.4).</summary>
    ForeignHomeAuthentication = 34,

    /// <summary>Generalized Mobile IP Authentication (RFC 4721, 5), with subtypes; long form.</summary>
    GeneralizedAuthentication = 36,

    /// <summary>Critical Vendor/Organization Specific Extension, CVSE (RFC 3115, 2.1); a length of two octets.</summary>
    CriticalVendorOrganizationSpecific = 38,

    /// <summary>UDP Tunnel Reply (RFC 3519, 3.2).</summary>
    UdpTunnelReply = 44,

    /// <summary>FA Error (RFC 4636); kept as unknown.</summary>
    ForeignAgentError = 45,

    /// <summary>GFA IP Address (RFC 4857); kept as unknown.</summary>
    GatewayForeignAgentAddress = 46,

    /// <summary>Proxy Mobile IPv4 non-skippable extension (RFC 5563), with subtypes; long form, kept as unknown.</summary>
    ProxyMobileIPv4NonSkippable = 47,

    /// <summary>Traversal extension (RFC 2356); kept as unknown.</summary>
    Traversal = 129,

    /// <summary>Encapsulating Delivery Style (RFC 3024, 3.3).</summary>
    EncapsulatingDeliveryStyle = 130,

    /// <summary>Mobile Node NAI (RFC 2794, 2).</summary>
    MobileNodeNai = 131,

    /// <summary>MN-FA Challenge (RFC 4721, 4).</summary>
    MobileForeignChallenge = 132,

    /// <summary>Normal Vendor/Organization Specific Extension, NVSE (RFC 3115, 2.2).</summary>
    NormalVendorOrganizationSpecific = 134,

    /// <summary>NAI Carrying (RFC 3846); kept as unknown.</summary>
    NaiCarrying = 136,

    /// <summary>Revocation Support (RFC 3543, 3.2).</summary>
    RevocationSupport = 137,

    /// <summary>Generalized Link Layer Address Registration (RFC 4881); kept as unknown.</summary>
    GeneralizedLinkLayerAddressRegistration = 138,

    /// <summary>Dynamic HA (RFC 4433), with subtypes.</summary>
    DynamicHomeAgent = 139,

    /// <summary>Hierarchical Foreign Agent (RFC 4857); kept as unknown.</summary>
    HierarchicalForeignAgent = 140,

    /// <summary>Replay Protection Style (RFC 4857); kept as unknown.</summary>
    ReplayProtectionStyle = 141,

    /// <summary>Regional Registration Lifetime (RFC 4857); kept as unknown.</summary>
    RegionalRegistrationLifetime = 142,

    /// <summary>UDP Tunnel Request (RFC 3519, 3.1).</summary>
    UdpTunnelRequest = 144,

    /// <summary>Message String (RFC 4917); kept as unknown.</summary>
    MessageString = 145,

    /// <summary>Proxy Mobile IPv4 skippable extension (RFC 5563), with subtypes; kept as unknown.</summary>
    ProxyMobileIPv4Skippable = 147,

    /// <summary>Mobile Network extension (RFC 5177), with subtypes.</summary>
    MobileNetwork = 148,

    /// <summary>Trusted Networks Configured (RFC 5265); kept as unknown.</summary>
    TrustedNetworksConfigured = 149,

    /// <summary>Service Selection (RFC 5446); kept as unknown.</summary>
    ServiceSelection = 151,

    /// <summary>DSMIPv4 extension (RFC 5454, 2), with subtypes.</summary>
    DualStackMobileIPv4 = 152,

    /// <summary>Skippable extension for experimental use (RFC 4064); kept as unknown.</summary>
    ExperimentalUse = 255,
}

/// <summary>The ranges of extension types (RFC 5944, 1.8).</summary>
public static class ExtensionTypes
{
    /// <summary>The types of the long form, a bit each (RFC 5944, 1.10; RFC 3115, 2.1 has a reserved octet in place of the subtype).</summary>
    internal const ulong LongForm = 1UL << (int)ExtensionType.GeneralizedAuthentication
        | 1UL << (int)ExtensionType.CriticalVendorOrganizationSpecific
        | 1UL << (int)ExtensionType.ProxyMobileIPv4NonSkippable;

    /// <summary>True for 128 to 255: a receiver that does not know the type skips the extension. Below, it discards the message.</summary>
    public static bool IsSkippable(this ExtensionType type) => (byte)type >= 128;

    /// <summary>True for a type with a length of two octets behind its second octet; skippable extensions never have it (RFC 5944, 1.10).</summary>
    public static bool HasLongForm(this ExtensionType type) => HeaderLength(type) == 4;

    /// <summary>True for an extension with a Security Parameter Index and an authenticator over everything before that.</summary>
    public static bool IsAuthentication(this ExtensionType type) => type
        is ExtensionType.MobileHomeAuthentication
        or ExtensionType.MobileForeignAuthentication
        or ExtensionType.ForeignHomeAuthentication
        or ExtensionType.GeneralizedAuthentication;

    /// <summary>The octets before the data: 1 for padding, 2, or 4 in the long form.</summary>
    internal static int HeaderLength(ExtensionType type) => TypeLengthValue.HeaderLength((byte)type, LongForm);
}
