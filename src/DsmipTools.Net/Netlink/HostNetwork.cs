using System.Runtime.InteropServices;
using System.Text;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Net.Netlink;

/// <summary>
/// The interfaces, addresses and routes of this host, by netlink. It belongs to the network namespace of the thread that opened it. Safe for use
/// by several threads. Linux; changes need the capability CAP_NET_ADMIN.
/// </summary>
public sealed class HostNetwork : IDisposable
{
    /// <summary>Marks the routes of DsmipTools (rtm_protocol): nothing else has been given this number (rt_protos of iproute2).</summary>
    public const byte RouteProtocol = 54;

    private const ushort NewLink = 16;
    private const ushort DeleteLink = 17;
    private const ushort GetLink = 18;
    private const ushort NewAddress = 20;
    private const ushort DeleteAddress = 21;
    private const ushort NewRoute = 24;
    private const ushort DeleteRoute = 25;
    private const ushort GetRoute = 26;

    // A new object; EEXIST where there is one.
    private const ushort CreateOnly = 0x600;

    // The object that is there; ENOENT where there is none.
    private const ushort ReplaceOnly = 0x100;

    private const int LinkBody = 16;
    private const int RouteBody = 12;
    private const uint Up = 1;
    private const uint LowerUp = 1 << 16;

    private const ushort LinkName = 3;
    private const ushort LinkMtu = 4;
    private const ushort LinkInformation = 18;
    private const ushort LinkKind = 1;
    private const ushort LinkOfFamily = 26;
    private const ushort AddressGeneration = 8;

    private const byte NoDuplicateDetection = 2;
    private const ushort AddressOther = 1;
    private const ushort AddressLocal = 2;

    private const ushort RouteDestination = 1;
    private const ushort RouteInterface = 4;
    private const ushort RouteMetrics = 8;
    private const ushort MetricLock = 1;
    private const ushort MetricMtu = 2;
    private const byte MainTable = 254;
    private const byte ScopeUniverse = 0;
    private const byte ScopeLink = 253;
    private const byte Unicast = 1;

    private readonly NetlinkSocket socket = new();

    /// <summary>All interfaces.</summary>
    /// <exception cref="NetException">They cannot be read.</exception>
    public IReadOnlyList<HostInterface> Interfaces() =>
        [.. socket.Dump(new NetlinkMessage(GetLink, 0, new byte[LinkBody]), "Reading the host's interfaces").Select(ReadInterface)];

    /// <summary>The routes of DsmipTools, of this process and of others.</summary>
    /// <exception cref="NetException">They cannot be read.</exception>
    public IReadOnlyList<HostRoute> Routes() =>
        [.. socket.Dump(new NetlinkMessage(GetRoute, 0, new byte[RouteBody]), "Reading the host's routes").Select(ReadRoute).OfType<HostRoute>()];

    /// <summary>Brings an interface up, with no addresses but those that are added.</summary>
    /// <param name="index">Its number.</param>
    /// <param name="mtu">The longest packet in octets.</param>
    /// <exception cref="NetException">The privilege is missing, or there is no such interface.</exception>
    public void BringUp(int index, int mtu)
    {
        // IN6_ADDR_GEN_MODE_NONE; without IPv6 there is nothing to turn off.
        Try(
            NetError.NotSupported,
            () => socket.Ask(
                new NetlinkMessage(NewLink, 0, LinkOf(index, 0)).Nest(LinkOfFamily, all => all.Nest(Linux.FamilyIPv6, one => one.Add(AddressGeneration, [1]))),
                $"Turning automatic addresses off at interface {index}"));
        socket.Ask(new NetlinkMessage(NewLink, 0, LinkOf(index, Up)).Add(LinkMtu, (uint)mtu), $"Bringing interface {index} up");
    }

    /// <summary>Removes an interface; does nothing when it is gone.</summary>
    /// <param name="index">Its number.</param>
    /// <param name="name">Its name, for errors.</param>
    /// <exception cref="NetException">The privilege is missing.</exception>
    public void RemoveInterface(int index, string name) =>
        Try(NetError.InterfaceNotFound, () => socket.Ask(new NetlinkMessage(DeleteLink, 0, LinkOf(index, 0)), $"Removing the interface {name}"));

    /// <summary>Gives an interface an address, alone in its prefix.</summary>
    /// <exception cref="NetException">The privilege is missing, or the interface has the address.</exception>
    public void AddAddress(int index, Address address) => socket.Ask(AddressMessage(NewAddress, CreateOnly, index, address), $"Adding the address {address}");

    /// <summary>Takes an address from an interface.</summary>
    /// <exception cref="NetException">The privilege is missing, or it is not there.</exception>
    public void RemoveAddress(int index, Address address) => socket.Ask(AddressMessage(DeleteAddress, 0, index, address), $"Removing the address {address}");

