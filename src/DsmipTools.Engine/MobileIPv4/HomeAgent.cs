using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Engine.Security;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;
using DsmipTools.Wire.Security;
using DsmipTools.Wire.Tunneling;

namespace DsmipTools.Engine.MobileIPv4;

/// <summary>
/// A Mobile IPv4 home agent (RFC 5944, 3.8) with the explicit mode of Dual-Stack Mobile IPv4 (RFC 5454, 3.3). It authenticates first and
/// reads the rest of a request afterwards, so that nothing a stranger sends changes anything.
/// </summary>
/// <remarks>
/// Where the RFCs leave a choice or contradict themselves:
/// <list type="bullet">
/// <item>The bits r and x are ignored (RFC 5944, 3.3), although 3.8.2.3 refuses non-zero reserved fields with code 134: the rule that names
/// the bits wins, and a request has no other reserved field.</item>
/// <item>Simultaneous bindings are not supported. Code 1 answers requests with S set; all others get code 0 (3.8.2.2).</item>
/// <item>Code 131 is sent when the request names a security association that exists, and only when the reply is not longer than the
/// request, so that a forged source gets no amplification (3.8.2.1 a).</item>
/// <item>A request with two Mobile-Home Authentication extensions is dropped, as 3.6.2.1 does with replies.</item>
/// <item>A prefix that overlaps another node's is rejected with code 8; code 9 is the policy's (RFC 5454, 3.3).</item>
/// <item>M and G are remembered, but IP in IP is used: other encapsulations are at the home agent's discretion (RFC 5944, 4.1).</item>
/// <item>A change of the tunnel is made before it is broken: the new one comes up before the reply leaves, the old one goes after it.</item>
/// </list>
/// The outbox has to be emptied after every input.
/// </remarks>
public sealed partial class HomeAgent : Agent, IDisposable
{
    /// <summary>The number of distinct prefix requests of one registration request that are answered; the others count as rejected (RFC 5454, 3.2).</summary>
    public const int MaximumPrefixRequests = 256;

    private readonly HomeAgentOptions options;
    private readonly ushort maximumLifetime;
    private readonly SecurityAssociations associations;
    private readonly AuthenticatorCache authenticators;
    private readonly BindingTable bindings = new();
    private readonly PrefixDecisions prefixes = new();

    /// <summary>Makes a home agent.</summary>
    /// <param name="options">Its configuration.</param>
    /// <param name="associations">The security associations of its mobile nodes; may change while it runs.</param>
    /// <param name="random">Where its random numbers come from.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message says which.</exception>
    public HomeAgent(HomeAgentOptions options, SecurityAssociations associations, IRandomSource random)
        : base(options?.Name!, random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(associations);
        Require(options.Address.IsIPv4 && options.Address.IsUnicast, $"Address {options.Address} is no IPv4 unicast address.");
        Require(options.Port != 0, "Port is 0.");
        Require(options.HomeNetwork is { Address.IsIPv4: true, Length: >= 0 and <= 32 }, $"HomeNetwork {options.HomeNetwork} is no IPv4 network.");
        Require(options.MaximumPrefixes is >= 0 and <= MaximumPrefixRequests, "MaximumPrefixes is not within 0 to 256.");
        Require(options.AuthenticatorCacheSize > 0, "AuthenticatorCacheSize is less than 1.");
        Require(options.PrefixPolicy is not null, "PrefixPolicy is null.");
        maximumLifetime = RegistrationLifetime.ToWire(options.MaximumLifetime, nameof(options.MaximumLifetime));
        this.options = options;
        this.associations = associations;
        Require(options.Advertisements is not null, "Advertisements is null.");
        options.Advertisements!.Validate();
        authenticators = new AuthenticatorCache(options.AuthenticatorCacheSize);
        advertiser = new AgentAdvertiser(options.Advertisements, options.Address, Outbox, Counters, random, Describe);
        routes = new TrafficRoutes<PendingChange>(Name, Outbox, TunnelEnd.Home);

        static void Require(bool condition, string message)
        {
            if (!condition)
            {
                throw new ArgumentException(message, nameof(options));
            }
        }
    }

    /// <summary>Its configuration.</summary>
    public HomeAgentOptions Options => options;

    /// <inheritdoc/>
    public override AgentKind Kind => AgentKind.HomeAgent;

