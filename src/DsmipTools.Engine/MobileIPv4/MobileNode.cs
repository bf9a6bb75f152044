using System.Globalization;
using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Engine.Security;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;
using DsmipTools.Wire.Security;

namespace DsmipTools.Engine.MobileIPv4;

/// <summary>
/// A Mobile IPv4 mobile node (RFC 5944, 3.6). It registers a co-located care-of address directly with its home agent, or that of a foreign agent through it,
/// which it is told or discovers on its link (2.4), and its IPv6 prefixes with it in the explicit mode of Dual-Stack Mobile IPv4 (RFC 5454, 3.5).
/// </summary>
/// <remarks>
/// Where the RFCs leave a choice:
/// <list type="bullet">
/// <item>Replies count only when they come from where the request went. Codes of foreign agents count when one was asked; they are authenticated where there
/// is an association with it.</item>
/// <item>Code 133 leads to one new request at once; after a second one the next request waits for the retransmission timer, so that no
/// answer makes the node send faster than RFC 5944, 3.6.3 allows.</item>
/// <item>A command is sent at once, also within a second of the request before: it stands for what 3.6 calls a link-layer indication.</item>
/// <item>De-registration removes everything: its care-of address field holds the home address (3.6.1.2), and it carries no prefixes.</item>
/// <item>A renewal that fails is tried again after half of the time that is left, as long as that is a second or more; then the registration expires.</item>
/// </list>
/// </remarks>
public sealed partial class MobileNode : Agent, IDisposable
{
    /// <summary>The number of prefixes that fit a request.</summary>
    public const int MaximumPrefixes = 100;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly MobileNodeOptions options;
    private readonly ushort lifetime;
    private readonly NetworkAccessIdentifier? nai;
    private readonly MessageAuthenticator authenticator;
    private readonly IdentificationSource identifications;
    private RegistrationPath? path;
    private ushort port;
    private PendingRegistration? pending;
    private ActiveRegistration? active;

    /// <summary>Makes a mobile node.</summary>
    /// <param name="options">Its configuration.</param>
    /// <param name="random">Where its random numbers come from.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message says which.</exception>
    public MobileNode(MobileNodeOptions options, IRandomSource random)
        : base(options?.Name!, random)
    {
        ArgumentNullException.ThrowIfNull(options);
        var association = options.SecurityAssociation;
        Require(association is not null, "SecurityAssociation is null.");
        Require(options.HomeAddress.IsIPv4 && options.HomeAddress.IsUnicast, $"HomeAddress {options.HomeAddress} is no IPv4 unicast address.");
        Require(association!.HomeAddress == options.HomeAddress, $"SecurityAssociation is of another home address than {options.HomeAddress}.");
        Require(options.HomeAgent is { Address: { IsIPv4: true, IsUnicast: true }, Port: not 0 }, $"HomeAgent {options.HomeAgent} is no IPv4 address with a port.");
        Require(options.Retransmission is { MaximumRetries: >= 0 }, "Retransmission.MaximumRetries is negative.");
        Require(options.Retransmission.InitialDelay >= Second, "Retransmission.InitialDelay is less than 1 second (RFC 5944, 3.6.3).");
        Require(options.Retransmission.MaximumDelay >= options.Retransmission.InitialDelay, "Retransmission.MaximumDelay is less than its InitialDelay.");
        Require(Enum.IsDefined(options.TunnelingMode), "TunnelingMode is unknown.");
        nai = options.Nai is null ? null : NetworkAccessIdentifier.Parse(options.Nai);
        lifetime = RegistrationLifetime.ToWire(options.Lifetime, nameof(options.Lifetime));
        CareOfAddress = options.CareOfAddress is { } careOf ? CheckedCareOfAddress(careOf, options.HomeAddress) : (Address?)null;
        Require(options.ForeignAgent is null or { Address: { IsIPv4: true, IsUnicast: true }, Port: not 0 }, $"ForeignAgent {options.ForeignAgent} is no IPv4 address with a port.");
        Require(options.ForeignAgentCareOfAddress is null || options.ForeignAgent is not null, "ForeignAgentCareOfAddress needs ForeignAgent.");
        Require(!options.EncapsulatingDelivery || options.ReverseTunneling, "EncapsulatingDelivery needs ReverseTunneling (RFC 3024, 3.3).");
        Require(options.ForeignAgentPort != 0, "ForeignAgentPort is 0.");
        IPv6Prefixes = Checked(options.IPv6Prefixes);
        this.options = options;
        path = ConfiguredPath();
        foreignAgents = new AuthenticatorCache(ForeignAgentAuthenticators);
        search = new AgentSearch(random);
        port = options.LocalPort;
        authenticator = association.CreateAuthenticator();
        identifications = new IdentificationSource(random, association);
        routes = new TrafficRoutes<(PendingRegistration, Reachability)>(Name, Outbox, TunnelEnd.Access);

        static void Require(bool condition, string message)
        {
            if (!condition)
            {
                throw new ArgumentException(message, nameof(options));
            }
        }
    }

