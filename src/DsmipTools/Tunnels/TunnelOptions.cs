using DsmipTools.Engine;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Net.Tunnels;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.Tunneling;

namespace DsmipTools.Tunnels;

/// <summary>A tunnel of this host that is configured by hand, as the host at its other end configures the same with the ends exchanged.</summary>
public sealed record TunnelOptions
{
    /// <summary>The least MTU of a tunnel, and the usual one: what every IPv6 link carries (RFC 8200, 5; RFC 4213, 3.2.1).</summary>
    public const int MinimumMtu = 1280;

    /// <summary>The largest MTU of a tunnel: an Ethernet frame's less an IPv4 header (RFC 4213, 3.2.1).</summary>
    public const int MaximumMtu = TunnelPort.Mtu;

    // A link carries 1500 octets, and what runs through a NAT is not fragmented (RFC 3519, 4.8).
    private const int LinkMtu = 1500;
    private const int MaximumMtuUdpMobileIPv4 = LinkMtu - 32;

    private readonly ushort? localPort;
    private readonly ushort? remotePort;
    private readonly int? mtu;

    /// <summary>The name, unique in its host without regard to case.</summary>
    public required string Name { get; init; }

    /// <summary>This end: an address of the host.</summary>
    public required Address Local { get; init; }

    /// <summary>The other end, of the same address family.</summary>
    public required Address Remote { get; init; }

    /// <summary>How packets run in the tunnel.</summary>
    public required TunnelEncapsulation Encapsulation { get; init; }

    /// <summary>
    /// What is behind the other end: packets to these prefixes are routed into the tunnel, and packets out of it have to come from them.
    /// </summary>
    public IReadOnlyList<Destination> Prefixes { get; init; } = [];

    /// <summary>Addresses that this host has inside the tunnel.</summary>
    public IReadOnlyList<Address> Addresses { get; init; } = [];

    /// <summary>The GRE key of both directions (RFC 2890, 2.1); null for none.</summary>
    public uint? Key { get; init; }

    /// <summary>The UDP port of this end; that of the encapsulation unless it is given: 5437, 434 or 4191.</summary>
    public ushort LocalPort
    {
        get => localPort ?? WellKnownPort;
        init => localPort = value;
    }

    /// <summary>The UDP port of the other end; that of the encapsulation unless it is given.</summary>
    public ushort RemotePort
    {
        get => remotePort ?? WellKnownPort;
        init => remotePort = value;
    }

    /// <summary>True when packets run in UDP.</summary>
    public bool UsesUdp => WellKnownPort != 0;

    /// <summary>
    /// The longest packet that goes in, in octets, 1280 to 1480. Longer ones are answered with Packet Too Big or fragmentation needed. 1280 unless it is
    /// given; with a dynamic MTU, what a path of 1500 octets has room for.
    /// </summary>
    public int Mtu
    {
        get => mtu ?? (UsesDynamicMtu ? Math.Min(MaximumMtu, LinkMtu - Overhead) : MinimumMtu);
        init => mtu = value;
    }

    /// <summary>
    /// Whether the MTU follows the path to the other end (RFC 4213, 3.2.2): DF is set, and ICMP errors of the path make it smaller for ten minutes, over IPv6 not
    /// below 1280. Otherwise it is static (3.2.1), and DF is set only where the packet inside sets it.
    /// </summary>
    public bool UsesDynamicMtu { get; init; }

    /// <summary>The hop limit or TTL of the outer header (RFC 4213, 3.3); minimal encapsulation has that of the packet.</summary>
    public byte HopLimit { get; init; } = PacketFrame.HopLimit;

    /// <summary>
    /// REACHABLE_TIME (RFC 4861, 10): how long it holds that the other end has answered a probe, a random time of half to one and a half of it (6.3.2); 1 s to
    /// 1 h, default 30 s. Of a tunnel that carries IPv6.
    /// </summary>
    public TimeSpan ReachableTime { get; init; } = TunnelNeighbour.DefaultReachableTime;

