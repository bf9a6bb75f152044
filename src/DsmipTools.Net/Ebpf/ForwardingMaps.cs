using System.Buffers.Binary;
using System.Runtime.InteropServices;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Tunneling;

namespace DsmipTools.Net.Ebpf;

/// <summary>
/// The tables of the programs, and how a key and a value of each are laid out. Numbers are in the order of the processor, and what comes from
/// packets (addresses, ports, keys) in that of the network.
/// </summary>
internal sealed class ForwardingMaps : IDisposable
{
    /// <summary>What <see cref="Counters"/> has of packets that belong to no tunnel.</summary>
    public const uint NoTunnel = 0;

    /// <summary>Which families there are, as they stand in keys.</summary>
    public const int IPv4 = 4;
    public const int IPv6 = 6;

    // The bits of the key of a prefix, the family among them, and where the address begins. An IPv4 address stands in its first four octets.
    public const int FamilyBits = 32;
    public const int PrefixAddress = 8;
    public const int PrefixKeySize = 24;

    public const int EndsLocal = 0;
    public const int EndsRemote = 16;
    public const int EndsFamily = 32;
    public const int EndsEncapsulation = 33;
    public const int EndsLocalPort = 34;
    public const int EndsRemotePort = 36;
    public const int EndsSize = 40;

    public const int RouteTunnel = 0;
    public const int RouteFlags = 4;
    public const int RouteSendKey = 8;
    public const int RouteReceiveKey = 12;
    public const int RouteSize = 16;
    public const int HasSendKey = 1;
    public const int HasReceiveKey = 2;
    public const int MayStay = 4;

    public const int PeerRoom = 0;
    public const int PeerUplink = 8;
    public const int PeerUplinkMtu = 12;
    public const int PeerMtu = 16;
    public const int PeerOverhead = 20;
    public const int PeerEncapsulation = 24;
    public const int PeerFamily = 28;
    public const int PeerRemote = 32;
    public const int PeerHeaders = 48;
    public const int PeerSize = PeerHeaders + LongestHeaders;

    /// <summary>IPv6, and GRE with a key.</summary>
    public const int LongestHeaders = 48;

    // Pairs of packets and octets, and then the causes of drops.
    public const int In = 0;
    public const int Out = 2;
    public const int Drops = 4;

    private const int MaximumTunnels = 1 << 16;
    private const int MaximumRoutes = 1 << 22;

    /// <summary>Makes the tables, empty.</summary>
    /// <exception cref="NetException">The kernel refused.</exception>
    public ForwardingMaps()
    {
        List<BpfMap> made = [];
        try
        {
            Routes = Make("dsmip_routes", BpfMapKind.LongestPrefix, PrefixKeySize, RouteSize, MaximumRoutes);
            Ends = Make("dsmip_ends", BpfMapKind.Hash, EndsSize, sizeof(uint), MaximumTunnels);
            Peers = Make("dsmip_peers", BpfMapKind.Hash, sizeof(uint), PeerSize, MaximumTunnels);
            Counters = Make("dsmip_counters", BpfMapKind.HashForEachProcessor, sizeof(uint), CountersSize, MaximumTunnels + 1);
            AddCounters(NoTunnel);
        }
        catch
        {
            made.ForEach(map => map.Dispose());
            throw;
        }

        BpfMap Make(string name, BpfMapKind kind, int key, int value, int entries)
        {
            made.Add(new BpfMap(name, kind, key, value, entries));
            return made[^1];
        }
    }

    /// <summary>Prefixes behind tunnels: where packets go, and where they may come from.</summary>
    public BpfMap Routes { get; }

    /// <summary>The numbers of tunnels by their ends: where packets out of the network belong.</summary>
    public BpfMap Ends { get; }

    /// <summary>How packets leave in a tunnel, by its number.</summary>
    public BpfMap Peers { get; }

    /// <summary>What was done with packets, by the number of the tunnel.</summary>
    public BpfMap Counters { get; }

    private static int CountersSize => (Drops + Enum.GetValues<KernelDrop>().Length) * sizeof(long);

    public static byte[] Key(uint id) => BitConverter.GetBytes(id);

    public static byte[] Key(KernelRoute route)
    {
        var key = new byte[PrefixKeySize];
        MemoryMarshal.Write(key, FamilyBits + route.Length);
        MemoryMarshal.Write(key.AsSpan(4), FamilyOf(route.Address));
        route.Address.Write(key.AsSpan(PrefixAddress));
        return key;
    }