    /// <summary>Its configuration; care-of address, port and prefixes may have changed since.</summary>
    public MobileNodeOptions Options => options;

    /// <summary>The prefixes that the next registration asks for.</summary>
    public ValueList<Prefix> IPv6Prefixes { get; private set; }

    /// <inheritdoc/>
    public override AgentKind Kind => AgentKind.MobileNode;

    /// <summary>The co-located care-of address; null for none.</summary>
    public Address? CareOfAddress { get; private set; }

    /// <summary>
    /// The co-located care-of address, or the home address, and the port; the port is 0 until the world has said which one it chose.
    /// </summary>
    public override Endpoint LocalEndpoint => new(path?.Source ?? CareOfAddress ?? options.HomeAddress, port);

    /// <inheritdoc/>
    public override Transport Transport => Transport.MobileIPv4Udp;

    /// <inheritdoc/>
    public override string Protection => string.Create(
        CultureInfo.InvariantCulture,
        $"Mobile-Home Authentication, {options.SecurityAssociation.Algorithm}, SPI {options.SecurityAssociation.SecurityParameterIndex}");

    /// <inheritdoc/>
    public override TimeSpan? NextDeadline
    {
        get
        {
            var next = pending?.Deadline ?? active?.RenewAt ?? TimeSpan.MaxValue;
            next = active is not null && active.End < next ? active.End : next;
            next = search.Next < next ? search.Next : next;
            next = registerAt < next ? registerAt : next;
            return next == TimeSpan.MaxValue ? null : next;
        }
    }

    /// <summary>1 when the node is registered, otherwise 0.</summary>
    public override int BindingCount => active is null ? 0 : 1;

    /// <inheritdoc/>
    public override BindingScan Scan(BindingFilter filter) =>
        new BindingScan<MobileNode>([this], node => node.active is not null || node.pending is { Lifetime: > 0 }, (node, now) => node.Binding(now)!);

    /// <summary>True while a request waits for its answer.</summary>
    public bool IsRegistering => pending is not null;

    /// <summary>The registration as this node sees it; null when there is none and none is under way.</summary>
    public MobileIPv4Binding? Binding(Instant now)
    {
        if (active is null && pending is not { Lifetime: > 0 })
        {
            return null;
        }

        var accepted = (active?.Prefixes ?? []).Where(prefix => prefix.State.IsAccepted()).ToArray();
        return new MobileIPv4Binding
        {
            Agent = Name,
            AgentKind = AgentKind.MobileNode,
            Identifier = options.Nai,
            CareOfAddress = active?.Path.CareOfAddress ?? pending!.CareOfAddress,
            Peer = active?.Envelope.Source.Address ?? options.HomeAgent.Address,
            Prefixes = ValueList.From(accepted.Select(prefix => prefix.Prefix)),
            LifetimeGranted = active is null ? TimeSpan.Zero : RegistrationLifetime.ToTimeSpan(active.Lifetime),
            LifetimeRemaining = active is null ? TimeSpan.Zero : RegistrationLifetime.Remaining(active.End, now.Elapsed),
            State = active is null ? BindingState.Pending : BindingState.Active,
            Envelope = active?.Envelope ?? new Envelope(Transport, options.HomeAgent, LocalEndpoint),
            HomeAddress = options.HomeAddress,
            HomeAgent = options.HomeAgent.Address,
            SimultaneousBindings = options.SimultaneousBindings,
            BroadcastDatagrams = options.BroadcastDatagrams,
            ForeignAgent = (active?.Path ?? pending?.Path)?.ForeignAgent,
            DecapsulationByMobileNode = (active?.Path ?? pending?.Path)?.IsCoLocated ?? false,
            MinimalEncapsulation = options.MinimalEncapsulation && MayAskFor((active?.Path ?? pending?.Path)!, agent => agent.MinimalEncapsulation),
            GreEncapsulation = options.GreEncapsulation && MayAskFor((active?.Path ?? pending?.Path)!, agent => agent.GreEncapsulation),
            ReverseTunneling = options.ReverseTunneling,
            RegisteredPrefixes = ValueList.From(accepted.Select(Registered)),
            Identification = active?.Identification ?? pending!.Identification,
            SecurityParameterIndex = options.SecurityAssociation.SecurityParameterIndex,
        };
    }

