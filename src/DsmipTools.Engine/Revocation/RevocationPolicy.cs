using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Engine.Revocation;

/// <summary>What an initiator does with an update that crosses its indication: by the reason of the revocation (RFC 5846, 7 and 8.1).</summary>
internal static class RevocationPolicy
{
    /// <summary>
    /// True when an update of a binding whose revocation is in progress is accepted, which ends the revocation: the mobile node has moved,
    /// or the states have come together again. A revocation that an administrator, a policy or the user wants goes on.
    /// </summary>
    public static bool AllowsUpdate(this RevocationTrigger trigger) => trigger is RevocationTrigger.Unspecified
        or RevocationTrigger.InterMagHandoverSameAccessType
        or RevocationTrigger.InterMagHandoverDifferentAccessType
        or RevocationTrigger.InterMagHandoverUnknown
        or RevocationTrigger.PossibleOutOfSyncBceState;
}
