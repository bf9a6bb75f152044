using System.Collections.Concurrent;
using System.Net.Sockets;
using DsmipTools.Net.Netlink;
using DsmipTools.Net.RawPackets;
using DsmipTools.Net.Tests.Support;
using DsmipTools.Net.Tunnels;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Net.Tests.Tunnels;

public sealed class TunnelPortTests
{
    [Fact]
    public void What_the_host_routes_to_the_device_comes_and_the_device_goes_with_the_port() => NetworkNamespace.Run(() =>
    {
        var traffic = new Traffic();
        using (var port = new TunnelPort(traffic))
        {
            Assert.Equal("dsmip0", port.InterfaceName);
            Assert.DoesNotContain("fe80", NetworkNamespace.Ip("address show dev dsmip0"), StringComparison.Ordinal);
            port.Network.AddAddress(port.InterfaceIndex, "2001:db8:1::1");
            port.Network.Add(new HostRoute("2001:db8:2::", 64, port.InterfaceIndex, 1280));
            using var sender = new UdpClient(AddressFamily.InterNetworkV6);
            sender.Send([1, 2, 3], "2001:db8:2::9", 7);
            var packet = traffic.Take();
            Assert.True(IpPacketView.TryParse(packet, out var view, out _));
            Assert.Equal(("2001:db8:1::1", "2001:db8:2::9"), (view.Source.ToString(), view.Destination.ToString()));
            using var second = new TunnelPort(traffic);
            Assert.Equal("dsmip1", second.InterfaceName);
        }

        Assert.DoesNotContain("dsmip", NetworkNamespace.Ip("link"), StringComparison.Ordinal);
    });

    [Theory]
    [InlineData(IpProtocol.IPv4, "192.0.2.1", 4)]
    [InlineData(IpProtocol.IPv6, "192.0.2.1", 4)]
    [InlineData(IpProtocol.Gre, "2001:db8::1", 6)]
    [InlineData(IpProtocol.Udp, "192.0.2.1", 4)]
    [InlineData(IpProtocol.Udp, "2001:db8::1", 6)]
    public void What_comes_from_the_network_has_its_outer_headers_congestion_included(IpProtocol protocol, string local, int version) => NetworkNamespace.Run(() =>
    {
        NetworkNamespace.Ip("address add 192.0.2.1/32 dev lo");
        NetworkNamespace.Ip("address add 2001:db8::1/128 dev lo nodad");
        // The kernel adds the route to the address a moment after the address.
        Assert.True(SpinWait.SpinUntil(() => NetworkNamespace.Ip("-6 route show table local").Contains("local 2001:db8::1 ", StringComparison.Ordinal), TimeSpan.FromSeconds(30)));
        var traffic = new Traffic();
        using var port = new TunnelPort(traffic);
        var end = new Endpoint(local, (ushort)(protocol == IpProtocol.Udp ? 5437 : 0));
        port.Listen(protocol, end);
        port.Listen(protocol, end);
        port.Unlisten(protocol, end);
        var sent = new byte[100];
        var behind = Wire.Tunneling.TunnelFrame.WriteHeader(local, local, protocol, 3, false, 77, sent);
        if (protocol == IpProtocol.Udp)
        {
            Wire.Tunneling.TunnelFrame.WriteUdp(end with { Port = 4000 }, end, behind);
        }

        using var sender = RawPacketTransport.OpenIP(version == 4);
        sender.Send(sent);
        var received = traffic.Take();
        Assert.Equal(version, received[0] >> 4);
        Assert.True(IpPacketView.TryParse(received, out var view, out var error), error.ToString());
        Assert.Equal((protocol, local, local, 3), (view.Protocol, view.Source.ToString(), view.Destination.ToString(), view.CongestionNotification));
        Assert.Equal(behind.ToArray(), view.Payload.ToArray());
        port.Unlisten(protocol, end);
    });

    [Theory]
    [InlineData(IpProtocol.IPv6, false)]
    [InlineData(IpProtocol.IPv6, true)]
    [InlineData(IpProtocol.Udp, false)]
    [InlineData(IpProtocol.Udp, true)]
    public void A_packet_that_is_carried_allocates_nothing(IpProtocol protocol, bool isLong) => NetworkNamespace.Run(() =>
    {
        // Out of the device, through a tunnel from one address of the host to another, and into the device again.
        NetworkNamespace.Ip("address add 192.0.2.1/32 dev lo");
        NetworkNamespace.Ip("address add 192.0.2.2/32 dev lo");
        var traffic = new Loop(protocol);
        using var port = traffic.Port = new TunnelPort(traffic);
        port.Listen(protocol, new Endpoint("192.0.2.1", 5437));
        port.Listen(protocol, new Endpoint("192.0.2.2", 5437));
        port.Network.AddAddress(port.InterfaceIndex, "2001:db8:1::1");
        port.Network.Add(new HostRoute("2001:db8:2::", 64, port.InterfaceIndex, 1280));
        using var sender = new UdpClient(AddressFamily.InterNetworkV6);
        var datagram = new byte[isLong ? 10 * 1000 : 1000];
        const int LevelUdp = 17, Segment = 103;
        sender.Client.SetRawSocketOption(LevelUdp, Segment, BitConverter.GetBytes(1000));
        sender.Connect("2001:db8:2::9", 7);
        Carry(5000);
        var before = traffic.Allocated;
        Carry(20_000);
        Assert.Equal(before, traffic.Allocated);
        Assert.Equal(isLong, traffic.Followers > 0);

        void Carry(int packets)
        {
            for (var goal = traffic.Delivered + packets; traffic.Delivered < goal;)
            {
                var now = traffic.Delivered;
                sender.Send(datagram);
                Assert.True(SpinWait.SpinUntil(() => traffic.Delivered > now, TimeSpan.FromSeconds(30)), "nothing came through");
            }
        }
    });

