namespace DsmipTools.Wire.MobilityHeader;

/// <summary>Binding Revocation Acknowledgement status (RFC 5846, 5.2): processed below 128, rejected from 128.</summary>
public enum RevocationStatus : byte
{
    /// <summary>success.</summary>
    Success = 0,

    /// <summary>partial success.</summary>
    PartialSuccess = 1,

    /// <summary>Binding Does NOT Exist.</summary>
    BindingDoesNotExist = 128,

    /// <summary>IPv4 Home Address Option Required.</summary>
    IPv4HomeAddressOptionRequired = 129,

    /// <summary>Global Revocation NOT Authorized.</summary>
    GlobalRevocationNotAuthorized = 130,

    /// <summary>Revoked Mobile Nodes Identity Required.</summary>
    RevokedMobileNodesIdentityRequired = 131,

    /// <summary>Revocation Failed - MN is Attached.</summary>
    MobileNodeIsAttached = 132,

    /// <summary>Revocation Trigger NOT Supported.</summary>
    RevocationTriggerNotSupported = 133,

    /// <summary>Revocation Function NOT Supported.</summary>
    RevocationFunctionNotSupported = 134,

    /// <summary>Proxy Binding Revocation NOT Supported.</summary>
    ProxyBindingRevocationNotSupported = 135,
}

/// <summary>The ranges of Binding Revocation Acknowledgement status values (RFC 5846, 5.2).</summary>
public static class RevocationStatuses
{
    /// <summary>True for 0 to 127: the indication was processed; 2 to 127 are unassigned and count the same.</summary>
    public static bool IsProcessed(this RevocationStatus status) => (byte)status < 128;
}
