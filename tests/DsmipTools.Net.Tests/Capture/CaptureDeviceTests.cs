using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using DsmipTools.Net.Capture;
using DsmipTools.Net.Tests.Support;
using DsmipTools.Wire.Capture;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Net.Tests.Capture;

/// <summary>Real captures in a network namespace of the test's own.</summary>
public partial class CaptureDeviceTests
{
    private const ushort Port = 5436;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static TheoryData<CaptureBackend> Backends => [CaptureBackend.PacketSocket, CaptureBackend.Pcap];

    public static TheoryData<CaptureBackend, string?> BackendsAndFilters => new(
        from backend in (CaptureBackend[])[CaptureBackend.PacketSocket, CaptureBackend.Pcap]
        from filter in (string?[])[null, CaptureOptions.MobileIpFilterName, "udp dst port 5436"]
        select new TheoryDataRow<CaptureBackend, string?>(backend, filter));

    [Theory]
    [MemberData(nameof(BackendsAndFilters))]
    public void What_is_sent_on_the_loopback_interface_comes_once_and_as_it_was(CaptureBackend backend, string? filter) => InNamespace(backend, () =>
    {
        using var device = CaptureDevice.Open("lo", new CaptureOptions { Backend = backend, Filter = filter });
        Assert.Equal(("lo", LinkType.Ethernet, filter ?? ""), (device.Interface.Name, device.Interface.LinkType, device.Interface.Filter));
        var before = DateTimeOffset.UtcNow.AddSeconds(-1);
        for (byte number = 1; number <= 10; number++)
        {
            Send(IPAddress.Loopback, Port, [0xC0, 0xFF, number]);
            Send(IPAddress.Loopback, Port - 1, [0xBA, 0xD0, number]);
        }

        var frames = Receive(device, filter is null ? 20 : 10).Where(frame => frame.Octets.Span[^3] == 0xC0).ToArray();
        Assert.Equal(Enumerable.Range(1, 10), frames.Select(frame => (int)frame.Octets.Span[^1]));
        Assert.All(frames, frame =>
        {
            Assert.Equal(14 + 20 + 8 + 3, frame.Octets.Length);
            Assert.Equal(frame.Octets.Length, frame.OriginalLength);
            Assert.Equal((ushort)EtherType.IPv4, EthernetHeader.Fields.EtherType.ReadUInt16(frame.Octets.Span));
            Assert.InRange(frame.Time, before, DateTimeOffset.UtcNow.AddSeconds(1));
            Assert.Same(device.Interface, frame.Interface);
        });
        Assert.Equal(WaitResult.TimedOut, device.Wait(device.Latency));
        Assert.Equal(new CaptureStatistics(filter is null ? 20 : 10, 0), device.Statistics);
    });

    [Theory]
    [MemberData(nameof(Backends))]
    public void A_frame_is_cut_at_the_snap_length(CaptureBackend backend) => InNamespace(backend, () =>
    {
        using var device = CaptureDevice.Open("lo", new CaptureOptions { Backend = backend, SnapLength = 50 });
        Send(IPAddress.Loopback, Port, new byte[1000]);
        var frame = Assert.Single(Receive(device, 1));
        Assert.Equal((50, 14 + 20 + 8 + 1000), (frame.Octets.Length, frame.OriginalLength));
        Assert.Equal(50u, device.Interface.SnapLength);
    });

    [Theory]
    [MemberData(nameof(Backends))]
    public void A_VLAN_tag_that_the_kernel_takes_out_is_there_again(CaptureBackend backend) => InNamespace(backend, () =>
    {
        using var device = CaptureDevice.Open("b", new CaptureOptions { Backend = backend, Filter = CaptureOptions.MobileIpFilterName });
        byte[] frame = Tagged(17);
        SendRaw("a", Tagged(6));
        SendRaw("a", frame);
        Assert.Equal(frame, Assert.Single(Receive(device, 1)).Octets.ToArray());
    });

    [Theory]
    [InlineData("vlan 5", 1)]
    [InlineData("vlan 6", 0)]
    public void A_filter_for_a_VLAN_goes_to_libpcap(string filter, int expected) => InNamespace(CaptureBackend.Pcap, () =>
    {
        using var device = CaptureDevice.Open("b", new CaptureOptions { Filter = filter });
        SendRaw("a", Tagged(17));
        Assert.Equal(expected, Receive(device, 1, TimeSpan.FromMilliseconds(expected == 0 ? 200 : 10_000)).Count);
        var exception = Assert.Throws<NetException>(() => CaptureDevice.Open("b", new CaptureOptions { Filter = filter, Backend = CaptureBackend.PacketSocket }));
        Assert.Equal(NetError.FilterNotUnderstood, exception.Error);
    });

