using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.Tunneling;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <content>Where the traffic of attached mobile nodes goes (RFC 5213, 6.10; RFC 5844, 4.2.2): the only place that asks for tunnels and routes.</content>
public sealed partial class MobileAccessGateway
{
    private readonly TrafficRoutes<PendingAttachment> routes;

    // Whose route each destination has. An anchor that has forgotten a session may give its prefix to another mobile node at this very gateway.
    private readonly Dictionary<Destination, Attachment> holders = [];

    internal int TunnelUses => routes.Tunnels + routes.Uses;

    /// <inheritdoc/>
    public override void Fail(long effect, string reason, Instant now)
    {
        base.Fail(effect, reason, now);
        routes.Fail(effect, now).ForEach(pending => TakeBack(pending, now));
    }

    /// <summary>
    /// How packets run to the anchor: in IPv6 or in IPv4, as the updates go (RFC 5844, 4.2.2), from the proxy care-of address (RFC 5213, 6.10.2).
    /// </summary>
    private TunnelEnds EndsOf(Attachment attachment) =>
        TunnelEnds.Between(CareOfAddress, envelope.Destination.Address, attachment.UsesUdpEncapsulation, attachment.Gre != GreEncapsulation.None);

    /// <summary>The access link; an attachment without one has a number of its own, which is none of a link.</summary>
    private static long LinkNumberOf(Attachment attachment) => attachment.AccessLink != 0 ? attachment.AccessLink : (1L << 32) + attachment.Order;

    private Reachability ReachabilityOf(Attachment attachment) => attachment.Forwarded == TrafficParts.None ? default : new Reachability
    {
        Ends = EndsOf(attachment),
        SendKey = attachment.UsesUdpEncapsulation ? null : attachment.UplinkKey,
        ReceiveKey = attachment.UsesUdpEncapsulation ? null : attachment.DownlinkKey,
        Prefixes = (attachment.Forwarded & TrafficParts.Prefixes) != 0 ? attachment.Prefixes : default,
        IPv4HomeAddress = (attachment.Forwarded & TrafficParts.IPv4HomeAddress) != 0 ? attachment.AssignedIPv4HomeAddress : null,
        Link = LinkNumberOf(attachment),
        Node = attachment.Identifier,
        RoutesLocally = options.EnableMAGLocalRouting,
    };

    /// <summary>
    /// Makes an attachment reachable as it now stands, in place of how it was; returns the effect that has to succeed before anybody is told.
    /// While a revocation of all bindings is outstanding, what it stopped stays so.
    /// </summary>
    private long Reach(Attachment attachment, in Reachability before, Instant now)
    {
        if (!attachment.IsRegistered || (attachment.Revocation is not null && options.StopsForwardingAtOnce))
        {
            return 0;
        }

        attachment.Forwarded = TrafficParts.All;
        var after = ReachabilityOf(attachment);
        Hold(attachment, before, after, now);
        var change = routes.Change(before, after, now);
        if (change.Guard != 0)
        {
            routes.Expect(change, before, after, new PendingAttachment(attachment, before, attachment.Command));
        }

        return change.Guard;
    }

    /// <summary>An attachment, or a part of it, is not forwarded any more.</summary>
    private void Unreach(Attachment attachment, Instant now, TrafficParts parts = TrafficParts.All)
    {
        var before = ReachabilityOf(attachment);
        attachment.Forwarded &= ~parts;
        var after = ReachabilityOf(attachment);
        Hold(attachment, before, after, now);
        routes.Change(before, after, now);
    }

    /// <summary>
    /// What an attachment is reached by is its own alone: one that had it before is not reached until its next update is accepted. A renewal
    /// changes nothing.
    /// </summary>
    private void Hold(Attachment attachment, in Reachability before, in Reachability after, Instant now)
    {
        for (var at = 0; at < before.Count; at++)
        {
            if (!after.Has(before[at]))
            {
                holders.Remove(before[at]);
            }
        }

        for (var at = 0; at < after.Count; at++)
        {
            if (before.Has(after[at]))
            {
                continue;
            }

            if (holders.TryGetValue(after[at], out var other))
            {
                Unreach(other, now);
            }

            holders.Add(after[at], attachment);
        }
    }

    /// <summary>The tunnel or a route cannot be had: without it the gateway has no use for the binding, and gives it back.</summary>
    private void TakeBack(PendingAttachment pending, Instant now)
    {
        var attachment = pending.Attachment;
        Hold(attachment, ReachabilityOf(attachment), default, now);
        attachment.Forwarded = TrafficParts.None;
        routes.Change(pending.Before, default, now);
        attachment.Command = pending.Command;
        Complete(attachment, AttachmentResult.Refused, BindingStatus.InsufficientResources, now);
        Report(attachment, EventKind.BindingRefused, BindingStatus.InsufficientResources, now);
        Deregister(attachment, now);
    }

    /// <summary>An accepted attachment whose tunnel and routes are not up yet, how it was reached before, and the command that waits for it; 0 for none.</summary>
    private sealed record PendingAttachment(Attachment Attachment, Reachability Before, long Command);
}
