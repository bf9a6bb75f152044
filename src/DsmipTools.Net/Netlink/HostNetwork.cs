using System.Runtime.InteropServices;
using System.Text;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Net.Netlink;

/// <summary>
/// The interfaces, addresses, routes and rules of this host, by netlink. It belongs to the network namespace of the thread that opened it. Safe for use
/// by several threads. Linux; changes need the capability CAP_NET_ADMIN.
/// </summary>
public sealed partial class HostNetwork : IDisposable
{
    /// <summary>Marks the routes and rules of DsmipTools (rtm_protocol, FRA_PROTOCOL): nothing else has been given this number (rt_protos of iproute2).</summary>
    public const byte RouteProtocol = 54;

    private const ushort NewLink = 16;
    private const ushort DeleteLink = 17;
    private const ushort GetLink = 18;
    private const ushort NewAddress = 20;
    private const ushort DeleteAddress = 21;
    private const ushort NewRoute = 24;
    private const ushort DeleteRoute = 25;
    private const ushort GetRoute = 26;
    private const ushort NewRule = 32;
    private const ushort DeleteRule = 33;
    private const ushort GetRule = 34;

    // A new object; EEXIST where there is one.
    private const ushort CreateOnly = 0x600;
    private const ushort CreateOrReplace = 0x500;

    // The object that is there; ENOENT where there is none.
    private const ushort ReplaceOnly = 0x100;

    private const int LinkBody = 16;
    private const int RouteBody = 12;
    private const uint Up = 1;
    private const uint LowerUp = 1 << 16;

    private const ushort LinkAddress = 1;
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
    private const ushort RouteGateway = 5;
    private const ushort RouteMetrics = 8;
    private const ushort MetricLock = 1;
    private const ushort MetricMtu = 2;
    private const ushort RouteTable = 15;
    private const byte ScopeUniverse = 0;
    private const byte ScopeLink = 253;
    private const byte Unicast = 1;

    private const int RuleBody = 12;
    private const ushort RuleSource = 2;
    private const ushort RuleInterface = 3;
    private const ushort RulePriority = 6;
    private const ushort RuleTable = 15;
    private const ushort RuleOrigin = 21;
    private const byte LookUp = 1;
    private const byte Prohibit = 8;

    private readonly NetlinkSocket socket = new();

    /// <summary>All interfaces.</summary>
    /// <exception cref="NetException">They cannot be read.</exception>
    public IReadOnlyList<HostInterface> Interfaces() =>
        [.. socket.Dump(new NetlinkMessage(GetLink, 0, new byte[LinkBody]), "Reading the host's interfaces").Select(ReadInterface)];

    /// <summary>The routes of DsmipTools, of this process and of others.</summary>
    /// <exception cref="NetException">They cannot be read.</exception>
    public IReadOnlyList<HostRoute> Routes() =>
        [.. socket.Dump(new NetlinkMessage(GetRoute, 0, new byte[RouteBody]), "Reading the host's routes").Select(ReadRoute).OfType<HostRoute>()];

    /// <summary>The rules of DsmipTools, of this process and of others.</summary>
    /// <exception cref="NetException">They cannot be read.</exception>
    public IReadOnlyList<HostRule> Rules() =>
        [.. socket.Dump(new NetlinkMessage(GetRule, 0, new byte[RuleBody]), "Reading the host's rules").Select(ReadRule).OfType<HostRule>()];

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
    public void AddAddress(int index, Address address) => AddAddress(index, address, address.Length * 8);

    /// <summary>Takes an address from an interface.</summary>
    /// <exception cref="NetException">The privilege is missing, or it is not there.</exception>
    public void RemoveAddress(int index, Address address) => RemoveAddress(index, address, address.Length * 8);

    /// <summary>Adds a route or a rule.</summary>
    /// <exception cref="NetException">The privilege is missing, or there is such a one.</exception>
    public void Add(HostEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        socket.Ask(Message(isNew: true, CreateOnly, entry), $"Adding the {Describe(entry)}");
    }

    /// <summary>Changes the MTU of a route.</summary>
    /// <exception cref="NetException">The privilege is missing, or it is not there.</exception>
    public void Change(HostRoute route)
    {
        ArgumentNullException.ThrowIfNull(route);
        socket.Ask(Message(isNew: true, ReplaceOnly, route), $"Changing the {Describe(route)}");
    }

    /// <summary>Changes a route to one with the same destination, which has to be our own.</summary>
    /// <exception cref="NetException">The privilege is missing.</exception>
    public void Replace(HostRoute route)
    {
        ArgumentNullException.ThrowIfNull(route);
        socket.Ask(Message(isNew: true, CreateOrReplace, route), $"Changing the {Describe(route)}");
    }