    /// <inheritdoc/>
    public override void Bind(Endpoint actual)
    {
        ArgumentOutOfRangeException.ThrowIfZero(actual.Port, nameof(actual));
        port = actual.Port;
    }

    /// <summary>
    /// Registers the care-of address and the prefixes, or renews them; at home, de-registers. Completes with a <see cref="RegistrationOutcome"/>. Without a
    /// care-of address it waits until a foreign agent is found, as long as for an answer.
    /// </summary>
    /// <returns>The number of the command.</returns>
    /// <exception cref="InvalidOperationException">The port is not known yet.</exception>
    public long Register(Instant now) => Begin(path is { IsHome: true } ? (ushort)0 : lifetime, IPv6Prefixes, now);

    /// <summary>Removes everything that is registered for the home address; completes with a <see cref="RegistrationOutcome"/>.</summary>
    /// <returns>The number of the command.</returns>
    /// <exception cref="InvalidOperationException">The port is not known yet.</exception>
    public long Deregister(Instant now)
    {
        registerAt = TimeSpan.MaxValue;
        var command = Begin(0, [], now);
        active = active is null ? null : active with { RenewAt = TimeSpan.MaxValue };
        return command;
    }

    /// <summary>
    /// Moves to another care-of address and registers it; completes with a <see cref="RegistrationOutcome"/>. From now on the node sends from
    /// there: <see cref="LocalEndpoint"/> has changed.
    /// </summary>
    /// <param name="careOf">The new IPv4 care-of address.</param>
    /// <param name="now">The time.</param>
    /// <returns>The number of the command.</returns>
    /// <exception cref="ArgumentException">No IPv4 unicast address, or the home address.</exception>
    /// <exception cref="InvalidOperationException">The port is not known yet.</exception>
    public long ChangeCareOfAddress(Address careOf, Instant now)
    {
        CareOfAddress = CheckedCareOfAddress(careOf, options.HomeAddress);
        path = ConfiguredPath();
        // The tunnels stand on an address that is gone.
        Unreach(now);
        return Register(now);
    }

    /// <summary>
    /// Registers with other prefixes; those left out are de-registered by that (RFC 5454, 3.8). Completes with a <see cref="RegistrationOutcome"/>.
    /// </summary>
    /// <param name="prefixes">The prefixes, each once, at most 100.</param>
    /// <param name="now">The time.</param>
    /// <returns>The number of the command.</returns>
    /// <exception cref="ArgumentException">A prefix cannot be asked for.</exception>
    /// <exception cref="InvalidOperationException">The port is not known yet.</exception>
    public long ChangePrefixes(ValueList<Prefix> prefixes, Instant now)
    {
        IPv6Prefixes = Checked(prefixes);
        return Register(now);
    }

