namespace DsmipTools.Wire.MobileIPv4.Extensions;

/// <summary>Types of extensions to Mobile IP registration messages (IANA, Mobile IPv4 numbers).</summary>
public enum ExtensionType : byte
{
    /// <summary>One-byte padding (RFC 5944, 2.1.3): one octet, without a length.</summary>
    Padding = 0,

    /// <summary>Mobile-Home Authentication (RFC 5944, 3.5.2).</summary>
    MobileHomeAuthentication = 32,

    /// <summary>Mobile Node NAI (RFC 2794, 3).</summary>
    MobileNodeNai = 131,

    /// <summary>DSMIPv4 extension (RFC 5454, 2), with subtypes.</summary>
    DualStackMobileIPv4 = 152,
}

/// <summary>The ranges of extension types (RFC 5944, 1.8).</summary>
public static class ExtensionTypes
{
    /// <summary>True for 128 to 255: a receiver that does not know the type skips the extension. Below, it discards the message.</summary>
    public static bool IsSkippable(this ExtensionType type) => (byte)type >= 128;
}
