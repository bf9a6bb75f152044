using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Configuration;
using DsmipTools.Engine.Revocation;
using DsmipTools.Engine.Security;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>The configuration of a local mobility anchor (RFC 5213, 9.1).</summary>
public sealed record LocalMobilityAnchorOptions
{
    /// <summary>The most prefixes of one mobility session.</summary>
    internal const int MostPrefixes = 16;

    /// <summary>The name shown to administrators.</summary>
    public required string Name { get; init; }

    /// <summary>The LMA address. IPv4: messages run over UDP (RFC 5844); IPv6: Mobility Headers run natively.</summary>
    public required Address Address { get; init; }

    /// <summary>The UDP port with an IPv4 address; default 5436.</summary>
    public ushort Port { get; init; } = Envelope.ProxyMobileIPv6Port;

    /// <summary>The prefix from which home network prefixes are assigned.</summary>
    public required Prefix PrefixPool { get; init; }

    /// <summary>The length of an assigned prefix, from the pool's own to 128; default 64.</summary>
    public byte PrefixLength { get; init; } = 64;

    /// <summary>The number of home network prefixes of a mobility session (RFC 5213, 5.3.2); from 1 to 16, default 1.</summary>
    public int PrefixesPerSession { get; init; } = 1;

    /// <summary>
    /// The number of mobility sessions that one mobile node may have; from 1, default 16. More are refused with status 130, insufficient resources,
    /// so that one identifier does not use up the prefixes of all.
    /// </summary>
    [Changeable]
    public int SessionsPerNode { get; init; } = 16;

    /// <summary>Mobile nodes that always get the same prefix, the first of their session, by identifier; a prefix of the pool has the pool's <see cref="PrefixLength"/>.</summary>
    public IReadOnlyDictionary<string, Prefix> FixedPrefixes { get; init; } = new Dictionary<string, Prefix>();

    /// <summary>Where IPv4 home addresses come from (RFC 5844); null for no IPv4 service.</summary>
    public IPv4HomeNetwork? IPv4HomeNetwork { get; init; }

    /// <summary>Mobile nodes that always get the same IPv4 home address of <see cref="IPv4HomeNetwork"/>, by identifier.</summary>
    public IReadOnlyDictionary<string, Address> FixedIPv4HomeAddresses { get; init; } = new Dictionary<string, Address>();

