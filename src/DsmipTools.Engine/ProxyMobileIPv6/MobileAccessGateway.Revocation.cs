using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Revocation;
using DsmipTools.Wire;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <content>Revocation (RFC 5846, 9).</content>
public sealed partial class MobileAccessGateway
{
    RevocationReply IRevocationTarget.Revoke(BindingRevocationIndicationView indication, in Envelope from, Instant now)
    {
        // Every binding here is a proxy binding (RFC 5846, 9.1); a global revocation cannot end the IPv4 home addresses alone.
        if (!indication.ProxyBinding || (indication.Global && indication.IPv4HomeAddressBindingOnly))
        {
            return RevocationStatus.RevocationFunctionNotSupported;
        }

        if (indication.Trigger == RevocationTrigger.PerPeerPolicy)
        {
            return indication.Options.IsEmpty ? RemoveAll(attachments.All(), now) : RevocationStatus.RevocationFunctionNotSupported;
        }

        var names = new RevocationNames(indication.Options);
        // An Alternate Care-of Address option restricts an indication to one proxy care-of address (RFC 5846, 5.1 and 8.1).
        var isHere = names.CareOfAddress is null || names.CareOfAddress == CareOfAddress;
        if (indication.Global)
        {
            var impacted = isHere ? attachments.OfRealm(names.Realm) : [];
            return impacted.Count == 0 ? RevocationStatus.RevokedMobileNodesIdentityRequired : RemoveAll(impacted, now);
        }

        return !names.IsIdentified || !isHere || attachments.Find(names.Identifier) is null ? RevocationStatus.BindingDoesNotExist
            : indication.IPv4HomeAddressBindingOnly ? RevokeIPv4(indication.Trigger, names, now)
            : RevokeNode(indication.Trigger, names, now);
    }

    /// <summary>RFC 5846, 9.1: V ends the IPv4 home address alone; the attachment keeps its prefixes.</summary>
    private RevocationReply RevokeIPv4(RevocationTrigger trigger, RevocationNames names, Instant now)
    {
        if (names.IPv4HomeAddress is not { } address)
        {
            return RevocationStatus.IPv4HomeAddressOptionRequired;
        }

        var sessions = attachments.OfNode(names.Identifier);
        // An indication that overtakes the acknowledgement is about an address that is not known here yet.
        var session = sessions.Find(attachment => attachment.AssignedIPv4HomeAddress == address)
            ?? sessions.Find(attachment => attachment is { State: AttachmentState.Registering, IPv4HomeAddress.IsUnspecified: true });
        if (session is null)
        {
            return RevocationStatus.BindingDoesNotExist;
        }

        if (IsRefusedHandover(trigger, session))
        {
            return RevocationStatus.MobileNodeIsAttached;
        }

        if (!session.WantsPrefixes)
        {
            return RemoveAll([session], now);
        }

        Unreach(session, now, TrafficParts.IPv4HomeAddress);
        session.IPv4HomeAddress = null;
        session.IPv4DefaultRouter = null;
        session.IPv4PrefixLength = 0;
        Report(session, EventKind.BindingUpdated, null, now);
        return new RevocationReply(RevocationStatus.Success, 1);
    }

    private RevocationReply RevokeNode(RevocationTrigger trigger, RevocationNames names, Instant now)
    {
        var sessions = attachments.OfNode(names.Identifier);
        var missing = NamedSessions.Select(sessions, names);
        if (sessions.Count == 0)
        {
            return RevocationStatus.BindingDoesNotExist;
        }

        if (sessions.Exists(session => IsRefusedHandover(trigger, session)))
        {
            return RevocationStatus.MobileNodeIsAttached;
        }

        var reply = RevocationReply.Accepted(sessions.Count, names.Identifier, missing);
        RemoveAll(sessions, now);
        return reply;
    }

    /// <summary>RFC 5846, 9.1: a handover is refused while the mobile node is still on this link.</summary>
    private static bool IsRefusedHandover(RevocationTrigger trigger, Attachment session) =>
        trigger.IsHandover() && session.State != AttachmentState.Deregistering;

    private RevocationReply RemoveAll(List<Attachment> revoked, Instant now)
    {
        foreach (var attachment in revoked)
        {
            Complete(attachment, AttachmentResult.Cancelled, null, now);
            Remove(attachment, EventKind.RevocationReceived, null, now);
        }

        return new RevocationReply(RevocationStatus.Success, revoked.Count);
    }
}
