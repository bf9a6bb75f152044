using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Engine.Revocation;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader.Options;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <content>Proxy Binding Updates (RFC 5213, 5.3).</content>
public sealed partial class LocalMobilityAnchor
{
    /// <summary>A Proxy Binding Update: the checks in the order of RFC 5213, 5.3.1.</summary>
    private DropReason Receive(BindingUpdateView update, in Envelope envelope, Instant now)
    {
        Counters.Count(MessageKind.ProxyBindingUpdate, Direction.Received);
        var request = new ProxyUpdate(update, envelope, options.CareOfAddresses);
        SessionLookup lookup = default;
        var profile = Profile(request);
        var status = request.IsIdentified ? CheckPolicy(request, profile) ?? CheckTimestamp(request, now) : BindingStatus.MissingMobileNodeIdentifierOption;
        if (status == BindingStatus.Accepted)
        {
            var missing = request.Missing ?? CheckCareOfAddress(request, envelope) ?? CheckGre(request) ?? CheckFamilies(request, profile) ?? ipv4.Check(request) ?? CheckLinkLocal(request);
            lookup = missing is { } refusal ? new SessionLookup(refusal, null) : SessionLookup.Find(cache, request);
            status = lookup.Status;
        }

        var binding = lookup.Binding;

        if (status == BindingStatus.Accepted && binding is not null && !lookup.IsUncertain)
        {
            status = CheckSequenceNumber(request, binding);
        }

        if (status != BindingStatus.Accepted)
        {
            return Refuse(request, status, binding, envelope, now);
        }

        if (update.Lifetime == 0)
        {
            // RFC 5213, 5.3.5 and 5.4.1: a de-registration from elsewhere, or of nothing, is ignored.
            if (binding is null || binding.Peer.Address != request.CareOfAddress)
            {
                ForgetHeldOf(request, envelope);
                return DropReason.NoMatchingRequest;
            }

            Deregister(binding, request, envelope, now);
            return DropReason.None;
        }

        if (initiator.Outstanding > 0 && IsBeingRevoked(request, binding, envelope))
        {
            return Refuse(request, BindingStatus.AdministrativelyProhibited, binding, envelope, now);
        }

        if (binding is null)
        {
            // One session for one interface: an older update of it that waits is not answered any more.
            ForgetHeldOf(request, envelope);
            return Create(request, envelope, now);
        }

        return lookup.IsUncertain ? Hold(binding, request, envelope, now) : Update(binding, request, envelope, now);
    }

    /// <summary>Order of messages by timestamp (RFC 5213, 5.5).</summary>
    private BindingStatus CheckTimestamp(in ProxyUpdate request, Instant now)
    {
        if (request.Timestamp is not { } timestamp)
        {
            return BindingStatus.Accepted;
        }

        var newest = timestamps.Find(request.Identifier);
        for (var binding = cache.Find(request.Identifier); binding is not null; binding = binding.NextOfNode)
        {
            newest = Math.Max(newest, binding.Timestamp);
        }

        // A delayed copy of an update is both too low and out of the window. The first is said: it does not blame the gateway's clock.
        var skew = TimestampOption.Difference(timestamp, TimestampOption.FromTime(now.WallClock));
        return timestamp <= newest ? BindingStatus.TimestampLowerThanPreviousAccepted
            : skew > options.TimestampValidityWindow || skew < -options.TimestampValidityWindow ? BindingStatus.TimestampMismatch
            : BindingStatus.Accepted;
    }

    /// <summary>Whether the gateway may name its proxy care-of address (RFC 5213, 5.3.1), and force UDP on payload packets (RFC 5844, 4.1.3.1).</summary>
    private BindingStatus? CheckCareOfAddress(in ProxyUpdate request, in Envelope envelope) =>
        request.IsCareOfAddressRefused ? BindingStatus.MagNotAuthorizedForProxyRegistration
        : request.Update.ForcingUdpEncapsulation && !(envelope.Source.Address.IsIPv4 && options.AcceptsForcedUdpEncapsulation)
            ? BindingStatus.AdministrativelyProhibited
        : null;