    /// <inheritdoc/>
    public override void Receive(ReadOnlySpan<byte> message, in Envelope envelope, Instant now)
    {
        if (!RegistrationReplyView.TryParse(message, out var reply, out var error))
        {
            DropUnreadable(message, error, envelope, now);
            return;
        }

        var reason = Check(reply, envelope, out var authenticatedLength);
        if (reason != DropReason.None)
        {
            Drop(MessageKind.RegistrationReply, reason, envelope, now);
            if (pending is not null && reason is not (DropReason.NotAPeer or DropReason.NoMatchingRequest))
            {
                pending.Dropped = reason;
            }

            return;
        }

        Counters.Count(MessageKind.RegistrationReply, Direction.Received, (byte)reply.Code);
        var answered = pending!;
        if (reply.Code == RegistrationCode.IdentificationMismatch)
        {
            Resynchronize(answered, reply.Identification, now);
            return;
        }

        pending = null;
        identifications.Take(reply.Identification);
        var prefixes = PrefixConclusions.Conclude(answered.Prefixes, reply, authenticatedLength, answered.Path!.IsCoLocated, out var unmatched);
        ReportUnmatched(unmatched, now);
        if (reply.Code.IsAccepted())
        {
            Accept(answered, reply, prefixes, envelope, now);
        }
        else
        {
            Refuse(answered, reply, prefixes, now);
        }
    }

    /// <inheritdoc/>
    public override void Expire(Instant now)
    {
        if (pending is { } waiting && waiting.Deadline <= now.Elapsed)
        {
            if (waiting.Transmissions <= options.Retransmission.MaximumRetries)
            {
                waiting.Transmissions++;
                Send(waiting, now);
            }
            else
            {
                GiveUp(waiting, now);
            }
        }

        if (pending is null && active is not null && active.RenewAt <= now.Elapsed && active.End > now.Elapsed)
        {
            Renew(now);
        }

        if (active is not null && active.End <= now.Elapsed)
        {
            active = null;
            Unreach(now);
            ReportRegistration(EventKind.BindingExpired, now, null);
        }

        ExpireDiscovery(now);
    }

    /// <summary>Destroys the keyed authenticators.</summary>
    public void Dispose()
    {
        authenticator.Dispose();
        foreignAgents.Dispose();
    }

    private static RegisteredPrefix Registered(PrefixRegistration prefix) => prefix.State == PrefixRegistrationState.AcceptedCareOfAddress
        ? new RegisteredPrefix(prefix.Prefix, PrefixReplyCode.AcceptedCareOfAddress, TunnelingMode.CareOfAddress)
        : new RegisteredPrefix(prefix.Prefix, PrefixReplyCode.AcceptedHomeAddress, TunnelingMode.HomeAddress);

    private static Address CheckedCareOfAddress(Address careOf, Address home) => careOf.IsIPv4 && careOf.IsUnicast && careOf != home
        ? careOf
        : throw new ArgumentException($"CareOfAddress {careOf} is no IPv4 unicast address, or is the home address.", nameof(careOf));

    private static ValueList<Prefix> Checked(ValueList<Prefix> prefixes)
    {
        if (prefixes.Count > MaximumPrefixes || prefixes.Distinct().Count() != prefixes.Count)
        {
            throw new ArgumentException("IPv6Prefixes holds a prefix twice, or more than 100.", nameof(prefixes));
        }

        foreach (var prefix in prefixes)
        {
            if (prefix.IsLinkLocalAddress ? !prefix.Address.IsLinkLocal : !prefix.IsPrefix || !prefix.IsCanonical)
            {
                throw new ArgumentException(
                    $"IPv6Prefixes: {prefix} is no prefix of 0 to 128 bits without bits beyond its length, and no link-local address with length 255.",
                    nameof(prefixes));
            }
        }

        return prefixes;
    }

    private long Begin(ushort seconds, ValueList<Prefix> prefixes, Instant now)
    {
        if (port == 0)
        {
            throw new InvalidOperationException("The mobile node has no UDP port yet; set LocalPort, or let a world bind it.");
        }

        var command = NextCommand();
        Begin(new PendingRegistration(command, seconds, options.HomeAddress, seconds == 0 ? [] : prefixes), now);
        return command;
    }

    private void Begin(PendingRegistration registration, Instant now)
    {
        if (pending is { } earlier)
        {
            Complete(earlier, new RegistrationOutcome
            {
                Result = RegistrationResult.Superseded,
                HomeAddress = options.HomeAddress,
                HomeAgent = options.HomeAgent.Address,
                ForeignAgent = earlier.Path?.ForeignAgent,
                CareOfAddress = earlier.CareOfAddress,
                LifetimeRequested = RegistrationLifetime.ToTimeSpan(earlier.Lifetime),
                Attempts = earlier.Attempts,
                Prefixes = PrefixConclusions.All(earlier.Prefixes, PrefixRegistrationState.NotAnswered),
            });
        }

        pending = registration;
        registerAt = TimeSpan.MaxValue;
        if (path is null)
        {
            AwaitAgent(registration, now);
            return;
        }

        registration.Path = path;
        registration.Transmissions = 1;
        Send(registration, now);
    }

