using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Security;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;
using DsmipTools.Wire.Security;
using DsmipTools.Wire.Tunneling;

namespace DsmipTools.Engine.MobileIPv4;

/// <content>What becomes of a registration request (RFC 5944, 3.8.2).</content>
public sealed partial class HomeAgent
{
    private void Receive(RegistrationRequestView request, in Envelope envelope, Instant now)
    {
        if (!envelope.Source.Address.IsUnicast)
        {
            Drop(MessageKind.RegistrationRequest, DropReason.NonUnicastSource, envelope, now);
            return;
        }

        var extensions = RequestExtensions.Read(request);
        if (extensions.Drop != DropReason.None)
        {
            Drop(MessageKind.RegistrationRequest, extensions.Drop, envelope, now);
            return;
        }

        var shared = associations.Find(SecurityAssociationKind.ForeignHome, envelope.Source.Address);
        if (FindAssociation(request.HomeAddress, extensions) is not { } association || (extensions.ForeignAuthentications > 0 && shared.Count == 0))
        {
            // The latter is RFC 5944, 3.8.2.1 d.
            Drop(MessageKind.RegistrationRequest, DropReason.NoSecurityAssociation, envelope, now);
            return;
        }

        var foreignAgent = shared.Count == 0 ? null
            : associations.Find(SecurityAssociationKind.ForeignHome, envelope.Source.Address, extensions.ForeignSecurityParameterIndex);
        var isRelayAuthentic = foreignAgent is not null && extensions.ForeignAuthentications == 1
            && RegistrationAuthentication.Verify(request.Octets, extensions.ForeignAuthentication, authenticators.Get(foreignAgent));
        var reply = new ReplyHeader(ReplyEnvelope(envelope), request.HomeAddress, request.Identification, association)
        {
            ForeignAgent = foreignAgent ?? (shared.Count == 0 ? null : shared[0]),
        };
        if (!RegistrationAuthentication.Verify(request.Octets, extensions.Authentication, authenticators.Get(association)))
        {
            RefuseAuthentication(reply, request.Octets.Length, isRelayAuthentic, envelope, now);
            return;
        }

        Counters.Count(MessageKind.RegistrationRequest, Direction.Received);
        Authenticated(request, extensions, reply with { Nai = NaiOf(request.HomeAddress, extensions.Nai) }, isRelayAuthentic, envelope, now);
    }

    /// <summary>By home address, and for a mobile node that has none by its identifier (RFC 2794).</summary>
    private SecurityAssociation? FindAssociation(Address homeAddress, in RequestExtensions extensions) =>
        associations.Find(homeAddress, extensions.SecurityParameterIndex)
        ?? (extensions.Nai.IsEmpty ? null : associations.Find(new NetworkAccessIdentifier(extensions.Nai), extensions.SecurityParameterIndex));

    private NetworkAccessIdentifier? NaiOf(Address homeAddress, ReadOnlySpan<byte> octets) =>
        octets.IsEmpty ? null
        : bindings.Find(homeAddress) is { Grant: { Nai: { } known } grant } && grant.HasNai(octets) ? known
        : new NetworkAccessIdentifier(octets);

