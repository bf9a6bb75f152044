namespace DsmipTools.Wire.MobileIPv4.Extensions;

/// <summary>Code of an IPv6 Prefix Reply extension (RFC 5454, 2.2): accepted 0 to 7, rejected from 8.</summary>
public enum PrefixReplyCode : byte
{
    /// <summary>registration accepted, IPv6 to be tunneled to HoA.</summary>
    AcceptedHomeAddress = 0,

    /// <summary>registration accepted, IPv6 to be tunneled to CoA.</summary>
    AcceptedCareOfAddress = 1,

    /// <summary>registration rejected, reason unspecified.</summary>
    RejectedUnspecified = 8,

    /// <summary>registration rejected, administratively prohibited.</summary>
    RejectedProhibited = 9,
}

/// <summary>The ranges of IPv6 Prefix Reply codes (RFC 5454, 5).</summary>
public static class PrefixReplyCodes
{
    /// <summary>True for 0 to 7; 2 to 7 are reserved for accept codes.</summary>
    public static bool IsAccepted(this PrefixReplyCode code) => (byte)code < 8;
}