    /// <inheritdoc/>
    public override Endpoint LocalEndpoint => new(options.Address, options.Port);

    /// <inheritdoc/>
    public override Transport Transport => Transport.MobileIPv4Udp;

    /// <inheritdoc/>
    public override string Protection => "Mobile-Home Authentication (RFC 5944, 3.5.2), timestamps (5.7.1)";

    /// <inheritdoc/>
    public override TimeSpan? NextDeadline => bindings.NextEnd is not { } end ? advertiser.NextDeadline
        : advertiser.NextDeadline is { } next && next < end ? next : end;

    /// <inheritdoc/>
    public override int BindingCount => bindings.Count;

    /// <summary>The bindings at a moment, by home address.</summary>
    public IReadOnlyList<MobileIPv4Binding> Bindings(Instant now) => [.. bindings.Bound.Select(node => Snapshot(node, now))];

    /// <inheritdoc/>
    public override BindingScan Scan(BindingFilter filter) =>
        new BindingScan<MobileNodeEntry>(bindings.Select(filter), node => node.Grant is not null, Snapshot);

    /// <summary>The binding of a home address; null for none.</summary>
    public MobileIPv4Binding? Find(Address homeAddress, Instant now) => bindings.Find(homeAddress) is { } node ? Snapshot(node, now) : null;

    /// <summary>The binding under whose registered prefix an IPv6 address lies, longest match; null for none.</summary>
    public MobileIPv4Binding? FindByPrefix(Address address, Instant now) =>
        bindings.FindByPrefix(address) is { } node ? Snapshot(node, now) : null;

    /// <summary>The bindings with a Network Access Identifier, in the order in which they were made.</summary>
    public IReadOnlyList<MobileIPv4Binding> Find(NetworkAccessIdentifier identifier, Instant now) =>
        [.. bindings.FindByNai(identifier).Select(node => Snapshot(node, now))];

    /// <inheritdoc/>
    public override void Receive(ReadOnlySpan<byte> message, in Envelope envelope, Instant now)
    {
        if (!RegistrationRequestView.TryParse(message, out var request, out var error))
        {
            DropUnreadable(message, error, envelope, now);
            return;
        }

        if (!envelope.Source.Address.IsUnicast)
        {
            Drop(MessageKind.RegistrationRequest, DropReason.NonUnicastSource, envelope, now);
            return;
        }

        var extensions = RequestExtensions.Read(request);
        if (extensions.Drop != DropReason.None)
        {
            Drop(MessageKind.RegistrationRequest, extensions.Drop, envelope, now);
        }
        else if (associations.Find(request.HomeAddress, extensions.SecurityParameterIndex) is not { } association)
        {
            Drop(MessageKind.RegistrationRequest, DropReason.NoSecurityAssociation, envelope, now);
        }
        else
        {
            Receive(request, extensions, association, envelope, now);
        }
    }

    /// <inheritdoc/>
    public override void Expire(Instant now)
    {
        for (var ended = 0; ended < MostEndedAtOnce && bindings.TryTakeEnded(now.Elapsed, out var node); ended++)
        {
            Remove(node, EventKind.BindingExpired, now);
        }

        advertiser.Expire(now);
    }

    /// <summary>Destroys the keyed authenticators.</summary>
    public void Dispose() => authenticators.Dispose();

    private MobileIPv4Binding Snapshot(MobileNodeEntry node, Instant now) => node.ToSnapshot(Name, options.Address, routes, now);

    private void DropUnreadable(ReadOnlySpan<byte> message, WireError error, in Envelope envelope, Instant now)
    {
        var kind = message.IsEmpty ? MessageKind.Unknown : (MobileIPv4MessageType)message[0] switch
        {
            MobileIPv4MessageType.RegistrationRequest => MessageKind.RegistrationRequest,
            MobileIPv4MessageType.RegistrationReply => MessageKind.RegistrationReply,
            _ => MessageKind.Unknown,
        };
        var reason = kind == MessageKind.RegistrationRequest || message.IsEmpty ? DropReason.Malformed : DropReason.UnexpectedMessage;
        Drop(kind, reason, envelope, now, error.ToString());
    }