    private void Authenticated(
        RegistrationRequestView request, in RequestExtensions extensions, ReplyHeader reply, bool isRelayAuthentic, in Envelope envelope, Instant now)
    {
        var identified = reply.Association.Identifier is { } identifier ? homeAddresses.GetOrAdd(identifier) : null;
        ref var replay = ref (identified is null ? ref bindings.GetOrAdd(request.HomeAddress).Replay : ref identified.Replay);
        var isFresh = replay.TryAccept(request.Identification, reply.Association, now.WallClock, Random, out var identification);
        reply = reply with { Identification = identification };
        if (!isFresh)
        {
            RefuseIdentification(reply, now);
            return;
        }

        if (request.Lifetime != 0 && reply.ForeignAgent is not null && !isRelayAuthentic)
        {
            // RFC 5944, 3.8.2.1 c.
            RefuseForeignAgent(reply, now);
            return;
        }

        if (request.HomeAgent != options.Address || IsBroadcast(envelope.Destination.Address))
        {
            Refuse(reply, RegistrationCode.UnknownHomeAgentAddress, "the request is not for this home agent", now);
            return;
        }

        var refusal = RegistrationCode.AdministrativelyProhibited;
        var chosen = identified is null ? request.HomeAddress : homeAddresses.Choose(identified, request.HomeAddress, request.Lifetime == 0, out refusal);
        if (chosen is not { } home || !Serves(home))
        {
            Refuse(reply, refusal, "the home address is not served here, or no other is left", now);
            return;
        }

        reply = reply with { HomeAddress = home };
        var node = bindings.GetOrAdd(home);
        var isHeld = node.Grant is not null;
        if (Judge(request, extensions, isRelayAuthentic, node, envelope, out var asked, out var why) is { } code)
        {
            Refuse(reply, code, why, now);
        }
        else
        {
            prefixes.Collect(request, extensions.Authentication.Offset);
            prefixes.Decide(node, ModeOf(request, extensions), options, bindings);
            if (prefixes.Count == 0 && options.ImplicitPrefixes.TryGetValue(home, out var configured))
            {
                prefixes.Imply(node, configured, bindings);
            }

            if (request.Lifetime == 0)
            {
                Deregister(node, request, reply, now);
            }
            else
            {
                if (identified is not null)
                {
                    homeAddresses.Hold(identified, home);
                }

                Register(node, request, asked, reply, envelope, now);
            }
        }

        if (identified is not null && !isHeld && node.Grant is null)
        {
            homeAddresses.Release(home);
        }
    }

    private bool Serves(Address home) => options.HomeNetwork.Contains(home) && !options.HomeNetwork.IsBroadcast(home) && home != options.Address;

    /// <summary>Why a request cannot be granted (RFC 5944, 3.8.2.3; RFC 3024, 4.3.1; RFC 3519, 4.6.1); null when it can.</summary>
    private RegistrationCode? Judge(
        RegistrationRequestView request, in RequestExtensions extensions, bool isRelayAuthentic, MobileNodeEntry node, in Envelope envelope, out Asked asked, out string? why)
    {
        asked = default;
        why = extensions.Malformed;
        if (why is not null)
        {
            return RegistrationCode.PoorlyFormedRequest;
        }

        if (request.Lifetime == 0)
        {
            return null;
        }

        var careOf = request.CareOfAddress;
        if (!careOf.IsUnicast || careOf == node.HomeAddress || careOf == options.Address)
        {
            // A tunnel to the home address or to the home agent itself would never end.
            why = "the care-of address cannot be the end of a tunnel";
            return RegistrationCode.PoorlyFormedRequest;
        }

        if (!IsInServiceArea(careOf))
        {
            why = "the care-of address lies in no service area";
            return RegistrationCode.AdministrativelyProhibited;
        }

        if (node.Grant is null && bindings.Count >= options.MaximumBindings)
        {
            why = "there are as many bindings as are allowed";
            return RegistrationCode.InsufficientResources;
        }

        var code = JudgeUdpTunnel(request, extensions, isRelayAuthentic, envelope, out var udpTunneling, out var ends, out why)
            ?? (udpTunneling.IsAssent() ? null : JudgeEncapsulation(request, out why))
            ?? JudgeReverseTunnel(request, out why);
        asked = new Asked(ends, udpTunneling, extensions.NodesUdpTunnel is null, AgreeOnRevocation(request, extensions, isRelayAuthentic, envelope, out var support), support);
        return code;
    }

    private bool IsInServiceArea(Address careOf)
    {
        foreach (ref readonly var area in options.ServiceAreas.Span)
        {
            if (area.Contains(careOf))
            {
                return true;
            }
        }

        return options.ServiceAreas.Count == 0;
    }

    private RegistrationCode? JudgeEncapsulation(RegistrationRequestView request, out string? why)
    {
        var isThere = request.GreEncapsulation ? options.AllowGreEncapsulation : !request.MinimalEncapsulation || options.AllowMinimalEncapsulation;
        why = isThere ? null : "the encapsulation is not allowed";
        return isThere ? null : RegistrationCode.RequestedEncapsulationUnavailable;
    }

    private RegistrationCode? JudgeReverseTunnel(RegistrationRequestView request, out string? why)
    {
        why = request.ReverseTunneling && !options.AllowReverseTunneling ? "reverse tunnels are not allowed"
            : !request.ReverseTunneling && options.RequireReverseTunneling ? "a reverse tunnel is mandatory" : null;
        return why is null ? null : request.ReverseTunneling ? RegistrationCode.ReverseTunnelUnavailable : RegistrationCode.ReverseTunnelMandatory;
    }

