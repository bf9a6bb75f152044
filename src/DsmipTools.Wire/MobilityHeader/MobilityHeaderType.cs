namespace DsmipTools.Wire.MobilityHeader;

/// <summary>Mobility Header types (IANA, Mobile IPv6 parameters; RFC 6275, 6.1; RFC 5847, 3.3; RFC 5846, 5).</summary>
public enum MobilityHeaderType : byte
{
    /// <summary>Binding Refresh Request (RFC 6275, 6.1.2).</summary>
    BindingRefreshRequest = 0,

    /// <summary>Home Test Init (RFC 6275, 6.1.3).</summary>
    HomeTestInit = 1,

    /// <summary>Care-of Test Init (RFC 6275, 6.1.4).</summary>
    CareOfTestInit = 2,

    /// <summary>Home Test (RFC 6275, 6.1.5).</summary>
    HomeTest = 3,

    /// <summary>Care-of Test (RFC 6275, 6.1.6).</summary>
    CareOfTest = 4,

    /// <summary>Binding Update (RFC 6275, 6.1.7); Proxy Binding Update with P set (RFC 5213, 8.1).</summary>
    BindingUpdate = 5,

    /// <summary>Binding Acknowledgement (RFC 6275, 6.1.8); Proxy Binding Acknowledgement with P set (RFC 5213, 8.2).</summary>
    BindingAcknowledgement = 6,

    /// <summary>Binding Error (RFC 6275, 6.1.9).</summary>
    BindingError = 7,

    /// <summary>Heartbeat Message (RFC 5847, 3.3).</summary>
    Heartbeat = 13,

    /// <summary>Binding Revocation Message (RFC 5846, 5).</summary>
    BindingRevocation = 16,
}
