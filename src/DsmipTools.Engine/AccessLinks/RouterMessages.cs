using DsmipTools.Wire;
using DsmipTools.Wire.Icmp.IcmpV6;
using DsmipTools.Wire.Icmp.NeighborDiscovery;
using DsmipTools.Wire.Icmp.NeighborDiscovery.Options;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.AccessLinks;

/// <summary>What a router says on a link to one neighbour (RFC 4861), as whole packets.</summary>
internal static class RouterMessages
{
    /// <summary>The hop limit that shows that no router has forwarded a message of Neighbor Discovery (RFC 4861, 11.2).</summary>
    internal const byte HopLimit = 255;

    /// <summary>All nodes on a link: here, the neighbour.</summary>
    internal static readonly Address AllNodes = "ff02::1";

    /// <summary>A Router Advertisement with the prefixes of a mobile node, for as long as its binding lasts; others are withdrawn (RFC 5213, 6.7 and 6.12).</summary>
    /// <param name="options">What every advertisement says.</param>
    /// <param name="router">The link-local address of the gateway.</param>
    /// <param name="prefixes">The home network prefixes.</param>
    /// <param name="remaining">How long the binding lasts; zero makes the gateway no default router any more.</param>
    /// <param name="withdrawn">Prefixes that were advertised, and are not valid any more.</param>
    /// <param name="destination">Who asked, or all nodes.</param>
    public static Octets Advertisement(
        AccessLinkOptions options, Address router, IEnumerable<Prefix> prefixes, TimeSpan remaining, IEnumerable<Prefix> withdrawn, Address destination)
    {
        var lifetime = remaining == Timeout.InfiniteTimeSpan ? uint.MaxValue : (uint)Math.Ceiling(remaining.TotalSeconds);
        var advertisement = new RouterAdvertisement
        {
            CurHopLimit = 64,
            ManagedAddressConfiguration = options.UsesDhcp,
            RouterLifetime = (ushort)Math.Min(lifetime, options.RouterLifetime.TotalSeconds),
            Options =
            [
                .. LinkLayerAddress(options.RouterLinkLayerAddress, address => new SourceLinkLayerAddressOption { LinkLayerAddress = address }),
                new MtuOption { MaximumTransmissionUnit = (uint)options.Mtu },
                .. prefixes.Select(prefix => Information(options, prefix, lifetime)),
                .. withdrawn.Select(prefix => Information(options, prefix, 0)),
            ],
        };
        return Packet(router, destination, advertisement);
    }

    /// <summary>A probe whether a neighbour is still there (RFC 4861, 7.3.3).</summary>
    /// <param name="linkLayerAddress">That of the router; empty on a link that has none.</param>
    /// <param name="router">The link-local address of the router.</param>
    /// <param name="neighbour">The neighbour.</param>
    public static Octets Solicitation(Octets linkLayerAddress, Address router, Address neighbour) => Packet(router, neighbour, new NeighborSolicitation
    {
        TargetAddress = neighbour,
        Options = [.. LinkLayerAddress(linkLayerAddress, address => new SourceLinkLayerAddressOption { LinkLayerAddress = address })],
    });

    /// <summary>The answer to a neighbour that looks for the router, or that tries to take its address (RFC 4861, 7.2.4; RFC 4862, 5.4).</summary>
    /// <param name="linkLayerAddress">That of the router; empty on a link that has none.</param>
    /// <param name="router">The link-local address of the router.</param>
    /// <param name="asker">Who asked; unspecified while it has no address.</param>
    public static Octets Advertisement(Octets linkLayerAddress, Address router, Address asker) =>
        Packet(router, asker.IsUnspecified ? AllNodes : asker, new NeighborAdvertisement
        {
            Router = true,
            Solicited = !asker.IsUnspecified,
            Override = true,
            TargetAddress = router,
            Options = [.. LinkLayerAddress(linkLayerAddress, address => new TargetLinkLayerAddressOption { LinkLayerAddress = address })],
        });

    private static PrefixInformationOption Information(AccessLinkOptions options, Prefix prefix, uint lifetime) => new()
    {
        AdvertisedPrefix = prefix,
        OnLink = true,
        AutonomousAddressConfiguration = !options.UsesDhcp,
        ValidLifetime = lifetime,
        PreferredLifetime = lifetime,
    };

    private static IEnumerable<NeighborDiscoveryOption> LinkLayerAddress(Octets address, Func<Octets, NeighborDiscoveryOption> option) =>
        address.Length > 0 ? [option(address)] : [];

    private static Octets Packet(Address source, Address destination, IcmpV6Message message) =>
        PacketComposer.Compose(new IPv6Header { Source = source, Destination = destination, HopLimit = HopLimit }, message);
}