    private TunnelingMode ModeOf(RegistrationRequestView request, in RequestExtensions extensions) =>
        // Without D the care-of address is a foreign agent's, which would drop IPv6 packets (RFC 5454, 3.5).
        extensions.AsksForCareOfAddressTunneling && request.DecapsulationByMobileNode && options.AllowCareOfAddressTunneling
            ? TunnelingMode.CareOfAddress
            : TunnelingMode.HomeAddress;

    private void Deregister(MobileNodeEntry node, RegistrationRequestView request, in ReplyHeader reply, Instant now)
    {
        // RFC 5944, 3.8.2.2: the home address as care-of address stands for all; another care-of address for its own binding alone.
        var concerned = node.Grant is { } grant
            && (request.CareOfAddress == node.HomeAddress || request.CareOfAddress == grant.CareOfAddress);
        if (concerned)
        {
            // First: a reply to the home address goes there as to a node at home, and not into the tunnel (3.8.3.1).
            revocations.Cancel(node.HomeAddress, now);
            Remove(node, EventKind.BindingRemoved, now);
        }

        Answer(reply, RegistrationCode.Accepted, 0, 0, default, now);
    }

    private void Register(MobileNodeEntry node, RegistrationRequestView request, in Asked asked, in ReplyHeader reply, in Envelope envelope, Instant now)
    {
        var lifetime = Math.Min(request.Lifetime, maximumLifetime);
        var code = request.SimultaneousBindings ? RegistrationCode.AcceptedSimultaneousBindingsUnsupported : RegistrationCode.Accepted;
        var (before, leaseBefore) = (node.Grant, node.Lease);
        var lease = new Lease(
            lifetime,
            now.Elapsed,
            RegistrationLifetime.End(now.Elapsed, lifetime),
            request.Identification,
            reply.Association.SecurityParameterIndex,
            envelope,
            asked.Support?.Timestamp ?? 0);
        long guard = 0;
        if (before is null
            || before.CareOfAddress != request.CareOfAddress
            || before.Flags != BindingFlags.Of(request)
            || before.Ends != asked.Ends
            || before.UdpTunneling != asked.UdpTunneling
            || before.Revocation != asked.Revocation
            || !prefixes.AcceptedEqual(before.Prefixes)
            || before.Nai != reply.Nai)
        {
            var grant = new Grant(
                request.CareOfAddress, BindingFlags.Of(request), reply.Nai, prefixes.Accepted(), asked.Ends, asked.UdpTunneling, asked.Revocation);
            guard = Change(node, grant, reply, code, now);
        }

        bindings.Renew(node, lease);
        Answer(reply, code, lifetime, guard, asked, now);
        ReportBinding(before is null ? EventKind.BindingCreated : EventKind.BindingUpdated, node, now, guard);
        revocations.Cancel(node.HomeAddress, now, envelope.Source.Address);
        if (before is not null && before.CareOfAddress != request.CareOfAddress && before.Revocation is RevocationPeer.ForeignAgent or RevocationPeer.InformingForeignAgent)
        {
            TellFormerAgent(node, before, leaseBefore, now);
        }
    }

    /// <summary>RFC 5944, 3.8.3.1: the request's envelope turned round, with our own address where the request went to many.</summary>
    private Envelope ReplyEnvelope(in Envelope envelope) =>
        IsBroadcast(envelope.Destination.Address) || !envelope.Destination.Address.IsUnicast
            ? envelope.Reversed with { Source = LocalEndpoint }
            : envelope.Reversed;

    /// <summary>What a request asks for beside its home address and prefixes.</summary>
    /// <param name="Ends">The ends of the tunnel.</param>
    /// <param name="UdpTunneling">Whether it runs in UDP.</param>
    /// <param name="IsUdpOfAgent">True when it is not the mobile node that asked for UDP.</param>
    /// <param name="Revocation">Who is to be told of a revocation.</param>
    /// <param name="Support">What they said of it; null for nobody.</param>
    private readonly record struct Asked(
        TunnelEnds Ends, UdpTunneling UdpTunneling, bool IsUdpOfAgent, RevocationPeer Revocation, RevocationSupport? Support);
}
