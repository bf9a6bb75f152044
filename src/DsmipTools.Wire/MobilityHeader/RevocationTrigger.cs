namespace DsmipTools.Wire.MobilityHeader;

/// <summary>Revocation Triggers (RFC 5846, 5.1): per mobile node below 128, global from 128 to 249, testing from 250.</summary>
public enum RevocationTrigger : byte
{
    /// <summary>Unspecified.</summary>
    Unspecified = 0,

    /// <summary>Administrative Reason.</summary>
    AdministrativeReason = 1,

    /// <summary>Inter-MAG Handover - same Access Type.</summary>
    InterMagHandoverSameAccessType = 2,

    /// <summary>Inter-MAG Handover - different Access Type.</summary>
    InterMagHandoverDifferentAccessType = 3,

    /// <summary>Inter-MAG Handover - Unknown.</summary>
    InterMagHandoverUnknown = 4,

    /// <summary>User-Initiated Session(s) Termination.</summary>
    UserInitiatedSessionTermination = 5,

    /// <summary>Access Network Session(s) Termination.</summary>
    AccessNetworkSessionTermination = 6,

    /// <summary>Possible Out-of-Sync BCE State.</summary>
    PossibleOutOfSyncBceState = 7,

    /// <summary>Per-Peer Policy (global).</summary>
    PerPeerPolicy = 128,

    /// <summary>Revoking Mobility Node Local Policy (global).</summary>
    RevokingMobilityNodeLocalPolicy = 129,
}

/// <summary>The ranges of Revocation Triggers (RFC 5846, 5.1).</summary>
public static class RevocationTriggers
{
    /// <summary>True for a trigger that revokes bindings of one mobile node (G clear).</summary>
    public static bool IsPerMobileNode(this RevocationTrigger trigger) => (byte)trigger < 128;

    /// <summary>True for a trigger that revokes bindings of several mobile nodes (G set).</summary>
    public static bool IsGlobal(this RevocationTrigger trigger) => (byte)trigger is >= 128 and < 250;

    /// <summary>True for a trigger that RFC 5846 assigns.</summary>
    public static bool IsAssigned(this RevocationTrigger trigger) => (byte)trigger is <= 7 or 128 or 129;

    /// <summary>True for a trigger that tells of an inter-MAG handover.</summary>
    public static bool IsHandover(this RevocationTrigger trigger) => (byte)trigger is >= 2 and <= 4;
}
