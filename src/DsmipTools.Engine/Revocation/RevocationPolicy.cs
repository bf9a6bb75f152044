using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Engine.Revocation;

/// <summary>What an initiator does with an update that crosses its indication: by the reason of the revocation (RFC 5846, 7 and 8.1).</summary>
internal static class RevocationPolicy
{
    /// <summary>
    /// True when an update of a binding whose revocation is in progress is accepted, which ends the revocation. A revocation that an
    /// administrator, a policy or the user wants goes on.
    /// </summary>
    /// <param name="trigger">The reason.</param>
    /// <param name="comesFromElsewhere">
    /// True when the update moves the binding to another peer: it is then safe from the indication. An update of the peer that the
    /// indication goes to is accepted only where that peer will refuse the indication, because the mobile node is attached to it
    /// (RFC 5846, 9.1: the handover triggers); otherwise the peer would drop a binding that is kept here.
    /// </param>
    public static bool AllowsUpdate(this RevocationTrigger trigger, bool comesFromElsewhere) => trigger.IsHandover()
        || (comesFromElsewhere && trigger is RevocationTrigger.Unspecified or RevocationTrigger.PossibleOutOfSyncBceState);
}
