using System.Globalization;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Net;
using DsmipTools.Net.Netlink;
using DsmipTools.Net.Tunnels;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Tunnels;

/// <summary>Which routes and rules of the host lead the traffic of a route into the tunnels of a device, and out of them.</summary>
internal static class HostRouting
{
    /// <summary>Packets that come out of the tunnels, and those of the host itself, look for mobile nodes on access links first.</summary>
    public const int DeliveryPriority = 5453;

    /// <summary>Packets of mobile nodes go into the tunnels.</summary>
    public const int UplinkPriority = 5454;

    /// <summary>From an access link nothing else goes anywhere.</summary>
    public const int LinkPriority = 5455;

    // Tables of our own carry our protocol number, the number of their device, and which of its two they are.
    private const uint TableMark = (uint)HostNetwork.RouteProtocol << 24;
    private const uint DeviceMask = 0x007F_FFFF;

    /// <summary>The table that leads packets of mobile nodes into the tunnels of a device.</summary>
    public static uint UplinkTable(int device) => TableMark | (((uint)device & DeviceMask) << 1);

    /// <summary>The table that leads packets out of them to access links.</summary>
    public static uint DeliveryTable(int device) => UplinkTable(device) | 1;

    /// <summary>True when a table is one of a device's.</summary>
    public static bool IsOf(uint table, int device) => (table & ~1u) == UplinkTable(device);

    /// <summary>What the host needs for a route.</summary>
    /// <param name="route">The route.</param>
    /// <param name="device">The device of its tunnel.</param>
    /// <param name="network">The network that the device is in.</param>
    /// <exception cref="NetException">Its access link is no interface of the network.</exception>
    public static HostEntry[] For(Route route, TunnelPort device, HostNetwork network)
    {
        var destination = route.Destination;
        var into = new HostRoute(destination.Address, destination.Length, device.InterfaceIndex, route.MtuFor(destination.Address.IsIPv4));
        if (route.Tunnel.End != TunnelEnd.Access)
        {
            return [into];
        }

        var isIPv4 = destination.Address.IsIPv4;
        var uplink = into with { Address = isIPv4 ? Address.AnyIPv4 : default, Length = 0, Table = UplinkTable(device.InterfaceIndex) };
        var fromNode = new HostRule(UplinkPriority, isIPv4, uplink.Table) { Source = destination.Address, SourceLength = destination.Length };
        if (!IsInterface(route.Link))
        {
            // Where mobile nodes are is the administrator's to say, in the main table; what came out of the tunnels must not go back into them.
            return [uplink, new HostRule(DeliveryPriority, isIPv4, HostEntry.MainTable) { Interface = device.InterfaceName }, fromNode];
        }

        var link = NameOf((int)route.Link, network);
        var delivery = new HostRoute(destination.Address, destination.Length, (int)route.Link, 0) { Table = DeliveryTable(device.InterfaceIndex) };
        return
        [
            uplink,
            delivery,
            new HostRule(DeliveryPriority, isIPv4, delivery.Table) { Interface = device.InterfaceName },
            new HostRule(DeliveryPriority, isIPv4, delivery.Table) { Interface = "lo" },
            fromNode with { Interface = link },
            new HostRule(LinkPriority, isIPv4, uplink.Table) { Interface = link, Prohibits = true },
        ];
    }

    /// <summary>The numbers of access links are those of interfaces; an attachment without one has a greater number.</summary>
    private static bool IsInterface(long link) => link is > 0 and <= int.MaxValue;

    private static string NameOf(int link, HostNetwork network) => network.Interfaces().FirstOrDefault(each => each.Index == link)?.Name
        ?? throw new NetException(NetError.InterfaceNotFound, 0, string.Create(CultureInfo.InvariantCulture, $"The access link {link} is no interface of this host."));
}
