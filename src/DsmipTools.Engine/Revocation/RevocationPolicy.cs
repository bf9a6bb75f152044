using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Engine.Revocation;

/// <summary>What an initiator does with an update that crosses its indication, where the configuration does not say: by the reason of the revocation.</summary>
internal static class RevocationPolicy
{
    /// <summary>
    /// A revocation that an administrator, a policy or the user wants goes on. With the others an update that moves the binding to another
    /// peer is safe from the indication. An update of the peer that the indication goes to is accepted only where that peer will refuse the
    /// indication, because the mobile node is attached to it (RFC 5846, 9.1: the handover triggers); otherwise the peer would drop a binding
    /// that is kept here.
    /// </summary>
    public static CrossingUpdatePolicy ForCrossingUpdate(this RevocationTrigger trigger) =>
        trigger.IsHandover() ? CrossingUpdatePolicy.Accept
        : trigger is RevocationTrigger.Unspecified or RevocationTrigger.PossibleOutOfSyncBceState ? CrossingUpdatePolicy.AcceptFromElsewhere
        : CrossingUpdatePolicy.Refuse;
}
