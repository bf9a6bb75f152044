using System.Text;
using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Diagnostics;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <content>Attachments that an administrator removes here alone.</content>
public sealed partial class MobileAccessGateway
{
    /// <summary>Forgets the attachment that a snapshot shows; nothing is sent to the anchor, whose binding stays until it expires.</summary>
    /// <returns>False when there is no such attachment any more.</returns>
    public bool Clear(BindingSnapshot binding, Instant now)
    {
        ArgumentNullException.ThrowIfNull(binding);
        if (binding is not ProxyBindingSnapshot shown
            || attachments.Find(Encoding.UTF8.GetBytes(shown.Identifier ?? ""), shown.LinkLayerIdentifier, shown.AccessTechnologyType) is not { } attachment)
        {
            return false;
        }

        Complete(attachment, AttachmentResult.Cancelled, null, now);
        Remove(attachment, EventKind.BindingCleared, null, now);
        return true;
    }
}
