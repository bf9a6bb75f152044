using System.Runtime.InteropServices;
using System.Text;
using DsmipTools.Net.Namespaces;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Net.Netlink;

/// <content>Interfaces that are made: pairs of Ethernet interfaces, and bridges.</content>
public sealed partial class HostNetwork
{
    private const ushort LinkMaster = 10;
    private const ushort LinkStatistics = 23;
    private const ushort LinkNamespace = 28;
    private const ushort LinkSegments = 40;
    private const ushort LinkData = 2;
    private const ushort VethPeer = 1;
    private const ushort BridgeForwardDelay = 1;
    private const ushort BridgeSnooping = 23;

    /// <summary>Makes two Ethernet interfaces: what is sent by one is received by the other. Both are down.</summary>
    /// <param name="name">The name of the one in this namespace.</param>
    /// <param name="peerName">The name of the other.</param>
    /// <param name="peerNamespace">The namespace of the other.</param>
    /// <param name="mtu">The longest packet of both in octets.</param>
    /// <exception cref="NetException">The privilege is missing, or a name is taken.</exception>
    public void AddPair(string name, string peerName, NetworkNamespace peerNamespace, int mtu)
    {
        ArgumentNullException.ThrowIfNull(peerNamespace);
        var held = false;
        var descriptor = peerNamespace.Descriptor;
        try
        {
            descriptor.DangerousAddRef(ref held);
            // The other end is described as if it were asked for by itself: a body, and attributes.
            var number = (uint)descriptor.DangerousGetHandle();
            void Peer(NetlinkMessage all) => all.AddRaw(new byte[LinkBody]).Add(LinkName, Name(peerName)).Add(LinkMtu, (uint)mtu).Add(LinkNamespace, number);
            socket.Ask(Make(name, "veth", data => data.Nest(VethPeer, Peer)).Add(LinkMtu, (uint)mtu), $"Making the interfaces {name} and {peerName}");
        }
        finally
        {
            if (held)
            {
                descriptor.DangerousRelease();
            }
        }
    }

    /// <summary>Makes a bridge, which is down: it passes frames on at once, floods multicast, and speaks no spanning tree.</summary>
    /// <exception cref="NetException">The privilege is missing, or the name is taken.</exception>
    public void AddBridge(string name) => socket.Ask(
        Make(name, "bridge", data => data.Add(BridgeForwardDelay, 0u).Add(BridgeSnooping, [0])),
        $"Making the bridge {name}");

    /// <summary>The number of an interface.</summary>
    /// <exception cref="NetException">There is none of this name.</exception>
    public int IndexOf(string name) => Interfaces().FirstOrDefault(each => each.Name == name)?.Index
        ?? throw new NetException(NetError.InterfaceNotFound, 0, $"There is no interface {name}.");

    /// <summary>True when there is an interface of a number.</summary>
    /// <exception cref="NetException">The kernel does not answer.</exception>
    public bool HasInterface(int index)
    {
        var isThere = false;
        Try(NetError.InterfaceNotFound, () => isThere = socket.Get(new NetlinkMessage(GetLink, 0, LinkOf(index, 0)), "Reading an interface").Length > 0);
        return isThere;
    }

    /// <summary>Brings an interface up, with the addresses that the kernel gives by itself, or takes it down.</summary>
    /// <exception cref="NetException">The privilege is missing, or there is no such interface.</exception>
    public void SetUp(int index, bool isUp)
    {
        var body = LinkOf(index, isUp ? Up : 0);
        MemoryMarshal.Write(body.AsSpan(12), Up);
        socket.Ask(new NetlinkMessage(NewLink, 0, body), $"Bringing interface {index} {(isUp ? "up" : "down")}");
    }

    /// <summary>Makes an interface a port of a bridge; 0 takes it out of the one that it is in.</summary>
    /// <exception cref="NetException">The privilege is missing, or there is no such interface.</exception>
    public void SetBridge(int index, int bridge) =>
        socket.Ask(new NetlinkMessage(NewLink, 0, LinkOf(index, 0)).Add(LinkMaster, (uint)bridge), $"Making interface {index} a port of a bridge");

    /// <summary>Sets the longest packet.</summary>
    /// <exception cref="NetException">The privilege is missing, or the interface does not take it.</exception>
    public void SetMtu(int index, int mtu) => socket.Ask(new NetlinkMessage(NewLink, 0, LinkOf(index, 0)).Add(LinkMtu, (uint)mtu), $"Setting the MTU of interface {index}");

    /// <summary>Sets how many segments of TCP or UDP may leave as one long packet (generic segmentation offload): 1 to 65,535.</summary>
    /// <exception cref="NetException">The privilege is missing, or there is no such interface.</exception>
    public void SetSegments(int index, int maximum) =>
        socket.Ask(new NetlinkMessage(NewLink, 0, LinkOf(index, 0)).Add(LinkSegments, (uint)maximum), $"Setting the offload of interface {index}");

    /// <summary>Gives an interface an address; those under its prefix are on the link.</summary>
    /// <exception cref="NetException">The privilege is missing, or the interface has the address.</exception>
    public void AddAddress(int index, Address address, int length) =>
        socket.Ask(AddressMessage(NewAddress, CreateOnly, index, address, length), $"Adding the address {address}");

    /// <summary>Takes an address from an interface.</summary>
    /// <exception cref="NetException">The privilege is missing, or it is not there.</exception>
    public void RemoveAddress(int index, Address address, int length) =>
        socket.Ask(AddressMessage(DeleteAddress, 0, index, address, length), $"Removing the address {address}");

    /// <summary>What the interfaces have counted, by their numbers.</summary>
    /// <exception cref="NetException">They cannot be read.</exception>
    public IReadOnlyDictionary<int, InterfaceCounters> Counters() =>
        socket.Dump(new NetlinkMessage(GetLink, 0, new byte[LinkBody]), "Reading the host's interfaces").ToDictionary(
            body => MemoryMarshal.Read<int>(body.AsSpan(4)),
            body => ReadCounters(NetlinkMessage.Find(body.AsSpan(LinkBody), LinkStatistics)));

    private static InterfaceCounters ReadCounters(ReadOnlySpan<byte> value)
    {
        var numbers = MemoryMarshal.Cast<byte, long>(value);
        return numbers.Length < 4 ? default : new InterfaceCounters(numbers[0], numbers[2], numbers[1], numbers[3]);
    }

    private static NetlinkMessage Make(string name, string kind, Action<NetlinkMessage> data) =>
        new NetlinkMessage(NewLink, CreateOnly, new byte[LinkBody])
            .Add(LinkName, Name(name))
            .Nest(LinkInformation, all => all.Add(LinkKind, Encoding.ASCII.GetBytes(kind)).Nest(LinkData, data));

    private static byte[] Name(string name) => Encoding.UTF8.GetBytes(name + '\0');
}