    /// <summary>Removes a route or a rule.</summary>
    /// <exception cref="NetException">The privilege is missing, or it is not there.</exception>
    public void Remove(HostEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        socket.Ask(Message(isNew: false, 0, entry), $"Removing the {Describe(entry)}");
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

    private static NetlinkMessage AddressMessage(ushort type, ushort flags, int index, Address address, int length)
    {
        Span<byte> body = stackalloc byte[8], value = stackalloc byte[16];
        body.Clear();
        body[0] = FamilyOf(address);
        body[1] = (byte)length;
        // Nobody is asked for duplicates: the address is there at once.
        body[2] = address.IsIPv6 ? NoDuplicateDetection : (byte)0;
        MemoryMarshal.Write(body[4..], index);
        value = value[..address.Write(value)];
        return new NetlinkMessage(type, flags, body).Add(AddressLocal, value).Add(AddressOther, value);
    }

    private static string Describe(HostEntry entry) => entry is HostRule ? $"rule '{entry}'" : $"route to {entry}";

    private static NetlinkMessage Message(bool isNew, ushort flags, HostEntry entry) => entry is HostRule rule
        ? RuleMessage(isNew ? NewRule : DeleteRule, flags, rule)
        : RouteMessage(isNew ? NewRoute : DeleteRoute, flags, (HostRoute)entry);

    private static NetlinkMessage RouteMessage(ushort type, ushort flags, HostRoute route)
    {
        Span<byte> value = stackalloc byte[16];
        value = value[..route.Address.Write(value)];
        ReadOnlySpan<byte> body =
        [
            FamilyOf(route.Address), route.Length, 0, 0, 0, RouteProtocol, route.Address.IsIPv4 && route.Gateway is null ? ScopeLink : ScopeUniverse, Unicast, 0, 0, 0, 0,
        ];
        var message = new NetlinkMessage(type, flags, body)
            .Add(RouteDestination, value).Add(RouteTable, route.Table).Add(RouteInterface, (uint)route.InterfaceIndex);
        if (route.Gateway is { } gateway)
        {
            message.Add(RouteGateway, value[..gateway.Write(value)]);
        }

        // Locked, it holds for packets that are forwarded too, and what the path says does not change it.
        return route.Mtu == 0 || type == DeleteRoute
            ? message
            : message.Nest(RouteMetrics, all => all.Add(MetricLock, 1u << MetricMtu).Add(MetricMtu, (uint)route.Mtu));
    }

    private static NetlinkMessage RuleMessage(ushort type, ushort flags, HostRule rule)
    {
        ReadOnlySpan<byte> body =
        [
            (byte)(rule.IsIPv4 ? Linux.FamilyIPv4 : Linux.FamilyIPv6), 0, rule.SourceLength, 0, 0, 0, 0, rule.Prohibits ? Prohibit : LookUp, 0, 0, 0, 0,
        ];
        var message = new NetlinkMessage(type, flags, body).Add(RulePriority, (uint)rule.Priority).Add(RuleTable, rule.Table).Add(RuleOrigin, [RouteProtocol]);
        if (rule.Source is { } source)
        {
            Span<byte> value = stackalloc byte[16];
            message.Add(RuleSource, value[..source.Write(value)]);
        }

        return rule.Interface is { } name ? message.Add(RuleInterface, Encoding.UTF8.GetBytes(name + '\0')) : message;
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
            (flags & LowerUp) != 0)
        {
            LinkLayerAddress = NetlinkMessage.Find(attributes, LinkAddress).ToArray(),
            Note = Text(NetlinkMessage.Find(attributes, LinkAlias)),
        };
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
            (int)NetlinkMessage.FindNumber(NetlinkMessage.Find(attributes, RouteMetrics), MetricMtu))
        {
            Gateway = NetlinkMessage.Find(attributes, RouteGateway) is { IsEmpty: false } gateway ? Address.FromOctets(gateway) : (Address?)null,
            Table = NetlinkMessage.FindNumber(attributes, RouteTable),
        };
    }

    private static HostRule? ReadRule(byte[] body)
    {
        const int SourceLengthAt = 2, ActionAt = 7;
        var isIPv4 = body[0] == Linux.FamilyIPv4;
        var attributes = body.AsSpan(RuleBody);
        if (NetlinkMessage.Find(attributes, RuleOrigin) is not [RouteProtocol, ..] || (!isIPv4 && body[0] != Linux.FamilyIPv6))
        {
            return null;
        }

        var source = NetlinkMessage.Find(attributes, RuleSource);
        var name = NetlinkMessage.Find(attributes, RuleInterface);
        return new HostRule((int)NetlinkMessage.FindNumber(attributes, RulePriority), isIPv4, NetlinkMessage.FindNumber(attributes, RuleTable))
        {
            Source = source.IsEmpty ? (Address?)null : Address.FromOctets(source),
            SourceLength = body[SourceLengthAt],
            Interface = name.IsEmpty ? null : Text(name),
            Prohibits = body[ActionAt] == Prohibit,
        };
    }

    private static byte FamilyOf(Address address) => (byte)(address.IsIPv4 ? Linux.FamilyIPv4 : Linux.FamilyIPv6);

    private static string Text(ReadOnlySpan<byte> value) => Encoding.UTF8.GetString(value).TrimEnd('\0');
}