    private void Receive(
        RegistrationRequestView request, in RequestExtensions extensions, SecurityAssociation association, in Envelope envelope, Instant now)
    {
        var reply = new ReplyHeader(ReplyEnvelope(envelope), request.HomeAddress, request.Identification, association);
        var authenticator = authenticators.Get(association);
        if (!RegistrationAuthentication.Verify(request.Octets, extensions.Authentication, authenticator))
        {
            RefuseAuthentication(reply, request.Octets.Length, authenticator, envelope, now);
            return;
        }

        Counters.Count(MessageKind.RegistrationRequest, Direction.Received);
        var node = bindings.GetOrAdd(request.HomeAddress);
        var isFresh = node.Replay.TryAccept(request.Identification, association, now.WallClock, Random, out var identification);
        reply = reply with { Identification = identification };
        if (!isFresh)
        {
            RefuseIdentification(reply, now);
        }
        else if (Judge(request, extensions, envelope, out var why) is { } code)
        {
            Refuse(reply, code, why, now);
        }
        else
        {
            prefixes.Collect(request, extensions.Authentication.Offset);
            prefixes.Decide(node, ModeOf(request, extensions), options, bindings);
            if (request.Lifetime == 0)
            {
                Deregister(node, request, reply, now);
            }
            else
            {
                Register(node, request, extensions, reply, envelope, now);
            }
        }
    }

    /// <summary>Why a request cannot be granted (RFC 5944, 3.8.2.1 to 3.8.3.2); null when it can.</summary>
    private RegistrationCode? Judge(RegistrationRequestView request, in RequestExtensions extensions, in Envelope envelope, out string? why)
    {
        var (home, careOf) = (request.HomeAddress, request.CareOfAddress);
        if (request.HomeAgent != options.Address || IsBroadcast(envelope.Destination.Address))
        {
            why = "the request is not for this home agent";
            return RegistrationCode.UnknownHomeAgentAddress;
        }

        if (!options.HomeNetwork.Contains(home) || options.HomeNetwork.IsBroadcast(home) || home == options.Address)
        {
            why = "the home address is not served here";
            return RegistrationCode.AdministrativelyProhibited;
        }

        // A tunnel to the home address or to the home agent itself would never end.
        var isUsable = request.Lifetime == 0 || (careOf.IsUnicast && careOf != home && careOf != options.Address);
        why = extensions.Malformed ?? (isUsable ? null : "the care-of address cannot be the end of a tunnel");
        return why is null ? null : RegistrationCode.PoorlyFormedRequest;
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
            Remove(node, EventKind.BindingRemoved, now);
        }