    /// <summary>Order of messages by sequence number, modulo 2^16, where there is no timestamp (RFC 5213, 5.5; RFC 6275, 9.5.1).</summary>
    private static BindingStatus CheckSequenceNumber(in ProxyUpdate request, ProxyBinding binding) =>
        request.Timestamp is null && (short)(request.Update.SequenceNumber - binding.SequenceNumber) <= 0
            ? BindingStatus.SequenceNumberOutOfWindow
            : BindingStatus.Accepted;

    /// <summary>
    /// True when an update crosses a revocation that goes on (RFC 5846, 8.1): of its own binding, or of all that its binding would stand
    /// among, which the gateway is just being told to drop.
    /// </summary>
    private bool IsBeingRevoked(in ProxyUpdate request, ProxyBinding? binding, in Envelope envelope) =>
        (binding is { Revocation.Command.Request: { Trigger: var trigger, IPv4Only: var only } }
            && !(only && binding.Prefixes.Count > 0 && request.Prefixes > 0)
            && !AllowsUpdate(trigger, comesFromElsewhere: binding.Peer.Address != request.CareOfAddress))
        || IsGroupBeingRevoked(request, envelope);

    /// <summary>True when the gateway is just being told to drop all that a binding would stand among, and does not get one meanwhile.</summary>
    private bool IsGroupBeingRevoked(in ProxyUpdate request, in Envelope envelope) =>
        cache.FindGroup(request.Identifier, new GatewayPath(envelope, request.CareOfAddress)) is { IsBeingRevoked: true, Revocation.Command.Request.Trigger: var trigger }
        && !AllowsUpdate(trigger, comesFromElsewhere: false);

    private bool AllowsUpdate(RevocationTrigger trigger, bool comesFromElsewhere) =>
        (options.CrossingUpdates.TryGetValue(trigger, out var policy) ? policy : trigger.ForCrossingUpdate()) switch
        {
            CrossingUpdatePolicy.Accept => true,
            CrossingUpdatePolicy.AcceptFromElsewhere => comesFromElsewhere,
            _ => false,
        };

    private DropReason Create(in ProxyUpdate request, in Envelope envelope, Instant now)
    {
        if (!MayHaveAnother(request))
        {
            return Refuse(request, BindingStatus.InsufficientResources, null, envelope, now);
        }

        var status = ipv4.Grant(request, null, out var address);
        if (status != BindingStatus.Accepted)
        {
            return Refuse(request, status, null, envelope, now);
        }

        var identifier = new NetworkAccessIdentifier(request.Identifier);
        if (!TryGrantPrefixes(identifier, request, out var prefixes))
        {
            ipv4.Release(address);
            status = request.AsksForPrefix ? BindingStatus.InsufficientResources : BindingStatus.NotAuthorizedForHomeNetworkPrefix;
            return Refuse(request, status, null, envelope, now);
        }

        var binding = new ProxyBinding { Identifier = identifier, Prefixes = prefixes, IPv4HomeAddress = address };
        cache.Add(binding, new GatewayPath(envelope, request.CareOfAddress));
        Counters.Observe(cache.Count);
        binding.Move(ProxyBindingEvent.Registered);
        Watch(binding.Peer, now);
        Accept(binding, request, now);
        Outbox.Guard = Reach(binding, default, TrafficParts.All, request, envelope, null, now)?.Guard ?? 0;
        Answer(request, BindingStatus.Accepted, binding, envelope, now);
        Report(binding, EventKind.BindingCreated, null, now);
        Outbox.Guard = 0;
        return DropReason.None;
    }

    private bool MayHaveAnother(in ProxyUpdate request)
    {
        var sessions = 0;
        for (var binding = cache.Find(request.Identifier); binding is not null && sessions < options.SessionsPerNode; binding = binding.NextOfNode)
        {
            sessions++;
        }

        return sessions < options.SessionsPerNode;
    }

    private bool TryGrantPrefixes(NetworkAccessIdentifier identifier, in ProxyUpdate request, out SessionPrefixes prefixes)
    {
        prefixes = request.AsksForPrefix ? AssignPrefixes(identifier) : OwnPrefixes(identifier, request);
        return prefixes.Count > 0 || request.Prefixes == 0;
    }