    /// <summary>Sends a request with a new Identification (RFC 5944, 3.6.3) and waits for its answer.</summary>
    private void Send(PendingRegistration registration, Instant now)
    {
        var isAgain = registration.Attempts++ > 0;
        registration.Identification = identifications.Next(now.WallClock);
        registration.SentAt = now.Elapsed;
        registration.Deadline = now.Elapsed + Wait(registration);
        lastRequest = now.Elapsed;
        var way = registration.Path!;
        var request = Compose(registration, way);
        var forAgent = ExtensionsForAgent(way);
        var association = AssociationWith(way);
        var length = request.GetLength();
        var room = Outbox.Reserve(length + RegistrationAuthentication.GetLength(authenticator) + LengthForAgent(forAgent, association));
        request.Write(room);
        length = RegistrationAuthentication.Append(room, length, options.SecurityAssociation.SecurityParameterIndex, authenticator);
        length = AppendForAgent(room, length, forAgent, association);
        var envelope = new Envelope(Transport, new Endpoint(way.Source, port), way.Destination);
        if (way.Advertised is { } agent)
        {
            SendOnLink(agent.Link, envelope, room[..length].ToArray());
        }
        else
        {
            Outbox.Send(envelope, length);
        }

        Counters.Count(MessageKind.RegistrationRequest, isAgain ? Direction.Retransmitted : Direction.Sent);
    }

    /// <summary>RFC 5944, 3.6.3: no wait is longer than the lifetime asked for, and none is shorter than a second.</summary>
    private TimeSpan Wait(PendingRegistration registration)
    {
        var wait = options.Retransmission.DelayAfter(registration.Transmissions);
        var longest = registration.Lifetime is 0 or RegistrationLifetime.Infinite ? TimeSpan.MaxValue : TimeSpan.FromSeconds(registration.Lifetime);
        return wait < longest ? wait : longest;
    }

    private RegistrationRequest Compose(PendingRegistration registration, RegistrationPath way)
    {
        List<Extension> extensions = [];
        if (nai is not null)
        {
            extensions.Add(new MobileNodeNaiExtension { Nai = Octets.Create(nai.Octets) });
        }

        foreach (var prefix in registration.Prefixes)
        {
            extensions.Add(new IPv6PrefixRequestExtension { Prefix = prefix });
        }

        // RFC 5454, 3.1: only with a co-located care-of address.
        if (registration.Prefixes.Count > 0 && options.TunnelingMode == TunnelingMode.CareOfAddress && way.IsCoLocated)
        {
            extensions.Add(new IPv6TunnelingModeExtension());
        }

        return new RegistrationRequest
        {
            SimultaneousBindings = options.SimultaneousBindings,
            BroadcastDatagrams = options.BroadcastDatagrams,
            DecapsulationByMobileNode = way.IsCoLocated,
            MinimalEncapsulation = options.MinimalEncapsulation && MayAskFor(way, agent => agent.MinimalEncapsulation),
            GreEncapsulation = options.GreEncapsulation && MayAskFor(way, agent => agent.GreEncapsulation),
            ReverseTunneling = options.ReverseTunneling,
            Lifetime = registration.Lifetime,
            HomeAddress = options.HomeAddress,
            HomeAgent = options.HomeAgent.Address,
            CareOfAddress = registration.CareOfAddress,
            Identification = registration.Identification,
            Extensions = ValueList.From(extensions),
        };
    }

