using DsmipTools.Wire;
using DsmipTools.Wire.Icmp.AgentAdvertisement;
using DsmipTools.Wire.Icmp.IcmpV4;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.MobileIPv4;

/// <summary>Agent Advertisements and Agent Solicitations as whole packets (RFC 5944, 2.1 and 2.2).</summary>
internal static class DiscoveryMessages
{
    /// <summary>The TTL of both: nothing of this passes a router.</summary>
    public const byte TimeToLive = 1;

    /// <summary>All systems on this link.</summary>
    public static readonly Address AllSystems = "224.0.0.1";

    /// <summary>All routers on this link.</summary>
    public static readonly Address AllRouters = "224.0.0.2";

    /// <summary>The Mobile-Agents multicast group.</summary>
    public static readonly Address AllMobilityAgents = "224.0.0.11";

    /// <summary>The limited broadcast address.</summary>
    public static readonly Address Broadcast = "255.255.255.255";

    public static Octets Solicitation(Address source) => Packet(source, AllRouters, new IcmpV4RouterSolicitation());

    /// <param name="options">What every advertisement says.</param>
    /// <param name="source">The address of the agent on the link.</param>
    /// <param name="destination">Who asked, or all systems.</param>
    /// <param name="extension">What the agent says of itself.</param>
    public static Octets Advertisement(AdvertisementOptions options, Address source, Address destination, MobilityAgentAdvertisementExtension extension) =>
        Packet(source, destination, new IcmpV4RouterAdvertisement
        {
            Code = (byte)IcmpV4RouterAdvertisementCode.NormalRouterAdvertisement,
            Lifetime = (ushort)options.ValidFor.TotalSeconds,
            RouterAddresses = [.. options.RouterAddresses.Select(router => new RouterAddressEntry { RouterAddress = router.Address })],
            Extensions = options.SendsPrefixLengths
                ? [extension, new PrefixLengthsExtension { PrefixLengths = options.RouterAddresses.Select(router => (byte)router.Length).ToArray() }]
                : [extension],
        });

    /// <summary>Reads a message of this discovery; false for other packets, and for those that no honest neighbour sends.</summary>
    public static bool TryRead(ReadOnlySpan<byte> octets, out Address source, out Address destination, out IcmpV4Message message)
    {
        (source, destination, message) = (default, default, null!);
        if (!IpPacketView.TryParse(octets, out var packet, out _) || !packet.IsIPv4 || packet.IsFragment
            || packet.Protocol != IpProtocol.Icmp || packet.HopLimit != TimeToLive || !IcmpV4Message.VerifyChecksum(packet.Payload)
            || IcmpV4Message.From(packet.Payload, out var error) is not { } read || error.IsError)
        {
            return false;
        }

        (source, destination, message) = (packet.Source, packet.Destination, read);
        return message is IcmpV4RouterAdvertisement or IcmpV4RouterSolicitation { Code: 0 };
    }

    private static Octets Packet(Address source, Address destination, IcmpV4Message message) =>
        PacketComposer.Compose(new IPv4Header { Source = source, Destination = destination, TimeToLive = TimeToLive }, message);
}
