using DsmipTools.Engine.Diagnostics;
using DsmipTools.Wire;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <content>What becomes of the bindings of a gateway that restarts or falls silent (RFC 5847, 3).</content>
public sealed partial class LocalMobilityAnchor
{
    /// <inheritdoc/>
    public override IReadOnlyList<Envelope> Peers => cache.Peers;

    private protected override bool Knows(in Envelope peer) => cache.HasPeer(peer);

    private protected override bool HasSessions(in Envelope peer) =>
        cache.FindGroups(peer).Any(group => group.Any(binding => !binding.IsDeregistered));

    /// <summary>
    /// What the gateway registered in its old life goes. An update that may as well have come from the new life is not guessed about: the gateway
    /// is asked whether the mobile node is there, with trigger 4, as after any handover that the anchor does not know of (RFC 5846, 8.1).
    /// </summary>
    private protected override void PeerRestarted(in Envelope peer, TimeSpan before, Instant now)
    {
        ForgetHeldFrom(peer.Source);
        foreach (var binding in BindingsOf(peer))
        {
            if (AcceptedAt(binding) < before)
            {
                initiator.Release(binding, now);
                Remove(binding, EventKind.PeerRestarted, now);
            }
            else if (binding.Revocation is null && MayTell)
            {
                Tell(binding.Peer, binding, [binding], RevocationTrigger.InterMagHandoverUnknown, now);
            }
        }
    }

    private protected override void PeerUnreachable(in Envelope peer, Instant now)
    {
        if (!options.Heartbeat.RemovesUnreachable)
        {
            return;
        }

        ForgetHeldFrom(peer.Source);
        foreach (var binding in BindingsOf(peer))
        {
            initiator.Release(binding, now);
            Remove(binding, EventKind.PeerUnreachable, now);
        }
    }

    private protected override void PeerReachable(in Envelope peer, Instant now)
    {
    }

    private void Watch(MobilityPeer peer, Instant now)
    {
        if (!peer.IsWatched)
        {
            peer.IsWatched = true;
            Heartbeats.Watch(peer.Envelope, now);
        }
    }

    /// <summary>The bindings of a gateway that stand, in a fixed order.</summary>
    private List<ProxyBinding> BindingsOf(in Envelope peer)
    {
        var bindings = new List<ProxyBinding>();
        foreach (var group in cache.FindGroups(peer))
        {
            group.CopyTo(bindings);
        }

        bindings.RemoveAll(binding => binding.IsDeregistered);
        return bindings;
    }

    /// <summary>When the last update was accepted; of an infinite lifetime it is not known.</summary>
    private static TimeSpan AcceptedAt(ProxyBinding binding) =>
        binding.Deadline == TimeSpan.MaxValue ? TimeSpan.MaxValue : binding.Deadline - ProxyLifetime.FromUnits(binding.Lifetime);
}