    [Theory]
    [InlineData(CaptureBackend.PacketSocket, LinkType.LinuxCookedVersion2)]
    [InlineData(CaptureBackend.Pcap, LinkType.LinuxCooked)]
    public void All_interfaces_together_have_a_cooked_header(CaptureBackend backend, LinkType linkType) => InNamespace(backend, () =>
    {
        using var device = CaptureDevice.Open(CaptureDevice.AnyInterface, new CaptureOptions { Backend = backend, Filter = CaptureOptions.MobileIpFilterName });
        Send(IPAddress.Loopback, Port - 1, [1, 2, 3]);
        Send(IPAddress.Loopback, Port, [4, 5, 6]);
        var frame = Assert.Single(Receive(device, 1));
        Assert.Equal([4, 5, 6], frame.Octets.Span[^3..].ToArray());
        Assert.Equal(linkType, frame.LinkType);
        Assert.Equal(frame.Octets.Length, frame.OriginalLength);
        Assert.Equal(
            ["IPv4", "UDP"], new Wire.Decoding.PacketDecoder().Decode(frame).Layers.Skip(1).Take(2).Select(layer => layer.Name));
    });

    [Fact]
    public void A_packet_socket_tells_the_direction_and_an_unfinished_checksum() => InNamespace(CaptureBackend.PacketSocket, () =>
    {
        using var device = CaptureDevice.Open("lo");
        Send(IPAddress.Loopback, Port, [1]);
        Assert.Equal(CapturedFrameFlags.Inbound | CapturedFrameFlags.ChecksumNotReady, Assert.Single(Receive(device, 1)).Flags & ~CapturedFrameFlags.ChecksumValid);

        using var sender = CaptureDevice.Open("a", new CaptureOptions { Filter = CaptureOptions.MobileIpFilterName });
        using var receiver = CaptureDevice.Open("b", new CaptureOptions { Filter = CaptureOptions.MobileIpFilterName });
        SendRaw("a", Tagged(17));
        Assert.Equal(CapturedFrameFlags.Outbound, Assert.Single(Receive(sender, 1)).Flags);
        Assert.Equal(CapturedFrameFlags.Inbound, Assert.Single(Receive(receiver, 1)).Flags);
        Assert.Equal(6, receiver.Interface.LinkLayerAddress.Length);
    });

    [Theory]
    [MemberData(nameof(Backends))]
    public void What_does_not_fit_is_counted(CaptureBackend backend) => InNamespace(backend, () =>
    {
        const int Sent = 4000;
        using var device = CaptureDevice.Open("b", new CaptureOptions { Backend = backend, BufferSize = 1 << 20, Filter = CaptureOptions.MobileIpFilterName });
        byte[] frame = [.. Tagged(17), .. new byte[1400]];
        SendRaw("a", frame, Sent);
        var received = Receive(device, Sent, TimeSpan.FromSeconds(1)).Count;
        Assert.Equal(received, device.Statistics.Received);
        Assert.InRange(device.Statistics.Dropped, 1, Sent);
        Assert.Equal(Sent, device.Statistics.Received + device.Statistics.Dropped);
    });

    [Theory]
    [MemberData(nameof(Backends))]
    public void Promiscuous_lasts_as_long_as_the_capture(CaptureBackend backend) => InNamespace(backend, () =>
    {
        using (CaptureDevice.Open("b", new CaptureOptions { Backend = backend, Promiscuous = true }))
        {
            Assert.Contains("promiscuity 1", NetworkNamespace.Ip("-d link show dev b"), StringComparison.Ordinal);
        }

        Assert.Contains("promiscuity 0", NetworkNamespace.Ip("-d link show dev b"), StringComparison.Ordinal);
    });

    [Theory]
    [MemberData(nameof(Backends))]
    public void A_wait_is_woken(CaptureBackend backend) => InNamespace(backend, () =>
    {
        using var device = CaptureDevice.Open("lo", new CaptureOptions { Backend = backend, Filter = "udp port 1" });
        device.Wake();
        Assert.Equal(WaitResult.Woken, device.Wait(Timeout.InfiniteTimeSpan));
        Assert.Equal(WaitResult.TimedOut, device.Wait(TimeSpan.Zero));
        var waiting = Task.Run(() => device.Wait(Timeout.InfiniteTimeSpan), TestContext.Current.CancellationToken);
        Assert.False(waiting.Wait(50, TestContext.Current.CancellationToken));
        device.Wake();
        Assert.True(waiting.Wait(Patience, TestContext.Current.CancellationToken));
        Assert.False(device.TryReceive(out _));
    });

    [Theory]
    [MemberData(nameof(Backends))]
    public void A_removed_interface_ends_the_capture(CaptureBackend backend) => InNamespace(backend, () =>
    {
        using var device = CaptureDevice.Open("b", new CaptureOptions { Backend = backend, Filter = "udp port 1" });
        NetworkNamespace.Ip("link del dev a");
        var exception = Assert.Throws<NetException>(() =>
        {
            for (var tries = 0; tries < 100; tries++)
            {
                device.Wait(TimeSpan.FromMilliseconds(100));
                device.TryReceive(out _);
            }
        });
        Assert.Equal(NetError.InterfaceNotFound, exception.Error);
    });

