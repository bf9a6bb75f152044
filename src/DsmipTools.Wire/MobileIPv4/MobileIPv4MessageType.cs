namespace DsmipTools.Wire.MobileIPv4;

/// <summary>Mobile IPv4 message types (IANA, Mobile IPv4 numbers; RFC 5944, 6.1).</summary>
public enum MobileIPv4MessageType : byte
{
    /// <summary>Registration Request (RFC 5944, 3.3).</summary>
    RegistrationRequest = 1,

    /// <summary>Registration Reply (RFC 5944, 3.4).</summary>
    RegistrationReply = 3,

    /// <summary>Tunnel Data (RFC 3519, 3.3).</summary>
    TunnelData = 4,

    /// <summary>Registration Revocation (RFC 3543, 3.3).</summary>
    RegistrationRevocation = 7,

    /// <summary>Registration Revocation Acknowledgment (RFC 3543, 3.4).</summary>
    RegistrationRevocationAcknowledgment = 15,

    /// <summary>Handoff Request (RFC 4881); not decoded further.</summary>
    HandoffRequest = 16,

    /// <summary>Handoff Reply (RFC 4881); not decoded further.</summary>
    HandoffReply = 17,

    /// <summary>Regional Registration Request (RFC 4857); not decoded further.</summary>
    RegionalRegistrationRequest = 18,

    /// <summary>Regional Registration Reply (RFC 4857); not decoded further.</summary>
    RegionalRegistrationReply = 19,

    /// <summary>Fast Binding Update (RFC 4988); not decoded further.</summary>
    FastBindingUpdate = 20,

    /// <summary>Fast Binding Acknowledgment (RFC 4988); not decoded further.</summary>
    FastBindingAcknowledgment = 21,

    /// <summary>Generic Notification (RFC 6098); not decoded further.</summary>
    GenericNotification = 22,

    /// <summary>Generic Notification Acknowledgment (RFC 6098); not decoded further.</summary>
    GenericNotificationAcknowledgment = 23,

    /// <summary>Home Test Init (RFC 6521); not decoded further.</summary>
    HomeTestInit = 24,

    /// <summary>Care-of Test Init (RFC 6521); not decoded further.</summary>
    CareOfTestInit = 25,

    /// <summary>Home Test (RFC 6521); not decoded further.</summary>
    HomeTest = 26,

    /// <summary>Care-of Test (RFC 6521); not decoded further.</summary>
    CareOfTest = 27,

    /// <summary>Message for experimental use (RFC 4064); not decoded further.</summary>
    ExperimentalUse = 255,
}