    /// <summary>The validity checks of RFC 5944, 3.6.2.1; None when the reply answers the request that waits.</summary>
    private DropReason Check(RegistrationReplyView reply, in Envelope envelope, out int authenticatedLength)
    {
        authenticatedLength = 0;
        if (envelope.Source != (pending?.Path ?? path)?.Destination)
        {
            return DropReason.NotAPeer;
        }

        if (pending is not { Path: { } way } waiting || (uint)reply.Identification != (uint)waiting.Identification)
        {
            return DropReason.NoMatchingRequest;
        }

        var isFromHomeAgent = reply.Code.IsFromHomeAgent();
        if (reply.HomeAddress != options.HomeAddress || (!isFromHomeAgent && way.ForeignAgent is null))
        {
            return DropReason.Mismatch;
        }

        var extensions = ReplyExtensions.Read(reply);
        if (CheckForeignAgent(reply, extensions, way) is var failure and not DropReason.None)
        {
            return failure;
        }

        if (!isFromHomeAgent)
        {
            // What a foreign agent says by itself no home agent can prove.
            return extensions.Drop == DropReason.MissingAuthentication ? DropReason.None : extensions.Drop;
        }

        if (extensions.Drop != DropReason.None)
        {
            return extensions.Drop;
        }

        if (extensions.SecurityParameterIndex != options.SecurityAssociation.SecurityParameterIndex)
        {
            return DropReason.NoSecurityAssociation;
        }

        authenticatedLength = extensions.Authentication.Offset;
        return !RegistrationAuthentication.Verify(reply.Octets, extensions.Authentication, authenticator) ? DropReason.BadAuthenticator
            : reply.Code.IsAccepted() && reply.HomeAgent != options.HomeAgent.Address ? DropReason.Mismatch
            : DropReason.None;
    }

    private void DropUnreadable(ReadOnlySpan<byte> message, WireError error, in Envelope envelope, Instant now)
    {
        var kind = message.IsEmpty ? MessageKind.Unknown : (MobileIPv4MessageType)message[0] switch
        {
            MobileIPv4MessageType.RegistrationRequest => MessageKind.RegistrationRequest,
            MobileIPv4MessageType.RegistrationReply => MessageKind.RegistrationReply,
            _ => MessageKind.Unknown,
        };
        var reason = kind == MessageKind.RegistrationReply || message.IsEmpty ? DropReason.Malformed : DropReason.UnexpectedMessage;
        Drop(kind, reason, envelope, now, error.ToString());
    }

    private void Resynchronize(PendingRegistration registration, ulong identification, Instant now)
    {
        var ahead = identifications.Resynchronize(identification, now.WallClock);
        registration.Refusal = RegistrationCode.IdentificationMismatch;
        ReportRegistration(
            EventKind.Resynchronized,
            now,
            (byte)RegistrationCode.IdentificationMismatch,
            ahead is { } clock
                ? string.Create(CultureInfo.InvariantCulture, $"the home agent's clock is {clock.TotalSeconds:0.###} s ahead")
                : "the home agent has given a new nonce");
        if (!registration.HasResynchronized)
        {
            registration.HasResynchronized = true;
            Send(registration, now);
        }
    }

    private void Accept(
        PendingRegistration answered, RegistrationReplyView reply, ValueList<PrefixRegistration> prefixes, in Envelope envelope, Instant now)
    {
        identifications.Accept(answered.Identification);
        var isNew = active is null;
        // RFC 5944, 3.4: a granted lifetime that is longer than the one asked for counts as the one asked for; infinity is the largest number.
        var granted = Math.Min(answered.Lifetime, reply.Lifetime);
        var end = RegistrationLifetime.End(answered.SentAt, granted);
        active = granted == 0 ? null : new ActiveRegistration(
            answered.Path!, granted, end, RenewalTime(answered.SentAt, granted, now), answered.Identification, envelope, prefixes);
        Counters.Observe(BindingCount);
        // What is told of the registration depends on its tunnels and routes.
        var outside = Outbox.Guard;
        Outbox.Guard = Reach(answered, now);
        ReportRegistration(
            granted == 0 ? EventKind.BindingRemoved : isNew ? EventKind.BindingCreated : EventKind.BindingUpdated, now, (byte)reply.Code);
        Complete(answered, Outcome(RegistrationResult.Accepted, answered, reply, prefixes, now) with
        {
            LifetimeGranted = RegistrationLifetime.ToTimeSpan(granted),
        });
        Outbox.Guard = outside;
        Registered(answered);
    }

