namespace DsmipTools.Wire.Security;

/// <summary>Algorithms of a mobility security association (RFC 5944, 5.1; RFC 2104).</summary>
public enum AuthenticationAlgorithm
{
    /// <summary>HMAC-MD5, the default; the authenticator has 16 octets.</summary>
    HmacMd5,

    /// <summary>HMAC-SHA-1; 20 octets.</summary>
    HmacSha1,

    /// <summary>HMAC-SHA-256; 32 octets.</summary>
    HmacSha256,
}
