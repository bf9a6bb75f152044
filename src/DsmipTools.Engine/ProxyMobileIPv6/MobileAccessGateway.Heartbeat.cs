using DsmipTools.Wire;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <content>What becomes of the attachments when the anchor restarts or falls silent (RFC 5847, 3).</content>
public sealed partial class MobileAccessGateway
{
    /// <summary>Updates after a restart are sent this far apart: ten thousand sessions come back in ten seconds, and not at once.</summary>
    private static readonly TimeSpan reassertionGap = TimeSpan.FromMilliseconds(1);

    /// <inheritdoc/>
    public override IReadOnlyList<Envelope> Peers => attachments.Count > 0 ? [envelope.Reversed] : [];

    private protected override bool Knows(in Envelope peer) => attachments.Count > 0;

    private protected override bool HasSessions(in Envelope peer) => attachments.HasRegistered;

    /// <summary>The anchor has lost its bindings: every session is registered anew. What the anchor may have taken since is renewed, which does no harm.</summary>
    private protected override void PeerRestarted(in Envelope peer, TimeSpan before, Instant now) => Reassert(now);

    private protected override void PeerUnreachable(in Envelope peer, Instant now)
    {
    }

    /// <summary>An anchor that was out of reach may have dropped the bindings of a gateway that it could not reach either.</summary>
    private protected override void PeerReachable(in Envelope peer, Instant now) => Reassert(now);

    private void Reassert(Instant now)
    {
        var due = now.Elapsed;
        foreach (var attachment in attachments.All())
        {
            if (attachment.State == AttachmentState.Registered)
            {
                attachment.Deadline = due;
                timers.Schedule(attachment);
                due += reassertionGap;
            }
        }
    }
}
