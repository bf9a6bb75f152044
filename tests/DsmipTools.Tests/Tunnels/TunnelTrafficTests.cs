using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Hosting;
using DsmipTools.Net;
using DsmipTools.Net.Capture;
using DsmipTools.Net.Ebpf;
using DsmipTools.Net.Netlink;
using DsmipTools.Net.Probing;
using DsmipTools.Net.Tests.Support;
using DsmipTools.Tunnels;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Tunneling;

namespace DsmipTools.Tests.Tunnels;

/// <summary>Two hosts, each a network namespace, with tunnels between them: real packets, as the applications of the hosts see them.</summary>
public sealed partial class TunnelTrafficTests
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(30);

    public static TheoryData<TunnelEncapsulation, bool, bool, TunnelBackend> Ways()
    {
        var ways = new TheoryData<TunnelEncapsulation, bool, bool, TunnelBackend>();
        foreach (var backend in new[] { TunnelBackend.UserSpace, TunnelBackend.Ebpf })
        {
            ways.Add(TunnelEncapsulation.IPv4InIPv4, true, true, backend);
            ways.Add(TunnelEncapsulation.IPv6InIPv4, true, false, backend);
            ways.Add(TunnelEncapsulation.IPv4InIPv6, false, true, backend);
            ways.Add(TunnelEncapsulation.IPv6InIPv6, false, false, backend);
            ways.Add(TunnelEncapsulation.UdpMobileIPv6, true, true, backend);
            ways.Add(TunnelEncapsulation.UdpMobileIPv6, true, false, backend);
            if (backend == TunnelBackend.UserSpace)
            {
                ways.Add(TunnelEncapsulation.Minimal, true, true, backend);
                ways.Add(TunnelEncapsulation.UdpMobileIPv4, true, true, backend);
                ways.Add(TunnelEncapsulation.UdpMobileIPv4, true, false, backend);
            }

            foreach (var inner in new[] { true, false })
            {
                ways.Add(TunnelEncapsulation.Gre, true, inner, backend);
                ways.Add(TunnelEncapsulation.Gre, false, inner, backend);
                ways.Add(TunnelEncapsulation.Udp, true, inner, backend);
                if (backend == TunnelBackend.UserSpace)
                {
                    ways.Add(TunnelEncapsulation.Udp, false, inner, backend);
                }
            }
        }

        return ways;
    }

    /// <summary>Interfaces of the kernel take what they carry apart by themselves, and count long packets once.</summary>
    public static TheoryData<TunnelEncapsulation, bool, bool, TunnelBackend> AllWays() =>
        [.. Ways(), .. Ways().Where(way => way.Data.Item4 == TunnelBackend.Ebpf && way.Data.Item1 is not (TunnelEncapsulation.Udp or TunnelEncapsulation.UdpMobileIPv6))
            .Select(way => new TheoryDataRow<TunnelEncapsulation, bool, bool, TunnelBackend>(way.Data.Item1, way.Data.Item2, way.Data.Item3, TunnelBackend.Kernel))];

    [Theory]
    [MemberData(nameof(AllWays))]
    public void TCP_and_UDP_run_through_every_encapsulation(TunnelEncapsulation encapsulation, bool outerIPv4, bool innerIPv4, TunnelBackend backend) => NetworkNamespace.Run(() =>
    {
        SkipUnlessPossible(backend, encapsulation, outerIPv4, innerIPv4);
        using var far = new FarHost();
        var clean = Everything();
        using (var pair = new Pair(far, encapsulation, outerIPv4, innerIPv4, backend))
        {
            ExchangeByTcp(far, pair.FarInside);
            ExchangeByUdp(far, pair.FarInside, 1000);
            // In fragments of the tunnel's MTU.
            ExchangeByUdp(far, pair.FarInside, 4000);

            Assert.Equal((TunnelState.Enabled, backend == TunnelBackend.Kernel ? "dsmipk0" : "dsmip0", 1280, backend), (pair.Near.State, pair.Near.Interface, pair.Near.Mtu, pair.Near.Backend));
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

    [Theory]
    [MemberData(nameof(Ways))]
    public void Each_datagram_on_the_wire_is_a_whole_packet_no_longer_than_the_MTU(
        TunnelEncapsulation encapsulation, bool outerIPv4, bool innerIPv4, TunnelBackend backend) => NetworkNamespace.Run(() =>
    {
        SkipUnlessPossible(backend);
        using var far = new FarHost();
        using var pair = new Pair(far, encapsulation, outerIPv4, innerIPv4, backend);
        ReceiveOffload.TurnOffSending("a");
        using var capture = far.Run(() => CaptureDevice.Open("b", new CaptureOptions { Filter = outerIPv4 ? "ip src 192.0.2.1" : "ip6 src 2001:db8::1", BufferSize = 16 << 20 }));
        ExchangeByTcp(far, pair.FarInside, 400_000);
        var (packets, octets) = (0L, 0L);
        while (packets < pair.Near.PacketsOut)
        {
            capture.Wait(patience);
            while (capture.TryReceive(out var frame))
            {
                if (AssertWhole(frame.Octets.Span[14..], pair.Near.Mtu) is var length && length > 0)
                {
                    packets++;
                    octets += length;
                }
            }
        }

        // The kernel's programs count the headers of a long packet once.
        Assert.Equal((pair.Near.PacketsOut, backend == TunnelBackend.UserSpace ? pair.Near.OctetsOut : octets), (packets, octets));
        Assert.InRange(octets / packets, 600, pair.Near.Mtu);
    });

    /// <summary>Of minimal encapsulation each packet has a header of its own, and goes alone.</summary>
    public static TheoryData<TunnelEncapsulation, bool, bool, TunnelBackend> JoinedWays() =>
        [.. Ways().Where(way => way.Data.Item1 != TunnelEncapsulation.Minimal)];

    [Theory]
    [MemberData(nameof(JoinedWays))]
    public void Segments_go_to_the_host_as_few_packets(
        TunnelEncapsulation encapsulation, bool outerIPv4, bool innerIPv4, TunnelBackend backend) => NetworkNamespace.Run(() =>
    {
        SkipUnlessPossible(backend);
        using var far = new FarHost();
        using var pair = new Pair(far, encapsulation, outerIPv4, innerIPv4, backend);
        ExchangeByTcp(far, pair.FarInside, 20_000_000);
        var given = far.Run(() => PacketsOfDevice("dsmip0"));
        Assert.True(given < pair.FarEnd.PacketsIn / 2, $"{pair.FarEnd.PacketsIn} packets came, and {given} went to the host");
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
        Assert.True(SpinWait.SpinUntil(() => pair.FarTunnels.OtherDrops.Any(drop => drop.Cause == ForwardingDrop.ForeignTunnel), patience), "counted as no tunnel's");
        pair.NearTunnels.Remove(forged);
        pair.NearTunnels.Enable(pair.NearTunnels.Add(pair.Near.Options));
        SendTo(receiver, pair.NearInside, [4]);
        Assert.Equal([4], Receive(receiver));
    });

    [Fact]
    public void Spoofed_packets_are_dropped_and_counted_by_the_kernel_too() => NetworkNamespace.Run(() =>
    {
        SkipUnlessPossible(TunnelBackend.Ebpf);
        using var far = new FarHost();
        using var pair = new Pair(far, TunnelEncapsulation.IPv6InIPv4, outerIPv4: true, innerIPv4: false, TunnelBackend.Ebpf);
        NetworkNamespace.Ip("address add 2001:db8:bad::1/128 dev lo nodad");
        FarHost.Await("2001:db8:bad::1");
        using var receiver = far.Run(() => Bound(pair.FarInside));
        SendTo(receiver, "2001:db8:bad::1", [1]);
        SendTo(receiver, pair.NearInside, [2]);
        Assert.Equal([2], Receive(receiver));
        Assert.Equal([new TunnelDrop(ForwardingDrop.ForeignSource, 1)], pair.FarEnd.Drops);
        Assert.Equal((1, 49, 2, 98), (pair.FarEnd.PacketsIn, pair.FarEnd.OctetsIn, pair.Near.PacketsOut, pair.Near.OctetsOut));

        // What was counted in the kernel stays when that is over.
        far.Run(() => pair.FarTunnels.Disable(pair.FarEnd));
        Assert.Equal((1, 1), (pair.FarEnd.PacketsIn, pair.FarEnd.Dropped));
    });

    [Fact]
    public void Programs_are_attached_once_for_all_tunnels_and_not_longer_than_there_are_some() => NetworkNamespace.Run(() =>
    {
        SkipUnlessPossible(TunnelBackend.Ebpf);
        NetworkNamespace.Ip("address add 192.0.2.1/24 dev a");
        var uplink = SourceAddress.InterfaceIndex("a");
        using var tunnels = new HostedTunnels();
        var options = new TunnelOptions { Name = "1", Local = "192.0.2.1", Remote = "192.0.2.2", Encapsulation = TunnelEncapsulation.Gre, Backend = TunnelBackend.Ebpf };
        var first = tunnels.Add(options);
        var second = tunnels.Add(options with { Name = "2", Remote = "192.0.2.3" });
        foreach (var tunnel in new[] { first, second })
        {
            tunnels.Enable(tunnel);
            Assert.Equal((1, 0), (BpfProgram.CountAttached(uplink, BpfHook.Ingress), BpfProgram.CountAttached(uplink, BpfHook.Egress)));
            Assert.Equal(1, BpfProgram.CountAttached(SourceAddress.InterfaceIndex("dsmip0"), BpfHook.Egress));
        }

        tunnels.Disable(first);
        Assert.Equal(1, BpfProgram.CountAttached(uplink, BpfHook.Ingress));
        tunnels.Disable(second);
        Assert.Equal(0, BpfProgram.CountAttached(uplink, BpfHook.Ingress));
    });

    [Fact]
    public void Packets_follow_the_route_to_the_other_end() => NetworkNamespace.Run(() =>
    {
        SkipUnlessPossible(TunnelBackend.Ebpf);
        using var far = new FarHost();
        using var pair = new Pair(far, TunnelEncapsulation.IPv6InIPv4, outerIPv4: true, innerIPv4: false, TunnelBackend.Ebpf);
        ExchangeByUdp(far, pair.FarInside, 100);
        Assert.Equal("a leads to 192.0.2.2", pair.Near.BackendReason);

        // Another pair of interfaces, to which the route changes over.
        NetworkNamespace.Ip("link add name c type veth peer name d");
        var id = far.Run(FarHost.ThreadId);
        NetworkNamespace.Ip(string.Create(CultureInfo.InvariantCulture, $"link set dev d netns {id}"));
        NetworkNamespace.Ip("link set dev c up");
        far.Run(() => NetworkNamespace.Ip("link set dev d up"));
        NetworkNamespace.Ip("address add 198.51.100.1/24 dev c");
        far.Run(() => NetworkNamespace.Ip("address add 198.51.100.2/24 dev d"));
        far.Run(() => NetworkNamespace.Ip("route add 192.0.2.1/32 via 198.51.100.1 dev d"));
        NetworkNamespace.Ip("route add 192.0.2.2/32 via 198.51.100.2 dev c");
        Assert.True(SpinWait.SpinUntil(() => pair.Near.BackendReason == "c leads to 192.0.2.2", patience), pair.Near.BackendReason);
        Assert.True(SpinWait.SpinUntil(() => pair.FarEnd.BackendReason == "d leads to 192.0.2.1", patience), pair.FarEnd.BackendReason);
        NetworkNamespace.Ip("link set dev a down");
        ExchangeByUdp(far, pair.FarInside, 100);

        // With no interface that programs can use, user space has its turn.
        NetworkNamespace.Ip("route replace 192.0.2.2/32 dev lo");
        Assert.True(SpinWait.SpinUntil(() => pair.Near.Backend == TunnelBackend.UserSpace, patience), pair.Near.BackendReason);
        Assert.Equal("the route to 192.0.2.2 leads to lo, which is no Ethernet", pair.Near.BackendReason);
    });

    [Fact]
    public void A_tunnel_that_IPsec_may_be_about_is_left_to_user_space() => NetworkNamespace.Run(() =>
    {
        SkipUnlessPossible(TunnelBackend.Ebpf);
        using var far = new FarHost();
        using var pair = new Pair(far, TunnelEncapsulation.Gre, outerIPv4: true, innerIPv4: true, TunnelBackend.Auto);
        Assert.Equal(TunnelBackend.Ebpf, pair.Near.Backend);
        var (code, output) = NetworkNamespace.TryIp("xfrm policy add src 192.0.2.1 dst 192.0.2.0/24 proto gre dir out action block");
        Assert.SkipUnless(code == 0, $"no IPsec policies here: {output}");
        Assert.True(SpinWait.SpinUntil(() => pair.Near.Backend == TunnelBackend.UserSpace, patience), pair.Near.BackendReason);
        Assert.Contains("IPsec", pair.Near.BackendReason, StringComparison.Ordinal);
        NetworkNamespace.Ip("xfrm policy flush");
        Assert.True(SpinWait.SpinUntil(() => pair.Near.Backend == TunnelBackend.Ebpf, patience), pair.Near.BackendReason);
        // About other packets.
        NetworkNamespace.Ip("xfrm policy add src 192.0.2.1 dst 192.0.2.2 proto udp dir out action block");
        NetworkNamespace.Ip("xfrm policy add src 192.0.2.1 dst 192.0.2.9 dir out action block");
        ExchangeByUdp(far, pair.FarInside, 100);
        Assert.Equal(TunnelBackend.Ebpf, pair.Near.Backend);
    });

    [Fact]
    public void What_the_kernel_cannot_carry_is_refused_where_it_is_demanded_and_says_why_where_not() => NetworkNamespace.Run(() =>
    {
        SkipUnlessPossible(TunnelBackend.Ebpf);
        NetworkNamespace.Ip("address add 192.0.2.1/24 dev a");
        NetworkNamespace.Ip("address add 2001:db8::1/64 dev a nodad");
        FarHost.Await("2001:db8::1");
        var clean = Everything();
        using var tunnels = new HostedTunnels();
        var options = new TunnelOptions { Name = "udp", Local = "2001:db8::1", Remote = "2001:db8::2", Encapsulation = TunnelEncapsulation.Udp, Backend = TunnelBackend.Ebpf };
        Assert.Contains("UDP over IPv6", Refused(options), StringComparison.Ordinal);
        Assert.Contains("none that leaves the host", Refused(options with { Name = "lo", Local = "127.0.0.1", Remote = "127.0.0.2", Encapsulation = TunnelEncapsulation.Gre }), StringComparison.Ordinal);
        Assert.Equal(clean, Everything());

        var udp = tunnels.Add(options with { Name = "auto", Backend = TunnelBackend.Auto });
        tunnels.Enable(udp);
        Assert.Equal(TunnelBackend.UserSpace, udp.Backend);
        Assert.Contains("UDP over IPv6", udp.BackendReason, StringComparison.Ordinal);
        var asked = tunnels.Add(options with { Name = "asked", Local = "192.0.2.1", Remote = "192.0.2.2", Backend = TunnelBackend.UserSpace });
        tunnels.Enable(asked);
        Assert.Equal((TunnelBackend.UserSpace, "it was asked for"), (asked.Backend, asked.BackendReason));

        string Refused(TunnelOptions demanded)
        {
            var tunnel = tunnels.Add(demanded);
            var exception = Assert.Throws<NetException>(() => tunnels.Enable(tunnel));
            tunnels.Remove(tunnel);
            Assert.Equal(NetError.NotSupported, exception.Error);
            return exception.Message;
        }
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

    private static void SkipUnlessPossible(TunnelBackend backend)
    {
        if (backend == TunnelBackend.Ebpf)
        {
            var probe = LinuxProbes.Ebpf();
            Assert.SkipUnless(probe is { LoadError: 0, HasTcx: true }, $"no programs in this kernel: errno {probe.LoadError}, tcx {probe.HasTcx}");
        }
    }

    /// <summary>A kernel that has the interface in a module has loaded it then, and with it interfaces of its own that no tunnel leaves.</summary>
    private static void SkipUnlessPossible(TunnelBackend backend, TunnelEncapsulation encapsulation, bool outerIPv4, bool innerIPv4)
    {
        SkipUnlessPossible(backend);
        if (backend == TunnelBackend.Kernel)
        {
            using var network = new HostNetwork();
            var protocol = encapsulation == TunnelEncapsulation.Gre ? IpProtocol.Gre : innerIPv4 ? IpProtocol.IPv4 : IpProtocol.IPv6;
            try
            {
                var made = network.AddTunnel(
                    new TunnelInterface("probe", protocol, outerIPv4 ? "192.0.2.1" : "2001:db8::1", outerIPv4 ? "192.0.2.2" : "2001:db8::2") { Mtu = 1280, Note = "probe" });
                network.RemoveInterface(made, "probe");
            }
            catch (NetException exception) when (exception.Error == NetError.NotSupported)
            {
                Assert.Skip(exception.Message);
            }
        }
    }

    /// <summary>Holds that a packet on the wire is one of a tunnel, with right lengths and checksums; returns the length of the packet inside, 0 for another and for one of the link.</summary>
    private static int AssertWhole(ReadOnlySpan<byte> packet, int mtu)
    {
        Assert.True(IpPacketView.TryParse(packet, out var outer, out var error), error.ToString());
        var isTunneled = TunnelFrame.TryRead(outer, out var ends, out var offset, out _, out error);
        Assert.False(error.IsError, error.ToString());
        if (!isTunneled)
        {
            return 0;
        }

        Assert.InRange(outer.Octets.Length, 1, 1500);
        Assert.False(outer.IsFragment);
        var opened = new byte[outer.Octets.Length - offset];
        TunnelFrame.CopyInner(outer.Octets, ends.Encapsulation, offset, opened);
        Assert.True(IpPacketView.TryParse(opened, out var inner, out error), error.ToString());
        Assert.Equal(outer.Octets.Length - offset, inner.Octets.Length);
        Assert.InRange(inner.Octets.Length, 1, mtu);
        Assert.True(
            inner.Protocol != IpProtocol.Tcp
            || InternetChecksum.Verify(InternetChecksum.PseudoHeader(inner.Source, inner.Destination, (byte)IpProtocol.Tcp, inner.Payload.Length), inner.Payload));
        // What links say themselves is not counted.
        return TunnelNeighbour.IsOfLink(inner) ? 0 : inner.Octets.Length;
    }

    /// <summary>Packets that the host of this thread has received by a device, each joined one counted once.</summary>
    private static long PacketsOfDevice(string name)
    {
        var line = File.ReadLines("/proc/thread-self/net/dev").Single(line => line.TrimStart().StartsWith(name + ":", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[2], CultureInfo.InvariantCulture);
    }

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

        public Pair(
            FarHost far, TunnelEncapsulation encapsulation, bool outerIPv4, bool innerIPv4, TunnelBackend backend = TunnelBackend.UserSpace, int mtu = TunnelOptions.MinimumMtu)
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
                Backend = backend,
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
