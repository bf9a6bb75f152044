using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Security;
using DsmipTools.Wire;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;

namespace DsmipTools.Engine.MobileIPv4;

/// <content>Registration replies of home agents: checked, relayed, and the visitor list after them (RFC 5944, 3.7.3).</content>
public sealed partial class ForeignAgent
{
    private void ReceiveReply(ReadOnlySpan<byte> message, in Envelope envelope, Instant now)
    {
        if (!RegistrationReplyView.TryParse(message, out var reply, out var error))
        {
            DropUnreadableReply(message, envelope, error, now);
            return;
        }

        var extensions = RelayedExtensions.Read(reply.Extensions, ExtensionType.ForeignHomeAuthentication);
        if (extensions.Drop != DropReason.None)
        {
            Drop(MessageKind.RegistrationReply, extensions.Drop, envelope, now);
        }
        else if (list.FindPending(reply.HomeAddress, (uint)reply.Identification, extensions.Nai) is not { } waiting)
        {
            Drop(MessageKind.RegistrationReply, DropReason.NoMatchingRequest, envelope, now);
        }
        else if (envelope.Source.Address != waiting.Visit.HomeAgent && reply.Code != RegistrationCode.UnknownHomeAgentAddress)
        {
            Drop(MessageKind.RegistrationReply, DropReason.NotAPeer, envelope, now);
        }
        else if (!reply.Code.IsFromHomeAgent())
        {
            // What only a foreign agent says; a home agent that does is none.
            Drop(MessageKind.RegistrationReply, DropReason.Mismatch, envelope, now);
        }
        else
        {
            ReceiveReply(reply, extensions, waiting, envelope, now);
        }
    }

    private void ReceiveReply(RegistrationReplyView reply, in RelayedExtensions extensions, PendingVisit waiting, in Envelope envelope, Instant now)
    {
        var visit = waiting.Visit;
        var isRegistration = reply.Code.IsAccepted() && reply.Lifetime != 0 && visit.Lifetime != 0;
        var isProved = extensions.Authentications > 0 || isRegistration;
        if (isProved && visit.CareOfAddress == options.Address && associations.Find(SecurityAssociationKind.ForeignHome, visit.HomeAgent).Count > 0
            && Authenticate(reply.Octets, extensions, SecurityAssociationKind.ForeignHome, visit.HomeAgent) is var failure and not DropReason.None)
        {
            Drop(MessageKind.RegistrationReply, failure, envelope, now);
            list.Remove(waiting);
            Deny(visit, RegistrationCode.ForeignAgentHomeAgentFailedAuthentication, $"the reply of {visit.HomeAgent} is not authenticated: {failure}", now);
            return;
        }

        Counters.Count(MessageKind.RegistrationReply, Direction.Received, (byte)reply.Code);
        list.Remove(waiting);
        if (extensions.RelayedLength == 0 || (isRegistration && !reply.HomeAddress.IsUnicast))
        {
            Deny(visit, RegistrationCode.ForeignAgentPoorlyFormedReply, $"the reply of {visit.HomeAgent} is poorly formed", now);
            return;
        }

        var relayed = reply.Octets[..extensions.RelayedLength];
        visit = visit with { HomeAddress = reply.HomeAddress };
        if (isRegistration)
        {
            Accept(visit, reply, relayed, now);
            return;
        }

        Reply(visit, relayed, reply.Code, 0);
        if (reply.Code.IsAccepted() && list.Find(visit.HomeAddress) is { } visitor)
        {
            Remove(visitor, EventKind.BindingRemoved, now);
        }
    }

    /// <summary>RFC 5944, 3.4: code 71 to the mobile node whose request a reply answers that cannot be read.</summary>
    private void DropUnreadableReply(ReadOnlySpan<byte> message, in Envelope envelope, WireError error, Instant now)
    {
        Drop(MessageKind.RegistrationReply, DropReason.Malformed, envelope, now, error.ToString());
        if (message.Length >= RegistrationReply.Fields.Layout.Length
            && list.FindPending(
                RegistrationReply.Fields.HomeAddress.ReadAddress(message), (uint)RegistrationReply.Fields.Identification.ReadUInt64(message), default) is { } waiting
            && waiting.Visit.HomeAgent == envelope.Source.Address)
        {
            list.Remove(waiting);
            Deny(waiting.Visit, RegistrationCode.ForeignAgentPoorlyFormedReply, $"the reply of {waiting.Visit.HomeAgent} is poorly formed", now);
        }
    }
}
