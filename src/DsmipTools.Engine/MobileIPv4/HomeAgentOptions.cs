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
}