    /// <summary>The prefixes for a new session: the mobile node's own, and others of the pool; as many as there are, up to the configured number.</summary>
    private SessionPrefixes AssignPrefixes(NetworkAccessIdentifier identifier)
    {
        Span<Prefix> prefixes = stackalloc Prefix[options.PrefixesPerSession];
        var count = 0;
        if (fixedPrefixes.TryGetValue(identifier, out var own) && cache.Find(own) is null)
        {
            prefixes[count++] = own;
        }

        while (count < prefixes.Length && pool.Take(isInUse) is { } prefix)
        {
            prefixes[count++] = prefix;
        }

        return new SessionPrefixes(prefixes[..count]);
    }

    /// <summary>The prefixes that an update asks for by name; none unless the mobile node may use all of them (RFC 5213, 5.3.2 (3)).</summary>
    private SessionPrefixes OwnPrefixes(NetworkAccessIdentifier identifier, in ProxyUpdate request)
    {
        var own = fixedPrefixes.TryGetValue(identifier, out var prefix) ? prefix : default;
        var named = request.CopyNamedPrefixes(stackalloc Prefix[LocalMobilityAnchorOptions.MostPrefixes]);
        if (request.NamedPrefixes > options.PrefixesPerSession)
        {
            return default;
        }

        for (var at = 0; at < named.Length; at++)
        {
            var isOwn = named[at] == own || (pool.Owns(named[at]) && !reserved.Contains(named[at]));
            if (!isOwn || named[..at].Contains(named[at]))
            {
                return default;
            }
        }

        return new SessionPrefixes(named);
    }

    private DropReason Update(ProxyBinding binding, in ProxyUpdate request, in Envelope envelope, Instant now)
    {
        var comesFromElsewhere = binding.Peer.Address != request.CareOfAddress;
        // A revocation of the IPv4 home address alone goes on beside an update for the prefixes, which does not get that address.
        var withholds = request.IPv4Requests > 0
            && binding.Revocation is { Command.Request: { IPv4Only: true, Trigger: var trigger } } && !AllowsUpdate(trigger, comesFromElsewhere);
        var address = withholds && !comesFromElsewhere ? binding.IPv4HomeAddress : null;
        var prefixes = binding.Prefixes;
        var status = withholds ? BindingStatus.Accepted : ipv4.Grant(request, binding.IPv4HomeAddress, out address);
        if (status == BindingStatus.Accepted && request.Prefixes > 0 && prefixes.Count == 0 && !TryGrantPrefixes(binding.Identifier, request, out prefixes))
        {
            status = BindingStatus.InsufficientResources;
            ipv4.Release(address == binding.IPv4HomeAddress ? null : address);
        }

        if (status != BindingStatus.Accepted)
        {
            return Refuse(request, status, binding, envelope, now);
        }

        if (!withholds || comesFromElsewhere)
        {
            initiator.Release(binding, now);
        }

        var (peer, technology) = (binding.Peer, binding.AccessTechnologyType);
        var wasLeft = binding.IsDeregistered;
        var (before, state) = (ReachabilityOf(binding), new BindingBefore(binding) { LinkLocalAddress = LinkLocalOf(binding) });
        cache.Move(binding, new GatewayPath(envelope, request.CareOfAddress));
        Watch(binding.Peer, now);
        // RFC 5844, 3.1.2.4: what an update does not ask for is not extended.
        Change(binding, request.Prefixes == 0 ? default : prefixes, address);
        binding.Move(ProxyBindingEvent.Updated);
        Accept(binding, request, now);
        var pending = Reach(binding, before, withholds ? binding.Forwarded | TrafficParts.Prefixes : TrafficParts.All, request, envelope, state, now);
        Outbox.Guard = pending?.Guard ?? 0;
        Answer(request, BindingStatus.Accepted, binding, envelope, now, withholds);
        Report(binding, EventKind.BindingUpdated, null, now);
        var told = comesFromElsewhere && !wasLeft ? TellOfHandover(peer, technology, binding, now) : null;
        pending?.Told = told;

        Outbox.Guard = 0;
        if (comesFromElsewhere)
        {
            Counters.Count(request.Indicator, HandoffOutcome.Accepted);
            Forget(binding);
        }
        else
        {
            // The old gateway still has the mobile node: an update that waits is for another interface.
            Resume(binding, hasLeft: false, now);
        }

        return DropReason.None;
    }

