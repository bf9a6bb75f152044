using DsmipTools.Engine.AccessLinks;
using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Engine.Timing;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <content>
/// The access links: the gateway is the default router of the mobile node on each of them, advertises its home network prefixes as long as
/// they are registered, and finds out when it has left (RFC 5213, 6.7, 6.9.2, 6.9.3, 6.12 and 6.13).
/// </content>
public sealed partial class MobileAccessGateway
{
    /// <summary>MAX_UNICAST_SOLICIT (RFC 4861, 10).</summary>
    private const int MaximumProbes = 3;

    /// <summary>MIN_DELAY_BETWEEN_RAS (RFC 4861, 10): no flood of solicitations makes one of advertisements to all nodes.</summary>
    private static readonly TimeSpan minimumDelayBetweenAdvertisements = TimeSpan.FromSeconds(3);

    private readonly Dictionary<uint, AccessLink> links = [];
    private readonly TimerQueue<AccessLink> linkTimers = new();

    /// <summary>The number of access links that are up.</summary>
    public int AccessLinkCount => links.Count;

    /// <summary>A link event: the link to a mobile node is down, so that it has left. Its binding is de-registered (RFC 5213, 6.9.1.4 and 6.13).</summary>
    /// <param name="link">The number of the link, as in <see cref="AttachmentRequest.AccessLink"/>; one that is not up means nothing.</param>
    /// <param name="now">The time.</param>
    public override void LinkDown(uint link, Instant now)
    {
        if (links.Remove(link, out var down))
        {
            Leave(down, now);
        }
    }

    /// <summary>A packet has come in on an access link. Other packets than those of Neighbor Discovery are not the agent's.</summary>
    public override void ReceiveOnLink(uint link, ReadOnlySpan<byte> packet, Instant now)
    {
        if (!links.TryGetValue(link, out var access) || NeighbourMessage.Read(packet) is not { Kind: not MessageKind.Unknown } message)
        {
            return;
        }

        if (message.Drop != DropReason.None)
        {
            Drop(message.Kind, message.Drop, new Envelope(Transport.IPv6, new Endpoint(message.Source, 0), new Endpoint(RouterOn(access), 0)), now);
            return;
        }

        Counters.Count(message.Kind, Direction.Received);
        GiveWay(access, message.Source, now);
        Hear(access, message.Source, now);
        switch (message.Kind)
        {
            case MessageKind.RouterSolicitation when access.Attachment is { IsRegistered: true } attachment:
                Answer(access, attachment, message.Source, now);
                break;
            case MessageKind.NeighborSolicitation when message.Target.IsLinkLocal && message.Target == RouterOn(access):
                Outbox.SendOnLink(link, RouterMessages.Advertisement(options.AccessLink.RouterLinkLayerAddress, message.Target, message.Source).Span);
                Counters.Count(MessageKind.NeighborAdvertisement, Direction.Sent);
                break;
        }
    }

    /// <summary>The gateway's address on a link: the fixed one, or that of the session; unspecified before that is known.</summary>
    private Address RouterOn(AccessLink link) =>
        options.AccessLink.IsRouterAddressGiven ? link.Attachment?.LinkLocalAddress ?? default : options.AccessLink.RouterAddress;

    /// <summary>
    /// The answer to what the update asked: the anchor's address for the gateway. An anchor that gives none leaves it to the gateway, which tells it with
    /// the next update (RFC 5213, 6.9.1.2 (15)).
    /// </summary>
    private void TakeLinkLocal(Attachment attachment, Address? given)
    {
        if (options.AccessLink.IsRouterAddressGiven)
        {
            attachment.LinkLocalAddress = given ?? (attachment.LinkLocalAddress.IsUnspecified ? InterfaceIdentifier.NextLinkLocal(Random) : attachment.LinkLocalAddress);
        }
    }

