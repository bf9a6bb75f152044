using DsmipTools.Engine.Diagnostics;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <content>GRE encapsulation and its keys (RFC 5845, 4.2).</content>
public sealed partial class MobileAccessGateway
{
    private bool isGreUnsupported;

    /// <summary>What an acceptance grants. Status 2 ends the asking for this session; an acceptance that ignores the option ends it for this anchor.</summary>
    private void TakeGre(Attachment attachment, ProxyAnswer answer, BindingStatus status, Instant now)
    {
        // No more than was asked for: of a key that was not offered the anchor knows nothing.
        var granted = status == BindingStatus.GreKeyOptionNotRequired || answer.Gre == GreEncapsulation.None ? GreEncapsulation.None
            : attachment.WantedGre == GreEncapsulation.WithKeys ? answer.Gre
            : attachment.WantedGre;
        attachment.Gre = granted;
        attachment.UplinkKey = granted == GreEncapsulation.WithKeys ? answer.UplinkKey : null;
        if (attachment.WantedGre == GreEncapsulation.None || granted != GreEncapsulation.None)
        {
            return;
        }

        attachment.WantedGre = GreEncapsulation.None;
        if (status != BindingStatus.GreKeyOptionNotRequired)
        {
            isGreUnsupported = true;
            Report(new AgentEvent
            {
                At = now, Kind = EventKind.BindingUpdated, Message = MessageKind.ProxyBindingAcknowledgement, Peer = envelope.Destination.Address,
                Identifier = attachment.Identifier, Detail = "the anchor does not support GRE; it is not asked again (RFC 5845, 4.2)",
            });
        }
    }

    /// <summary>The anchor requires GRE: the update is sent again with the option, unless it had it.</summary>
    private bool AsksForGre(Attachment attachment, Instant now)
    {
        if (attachment.WantedGre != GreEncapsulation.None)
        {
            return false;
        }

        attachment.WantedGre = GreEncapsulation.WithKeys;
        Transmit(attachment, now);
        return true;
    }
}
