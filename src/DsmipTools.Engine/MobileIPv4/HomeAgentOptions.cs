using DsmipTools.Engine.Revocation;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;

namespace DsmipTools.Engine.MobileIPv4;

/// <summary>What a Mobile IPv4 home agent is configured with (RFC 5944, 3.8.1; RFC 5454, 3.3).</summary>
public sealed record HomeAgentOptions
{
    /// <summary>The longest lifetime that is granted when nothing else is said: 10 hours.</summary>
    public static readonly TimeSpan DefaultMaximumLifetime = TimeSpan.FromHours(10);

    /// <summary>The name shown to administrators.</summary>
    public required string Name { get; init; }

    /// <summary>The unicast IPv4 address of the home agent: where it receives, and what it calls itself in messages.</summary>
    public required Address Address { get; init; }

    /// <summary>The UDP port; 434 (RFC 5944, 1.8).</summary>
    public ushort Port { get; init; } = MobileIPv4Message.Port;

    /// <summary>The home network: home addresses lie in it.</summary>
    public required IPv4Network HomeNetwork { get; init; }

    /// <summary>
    /// The longest lifetime that is granted: whole seconds from 1 to 65534, or <see cref="Timeout.InfiniteTimeSpan"/> for no limit. A request
    /// for infinity (65535) gets infinity when there is no limit and this value otherwise (RFC 5944, 3.8.3.2).
    /// </summary>
    public TimeSpan MaximumLifetime { get; init; } = DefaultMaximumLifetime;

    /// <summary>Which IPv6 prefixes may be registered; none until it is set.</summary>
    public IPrefixPolicy PrefixPolicy { get; init; } = ConfiguredPrefixes.None;

    /// <summary>
    /// False: the IPv6 tunneling mode extension is ignored and IPv6 is always tunneled to the home address (the MAY of RFC 5454, 3.3.2).
    /// </summary>
    public bool AllowCareOfAddressTunneling { get; init; } = true;

    /// <summary>
    /// How many prefixes one mobile node may register, 0 to <see cref="HomeAgent.MaximumPrefixRequests"/>; the others of a request are rejected
    /// with code 8.
    /// </summary>
    public int MaximumPrefixes { get; init; } = 64;

    /// <summary>How the agent advertises itself on the links of its home network that it is on.</summary>
    public AdvertisementOptions Advertisements { get; init; } = new();

    /// <summary>How many keyed authenticators are kept ready, at least 1; with more mobile nodes than this, the least recently used goes.</summary>
    public int AuthenticatorCacheSize { get; init; } = 4096;

    /// <summary>
    /// The IPv6 prefixes of mobile nodes that do not ask for them, by home address: they run in the tunnel to the home address (RFC 5454, 1.4: the implicit
    /// mode). A request that names prefixes is answered for those, and gets none of these.
    /// </summary>
    public IReadOnlyDictionary<Address, ValueList<Prefix>> ImplicitPrefixes { get; init; } = new Dictionary<Address, ValueList<Prefix>>();

    /// <summary>How many bindings there may be; a registration beyond that is refused with code 130.</summary>
    public int MaximumBindings { get; init; } = int.MaxValue;

    /// <summary>
    /// The part of the home network out of which mobile nodes get a home address that have none and are known by their Network Access Identifier
    /// (RFC 2794; RFC 5944, 3.8.1); null refuses them with code 129.
    /// </summary>
    public IPv4Network? DynamicHomeAddresses { get; init; }

    /// <summary>The networks that care-of addresses may lie in; others are refused with code 129 (RFC 5944, 3.8.2.3). Empty for all.</summary>
    public ValueList<IPv4Network> ServiceAreas { get; init; }

    /// <summary>False: a request for GRE encapsulation (G) is refused with code 139 (RFC 3024, 4.3.1).</summary>
    public bool AllowGreEncapsulation { get; init; } = true;

    /// <summary>False: a request for minimal encapsulation (M) without G is refused with code 139 (RFC 3024, 4.3.1).</summary>
    public bool AllowMinimalEncapsulation { get; init; } = true;

    /// <summary>False: a request for a reverse tunnel (T) is refused with code 137 (RFC 3024, 4.3.1).</summary>
    public bool AllowReverseTunneling { get; init; } = true;

