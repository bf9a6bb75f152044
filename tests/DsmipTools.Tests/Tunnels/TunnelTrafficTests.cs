using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Hosting;
using DsmipTools.Net;
using DsmipTools.Net.Tests.Support;
using DsmipTools.Tunnels;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Tests.Tunnels;

/// <summary>Two hosts, each a network namespace, with tunnels between them: real packets, as the applications of the hosts see them.</summary>
public sealed partial class TunnelTrafficTests
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(30);

    public static TheoryData<TunnelEncapsulation, bool, bool> Ways()
    {
        var ways = new TheoryData<TunnelEncapsulation, bool, bool>
        {
            { TunnelEncapsulation.IPv4InIPv4, true, true },
            { TunnelEncapsulation.IPv6InIPv4, true, false },
            { TunnelEncapsulation.IPv4InIPv6, false, true },
            { TunnelEncapsulation.IPv6InIPv6, false, false },
            { TunnelEncapsulation.Minimal, true, true },
            { TunnelEncapsulation.UdpMobileIPv4, true, true },
            { TunnelEncapsulation.UdpMobileIPv4, true, false },
            { TunnelEncapsulation.UdpMobileIPv6, true, true },
            { TunnelEncapsulation.UdpMobileIPv6, true, false },
        };
        foreach (var encapsulation in new[] { TunnelEncapsulation.Gre, TunnelEncapsulation.Udp })
        {
            foreach (var outer in new[] { true, false })
            {
                ways.Add(encapsulation, outer, true);
                ways.Add(encapsulation, outer, false);
            }
        }

        return ways;
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void TCP_and_UDP_run_through_every_encapsulation(TunnelEncapsulation encapsulation, bool outerIPv4, bool innerIPv4) => NetworkNamespace.Run(() =>
    {
        using var far = new FarHost();
        var clean = Everything();
        using (var pair = new Pair(far, encapsulation, outerIPv4, innerIPv4))
        {
            ExchangeByTcp(far, pair.FarInside);
            ExchangeByUdp(far, pair.FarInside, 1000);
            // In fragments of the tunnel's MTU.
            ExchangeByUdp(far, pair.FarInside, 4000);

            Assert.Equal((TunnelState.Enabled, "dsmip0", 1280), (pair.Near.State, pair.Near.Interface, pair.Near.Mtu));
            Assert.True(pair.Near.PacketsOut > 0 && pair.Near.OctetsOut > 400_000, "what went out is counted");
            Assert.True(pair.Near.PacketsIn > 0 && pair.Near.OctetsIn > 400_000, "what came in is counted");
            Assert.Empty(pair.Near.Drops);
            Assert.Empty(pair.FarEnd.Drops);
        }

        Assert.Equal(clean, Everything());
    });

    [Theory]
    [InlineData(TunnelEncapsulation.IPv4InIPv4, true, true)]
    [InlineData(TunnelEncapsulation.IPv6InIPv4, true, false)]
    [InlineData(TunnelEncapsulation.IPv6InIPv6, false, false)]
    [InlineData(TunnelEncapsulation.Gre, true, false)]
    public void TCP_segments_that_the_interface_joins_come_through(TunnelEncapsulation encapsulation, bool outerIPv4, bool innerIPv4) => NetworkNamespace.Run(() =>
    {
        using var far = new FarHost();
        ReceiveOffload.TurnOn("a");
        far.Run(() => ReceiveOffload.TurnOn("b"));
        using var pair = new Pair(far, encapsulation, outerIPv4, innerIPv4);
        var before = far.Run(() => ReceivedPackets(outerIPv4));
        ExchangeByTcp(far, pair.FarInside, 20_000_000);
        var received = far.Run(() => ReceivedPackets(outerIPv4)) - before;
        Assert.True(received < pair.FarEnd.PacketsIn, "segments were joined, or this holds nothing");
        Assert.InRange(pair.FarEnd.OctetsIn, 20_000_000, 24_000_000);
        Assert.DoesNotContain(pair.FarEnd.Drops, drop => drop.Cause == ForwardingDrop.TooBig);
    });

    [Fact]
    public void Spoofed_packets_do_not_come_through() => NetworkNamespace.Run(() =>
    {
        using var far = new FarHost();
        using var pair = new Pair(far, TunnelEncapsulation.IPv6InIPv4, outerIPv4: true, innerIPv4: false);
        NetworkNamespace.Ip("address add 2001:db8:bad::1/128 dev lo nodad");
        FarHost.Await("2001:db8:bad::1");
        using var receiver = far.Run(() => Bound(pair.FarInside));

        // One whose inner source is not behind the tunnel, and then an honest one.
        SendTo(receiver, "2001:db8:bad::1", [1]);
        SendTo(receiver, pair.NearInside, [2]);
        Assert.Equal([2], Receive(receiver));
        Assert.Equal([new TunnelDrop(ForwardingDrop.ForeignSource, 1)], pair.FarEnd.Drops);

        // One whose outer source is not the other end's.
        NetworkNamespace.Ip("address add 192.0.2.9/24 dev a");
        pair.NearTunnels.Remove(pair.Near);
        var forged = pair.NearTunnels.Add(pair.Near.Options with { Local = "192.0.2.9" });
        pair.NearTunnels.Enable(forged);
        SendTo(receiver, pair.NearInside, [3]);
        Assert.True(SpinWait.SpinUntil(() => pair.FarTunnels.OtherDrops.Contains(new TunnelDrop(ForwardingDrop.ForeignTunnel, 1)), patience), "counted as no tunnel's");
        pair.NearTunnels.Remove(forged);
        pair.NearTunnels.Enable(pair.NearTunnels.Add(pair.Near.Options));
        SendTo(receiver, pair.NearInside, [4]);
        Assert.Equal([4], Receive(receiver));
    });

    [Fact]
    public void Another_GRE_key_does_not_come_through() => NetworkNamespace.Run(() =>
    {
        using var far = new FarHost();
        using var pair = new Pair(far, TunnelEncapsulation.Gre, outerIPv4: true, innerIPv4: true);
        using var receiver = far.Run(() => Bound(pair.FarInside));
        pair.NearTunnels.Remove(pair.Near);
        var other = pair.NearTunnels.Add(pair.Near.Options with { Key = 99 });
        pair.NearTunnels.Enable(other);
        SendTo(receiver, pair.NearInside, [1]);
        Assert.True(SpinWait.SpinUntil(() => pair.FarEnd.Drops.Contains(new TunnelDrop(ForwardingDrop.WrongKey, 1)), patience), "counted as a wrong key");
        Assert.Equal(0, receiver.Available);
    });

    [Fact]
    public void The_source_is_told_what_is_too_big() => NetworkNamespace.Run(() =>
    {
        using var far = new FarHost();
        using var pair = new Pair(far, TunnelEncapsulation.IPv6InIPv4, outerIPv4: true, innerIPv4: false);
        using var sender = Bound(pair.NearInside);
        const int IPv6Level = 41, DontFragment = 62;
        sender.SetRawSocketOption(IPv6Level, DontFragment, BitConverter.GetBytes(1));
        var failure = Assert.Throws<SocketException>(() => sender.SendTo(new byte[1280 - 47], new IPEndPoint(pair.FarInside.ToIPAddress(), 9)));
        Assert.Equal(SocketError.MessageSize, failure.SocketErrorCode);
        sender.SendTo(new byte[1280 - 48], new IPEndPoint(pair.FarInside.ToIPAddress(), 9));
        Assert.True(SpinWait.SpinUntil(() => pair.FarEnd.PacketsIn == 1, patience), "what fits comes through");
    });

    [Fact]
    public void A_thousand_tunnels_are_one_device_and_leave_nothing() => NetworkNamespace.Run(() =>
    {
        NetworkNamespace.Ip("address add 192.0.2.1/24 dev a");
        var clean = Everything();
        using (var tunnels = new HostedTunnels())
        {
            for (var i = 0; i < 1000; i++)
            {
                tunnels.Enable(tunnels.Add(new TunnelOptions
                {
                    Name = string.Create(CultureInfo.InvariantCulture, $"t{i}"),
                    Local = "192.0.2.1",
                    Remote = Address.FromIPv4(0xCB007100 + (uint)i),
                    Encapsulation = TunnelEncapsulation.IPv6InIPv4,
                    Prefixes = [Destination.Of(Address.FromIPv6(((UInt128)0x20010DB8_00000000 + (uint)i) << 64), 64)],
                }));
            }

            Assert.All(tunnels.List(), tunnel => Assert.Equal("dsmip0", tunnel.Interface));
            Assert.Equal(1000, Lines("-6 route show proto 54").Length);
            Assert.Empty(TunnelLeftover.FindAll());
        }

        Assert.Equal(clean, Everything());
    });

    [Fact]
    public void What_cannot_be_had_is_refused_and_leaves_nothing() => NetworkNamespace.Run(() =>
    {
        NetworkNamespace.Ip("address add 192.0.2.1/24 dev a");
        NetworkNamespace.Ip("-6 route add 2001:db8:7:2::/64 dev a proto static");
        var clean = Everything();
        using var tunnels = new HostedTunnels();
        var options = new TunnelOptions
        {
            Name = "t", Local = "192.0.2.1", Remote = "192.0.2.2", Encapsulation = TunnelEncapsulation.IPv6InIPv4, Prefixes = ["2001:db8:7:1::/64", "2001:db8:7:2::/64"],
        };
        var taken = tunnels.Add(options);
        var exists = Assert.Throws<NetException>(() => tunnels.Enable(taken));
        Assert.Equal((NetError.AlreadyExists, 17), (exists.Error, exists.Errno));
        Assert.Contains("the route to 2001:db8:7:2::/64", exists.Message, StringComparison.Ordinal);
        Assert.Equal(TunnelState.Disabled, taken.State);
        Assert.Equal(clean, Everything());

        tunnels.Remove(taken);
        var elsewhere = tunnels.Add(options with { Local = "192.0.2.77" });
        Assert.Equal(NetError.AddressNotAvailable, Assert.Throws<NetException>(() => tunnels.Enable(elsewhere)).Error);
        Assert.Equal(clean, Everything());
    });

    [Fact]
    public void A_tunnel_whose_device_is_removed_has_failed_and_can_be_enabled_again() => NetworkNamespace.Run(() =>
    {
        using var far = new FarHost();
        using var pair = new Pair(far, TunnelEncapsulation.Udp, outerIPv4: true, innerIPv4: true);
        NetworkNamespace.Ip("link delete dsmip0");
        Assert.True(SpinWait.SpinUntil(() => pair.Near.State == TunnelState.Failed, patience), "the loss is noticed");
        Assert.Contains("dsmip0 is gone", pair.Near.Failure!.Message, StringComparison.Ordinal);
        pair.NearTunnels.Enable(pair.Near);
        ExchangeByUdp(far, pair.FarInside, 100);
    });

    [Fact]
    public void What_nobody_carries_is_found_and_removed() => NetworkNamespace.Run(() =>
    {
        var clean = Everything();
        NetworkNamespace.Ip("tuntap add mode tun name dsmip7");
        NetworkNamespace.Ip("route add 198.18.7.0/24 dev lo proto 54");
        var found = TunnelLeftover.FindAll();
        Assert.Equal(["interface dsmip7", "route to 198.18.7.0/24 by lo"], found.Select(each => each.ToString()).Order());
        foreach (var leftover in found)
        {
            leftover.Remove();
            leftover.Remove();
        }

        Assert.Empty(TunnelLeftover.FindAll());
        Assert.Equal(clean, Everything());
    });

    /// <summary>Packets that the host of this thread has received by an IP version, each joined one counted once.</summary>
    private static long ReceivedPackets(bool isIPv4)
    {
        if (!isIPv4)
        {
            return long.Parse(File.ReadLines("/proc/thread-self/net/snmp6").Single(line => line.StartsWith("Ip6InReceives ", StringComparison.Ordinal)).Split(' ')[^1], CultureInfo.InvariantCulture);
        }

        var lines = File.ReadLines("/proc/thread-self/net/snmp").Where(line => line.StartsWith("Ip: ", StringComparison.Ordinal)).Select(line => line.Split(' ')).ToArray();
        return long.Parse(lines[1][Array.IndexOf(lines[0], "InReceives")], CultureInfo.InvariantCulture);
    }

    /// <summary>Links by name, addresses, rules and routes, without what the kernel does by itself when a carrier comes.</summary>
    private static string[] Everything() =>
    [
        .. Lines("-o link").Select(line => line.Split(':')[1]),
        .. Lines("-o address show scope global"), .. Lines("rule"), .. Lines("-6 rule"),
        .. Lines("route").Concat(Lines("-6 route")).Where(line => !line.Contains("proto kernel", StringComparison.Ordinal)),
    ];

    private static string[] Lines(string arguments) => NetworkNamespace.Ip(arguments).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static Socket Bound(Address address)
    {
        var socket = new Socket(address.IsIPv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp)
        {
            ReceiveTimeout = (int)patience.TotalMilliseconds,
        };
        socket.Bind(new IPEndPoint(address.ToIPAddress(), 0));
        return socket;
    }

    private static void SendTo(Socket receiver, Address source, byte[] octets)
    {
        using var sender = Bound(source);
        sender.SendTo(octets, receiver.LocalEndPoint!);
    }

    private static byte[] Receive(Socket receiver)
    {
        var buffer = new byte[65_536];
        return buffer[..receiver.Receive(buffer)];
    }

    private static void ExchangeByUdp(FarHost far, Address inside, int length)
    {
        using var receiver = far.Run(() => Bound(inside));
        using var sender = new Socket(receiver.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = (int)patience.TotalMilliseconds };
        var octets = Enumerable.Range(0, length).Select(number => (byte)number).ToArray();
        sender.Connect(receiver.LocalEndPoint!);
        sender.Send(octets);
        var buffer = new byte[65_536];
        EndPoint from = new IPEndPoint(inside.IsIPv4 ? IPAddress.Any : IPAddress.IPv6Any, 0);
        var received = receiver.ReceiveFrom(buffer, ref from);
        Assert.Equal(octets, buffer[..received]);
        receiver.SendTo(octets, from);
        Assert.Equal(octets, Receive(sender));
    }

    private static void ExchangeByTcp(FarHost far, Address inside, int length = 400_000)
    {
        var octets = new byte[length];
        new Random(1).NextBytes(octets);
        using var listener = far.Run(() =>
        {
            var opened = new TcpListener(inside.ToIPAddress(), 0);
            opened.Start();
            return opened;
        });
        using var client = new TcpClient(listener.LocalEndpoint.AddressFamily);
        client.Connect((IPEndPoint)listener.LocalEndpoint);
        using var server = listener.AcceptTcpClient();
        var echo = Task.Run(() =>
        {
            var received = Read(server, octets.Length);
            server.GetStream().Write(received);
        });
        client.GetStream().Write(octets);
        Assert.Equal(octets, Read(client, octets.Length));
        Assert.True(echo.IsCompletedSuccessfully || echo.Wait(patience));
    }

    private static byte[] Read(TcpClient from, int length)
    {
        from.ReceiveTimeout = (int)patience.TotalMilliseconds;
        var octets = new byte[length];
        from.GetStream().ReadExactly(octets);
        return octets;
    }

    /// <summary>Both ends of one tunnel: the near one in the namespace of this thread.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "Disposed with the pair.")]
    private sealed class Pair : IDisposable
    {
        private readonly FarHost far;

        public Pair(FarHost far, TunnelEncapsulation encapsulation, bool outerIPv4, bool innerIPv4, int mtu = TunnelOptions.MinimumMtu)
        {
            this.far = far;
            NearInside = innerIPv4 ? "10.7.1.1" : "2001:db8:7:1::1";
            FarInside = innerIPv4 ? "10.7.2.1" : "2001:db8:7:2::1";
            Address nearOutside = outerIPv4 ? "192.0.2.1" : "2001:db8::1", farOutside = outerIPv4 ? "192.0.2.2" : "2001:db8::2";
            var options = new TunnelOptions
            {
                Mtu = mtu,
                Name = "near",
                Local = nearOutside,
                Remote = farOutside,
                Encapsulation = encapsulation,
                Addresses = [NearInside],
                Prefixes = [Destination.Of(FarInside, innerIPv4 ? 24 : 64)],
                Key = encapsulation == TunnelEncapsulation.Gre ? 7u : null,
            };
            Near = NearTunnels.Add(options);
            NearTunnels.Enable(Near);
            FarEnd = FarTunnels.Add(options with
            {
                Name = "far", Local = farOutside, Remote = nearOutside, Addresses = [FarInside], Prefixes = [Destination.Of(NearInside, innerIPv4 ? 24 : 64)],
            });
            FarHost.Await(NearInside);
            far.Run(() =>
            {
                FarTunnels.Enable(FarEnd);
                FarHost.Await(FarInside);
            });
        }

        public HostedTunnels NearTunnels { get; } = new();

        public HostedTunnels FarTunnels { get; } = new();

        public HostedTunnel Near { get; }

        public HostedTunnel FarEnd { get; }

        public Address NearInside { get; }

        public Address FarInside { get; }

        public void Dispose()
        {
            far.Run(FarTunnels.Dispose);
            NearTunnels.Dispose();
        }
    }
}
