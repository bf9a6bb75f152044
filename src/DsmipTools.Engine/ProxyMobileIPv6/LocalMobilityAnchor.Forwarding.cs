using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Engine.Revocation;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.Tunneling;
using DsmipTools.Wire;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <content>Where the traffic of bindings goes (RFC 5213, 5.6; RFC 5844, 4.1.4): the only place that asks for tunnels and routes.</content>
public sealed partial class LocalMobilityAnchor
{
    private readonly TrafficRoutes<PendingUpdate> routes;

    internal int TunnelUses => routes.Tunnels + routes.Uses;

    /// <inheritdoc/>
    public override void Fail(long effect, string reason, Instant now)
    {
        base.Fail(effect, reason, now);
        routes.Fail(effect, now).ForEach(update => TakeBack(update, now));
    }

    /// <summary>How packets run to the gateway of a binding: in IPv6 or in IPv4, as its updates came, and to the NAT that it is behind (RFC 5844, 4.1.3.1).</summary>
    private static TunnelEnds EndsOf(ProxyBinding binding)
    {
        var envelope = binding.Peer.Envelope;
        var remote = envelope.Source.Address.IsIPv4 ? envelope.Source.Address : binding.Peer.Address;
        return TunnelEnds.Between(envelope.Destination.Address, remote, binding.UsesUdpEncapsulation, binding.Gre != GreEncapsulation.None);
    }

    private static Reachability ReachabilityOf(ProxyBinding binding) => binding.Forwarded == TrafficParts.None ? default : new Reachability
    {
        Ends = EndsOf(binding),
        SendKey = binding.UsesUdpEncapsulation ? null : binding.DownlinkKey,
        ReceiveKey = binding.UsesUdpEncapsulation ? null : binding.UplinkKey,
        Prefixes = (binding.Forwarded & TrafficParts.Prefixes) != 0 ? binding.Prefixes : default,
        IPv4HomeAddress = (binding.Forwarded & TrafficParts.IPv4HomeAddress) != 0 ? binding.IPv4HomeAddress : null,
    };

    /// <summary>
    /// Makes a binding reachable as it now stands, in place of how it was. When that fails the update is refused, and the binding stands as
    /// before.
    /// </summary>
    /// <param name="binding">The binding.</param>
    /// <param name="before">How it was reached; by default not at all.</param>
    /// <param name="parts">What of it is forwarded.</param>
    /// <param name="request">The update.</param>
    /// <param name="envelope">The envelope of the update.</param>
    /// <param name="state">The binding before the update; null for a new one.</param>
    /// <param name="now">The time.</param>
    /// <returns>What is to be taken back if it fails, on whose effect the answer depends; null when nothing can fail.</returns>
    private PendingUpdate? Reach(
        ProxyBinding binding, in Reachability before, TrafficParts parts, in ProxyUpdate request, in Envelope envelope, in BindingBefore? state, Instant now)
    {
        var was = binding.Forwarded;
        binding.Forwarded = parts;
        var after = ReachabilityOf(binding);
        var change = routes.Change(before, after, now);
        if (change.Guard == 0)
        {
            return null;
        }

        var pending = new PendingUpdate(binding, was, state, request.Update.Header.Octets.ToArray(), envelope, change.Guard);
        routes.Expect(change, before, after, pending);
        return pending;
    }

    /// <summary>A binding is forwarded again that was not for a while, because a revocation of it was rejected.</summary>
    private void ReachAgain(ProxyBinding binding, Instant now)
    {
        if (binding.IsDeregistered || binding.Forwarded == TrafficParts.All)
        {
            return;
        }

        var (was, before) = (binding.Forwarded, ReachabilityOf(binding));
        binding.Forwarded = TrafficParts.All;
        var after = ReachabilityOf(binding);
        var change = routes.Change(before, after, now);
        if (change.Guard != 0)
        {
            routes.Expect(change, before, after, new PendingUpdate(binding, was, null, [], default, change.Guard));
        }
    }

    /// <summary>A binding, or a part of it, is not forwarded any more.</summary>
    private void Unreach(ProxyBinding binding, Instant now, TrafficParts parts = TrafficParts.All)
    {
        var before = ReachabilityOf(binding);
        binding.Forwarded &= ~parts;
        routes.Change(before, ReachabilityOf(binding), now);
    }

    /// <summary>Takes a part of a binding away, with its routes.</summary>
    private void ChangeReachable(ProxyBinding binding, SessionPrefixes prefixes, Address? address, Instant now)
    {
        var before = ReachabilityOf(binding);
        Change(binding, prefixes, address);
        routes.Change(before, ReachabilityOf(binding), now);
    }