    /// <summary>The longest lifetime granted; from 4 seconds to 262,136 (RFC 6275, 6.1.7); default one hour.</summary>
    [Changeable]
    public TimeSpan MaximumLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>TimestampValidityWindow; default 300 ms.</summary>
    [Changeable]
    public TimeSpan TimestampValidityWindow { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>MinDelayBeforeBCEDelete: how long a de-registered binding is kept; default 10 s.</summary>
    [Changeable]
    public TimeSpan MinDelayBeforeBCEDelete { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The mobile access gateways that may register; null leaves it to the world that the agent runs in.</summary>
    [Changeable]
    public IReadOnlyList<Address>? Peers { get; init; }

    /// <summary>What proves where messages come from; null makes it from <see cref="Peers"/>.</summary>
    [Changeable]
    public IMessageProtection? Protection { get; init; }

    /// <summary>Retransmission of Binding Revocation Indications (RFC 5846, 11).</summary>
    [Changeable]
    public RevocationVariables Revocation { get; init; } = new();

    /// <summary>What is done with an update whose handoff state is unknown; default: the other gateway is asked (RFC 5846, 8.1).</summary>
    [Changeable]
    public UnknownHandoffPolicy UnknownHandoff { get; init; } = UnknownHandoffPolicy.Revoke;

    /// <summary>MaxDelayBeforeNewBCEAssign: how long a de-registration is waited for before a new session is made; default 1.5 s (RFC 5213, 9.1).</summary>
    [Changeable]
    public TimeSpan MaxDelayBeforeNewBCEAssign { get; init; } = TimeSpan.FromMilliseconds(1500);

    /// <summary>True to tell the old gateway after a handoff that the mobile node has left it (RFC 5846, 3.4.1: trigger 2 or 3); default false.</summary>
    [Changeable]
    public bool RevokesOnHandover { get; init; }

    /// <summary>
    /// True to stop the traffic of a binding when its revocation is sent, false when it is answered or given up (RFC 5846, 8.1 leaves it open);
    /// default true. With a handover trigger the gateway is asked, and the traffic goes on.
    /// </summary>
    [Changeable]
    public bool StopsForwardingAtOnce { get; init; } = true;

    /// <summary>The gateways that may revoke all of their bindings at once (RFC 5846, 8.2 and 13); none by default.</summary>
    [Changeable]
    public IReadOnlyList<GatewayAuthorization> GlobalRevocation { get; init; } = [];

    /// <summary>
    /// The policy profiles of mobile nodes: who has the mobility service, and by which gateways (RFC 5213, 4, 5.3.1 and 6.2; RFC 5844, 3.1.2.1), for example
    /// <see cref="ConfiguredProfiles"/>; null serves everybody by every peer. A change counts from the next update of each mobile node: what stands
    /// already ends with its lifetime, or is revoked.
    /// </summary>
    [Changeable]
    public IPolicyStore? PolicyStore { get; init; }

    /// <summary>Who may name a proxy care-of address that is not the source of its updates; nobody by default.</summary>
    [Changeable]
    public IReadOnlyList<CareOfAddressAuthorization> CareOfAddresses { get; init; } = [];

    /// <summary>AcceptForcedIPv4UDPEncapsulationRequest: a gateway may force UDP on payload packets; default false (RFC 5844, 5.1). With a NAT in the path they are in UDP anyway.</summary>
    [Changeable]
    public bool AcceptsForcedUdpEncapsulation { get; init; }

    /// <summary>How often a gateway behind a NAT should refresh its mapping, whole seconds; default 110 s (RFC 5555, 3.2.2 and 8).</summary>
    [Changeable]
    public TimeSpan NatRefreshTime { get; init; } = TimeSpan.FromSeconds(110);

    /// <summary>GRE encapsulation of payload packets (RFC 5845); by default a gateway that asks for it gets it.</summary>
    [Changeable]
    public GrePolicy Gre { get; init; } = GrePolicy.Allowed;

    /// <summary>How gateways are watched (RFC 5847).</summary>
    [Changeable]
    public HeartbeatOptions Heartbeat { get; init; } = new();

    /// <summary>
    /// What is done with an update that crosses an indication for its binding, by the trigger of that (RFC 5846, 8.1: reason and local policy).
    /// A trigger that is not there: the handover triggers accept it, Unspecified and PossibleOutOfSyncBceState from elsewhere, the others refuse it.
    /// </summary>
    [Changeable]
    public IReadOnlyDictionary<RevocationTrigger, CrossingUpdatePolicy> CrossingUpdates { get; init; } = new Dictionary<RevocationTrigger, CrossingUpdatePolicy>();

    /// <summary>Checks the values against each other.</summary>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Name);
        if (!Address.IsUnicast)
        {
            throw new ArgumentException($"The LMA address {Address} is no unicast address.");
        }

        if (!PrefixPool.IsPrefix || !PrefixPool.IsCanonical || PrefixPool.Length == 0)
        {
            throw new ArgumentException($"The prefix pool {PrefixPool} has no length, or bits beyond it.");
        }

        if (PrefixLength < PrefixPool.Length || PrefixLength > 128)
        {
            throw new ArgumentException($"The prefix length {PrefixLength} lies outside the pool's {PrefixPool.Length} to 128.");
        }

        if (PrefixesPerSession is < 1 or > MostPrefixes)
        {
            throw new ArgumentException($"A mobility session has 1 to {MostPrefixes} prefixes, not {PrefixesPerSession}.");
        }

        if (SessionsPerNode < 1)
        {
            throw new ArgumentException("A mobile node has at least one mobility session.");
        }

        if (MaximumLifetime != Timeout.InfiniteTimeSpan && (MaximumLifetime < TimeSpan.FromSeconds(4) || MaximumLifetime > ProxyLifetime.Maximum))
        {
            throw new ArgumentException("The maximum lifetime lies between 4 and 262,136 seconds, or is infinite (RFC 6275, 6.1.7).");
        }

        if (TimestampValidityWindow < TimeSpan.Zero || MinDelayBeforeBCEDelete < TimeSpan.Zero || MaxDelayBeforeNewBCEAssign < TimeSpan.Zero)
        {
            throw new ArgumentException("TimestampValidityWindow, MinDelayBeforeBCEDelete and MaxDelayBeforeNewBCEAssign are not negative (RFC 5213, 9.1).");
        }

        var owners = new PrefixTable<string>();
        foreach (var (identifier, prefix) in FixedPrefixes)
        {
            _ = NetworkAccessIdentifier.Parse(identifier);
            if (!prefix.IsPrefix || !prefix.IsCanonical || prefix.Bits == UInt128.Zero)
            {
                throw new ArgumentException($"The prefix {prefix} of {identifier} is zero, or has bits beyond its length.");
            }

            // RFC 5213, 5.2: a prefix is for one mobile node alone.
            if (owners.OverlapsAnother(prefix, identifier) || (prefix.Length != PrefixLength && prefix.Overlaps(PrefixPool)))
            {
                throw new ArgumentException($"The prefix {prefix} of {identifier} overlaps another one, or lies in the pool with another length than /{PrefixLength}.");
            }

            _ = owners.TryAdd(prefix, identifier);
        }

        _ = Revocation.ToPolicy();
        Heartbeat.Validate();
        ValidateIPv4();
        if (NatRefreshTime < TimeSpan.FromSeconds(1) || NatRefreshTime > TimeSpan.FromDays(1))
        {
            throw new ArgumentException("The refresh time of a NAT lies between a second and a day.");
        }

        foreach (var authorization in CareOfAddresses)
        {
            authorization.Validate();
        }

        foreach (var gateway in GlobalRevocation)
        {
            gateway.Validate();
        }

        foreach (var (trigger, policy) in CrossingUpdates)
        {
            if (!Enum.IsDefined(trigger) || !Enum.IsDefined(policy))
            {
                throw new ArgumentException($"CrossingUpdates: {trigger} is no trigger of RFC 5846, 5.1, or {policy} no policy.");
            }
        }
    }

    private void ValidateIPv4()
    {
        IPv4HomeNetwork?.Validate();
        var taken = new HashSet<Address>();
        foreach (var (identifier, address) in FixedIPv4HomeAddresses)
        {
            _ = NetworkAccessIdentifier.Parse(identifier);
            if (IPv4HomeNetwork?.IsForNodes(address) != true || !taken.Add(address))
            {
                throw new ArgumentException($"The IPv4 home address {address} of {identifier} is not of the IPv4 home network, or another one's.");
            }
        }
    }
}