        Answer(reply, RegistrationCode.Accepted, 0, 0);
    }

    private void Register(
        MobileNodeEntry node, RegistrationRequestView request, in RequestExtensions extensions, in ReplyHeader reply, in Envelope envelope, Instant now)
    {
        var lifetime = Math.Min(request.Lifetime, maximumLifetime);
        var code = request.SimultaneousBindings ? RegistrationCode.AcceptedSimultaneousBindingsUnsupported : RegistrationCode.Accepted;
        var before = node.Grant;
        var lease = new Lease(
            lifetime, RegistrationLifetime.End(now.Elapsed, lifetime), request.Identification, reply.Association.SecurityParameterIndex, envelope);
        long guard = 0;
        if (before is null
            || before.CareOfAddress != request.CareOfAddress
            || before.Flags != BindingFlags.Of(request)
            || !prefixes.AcceptedEqual(before.Prefixes)
            || !before.HasNai(extensions.Nai))
        {
            guard = Change(node, MakeGrant(request, extensions), reply, code, now);
        }

        bindings.Renew(node, lease);
        Answer(reply, code, lifetime, guard);
        ReportBinding(before is null ? EventKind.BindingCreated : EventKind.BindingUpdated, node, now, guard);
    }

    private Grant MakeGrant(RegistrationRequestView request, in RequestExtensions extensions)
    {
        var accepted = prefixes.Accepted();
        return new Grant(
            request.CareOfAddress,
            BindingFlags.Of(request),
            extensions.Nai.IsEmpty ? null : new NetworkAccessIdentifier(extensions.Nai),
            accepted,
            new TunnelEnds(TrafficModes.EncapsulationOf(request.GreEncapsulation, request.MinimalEncapsulation), options.Address, request.CareOfAddress));
    }

    private void RefuseAuthentication(
        in ReplyHeader reply, int requestLength, MessageAuthenticator authenticator, in Envelope envelope, Instant now)
    {
        if (RegistrationReply.Fields.Layout.Length + RegistrationAuthentication.GetLength(authenticator) > requestLength)
        {
            Drop(MessageKind.RegistrationRequest, DropReason.BadAuthenticator, envelope, now);
            return;
        }

        Counters.Count(MessageKind.RegistrationRequest, Direction.Received);
        prefixes.Clear();
        Answer(reply, RegistrationCode.MobileNodeFailedAuthentication, 0, 0);
        ReportException(reply, RegistrationCode.MobileNodeFailedAuthentication, DropReason.BadAuthenticator, now);
    }

    private void RefuseIdentification(in ReplyHeader reply, Instant now)
    {
        prefixes.Clear();
        Answer(reply, RegistrationCode.IdentificationMismatch, 0, 0);
        ReportException(reply, RegistrationCode.IdentificationMismatch, DropReason.None, now);
    }

    private void Refuse(in ReplyHeader reply, RegistrationCode code, string? why, Instant now)
    {
        prefixes.Clear();
        Answer(reply, code, 0, 0);
        Report(new AgentEvent
        {
            At = now,
            Kind = EventKind.BindingRefused,
            Message = MessageKind.RegistrationRequest,
            Code = (byte)code,
            Peer = reply.Envelope.Destination.Address,
            HomeAddress = reply.HomeAddress,
            Detail = why,
        });
    }

    private void ReportException(in ReplyHeader reply, RegistrationCode code, DropReason reason, Instant now) => Report(new AgentEvent
    {
        At = now,
        Kind = EventKind.SecurityException,
        Message = MessageKind.RegistrationRequest,
        Drop = reason,
        Code = (byte)code,
        Peer = reply.Envelope.Destination.Address,
        HomeAddress = reply.HomeAddress,
    });

    private void ReportBinding(EventKind kind, MobileNodeEntry node, Instant now, long guard) => Outbox.Report(
        new AgentEvent
        {
            At = now,
            Agent = Name,
            Kind = kind,
            HomeAddress = node.HomeAddress,
            Identifier = node.Grant!.Nai,
            Peer = node.Grant.CareOfAddress,
            Count = node.Grant.Prefixes.Length,
        },
        guard);

    /// <summary>Writes a reply (RFC 5944, 3.8.3) with one prefix reply for each decision (RFC 5454, 3.3).</summary>
    private void Answer(in ReplyHeader reply, RegistrationCode code, ushort lifetime, long guard)
    {
        var authenticator = authenticators.Get(reply.Association);
        var room = Outbox.Reserve(
            RegistrationReply.Fields.Layout.Length
            + (prefixes.Count * IPv6PrefixReplyExtension.Fields.Layout.Length)
            + RegistrationAuthentication.GetLength(authenticator));
        RegistrationReply.Fields.Type.Write(room, (byte)MobileIPv4MessageType.RegistrationReply);
        RegistrationReply.Fields.Code.Write(room, (byte)code);
        RegistrationReply.Fields.Lifetime.Write(room, lifetime);
        RegistrationReply.Fields.HomeAddress.Write(room, reply.HomeAddress);
        RegistrationReply.Fields.HomeAgent.Write(room, options.Address);
        RegistrationReply.Fields.Identification.Write(room, reply.Identification);
        var length = RegistrationReply.Fields.Layout.Length;
        foreach (ref readonly var decision in prefixes.All)
        {
            length += IPv6PrefixReplyExtension.Write(room[length..], decision.Code, decision.Prefix);
        }

        length = RegistrationAuthentication.Append(room, length, reply.Association.SecurityParameterIndex, authenticator);
        Outbox.Send(reply.Envelope, length, guard);
        Counters.Count(MessageKind.RegistrationReply, Direction.Sent, (byte)code);
    }

    /// <summary>RFC 5944, 3.8.3.1: the request's envelope turned round, with our own address where the request went to many.</summary>
    private Envelope ReplyEnvelope(in Envelope envelope) =>
        IsBroadcast(envelope.Destination.Address) || !envelope.Destination.Address.IsUnicast
            ? envelope.Reversed with { Source = LocalEndpoint }
            : envelope.Reversed;

    private bool IsBroadcast(Address address) => options.HomeNetwork.IsBroadcast(address) || address == Address.FromIPv4(uint.MaxValue);
}