    /// <summary>The mobile node has the address itself that the anchor gave: the gateway takes another one, and tells the anchor (RFC 5213, 6.9.1.2 (15)).</summary>
    private void GiveWay(AccessLink link, Address source, Instant now)
    {
        if (options.AccessLink.IsRouterAddressGiven && link.Attachment is { State: AttachmentState.Registered } attachment && source == attachment.LinkLocalAddress)
        {
            attachment.LinkLocalAddress = InterfaceIdentifier.NextLinkLocal(Random);
            Renew(attachment, now);
        }
    }

    private void ExpireLinks(Instant now)
    {
        while (linkTimers.TryTake(now.Elapsed, out var link))
        {
            if (link.AdvertiseAt <= now.Elapsed && link.Attachment is { } attachment)
            {
                Advertise(link, attachment, now);
            }

            if (link.ProbeAt <= now.Elapsed)
            {
                Solicit(link, now);
            }
        }
    }

    /// <summary>A link is up, with a mobile node that is to be registered.</summary>
    private void LinkUp(Attachment attachment, Instant now)
    {
        if (attachment.AccessLink == 0)
        {
            return;
        }

        if (!links.TryGetValue(attachment.AccessLink, out var link))
        {
            links.Add(attachment.AccessLink, link = new AccessLink(attachment.AccessLink));
        }

        link.Attachment = attachment;
        ScheduleProbe(link, now);
    }

    private AccessLink? LinkOf(Attachment attachment) =>
        attachment.AccessLink != 0 && links.TryGetValue(attachment.AccessLink, out var link) && link.Attachment == attachment ? link : null;

    /// <summary>The registration stands: the mobile node is told its prefixes, and those that it does not have any more (RFC 5213, 6.9.2 (1) and 6.12).</summary>
    private void AdvertiseRegistration(Attachment attachment, Instant now)
    {
        if (LinkOf(attachment) is { } link)
        {
            Advertise(link, attachment, now);
        }
    }

    /// <summary>The answer to a solicitation: to its sender, or, while that has no address yet, to all nodes, but not too often (RFC 4861, 6.2.6).</summary>
    private void Answer(AccessLink link, Attachment attachment, Address asker, Instant now)
    {
        var earliest = link.AdvertisedAt == TimeSpan.MinValue ? now.Elapsed : link.AdvertisedAt + minimumDelayBetweenAdvertisements;
        if (!asker.IsUnspecified)
        {
            Advertise(link, attachment, now, asker);
        }
        else if (earliest <= now.Elapsed)
        {
            Advertise(link, attachment, now);
        }
        else if (earliest < link.AdvertiseAt)
        {
            link.AdvertiseAt = earliest;
            linkTimers.Schedule(link);
        }
    }

    private void Advertise(AccessLink link, Attachment attachment, Instant now, Address? asker = null)
    {
        var (before, prefixes) = (link.Advertised, attachment.Prefixes);
        link.Advertised = prefixes;
        if (prefixes.Count == 0)
        {
            Withdraw(link, before);
            return;
        }

        var remaining = attachment.Lifetime == ProxyLifetime.Infinite ? Timeout.InfiniteTimeSpan : ProxyLifetime.Until(attachment.ExpiresAt, now);
        var gone = before.ToList().Where(prefix => !prefixes.Contains(prefix));
        Send(link, RouterMessages.Advertisement(options.AccessLink, RouterOn(link), prefixes.ToList(), remaining, gone, asker ?? RouterMessages.AllNodes));
        if (asker is not null)
        {
            return;
        }

        link.AdvertisedAt = now.Elapsed;
        link.AdvertiseAt = now.Elapsed + options.AccessLink.AdvertisementInterval;
        linkTimers.Schedule(link);
    }

    /// <summary>Nothing is registered any more: what was advertised is withdrawn with lifetime zero (RFC 5213, 6.9.2 (2) and 6.12).</summary>
    private void WithdrawRegistration(Attachment attachment)
    {
        if (LinkOf(attachment) is { } link)
        {
            var before = link.Advertised;
            link.Advertised = default;
            Withdraw(link, before);
        }
    }

