namespace DsmipTools.Engine.Diagnostics;

/// <summary>Why a received message had no effect and got no answer.</summary>
public enum DropReason
{
    /// <summary>It was not dropped.</summary>
    None,

    /// <summary>It cannot be read: too short, or a length does not fit.</summary>
    Malformed,

    /// <summary>It is no message for this agent.</summary>
    UnexpectedMessage,

    /// <summary>Its Mobility Header checksum is wrong (RFC 6275, 9.2).</summary>
    BadChecksum,

    /// <summary>Its payload proto is not 59 (RFC 6275, 9.2).</summary>
    BadPayloadProto,

    /// <summary>It holds an unknown extension of type 0 to 127 (RFC 5944, 1.8).</summary>
    UnknownExtension,

    /// <summary>It holds no Mobile-Home Authentication extension (RFC 5944, 3.8.2.1).</summary>
    MissingAuthentication,

    /// <summary>There is no security association with the mobile node or peer, or none with this SPI (RFC 5944, 3.8.2.1; RFC 4303, 3.4.2).</summary>
    NoSecurityAssociation,

    /// <summary>Its authenticator or integrity check value is wrong (RFC 5944, 3.6.2.1 and 3.8.2.1; RFC 4303, 3.4.4).</summary>
    BadAuthenticator,

    /// <summary>It answers no request that waits (RFC 5944, 3.6.2.1; RFC 5846, 6.2.2).</summary>
    NoMatchingRequest,

    /// <summary>Its source is no configured peer.</summary>
    NotAPeer,

    /// <summary>Its source is no unicast address (RFC 5846, 6.1.2).</summary>
    NonUnicastSource,

    /// <summary>It answers a request, but comes from somebody else (RFC 5846, 6.2.2).</summary>
    ForeignAcknowledgement,

    /// <summary>Its sequence number or flags do not match the request that it answers.</summary>
    Mismatch,

    /// <summary>It came without the protection of the security association that there is with its peer (RFC 5846, 6.2).</summary>
    Unprotected,

    /// <summary>Its ESP sequence number has been seen, or is too old to tell (RFC 4303, 3.4.3).</summary>
    Replayed,
}

/// <summary>Groups of drop reasons.</summary>
public static class DropReasons
{
    /// <summary>True for reasons that the RFCs want logged as security exceptions.</summary>
    public static bool IsSecurityException(this DropReason reason) => reason is DropReason.MissingAuthentication
        or DropReason.NoSecurityAssociation or DropReason.BadAuthenticator or DropReason.NotAPeer or DropReason.ForeignAcknowledgement
        or DropReason.Unprotected or DropReason.Replayed;
}