    [Fact]
    public void A_port_or_address_that_cannot_be_had_is_an_error_and_the_rest_works_on() => NetworkNamespace.Run(() =>
    {
        NetworkNamespace.Ip("address add 192.0.2.1/24 dev a");
        using var port = new TunnelPort(new Traffic());
        using var holder = new UdpClient(new System.Net.IPEndPoint(System.Net.IPAddress.Parse("192.0.2.1"), 5437));
        Assert.Equal(NetError.AddressInUse, Assert.Throws<NetException>(() => port.Listen(IpProtocol.Udp, new Endpoint("192.0.2.1", 5437))).Error);
        Assert.Equal(NetError.AddressNotAvailable, Assert.Throws<NetException>(() => port.Listen(IpProtocol.Udp, new Endpoint("192.0.2.9", 5437))).Error);
        port.Listen(IpProtocol.Udp, new Endpoint("192.0.2.1", 5438));
    });

    [Fact]
    public async Task Without_the_privilege_the_capability_is_named()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "capabilities are those of Linux");
        if (Environment.IsPrivilegedProcess)
        {
            await Unprivileged.Run(typeof(TunnelPortTests), nameof(Without_the_privilege_the_capability_is_named));
            return;
        }

        var exception = Assert.Throws<NetException>(() => new TunnelPort(new Traffic()).Dispose());
        Assert.Contains("Making a TUN device needs the capability CAP_NET_ADMIN: run the process as root", exception.Message, StringComparison.Ordinal);
        Assert.Equal(NetError.AccessDenied, exception.Error);
    }

    [Fact]
    public void On_another_system_the_error_names_it()
    {
        Assert.SkipWhen(OperatingSystem.IsLinux(), "this is Linux, which has TUN devices");
        Assert.Contains("Linux only; this is", Assert.Throws<NetException>(() => new TunnelPort(new Traffic()).Dispose()).Message, StringComparison.Ordinal);
    }

    /// <summary>Sends through a tunnel of the host to itself what it routes to the device, and counts what its thread allocates.</summary>
    private sealed class Loop(IpProtocol protocol) : ITunnelTraffic
    {
        private static readonly Endpoint near = new("192.0.2.1", 5437), far = new("192.0.2.2", 5437);

        private readonly byte[] output = GC.AllocateArray<byte>(70_000, pinned: true);
        private long allocated;
        private long delivered;
        private long followers;

        public TunnelPort? Port { get; set; }

        public long Allocated => Volatile.Read(ref allocated);

        public long Delivered => Volatile.Read(ref delivered);

        public long Followers => Volatile.Read(ref followers);

        public bool FromHost(ReadOnlySpan<byte> packet, Followers followers)
        {
            var headers = protocol == IpProtocol.Udp ? 28 : 20;
            var frame = output.AsSpan(0, headers + packet.Length);
            frame[..headers].Clear();
            packet.CopyTo(frame[headers..]);
            var behind = Wire.Tunneling.TunnelFrame.WriteHeader(near.Address, far.Address, protocol, 0, false, 0, frame);
            if (protocol == IpProtocol.Udp)
            {
                Wire.Tunneling.TunnelFrame.WriteUdp(near, far, behind);
            }

            Port!.Send(frame, headers, this, followers);
            return true;
        }

        public bool FromNetwork(ReadOnlySpan<byte> packet, Followers followers)
        {
            packet[(protocol == IpProtocol.Udp ? 28 : 20)..].CopyTo(output.AsSpan(TunnelPort.Headroom));
            var length = packet.Length - (protocol == IpProtocol.Udp ? 28 : 20);
            Assert.Null(Port!.Deliver(output.AsSpan(0, TunnelPort.Headroom + length), followers));
            Volatile.Write(ref this.followers, this.followers + followers.Packets);
            Volatile.Write(ref allocated, GC.GetAllocatedBytesForCurrentThread());
            Volatile.Write(ref delivered, delivered + 1 + followers.Packets);
            return true;
        }

        public int Attend() => -1;

        public void Sent(object owner, int packets, int octets, NetError? error) => Assert.True(error is null, "what was queued leaves");

        public void Fail(NetException reason) => throw new InvalidOperationException("The device is lost.", reason);
    }

    private sealed class Traffic : ITunnelTraffic
    {
        private readonly BlockingCollection<byte[]> packets = [];

        public byte[] Take()
        {
            Assert.True(packets.TryTake(out var packet, TimeSpan.FromSeconds(30)), "no packet came");
            return packet;
        }

        public bool FromHost(ReadOnlySpan<byte> packet, Followers followers) => Keep(packet, followers);

        public bool FromNetwork(ReadOnlySpan<byte> packet, Followers followers) => Keep(packet, followers);

        public int Attend() => -1;

        public void Sent(object owner, int packets, int octets, NetError? error) => Assert.Fail("nothing was queued");

        public void Fail(NetException reason) => throw new InvalidOperationException("The device is lost.", reason);

        private bool Keep(ReadOnlySpan<byte> packet, Followers followers)
        {
            if (followers.Packets == 0)
            {
                packets.Add(packet.ToArray());
            }

            return followers.Packets == 0;
        }
    }
}