    /// <summary>An entry is gone: its link, where it is still up, has nothing registered.</summary>
    private void ForgetOnLink(Attachment attachment)
    {
        if (LinkOf(attachment) is { } link)
        {
            WithdrawRegistration(attachment);
            link.Attachment = null;
            link.ProbeAt = TimeSpan.MaxValue;
            linkTimers.Cancel(link);
        }
    }

    /// <summary>The mobile node has left: so its link is down, whether or not an event says so.</summary>
    private void CloseLinkOf(Attachment attachment)
    {
        if (LinkOf(attachment) is { } link)
        {
            links.Remove(link.Number);
            linkTimers.Cancel(link);
        }
    }

    private void Withdraw(AccessLink link, SessionPrefixes prefixes)
    {
        link.AdvertiseAt = TimeSpan.MaxValue;
        if (prefixes.Count > 0)
        {
            Send(link, RouterMessages.Advertisement(options.AccessLink, RouterOn(link), [], TimeSpan.Zero, prefixes.ToList(), RouterMessages.AllNodes));
        }
    }

    private void Send(AccessLink link, Octets advertisement)
    {
        Outbox.SendOnLink(link.Number, advertisement.Span);
        Counters.Count(MessageKind.RouterAdvertisement, Direction.Sent);
    }

    private void Hear(AccessLink link, Address source, Instant now)
    {
        link.Neighbour = source.IsUnspecified ? link.Neighbour : source;
        link.Probes = 0;
        ScheduleProbe(link, now);
    }

    /// <summary>Another interval counts for every link, as if its mobile node had been heard now.</summary>
    private void WatchLinks(Instant now)
    {
        foreach (var link in links.Values.OrderBy(link => link.Number))
        {
            (link.Probes, link.ProbeAt) = (0, TimeSpan.MaxValue);
            ScheduleProbe(link, now);
        }
    }

    private void ScheduleProbe(AccessLink link, Instant now)
    {
        // A mobile node without IPv6 says nothing that could be heard here.
        if (options.AccessLink.ReachabilityInterval is { } interval && link.Attachment is { WantsPrefixes: true })
        {
            link.ProbeAt = now.Elapsed + interval;
            linkTimers.Schedule(link);
        }
    }

    /// <summary>
    /// Neighbor Unreachability Detection (RFC 4861, 7.3): who does not answer the last probe has left. Who was never heard of has no address to probe, and
    /// is given as much time.
    /// </summary>
    private void Solicit(AccessLink link, Instant now)
    {
        if (link.Probes++ == MaximumProbes)
        {
            links.Remove(link.Number);
            Report(new AgentEvent
            {
                At = now,
                Kind = EventKind.NodeUnreachable,
                Message = MessageKind.NeighborSolicitation,
                Identifier = link.Attachment?.Identifier,
                Peer = link.Neighbour,
                Detail = $"link {link.Number}",
            });
            Leave(link, now);
            return;
        }

        link.ProbeAt = now.Elapsed + options.AccessLink.RetransmissionTimer;
        linkTimers.Schedule(link);
        if (link.Neighbour is { } neighbour && RouterOn(link) is { IsLinkLocal: true } router)
        {
            Outbox.SendOnLink(link.Number, RouterMessages.Solicitation(options.AccessLink.RouterLinkLayerAddress, router, neighbour).Span);
            Counters.Count(MessageKind.NeighborSolicitation, link.Probes == 1 ? Direction.Sent : Direction.Retransmitted);
        }
    }

    /// <summary>The mobile node has left a link, which is forgotten already: what is registered for it is de-registered.</summary>
    private void Leave(AccessLink link, Instant now)
    {
        linkTimers.Cancel(link);
        if (link.Attachment is { State: not (AttachmentState.Deregistering or AttachmentState.Absent) } attachment)
        {
            Complete(attachment, AttachmentResult.Cancelled, null, now);
            Deregister(attachment, now);
        }
    }
}