    private void Refuse(PendingRegistration answered, RegistrationReplyView reply, ValueList<PrefixRegistration> prefixes, Instant now)
    {
        var isException = reply.Code == RegistrationCode.MobileNodeFailedAuthentication;
        ReportRegistration(isException ? EventKind.SecurityException : EventKind.BindingRefused, now, (byte)reply.Code);
        PostponeRenewal(now);
        Complete(answered, Outcome(RegistrationResult.Refused, answered, reply, prefixes, now));
        TryElsewhere(answered, reply.Code, reply.Lifetime, now);
    }

    private void GiveUp(PendingRegistration waiting, Instant now)
    {
        pending = null;
        ReportRegistration(waiting.Refusal is null ? EventKind.TimedOut : EventKind.BindingRefused, now, (byte?)waiting.Refusal);
        PostponeRenewal(now);
        Complete(waiting, new RegistrationOutcome
        {
            Result = waiting.Refusal is null ? RegistrationResult.TimedOut : RegistrationResult.Refused,
            Code = waiting.Refusal,
            HomeAddress = options.HomeAddress,
            HomeAgent = options.HomeAgent.Address,
            ForeignAgent = waiting.Path?.ForeignAgent,
            CareOfAddress = waiting.CareOfAddress,
            LifetimeRequested = RegistrationLifetime.ToTimeSpan(waiting.Lifetime),
            Attempts = waiting.Attempts,
            LastDrop = waiting.Dropped,
            Prefixes = PrefixConclusions.All(
                waiting.Prefixes,
                waiting.Refusal is null ? PrefixRegistrationState.NotAnswered : PrefixRegistrationState.RejectedWithRegistration),
        });
        TryElsewhere(waiting, null, 0, now);
    }

    private RegistrationOutcome Outcome(
        RegistrationResult result, PendingRegistration answered, RegistrationReplyView reply, ValueList<PrefixRegistration> prefixes, Instant now) => new()
    {
        Result = result,
        Code = reply.Code,
        HomeAddress = options.HomeAddress,
        HomeAgent = reply.HomeAgent,
        ForeignAgent = answered.Path?.ForeignAgent,
        CareOfAddress = answered.CareOfAddress,
        LifetimeRequested = RegistrationLifetime.ToTimeSpan(answered.Lifetime),
        RoundTripTime = now.Elapsed - answered.SentAt,
        Attempts = answered.Attempts,
        Prefixes = prefixes,
    };

    private TimeSpan RenewalTime(TimeSpan sentAt, ushort granted, Instant now)
    {
        if (!options.RenewAutomatically || granted == RegistrationLifetime.Infinite)
        {
            return TimeSpan.MaxValue;
        }

        var due = sentAt + (TimeSpan.FromSeconds(granted) * 3 / 4);
        var soonest = now.Elapsed + Second;
        return due > soonest ? due : soonest;
    }

    private void PostponeRenewal(Instant now)
    {
        if (active is not { } held || held.RenewAt == TimeSpan.MaxValue)
        {
            return;
        }

        var wait = (held.End - now.Elapsed) / 2;
        active = held with { RenewAt = wait >= Second ? now.Elapsed + wait : TimeSpan.MaxValue };
    }

    /// <summary>A renewal that the node began itself has nobody who waits for its outcome.</summary>
    private void Complete(PendingRegistration registration, RegistrationOutcome outcome)
    {
        if (registration.Command != 0)
        {
            Outbox.Complete(registration.Command, outcome);
        }
    }

    private void ReportRegistration(EventKind kind, Instant now, byte? code, string? detail = null) => Report(new AgentEvent
    {
        At = now,
        Kind = kind,
        Message = MessageKind.RegistrationReply,
        Code = code,
        HomeAddress = options.HomeAddress,
        Identifier = nai,
        Peer = options.HomeAgent.Address,
        Count = active?.Prefixes.Count(prefix => prefix.State.IsAccepted()) ?? 0,
        Detail = detail,
    });

    private void ReportUnmatched(int unmatched, Instant now)
    {
        if (unmatched > 0)
        {
            ReportRegistration(EventKind.UnmatchedPrefixReply, now, null, string.Create(CultureInfo.InvariantCulture, $"{unmatched} prefix replies"));
        }
    }
}
