namespace DsmipTools.Wire.MobileIPv4.Extensions;

/// <summary>Subtypes of the DSMIPv4 extension, type 152 (RFC 5454, 5).</summary>
public enum DualStackSubtype : byte
{
    /// <summary>IPv6 Prefix Request (RFC 5454, 2.1).</summary>
    IPv6PrefixRequest = 1,

    /// <summary>IPv6 Prefix Reply (RFC 5454, 2.2).</summary>
    IPv6PrefixReply = 2,

    /// <summary>IPv6 Tunneling Mode (RFC 5454, 2.3).</summary>
    IPv6TunnelingMode = 3,
}
