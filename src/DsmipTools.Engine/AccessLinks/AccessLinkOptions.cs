using DsmipTools.Engine.Configuration;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.AccessLinks;

/// <summary>How a gateway emulates the home network on the point-to-point links to mobile nodes (RFC 5213, 6.7 to 6.9.3 and 6.13).</summary>
public sealed record AccessLinkOptions
{
    /// <summary>The least MTU of an IPv6 link (RFC 8200, 5).</summary>
    private const int LeastMtu = 1280;

    /// <summary>
    /// FixedMAGLinkLocalAddressOnAllAccessLinks (RFC 5213, 9.3): the same at every gateway of a domain, so that a mobile node sees the same default router
    /// everywhere; default fe80::1. ALL_ZERO (<c>::</c>): the anchor makes one for each session, and keeps it through handoffs (6.8).
    /// </summary>
    public Address RouterAddress { get; init; } = "fe80::1";

    /// <summary>FixedMAGLinkLayerAddressOnAllAccessLinks (RFC 5213, 9.3): 6 octets; empty where links have no such addresses; default 02-00-00-52-13-01.</summary>
    public Octets RouterLinkLayerAddress { get; init; } = Octets.FromHex("020000521301");

    /// <summary>The MTU that mobile nodes are told (RFC 5213, 6.9.2 (3)): that of the tunnel to the anchor; 1280 to 65,535; default 1460.</summary>
    [Changeable]
    public int Mtu { get; init; } = 1460;

    /// <summary>M: addresses come from DHCPv6, and are not to be formed from the prefixes (RFC 5213, 6.4); default false.</summary>
    [Changeable]
    public bool UsesDhcp { get; init; }

    /// <summary>MaxRtrAdvInterval: between advertisements that nobody asked for (RFC 4861, 6.2.1); 4 to 1800 s, default 600 s.</summary>
    public TimeSpan AdvertisementInterval { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>
    /// How long a mobile node that says nothing counts as present before it is probed (RFC 5213, 6.13); null leaves it to link events; at least 1 s.
    /// </summary>
    [Changeable]
    public TimeSpan? ReachabilityInterval { get; init; }

    /// <summary>RETRANS_TIMER: between two probes (RFC 4861, 10); default 1 s. Three probes without an answer show that the mobile node is gone.</summary>
    public TimeSpan RetransmissionTimer { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>True when the anchor gives the address of the router.</summary>
    internal bool IsRouterAddressGiven => RouterAddress is { IsIPv6: true, IsUnspecified: true };

    /// <summary>AdvDefaultLifetime: three times the interval (RFC 4861, 6.2.1).</summary>
    internal TimeSpan RouterLifetime => 3 * AdvertisementInterval;

    /// <summary>Checks the values.</summary>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public void Validate()
    {
        if (!RouterAddress.IsLinkLocal && !IsRouterAddressGiven)
        {
            throw new ArgumentException($"{RouterAddress} is no link-local address (RFC 5213, 9.3).");
        }

        if (RouterLinkLayerAddress.Length is not (0 or 6))
        {
            throw new ArgumentException($"A link-layer address has 6 octets, or there is none; not {RouterLinkLayerAddress.Length}.");
        }

        if (Mtu is < LeastMtu or > ushort.MaxValue)
        {
            throw new ArgumentException($"The MTU of an IPv6 link lies between {LeastMtu} and {ushort.MaxValue} (RFC 8200, 5).");
        }

        if (AdvertisementInterval < TimeSpan.FromSeconds(4) || AdvertisementInterval > TimeSpan.FromSeconds(1800))
        {
            throw new ArgumentException("MaxRtrAdvInterval lies between 4 and 1800 seconds (RFC 4861, 6.2.1).");
        }

        if (ReachabilityInterval < TimeSpan.FromSeconds(1) || RetransmissionTimer <= TimeSpan.Zero)
        {
            throw new ArgumentException("A mobile node is probed after one second or more, and then at intervals of more than zero.");
        }
    }
}