    /// <summary>True: a request without T is refused with code 138 (RFC 3024, 4.3.1).</summary>
    public bool RequireReverseTunneling { get; init; }

    /// <summary>False: where there is a NAT a UDP Tunnel Request is refused with code 129 (RFC 3519, 4.6.1).</summary>
    public bool AllowNatTraversal { get; init; } = true;

    /// <summary>False: a UDP tunnel that is forced without a NAT is refused with code 129 (RFC 3519, 4.6.1).</summary>
    public bool AllowForcedUdpTunneling { get; init; } = true;

    /// <summary>How often mobile nodes in UDP tunnels send keepalives: whole seconds to 65535; zero leaves it to them (RFC 3519, 3.2). Default 110 seconds.</summary>
    public TimeSpan KeepaliveInterval { get; init; } = TimeSpan.FromSeconds(110);

    /// <summary>False: no Revocation Support extension is answered, and nobody is told of a revocation (RFC 3543).</summary>
    public bool SupportsRevocation { get; init; } = true;

    /// <summary>False: whether mobile nodes are informed of a revocation is left to their foreign agents: the I bit is not agreed on (RFC 3543, 3.2).</summary>
    public bool InformsRevokedNodes { get; init; } = true;

    /// <summary>
    /// The retransmission of revocations, where a request does not bring another. The first wait is 1 second at least, and none is sent when the binding
    /// would have ended (RFC 3543, 4.2.2.1).
    /// </summary>
    public RevocationVariables Revocation { get; init; } = new() { MaximumRetries = 3, MaximumDelay = TimeSpan.FromSeconds(8) };

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Advertisements);
        Advertisements.Validate();
        Require(Address.IsIPv4 && Address.IsUnicast, $"Address {Address} is no IPv4 unicast address.");
        Require(Port != 0, "Port is 0.");
        Require(HomeNetwork is { Address.IsIPv4: true, Length: >= 0 and <= 32 }, $"HomeNetwork {HomeNetwork} is no IPv4 network.");
        Require(MaximumPrefixes is >= 0 and <= HomeAgent.MaximumPrefixRequests, "MaximumPrefixes is not within 0 to 256.");
        Require(ImplicitPrefixes is not null, "ImplicitPrefixes is null.");
        foreach (var prefix in ImplicitPrefixes!.Values.SelectMany(prefixes => prefixes))
        {
            Require(prefix.IsPrefix && prefix.IsCanonical && prefix.Length > 0, $"ImplicitPrefixes: {prefix} is no prefix of 1 to 128 bits without bits beyond its length.");
        }

        Require(ImplicitPrefixes.Values.All(prefixes => prefixes.Count <= HomeAgent.MaximumPrefixRequests), "ImplicitPrefixes holds more than 256 prefixes for a home address.");
        Require(MaximumBindings > 0, "MaximumBindings is less than 1.");
        Require(AuthenticatorCacheSize > 0, "AuthenticatorCacheSize is less than 1.");
        Require(PrefixPolicy is not null, "PrefixPolicy is null.");
        Require(
            DynamicHomeAddresses is not { } pool || (pool.IsCanonical && pool.Length is >= 8 and <= 32 && pool.Length >= HomeNetwork.Length && HomeNetwork.Contains(pool.Address)),
            $"DynamicHomeAddresses {DynamicHomeAddresses} is no part of the home network {HomeNetwork}, or has bits beyond its length.");
        Require(!RequireReverseTunneling || AllowReverseTunneling, "RequireReverseTunneling is set without AllowReverseTunneling.");
        Require(
            KeepaliveInterval.Ticks % TimeSpan.TicksPerSecond == 0 && KeepaliveInterval.TotalSeconds is >= 0 and <= ushort.MaxValue,
            $"KeepaliveInterval is {KeepaliveInterval}; it is 0 to 65535 whole seconds.");
        Require(Revocation is not null, "Revocation is null.");
        _ = Revocation!.ToPolicy();
        _ = RegistrationLifetime.ToWire(MaximumLifetime, nameof(MaximumLifetime));

        static void Require(bool condition, string message)
        {
            if (!condition)
            {
                throw new ArgumentException(message, "options");
            }
        }
    }
}