    /// <summary>The name of the tunnel that this one runs over: its packets, with their outer header, go into that one, and come out of it. Null for none.</summary>
    public string? Over { get; init; }

    /// <summary>What carries the packets.</summary>
    public TunnelBackend Backend { get; init; }

    /// <summary>Throws for what cannot be.</summary>
    /// <exception cref="ArgumentException">A value is out of its range, or does not fit another.</exception>
    public void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Name);
        foreach (var end in (ReadOnlySpan<Address>)[Local, Remote])
        {
            Require(end.IsUnicast && !end.IsLinkLocal, $"{end} cannot be an end of a tunnel: a global or private unicast address can.");
            Require(OuterIsIPv4() is not { } outer || outer == end.IsIPv4, $"{Encapsulation} runs over {(end.IsIPv4 ? "IPv6" : "IPv4")}: {end} cannot be one of its ends.");
        }

        Require(Local.IsIPv4 == Remote.IsIPv4, $"{Local} and {Remote} are of different address families.");
        Require(Local != Remote, $"{Local} cannot be both ends of a tunnel.");
        foreach (var prefix in Prefixes)
        {
            Require(prefix.IsCanonical, $"{prefix} has bits set beyond its length.");
            Require(Carries(prefix.Address), $"{Encapsulation} does not carry packets to {prefix}.");
        }

        Require(Prefixes.Distinct().Count() == Prefixes.Count, "A prefix is given twice.");
        foreach (var address in Addresses)
        {
            Require(address.IsUnicast && !address.IsLinkLocal && !address.IsLoopback, $"{address} cannot be an address inside a tunnel.");
            Require(Carries(address), $"{Encapsulation} does not carry packets from {address}.");
        }

        Require(Addresses.Distinct().Count() == Addresses.Count, "An address is given twice.");
        Require(Key is null || Encapsulation == TunnelEncapsulation.Gre, $"A key is GRE's: {Encapsulation} has none.");
        Require(!UsesUdp || (LocalPort != 0 && RemotePort != 0), "A UDP port is 1 to 65535.");
        Require(Mtu is >= MinimumMtu and <= MaximumMtu, $"The MTU of a tunnel is {MinimumMtu} to {MaximumMtu} octets; {Mtu} is not.");
        Require(
            Encapsulation != TunnelEncapsulation.UdpMobileIPv4 || Mtu <= MaximumMtuUdpMobileIPv4,
            $"An MTU of {Mtu} octets would have NATs see fragments: that of {Encapsulation} is {MaximumMtuUdpMobileIPv4} at most (RFC 3519, 4.8).");
        Require(HopLimit != 0, "The hop limit of a tunnel is 1 to 255.");
        Require(Encapsulation != TunnelEncapsulation.Minimal || HopLimit == PacketFrame.HopLimit, "Minimal encapsulation has the hop limit of the packet (RFC 2004, 3).");
        Require(ReachableTime >= TimeSpan.FromSeconds(1) && ReachableTime <= TimeSpan.FromHours(1), "ReachableTime is 1 second to 1 hour.");
        Require(Enum.IsDefined(Encapsulation), $"There is no encapsulation {Encapsulation}.");
        Require(Enum.IsDefined(Backend), $"There is no backend {Backend}.");
    }

    /// <summary>The tunnel as the forwarder knows it.</summary>
    /// <param name="id">Its number.</param>
    /// <param name="over">The route to its other end by the tunnel that it runs over.</param>
    internal Tunnel ToTunnel(long id, Route? over = null)
    {
        var ends = Ends;
        return new Tunnel(id, Local, Remote)
        {
            Encapsulation = ends.Encapsulation,
            LocalPort = ends.Local.Port,
            RemotePort = ends.Remote.Port,
            End = TunnelEnd.Router,
            Mtu = Mtu,
            HopLimit = HopLimit,
            Over = over,
            Path = UsesDynamicMtu ? new PathMtu() : null,
            Neighbour = IsIPv6Link ? new TunnelNeighbour(Local, Remote, ReachableTime * (0.5 + Random.Shared.NextDouble())) { Key = Key } : null,
        };
    }

    /// <summary>What its packets are known by.</summary>
    internal TunnelEnds Ends => new(
        Encapsulation switch
        {
            TunnelEncapsulation.Udp or TunnelEncapsulation.UdpMobileIPv6 => Wire.Tunneling.Encapsulation.Udp,
            TunnelEncapsulation.UdpMobileIPv4 => Wire.Tunneling.Encapsulation.UdpMobileIPv4,
            TunnelEncapsulation.Gre => Wire.Tunneling.Encapsulation.Gre,
            TunnelEncapsulation.Minimal => Wire.Tunneling.Encapsulation.Minimal,
            _ => Wire.Tunneling.Encapsulation.IpInIp,
        },
        new Endpoint(Local, UsesUdp ? LocalPort : (ushort)0),
        new Endpoint(Remote, UsesUdp ? RemotePort : (ushort)0));

    /// <summary>Throws where a tunnel cannot run over this one.</summary>
    /// <exception cref="ArgumentException">The reason.</exception>
    internal void RequireUnder(TunnelOptions nested)
    {
        Require(Encapsulation != TunnelEncapsulation.Minimal, $"No tunnel runs over {Name}: minimal encapsulation leaves no header of its packets in one place.");
        Require(Carries(nested.Local), $"{Encapsulation} does not carry packets from {nested.Local}: {nested.Name} cannot run over {Name}.");
        Require(
            nested.Mtu + nested.Overhead <= Mtu,
            $"{Name} carries packets of {Mtu} octets, and over it {Mtu - nested.Overhead} are left: for an MTU of {nested.Mtu}, it needs one of {nested.Mtu + nested.Overhead}.");
    }

    /// <summary>True where IPv6 packets run in it, as far as its prefixes tell.</summary>
    private bool IsIPv6Link => Carries(inner: default) && (Prefixes.Count == 0 || Prefixes.Any(prefix => prefix.Address.IsIPv6));

    private int Overhead => TunnelFrame.Overhead(Ends, Key is not null);

    /// <summary>What stands behind the outer IP header.</summary>
    internal IpProtocol[] Protocols => Encapsulation switch
    {
        TunnelEncapsulation.Gre => [IpProtocol.Gre],
        TunnelEncapsulation.IPv4InIPv4 or TunnelEncapsulation.IPv4InIPv6 => [IpProtocol.IPv4],
        TunnelEncapsulation.Minimal => [IpProtocol.MinimalEncapsulation, IpProtocol.IPv4],
        _ => UsesUdp ? [IpProtocol.Udp] : [IpProtocol.IPv6],
    };

    private ushort WellKnownPort => Encapsulation switch
    {
        TunnelEncapsulation.Udp => Envelope.ProxyMobileIPv6DataPort,
        TunnelEncapsulation.UdpMobileIPv4 => MobileIPv4Message.Port,
        TunnelEncapsulation.UdpMobileIPv6 => Envelope.DualStackMobileIPv6Port,
        _ => 0,
    };

    private bool? OuterIsIPv4() => Encapsulation switch
    {
        TunnelEncapsulation.IPv4InIPv4 or TunnelEncapsulation.IPv6InIPv4 or TunnelEncapsulation.Minimal
            or TunnelEncapsulation.UdpMobileIPv4 or TunnelEncapsulation.UdpMobileIPv6 => true,
        TunnelEncapsulation.IPv4InIPv6 or TunnelEncapsulation.IPv6InIPv6 => false,
        _ => null,
    };

    private bool Carries(Address inner) => Encapsulation switch
    {
        TunnelEncapsulation.IPv4InIPv4 or TunnelEncapsulation.IPv4InIPv6 or TunnelEncapsulation.Minimal => inner.IsIPv4,
        TunnelEncapsulation.IPv6InIPv4 or TunnelEncapsulation.IPv6InIPv6 => inner.IsIPv6,
        _ => true,
    };

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException(message);
        }
    }
}
