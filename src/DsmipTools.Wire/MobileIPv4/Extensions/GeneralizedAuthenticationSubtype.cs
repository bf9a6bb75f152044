namespace DsmipTools.Wire.MobileIPv4.Extensions;

/// <summary>Subtypes of the Generalized Mobile IP Authentication extension, type 36 (IANA, Mobile IPv4 numbers).</summary>
public enum GeneralizedAuthenticationSubtype : byte
{
    /// <summary>MN-AAA Authentication (RFC 4721, 6).</summary>
    MobileAaaAuthentication = 1,

    /// <summary>FA-FA Authentication (RFC 4857).</summary>
    ForeignForeignAuthentication = 2,

    /// <summary>MN-GFA Authentication (RFC 4857).</summary>
    MobileGatewayForeignAuthentication = 3,

    /// <summary>MN-PAR Authentication (RFC 4988).</summary>
    MobilePreviousAccessRouterAuthentication = 4,
}