    /// <summary>Adds a route.</summary>
    /// <exception cref="NetException">The privilege is missing, or there is such a route.</exception>
    public void Add(HostRoute route)
    {
        ArgumentNullException.ThrowIfNull(route);
        socket.Ask(RouteMessage(NewRoute, CreateOnly, route), $"Adding the route to {route}");
    }

    /// <summary>Changes the MTU of a route.</summary>
    /// <exception cref="NetException">The privilege is missing, or it is not there.</exception>
    public void Change(HostRoute route)
    {
        ArgumentNullException.ThrowIfNull(route);
        socket.Ask(RouteMessage(NewRoute, ReplaceOnly, route), $"Changing the route to {route}");
    }

    /// <summary>Removes a route.</summary>
    /// <exception cref="NetException">The privilege is missing, or it is not there.</exception>
    public void Remove(HostRoute route)
    {
        ArgumentNullException.ThrowIfNull(route);
        socket.Ask(RouteMessage(DeleteRoute, 0, route), $"Removing the route to {route}");
    }

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();

    private static void Try(NetError harmless, Action action)
    {
        try
        {
            action();
        }
        catch (NetException exception) when (exception.Error == harmless)
        {
        }
    }

    private static byte[] LinkOf(int index, uint flags)
    {
        var body = new byte[LinkBody];
        MemoryMarshal.Write(body.AsSpan(4), index);
        MemoryMarshal.Write(body.AsSpan(8), flags);
        MemoryMarshal.Write(body.AsSpan(12), flags);
        return body;
    }

    private static NetlinkMessage AddressMessage(ushort type, ushort flags, int index, Address address)
    {
        Span<byte> body = stackalloc byte[8], value = stackalloc byte[16];
        body.Clear();
        body[0] = FamilyOf(address);
        body[1] = (byte)(address.Length * 8);
        // The device has nobody to ask for duplicates, and the address is there at once.
        body[2] = address.IsIPv6 ? NoDuplicateDetection : (byte)0;
        MemoryMarshal.Write(body[4..], index);
        value = value[..address.Write(value)];
        return new NetlinkMessage(type, flags, body).Add(AddressLocal, value).Add(AddressOther, value);
    }

    private static NetlinkMessage RouteMessage(ushort type, ushort flags, HostRoute route)
    {
        Span<byte> value = stackalloc byte[16];
        value = value[..route.Address.Write(value)];
        ReadOnlySpan<byte> body =
        [
            FamilyOf(route.Address), route.Length, 0, 0, MainTable, RouteProtocol, route.Address.IsIPv4 ? ScopeLink : ScopeUniverse, Unicast, 0, 0, 0, 0,
        ];
        var message = new NetlinkMessage(type, flags, body).Add(RouteDestination, value).Add(RouteInterface, (uint)route.InterfaceIndex);
        // Locked, it holds for packets that are forwarded too, and what the path says does not change it.
        return route.Mtu == 0 || type == DeleteRoute
            ? message
            : message.Nest(RouteMetrics, all => all.Add(MetricLock, 1u << MetricMtu).Add(MetricMtu, (uint)route.Mtu));
    }

    private static HostInterface ReadInterface(byte[] body)
    {
        var attributes = body.AsSpan(LinkBody);
        var flags = MemoryMarshal.Read<uint>(body.AsSpan(8));
        return new HostInterface(
            MemoryMarshal.Read<int>(body.AsSpan(4)),
            Text(NetlinkMessage.Find(attributes, LinkName)),
            Text(NetlinkMessage.Find(NetlinkMessage.Find(attributes, LinkInformation), LinkKind)),
            (int)NetlinkMessage.FindNumber(attributes, LinkMtu),
            (flags & Up) != 0,
            (flags & LowerUp) != 0);
    }

    private static HostRoute? ReadRoute(byte[] body)
    {
        const int LengthAt = 1, ProtocolAt = 5;
        var isIPv4 = body[0] == Linux.FamilyIPv4;
        if (body[ProtocolAt] != RouteProtocol || (!isIPv4 && body[0] != Linux.FamilyIPv6))
        {
            return null;
        }

        var attributes = body.AsSpan(RouteBody);
        var destination = NetlinkMessage.Find(attributes, RouteDestination);
        return new HostRoute(
            !destination.IsEmpty ? Address.FromOctets(destination) : isIPv4 ? Address.AnyIPv4 : default,
            body[LengthAt],
            (int)NetlinkMessage.FindNumber(attributes, RouteInterface),
            (int)NetlinkMessage.FindNumber(NetlinkMessage.Find(attributes, RouteMetrics), MetricMtu));
    }

    private static byte FamilyOf(Address address) => (byte)(address.IsIPv4 ? Linux.FamilyIPv4 : Linux.FamilyIPv6);

    private static string Text(ReadOnlySpan<byte> value) => Encoding.UTF8.GetString(value).TrimEnd('\0');
}