    public static byte[] Key(in TunnelEnds ends)
    {
        var key = new byte[EndsSize];
        ends.Local.Address.Write(key.AsSpan(EndsLocal));
        ends.Remote.Address.Write(key.AsSpan(EndsRemote));
        key[EndsFamily] = (byte)FamilyOf(ends.Local.Address);
        key[EndsEncapsulation] = (byte)ends.Encapsulation;
        BinaryPrimitives.WriteUInt16BigEndian(key.AsSpan(EndsLocalPort), ends.Local.Port);
        BinaryPrimitives.WriteUInt16BigEndian(key.AsSpan(EndsRemotePort), ends.Remote.Port);
        return key;
    }

    public static byte[] Value(KernelRoute route)
    {
        var value = new byte[RouteSize];
        MemoryMarshal.Write(value.AsSpan(RouteTunnel), route.Tunnel);
        MemoryMarshal.Write(value.AsSpan(RouteFlags), (route.SendKey is null ? 0 : HasSendKey) | (route.ReceiveKey is null ? 0 : HasReceiveKey) | (route.MayStay ? MayStay : 0));
        BinaryPrimitives.WriteUInt32BigEndian(value.AsSpan(RouteSendKey), route.SendKey ?? 0);
        BinaryPrimitives.WriteUInt32BigEndian(value.AsSpan(RouteReceiveKey), route.ReceiveKey ?? 0);
        return value;
    }

    /// <summary>How packets leave in a tunnel.</summary>
    /// <param name="tunnel">The tunnel.</param>
    /// <param name="uplink">The interface to its other end; 0 while user space sends.</param>
    /// <param name="uplinkMtu">The longest packet there, with all headers.</param>
    public static byte[] Value(KernelTunnel tunnel, int uplink, int uplinkMtu)
    {
        var ends = tunnel.Ends;
        var overhead = TunnelFrame.Overhead(ends, hasKey: false);
        var value = new byte[PeerSize];
        MemoryMarshal.Write(value.AsSpan(PeerRoom), RoomFor(ends));
        MemoryMarshal.Write(value.AsSpan(PeerUplink), uplink);
        MemoryMarshal.Write(value.AsSpan(PeerUplinkMtu), uplinkMtu);
        MemoryMarshal.Write(value.AsSpan(PeerMtu), tunnel.Mtu);
        MemoryMarshal.Write(value.AsSpan(PeerOverhead), overhead);
        MemoryMarshal.Write(value.AsSpan(PeerEncapsulation), (int)ends.Encapsulation);
        MemoryMarshal.Write(value.AsSpan(PeerFamily), FamilyOf(ends.Remote.Address));
        ends.Remote.Address.Write(value.AsSpan(PeerRemote));
        // The headers of a packet without octets, so that there is one place that knows them; programs fill in what depends on the packet.
        Span<byte> headers = stackalloc byte[overhead + 1];
        headers[^1] = 0x60;
        TunnelFrame.Write(ends, null, 0, headers);
        headers[ends.Remote.Address.IsIPv4 ? IPv4Header.Fields.TimeToLive.Offset : IPv6Header.Fields.HopLimit.Offset] = tunnel.HopLimit;
        headers[..overhead].CopyTo(value.AsSpan(PeerHeaders));
        return value;
    }

    /// <summary>Lets programs count for a tunnel, from zero.</summary>
    public void AddCounters(uint id)
    {
        var numbers = new long[CountersSize / sizeof(long) * BpfMap.Processors];
        Counters.Set(Key(id), MemoryMarshal.AsBytes<long>(numbers));
    }

    public void Dispose()
    {
        Routes.Dispose();
        Ends.Dispose();
        Peers.Dispose();
        Counters.Dispose();
    }

    private static int FamilyOf(Address address) => address.IsIPv4 ? IPv4 : IPv6;

    /// <summary>What the kernel has to know of headers that are put in front of segments (BPF_F_ADJ_ROOM).</summary>
    private static ulong RoomFor(in TunnelEnds ends)
    {
        const ulong KeepSegments = 1, BehindIPv4 = 2, BehindIPv6 = 4, BehindGre = 8, BehindUdp = 16;
        return KeepSegments | (ends.Remote.Address.IsIPv4 ? BehindIPv4 : BehindIPv6) | ends.Encapsulation switch
        {
            Encapsulation.Gre => BehindGre,
            Encapsulation.Udp => BehindUdp,
            _ => 0,
        };
    }
}