    [Theory]
    [MemberData(nameof(Backends))]
    public void A_missing_interface_and_one_that_is_down_are_errors(CaptureBackend backend) => InNamespace(backend, () =>
    {
        var exception = Assert.Throws<NetException>(() => CaptureDevice.Open("eth99", new CaptureOptions { Backend = backend }));
        Assert.Equal(NetError.InterfaceNotFound, exception.Error);
        Assert.Contains("no interface 'eth99'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("It has lo, ", exception.Message, StringComparison.Ordinal);
        Assert.Equal(
            NetError.InterfaceNotFound, Assert.Throws<NetException>(() => CaptureDevice.Open("an-impossibly-long-name", new CaptureOptions { Backend = backend })).Error);

        NetworkNamespace.Ip("link set dev b down");
        exception = Assert.Throws<NetException>(() => CaptureDevice.Open("b", new CaptureOptions { Backend = backend }));
        Assert.Equal(NetError.InterfaceNotFound, exception.Error);
        Assert.Contains("interface b is down", exception.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void Interfaces_are_listed() => NetworkNamespace.Run(() =>
    {
        NetworkNamespace.Ip("address add 192.0.2.7/24 dev a");
        NetworkNamespace.Ip("link set dev b down");
        var interfaces = CaptureDevice.Interfaces();
        Assert.Equal(["a", "any", "b", "lo"], interfaces.Select(each => each.Name).Order());
        Assert.Equal(["lo"], interfaces.Where(each => each.IsLoopback).Select(each => each.Name));
        Assert.Contains("192.0.2.7", interfaces.Single(each => each.Name == "a").Addresses.Select(address => address.ToString()));
        Assert.False(interfaces.Single(each => each.Name == "b").IsUp);
    });

    [Fact]
    public async Task A_missing_right_names_the_capability()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "capabilities are those of Linux");
        if (Environment.IsPrivilegedProcess)
        {
            await Unprivileged.Run(typeof(CaptureDeviceTests), nameof(A_missing_right_names_the_capability));
            return;
        }

        foreach (var backend in PcapLibrary.IsAvailable ? (CaptureBackend[])[CaptureBackend.PacketSocket, CaptureBackend.Pcap] : [CaptureBackend.PacketSocket])
        {
            var exception = Assert.Throws<NetException>(() => CaptureDevice.Open("lo", new CaptureOptions { Backend = backend }));
            Assert.Equal(NetError.AccessDenied, exception.Error);
            Assert.Contains("CAP_NET_RAW", exception.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(262_145)]
    public void A_snap_length_out_of_range_is_refused(int octets) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => CaptureDevice.Open("lo", new CaptureOptions { SnapLength = octets }));

    private static void InNamespace(CaptureBackend backend, Action test)
    {
        Assert.SkipUnless(backend != CaptureBackend.Pcap || PcapLibrary.IsAvailable, "libpcap is not installed");
        NetworkNamespace.Run(test);
    }

    private static List<CapturedFrame> Receive(ICaptureDevice device, int count, TimeSpan? patience = null)
    {
        var frames = new List<CapturedFrame>();
        while (frames.Count < count && (device.Wait(patience ?? Patience) & WaitResult.Data) != 0)
        {
            while (device.TryReceive(out var frame))
            {
                frames.Add(frame);
            }
        }

        return frames;
    }

    private static void Send(IPAddress address, int port, byte[] payload)
    {
        // Somebody listens, or ICMP would bring the payload back.
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        // A process that another test is starting has the last listener's descriptor for a moment longer.
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(new IPEndPoint(address, port));
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.SendTo(payload, new IPEndPoint(address, port));
    }

    /// <summary>An IPv4 packet of a protocol in VLAN 5, to UDP port 5436 where it is UDP.</summary>
    private static byte[] Tagged(byte protocol) =>
    [
        .. new EthernetHeader { Destination = new byte[] { 255, 255, 255, 255, 255, 255 }, Source = new byte[] { 2, 0, 0, 0, 0, 1 }, EtherType = EtherType.CustomerVlanTag }.ToOctets(),
        .. new VlanTag { PriorityCodePoint = 3, VlanIdentifier = 5, EtherType = EtherType.IPv4 }.ToOctets(),
        0x45, 0, 0, 29, 0, 0, 0, 0, 64, protocol, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2, 0x15, 0x3C, 0x15, 0x3C, 0, 9, 0, 0, 77,
        .. new byte[32],
    ];

    private static unsafe void SendRaw(string name, byte[] frame, int times = 1)
    {
        using var socket = PacketSocketCalls.Socket(PacketSocketCalls.FamilyPacket, PacketSocketCalls.TypeRaw, 0);
        var address = new PacketSocketCalls.LinkAddress { Family = PacketSocketCalls.FamilyPacket, Interface = (int)PacketSocketCalls.InterfaceIndex(name) };
        Assert.Equal(0, PacketSocketCalls.Bind(socket, &address, (uint)sizeof(PacketSocketCalls.LinkAddress)));
        for (; times > 0; times--)
        {
            Assert.Equal(frame.Length, SendTo(socket, frame, (nuint)frame.Length, 0, null, 0));
        }
    }

    [LibraryImport("libc", EntryPoint = "sendto", SetLastError = true)]
    private static unsafe partial nint SendTo(SafePacketSocket socket, byte[] frame, nuint length, int flags, byte* address, uint addressLength);
}