    /// <summary>Gives a binding other prefixes or another IPv4 home address; what it had before goes back.</summary>
    private void Change(ProxyBinding binding, SessionPrefixes prefixes, Address? address)
    {
        if (prefixes.Count != binding.Prefixes.Count)
        {
            Release(binding.Prefixes);
            cache.SetPrefixes(binding, prefixes);
        }

        if (address != binding.IPv4HomeAddress)
        {
            ipv4.Release(binding.IPv4HomeAddress);
            cache.SetIPv4HomeAddress(binding, address);
        }
    }

    private void Accept(ProxyBinding binding, in ProxyUpdate request, Instant now)
    {
        binding.AccessTechnologyType = request.Technology;
        binding.HandoffIndicator = request.Indicator;
        binding.UsesUdpEncapsulation = request.WantsUdpEncapsulation;
        GrantGre(binding, request);
        TakeLinkLocal(binding, request);
        binding.LinkLayerIdentifier = request.LinkLayerIdentifier;
        binding.SequenceNumber = request.Update.SequenceNumber;
        // An update without the option does not make older ones acceptable again (RFC 5213, 5.5 (6)).
        binding.Timestamp = Math.Max(binding.Timestamp, request.Timestamp ?? 0);
        binding.Lifetime = Math.Min(request.Update.Lifetime, ProxyLifetime.ToUnits(options.MaximumLifetime));
        binding.Deadline = binding.Lifetime == ProxyLifetime.Infinite
            ? TimeSpan.MaxValue
            : now.Elapsed + ProxyLifetime.FromUnits(binding.Lifetime);
        timers.Schedule(binding);
    }

    private void Deregister(ProxyBinding binding, in ProxyUpdate request, in Envelope envelope, Instant now)
    {
        binding.SequenceNumber = request.Update.SequenceNumber;
        binding.Timestamp = Math.Max(binding.Timestamp, request.Timestamp ?? 0);
        if (DeregistersPart(binding, request))
        {
            // RFC 5844, 3.1.2.5: the binding stays with its other half.
            if (binding.Revocation is { Command.Request.IPv4Only: true })
            {
                initiator.Release(binding, now);
            }

            ChangeReachable(binding, request.Prefixes == 0 ? binding.Prefixes : default, request.Prefixes == 0 ? null : binding.IPv4HomeAddress, now);
            Answer(request, BindingStatus.Accepted, binding, envelope, now);
            Report(binding, EventKind.BindingUpdated, null, now);
            return;
        }

        initiator.Release(binding, now);
        Leave(binding, now);
        Answer(request, BindingStatus.Accepted, binding, envelope, now);
        Resume(binding, hasLeft: true, now);
        if (binding.IsDeregistered && options.MinDelayBeforeBCEDelete == TimeSpan.Zero)
        {
            Expire(now);
        }
    }

    /// <summary>
    /// True when a de-registration is for the IPv4 home address alone, or for the prefixes alone (RFC 5844, 3.2.3.3). A gateway that was told to
    /// drop the IPv4 home address does not name it any more, and means the whole.
    /// </summary>
    private static bool DeregistersPart(ProxyBinding binding, in ProxyUpdate request) =>
        binding.Prefixes.Count > 0
        && binding.IPv4HomeAddress is not null
        && !binding.IsDeregistered
        && (request.Prefixes == 0 || (request.IPv4Requests == 0 && request.NamedPrefixes > 0 && binding.Revocation is null));

    private DropReason Refuse(in ProxyUpdate request, BindingStatus status, ProxyBinding? binding, in Envelope envelope, Instant now)
    {
        if (request.Update.Lifetime > 0
            && (binding is null ? request.Indicator is HandoffIndicator.BetweenInterfaces or HandoffIndicator.BetweenGateways
                : binding.Peer.Address != request.CareOfAddress))
        {
            Counters.Count(request.Indicator, HandoffOutcome.Refused);
        }

        Answer(request, status, binding, envelope, now);
        Report(new AgentEvent
        {
            At = now,
            Kind = EventKind.BindingRefused,
            Message = MessageKind.ProxyBindingUpdate,
            Code = (byte)status,
            Peer = envelope.Source.Address,
            Identifier = request.Identifier.IsEmpty ? null : new NetworkAccessIdentifier(request.Identifier),
            Detail = status.ToString(),
        });
        return DropReason.None;
    }
}
