using System.Globalization;
using System.Runtime.InteropServices;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Net.Netlink;

/// <summary>The interface by which the host sends from one address to another.</summary>
/// <param name="Index">Its number.</param>
/// <param name="Name">Its name.</param>
/// <param name="Mtu">The longest packet there in octets, as the route says or else the interface.</param>
/// <param name="IsEthernet">Whether its packets have Ethernet headers.</param>
/// <param name="IsUp">Whether it is up.</param>
internal readonly record struct Uplink(int Index, string Name, int Mtu, bool IsEthernet, bool IsUp)
{
    private const ushort GetLink = 18;
    private const ushort GetRoute = 26;
    private const int LinkBody = 16;
    private const int RouteBody = 12;
    private const ushort RouteDestination = 1;
    private const ushort RouteSource = 2;
    private const ushort RouteInterface = 4;
    private const ushort RouteMetrics = 8;
    private const ushort MetricMtu = 2;
    private const ushort LinkName = 3;
    private const ushort LinkMtu = 4;
    private const ushort Ethernet = 1;
    private const uint Up = 1;
    private const byte Unicast = 1;

    /// <summary>Asks the host's routing.</summary>
    /// <param name="socket">Whom to ask.</param>
    /// <param name="local">The source.</param>
    /// <param name="remote">The destination.</param>
    /// <exception cref="NetException">There is no route, or none that leaves the host.</exception>
    public static Uplink Find(NetlinkSocket socket, Address local, Address remote)
    {
        Span<byte> from = stackalloc byte[16], to = stackalloc byte[16];
        var bits = (byte)(remote.Length * 8);
        ReadOnlySpan<byte> body = [(byte)(remote.IsIPv4 ? Linux.FamilyIPv4 : Linux.FamilyIPv6), bits, bits, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        var what = $"Looking for the route from {local} to {remote}";
        var request = new NetlinkMessage(GetRoute, 0, body).Add(RouteDestination, to[..remote.Write(to)]).Add(RouteSource, from[..local.Write(from)]);
        byte[] route;
        try
        {
            route = socket.Get(request, what);
        }
        catch (NetException exception) when (exception.Error is NetError.NetworkUnreachable or NetError.HostUnreachable)
        {
            throw new NetException(exception.Error, exception.Errno, $"The host has no route from {local} to {remote}.", exception);
        }

        const int TypeAt = 7;
        if (route[TypeAt] != Unicast)
        {
            throw new NetException(NetError.NetworkUnreachable, 0, $"{what} has led to none that leaves the host.");
        }

        var attributes = route.AsSpan(RouteBody);
        var index = (int)NetlinkMessage.FindNumber(attributes, RouteInterface);
        var mtu = (int)NetlinkMessage.FindNumber(NetlinkMessage.Find(attributes, RouteMetrics), MetricMtu);

        var wanted = new byte[LinkBody];
        MemoryMarshal.Write(wanted.AsSpan(4), index);
        var link = socket.Get(new NetlinkMessage(GetLink, 0, wanted), string.Create(CultureInfo.InvariantCulture, $"Reading interface {index}"));
        var details = link.AsSpan(LinkBody);
        var linkMtu = (int)NetlinkMessage.FindNumber(details, LinkMtu);
        return new Uplink(
            index,
            System.Text.Encoding.UTF8.GetString(NetlinkMessage.Find(details, LinkName)).TrimEnd('\0'),
            mtu == 0 ? linkMtu : Math.Min(mtu, linkMtu),
            MemoryMarshal.Read<ushort>(link.AsSpan(2)) == Ethernet,
            (MemoryMarshal.Read<uint>(link.AsSpan(8)) & Up) != 0);
    }
}
