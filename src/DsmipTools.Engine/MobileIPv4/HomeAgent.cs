using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Engine.Security;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;

namespace DsmipTools.Engine.MobileIPv4;

/// <summary>
/// A Mobile IPv4 home agent (RFC 5944, 3.8) with Dual-Stack Mobile IPv4 (RFC 5454, 3.3), reverse tunneling (RFC 3024), NAT traversal (RFC 3519) and
/// registration revocation (RFC 3543). It authenticates first and reads the rest of a message afterwards, so that nothing a stranger sends changes
/// anything.
/// </summary>
/// <remarks>
/// Where the RFCs leave a choice or contradict themselves:
/// <list type="bullet">
/// <item>The bits r and x are ignored (RFC 5944, 3.3), although 3.8.2.3 refuses non-zero reserved fields with code 134: the rule that names
/// the bits wins, and a request has no other reserved field.</item>
/// <item>Simultaneous bindings are not supported. Code 1 answers requests with S set; all others get code 0 (3.8.2.2).</item>
/// <item>Code 131 is sent when the request names a security association that exists, and, unless a foreign agent vouches for the source, only when the
/// reply is not longer than the request, so that a forged source gets no amplification (3.8.2.1 a).</item>
/// <item>A request with two Mobile-Home Authentication extensions is dropped, as 3.6.2.1 does with replies.</item>
/// <item>A prefix that overlaps another node's is rejected with code 8; code 9 is the policy's (RFC 5454, 3.3).</item>
/// <item>With M and G set GRE is used, which carries IPv6 too.</item>
/// <item>B is remembered and ignored: broadcast datagrams of the home network are not intercepted (RFC 5944, 3.8.2).</item>
/// <item>Code 135 is never needed, for a second binding takes the place of the first; nor is 128: every refusal has a code of its own.</item>
/// <item>A UDP tunnel carries IP alone: GRE and minimal encapsulation in UDP are refused with code 142 (RFC 3519, 4.6.1).</item>
/// <item>A revocation goes to port 434, and through a NAT to the port that the NAT shows, which RFC 3543 does not speak of.</item>
/// <item>A change of the tunnel is made before it is broken: what is new comes up before the reply leaves.</item>
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
    private readonly DynamicHomeAddresses homeAddresses;

    /// <summary>Makes a home agent.</summary>
    /// <param name="options">Its configuration.</param>
    /// <param name="associations">The security associations of its mobile nodes, and with foreign agents; may change while it runs.</param>
    /// <param name="random">Where its random numbers come from.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message says which.</exception>
    public HomeAgent(HomeAgentOptions options, SecurityAssociations associations, IRandomSource random)
        : base(options?.Name!, random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(associations);
        options.Validate();
        maximumLifetime = RegistrationLifetime.ToWire(options.MaximumLifetime, nameof(options.MaximumLifetime));
        this.options = options;
        this.associations = associations;
        authenticators = new AuthenticatorCache(options.AuthenticatorCacheSize);
        advertiser = new AgentAdvertiser(options.Advertisements, options.Address, Outbox, Counters, random, Describe);
        routes = new TrafficRoutes<PendingChange>(Name, Outbox, TunnelEnd.Home);
        revocations = new OutstandingRevocations(Ended);
        homeAddresses = new DynamicHomeAddresses(
            options.DynamicHomeAddresses,
            options.HomeNetwork,
            address => address == options.Address || bindings.Find(address) is not null || associations.Find(address).Count > 0);
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
    public override string Protection => "Mobile-Home and Foreign-Home Authentication (RFC 5944, 3.5), timestamps or nonces (5.7)";

    /// <inheritdoc/>
    public override TimeSpan? NextDeadline => Earliest(Earliest(bindings.NextEnd, revocations.NextDeadline), advertiser.NextDeadline);

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
        switch (message.IsEmpty ? default : (MobileIPv4MessageType)message[0])
        {
            case MobileIPv4MessageType.RegistrationRequest when RegistrationRequestView.TryParse(message, out var request, out var error):
                Receive(request, envelope, now);
                break;
            case MobileIPv4MessageType.TunnelData when ExpectsTunnelData:
                ReceiveTunnelData(message, envelope, now);
                break;
            case MobileIPv4MessageType.RegistrationRevocation:
                ReceiveRevocation(message, envelope, now);
                break;
            case MobileIPv4MessageType.RegistrationRevocationAcknowledgment:
                ReceiveAcknowledgment(message, envelope, now);
                break;
            default:
                DropUnreadable(message, envelope, now);
                break;
        }
    }

    /// <inheritdoc/>
    public override void Expire(Instant now)
    {
        for (var ended = 0; ended < MostEndedAtOnce && bindings.TryTakeEnded(now.Elapsed, out var node); ended++)
        {
            Remove(node, EventKind.BindingExpired, now);
        }

        ExpireRevocations(now);
        advertiser.Expire(now);
    }

    /// <summary>Destroys the keyed authenticators.</summary>
    public void Dispose() => authenticators.Dispose();

    private MobileIPv4Binding Snapshot(MobileNodeEntry node, Instant now) => node.ToSnapshot(Name, options.Address, routes, now);

    private void DropUnreadable(ReadOnlySpan<byte> message, in Envelope envelope, Instant now)
    {
        var kind = message.IsEmpty ? MessageKind.Unknown : (MobileIPv4MessageType)message[0] switch
        {
            MobileIPv4MessageType.RegistrationRequest => MessageKind.RegistrationRequest,
            MobileIPv4MessageType.RegistrationReply => MessageKind.RegistrationReply,
            MobileIPv4MessageType.TunnelData => MessageKind.DataPacket,
            _ => MessageKind.Unknown,
        };
        _ = RegistrationRequestView.TryParse(message, out _, out var error);
        var reason = kind == MessageKind.RegistrationRequest || message.IsEmpty ? DropReason.Malformed : DropReason.UnexpectedMessage;
        Drop(kind, reason, envelope, now, error.ToString());
    }

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

    private static TimeSpan? Earliest(TimeSpan? one, TimeSpan? other) => one is null || other < one ? other ?? one : one;

    private bool IsBroadcast(Address address) => options.HomeNetwork.IsBroadcast(address) || address == Address.FromIPv4(uint.MaxValue);
}