    /// <summary>RFC 5846, 8.1: the tunnel may go before the acknowledgement comes. With a handover trigger the gateway is asked, and nothing stops.</summary>
    private void StopForwarding(RevocationRequest request, IEnumerable<ProxyBinding> bindings, Instant now)
    {
        if (!options.StopsForwardingAtOnce || request.Trigger.IsHandover())
        {
            return;
        }

        foreach (var binding in bindings)
        {
            Unreach(binding, now, request.IPv4Only ? TrafficParts.IPv4HomeAddress : TrafficParts.All);
        }
    }

    /// <summary>The tunnel or a route for an update cannot be had: it is refused (RFC 5213, 5.3.2: insufficient resources).</summary>
    private void TakeBack(PendingUpdate pending, Instant now)
    {
        var binding = pending.Binding;
        binding.Forwarded = pending.Forwarded;
        if (pending.Message.Length == 0)
        {
            return;
        }

        Counters.Withdraw(MessageKind.ProxyBindingAcknowledgement, Direction.Sent, (int)BindingStatus.Accepted);
        if (pending.Told is { IsOutstanding: true } told)
        {
            initiator.Cancel(told, now);
        }

        if (pending.State is { } state)
        {
            cache.Move(binding, state.Path);
            Change(binding, state.Prefixes, state.IPv4HomeAddress);
            ReleaseGre(binding);
            state.CopyTo(binding);
            KeepGre(binding);
            RestoreLinkLocal(binding, state.LinkLocalAddress);
            timers.Schedule(binding);
            if (state.WasDeregistered)
            {
                binding.Move(ProxyBindingEvent.Deregistered);
            }
        }
        else
        {
            binding.Move(ProxyBindingEvent.Revoked);
            Discard(binding);
        }

        _ = BindingUpdateView.TryParse(pending.Message, out var update, out _);
        Refuse(new ProxyUpdate(update, pending.Envelope, options.CareOfAddresses), BindingStatus.InsufficientResources, pending.State is null ? null : binding, pending.Envelope, now);
    }

    /// <summary>An accepted update whose tunnel and routes are not up yet: how to take it back, and whom to tell.</summary>
    private sealed record PendingUpdate(
        ProxyBinding Binding, TrafficParts Forwarded, BindingBefore? State, byte[] Message, Envelope Envelope, long Guard)
    {
        /// <summary>The indication that tells the old gateway of a handover that may yet not be.</summary>
        public RevocationTransaction? Told { get; set; }
    }

    /// <summary>What an update changes of a binding.</summary>
    private readonly struct BindingBefore(ProxyBinding binding)
    {
        private readonly (AccessTechnologyType Technology, HandoffIndicator Indicator) access = (binding.AccessTechnologyType, binding.HandoffIndicator);
        private readonly (ushort SequenceNumber, ushort Lifetime, TimeSpan Deadline) lease = (binding.SequenceNumber, binding.Lifetime, binding.Deadline);
        private readonly byte[]? linkLayerIdentifier = binding.LinkLayerOctets;
        private readonly bool usesUdpEncapsulation = binding.UsesUdpEncapsulation;
        private readonly (GreEncapsulation Encapsulation, uint? UplinkKey, uint? DownlinkKey) gre = (binding.Gre, binding.UplinkKey, binding.DownlinkKey);

        public GatewayPath Path { get; } = new(binding.Peer.Envelope, binding.Peer.Address);

        public SessionPrefixes Prefixes { get; } = binding.Prefixes;

        public Address? IPv4HomeAddress { get; } = binding.IPv4HomeAddress;

        public Address? LinkLocalAddress { get; init; }

        public bool WasDeregistered { get; } = binding.IsDeregistered;

        /// <summary>The timestamp stays: what is older than the refused update is old.</summary>
        public void CopyTo(ProxyBinding to)
        {
            (to.AccessTechnologyType, to.HandoffIndicator) = access;
            (to.SequenceNumber, to.Lifetime, to.Deadline) = lease;
            to.LinkLayerOctets = linkLayerIdentifier;
            to.UsesUdpEncapsulation = usesUdpEncapsulation;
            to.SetGre(gre.Encapsulation);
            if (gre is { UplinkKey: { } uplink, DownlinkKey: { } downlink })
            {
                to.SetKeys(uplink, downlink);
            }
        }
    }
}
