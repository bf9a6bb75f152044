using System.Buffers.Binary;
using DsmipTools.Net.Netlink;
using DsmipTools.Net.Tests.Support;
using DsmipTools.Net.Tunnels;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Tunneling;

namespace DsmipTools.Net.Tests.Tunnels;

public sealed unsafe class PacketTrainTests
{
    private const byte Acknowledge = 0x10;
    private const byte Push = 8;
    private const byte Fin = 1;
    private const byte CongestionWindowReduced = 0x80;
    private const int TcpHeader = 32;

    private readonly PacketTrain train = new();
    private readonly PinnedArray<byte> memory = new(4 * 65_536);

    public static TheoryData<bool, bool> Kinds => new() { { true, true }, { true, false }, { false, true }, { false, false } };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_is_taken_apart_is_whole_and_joins_to_what_it_was(bool isIPv4, bool isTcp)
    {
        var random = new Random(1);
        for (var run = 0; run < 300; run++)
        {
            var size = random.Next(1, 1400);
            var payload = Math.Min(random.Next(size + 1, isTcp ? 60_000 : 64 * size), 60_000);
            payload = Math.Min(payload, 900 * size);
            var (packet, offload) = Long(isIPv4, isTcp, payload, size, random.Next(2) == 0 ? Acknowledge : (byte)(Acknowledge | Push), random);
            var segments = Split(packet, offload);
            Assert.Equal((payload + size - 1) / size, segments.Count);
            Assert.All(segments, AssertWhole);

            var joined = Join(segments, isTcp, out var how);
            Assert.Equal(offload, how);
            Assert.Equal(packet, joined);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Segments_are_those_that_the_kernel_makes(bool isIPv4, bool isTcp) => NetworkNamespace.Run(() =>
    {
        using var network = new HostNetwork();
        using var from = new TunDevice();
        using var to = new TunDevice();
        Assert.SkipUnless(to.TakesUdpSegments, "this kernel takes no datagrams apart for TUN devices");
        Assert.Equal(0, TunCalls.Control(to.Descriptor, TunCalls.SetOffload, 0));
        foreach (var device in new[] { from, to })
        {
            network.BringUp(device.Index, 1480);
        }

        File.WriteAllText("/proc/sys/net/ipv4/ip_forward", "1");
        File.WriteAllText("/proc/sys/net/ipv6/conf/all/forwarding", "1");
        network.Add(new HostRoute(Source(isIPv4), (byte)(isIPv4 ? 32 : 128), from.Index, 1480));
        network.Add(new HostRoute(Destination(isIPv4), (byte)(isIPv4 ? 32 : 128), to.Index, 1480));

        var random = new Random(2);
        byte[] flags = [Acknowledge, Acknowledge | Push, Acknowledge | Fin | Push, Acknowledge | CongestionWindowReduced];
        foreach (var flag in flags)
        {
            var (packet, offload) = Long(isIPv4, isTcp, 10_000 + random.Next(1000), 1208, flag, random);
            var sent = memory.Slice(0, OffloadHeader.Length + packet.Length);
            offload.Write(sent);
            packet.CopyTo(sent[OffloadHeader.Length..]);
            var part = new Linux.Vector { Start = memory.Start, Length = (nuint)sent.Length };
            Assert.True(from.TryWrite(&part, 1));

            // It forwards them, and takes a hop.
            packet[isIPv4 ? 8 : 7]--;
            var expected = Split(packet, offload);
            foreach (var segment in expected)
            {
                Assert.Equal(segment, Read(to, Destination(isIPv4)));
            }
        }
    });

    [Fact]
    public void Others_are_not_joined()
    {
        var (packet, offload) = Long(isIPv4: true, isTcp: true, 3000, 1000, Acknowledge, new Random(3));
        var segments = Split(packet, offload);
        Assert.True(CanJoin(segments[0], segments[1], segments[2]));
        Assert.True(CanJoin(segments[0], Changed(segments[1], 4, 0x55)), "the identification of what has DF means nothing");
        Assert.False(CanJoin(segments[0], segments[2]), "a sequence number is missing");
        Assert.False(CanJoin(segments[1], segments[0]), "the wrong way round");
        (int At, byte Value, string Reason)[] changes =
        [
            (1, 2, "DSCP and ECN"), (6, 0, "DF"), (8, 3, "TTL"), (12, 77, "the source"), (20, 9, "the port"), (28, 9, "the acknowledgment"), (32, 0x81, "a reserved bit"),
            (33, Acknowledge | Fin, "FIN"), (33, Acknowledge | CongestionWindowReduced, "CWR"), (34, 9, "the window"), (38, 9, "the urgent pointer"), (50, 9, "an option"),
        ];
        foreach (var (at, value, reason) in changes)
        {
            Assert.False(CanJoin(segments[0], Changed(segments[1], at, value)), reason);
        }

        Assert.False(CanJoin(Changed(segments[0], 33, Acknowledge | Push), segments[1]), "behind PSH");
        Assert.False(CanJoin(Changed(segments[0], 33, 2), segments[1]), "SYN");
        Assert.False(CanJoin(Split(packet, offload with { SegmentSize = 900 })[0], segments[1]), "a longer one");
    }

    [Fact]
    public void What_is_wrong_does_not_become_right_by_being_joined()
    {
        foreach (var isTcp in new[] { true, false })
        {
            var (packet, offload) = Long(isIPv4: false, isTcp, 3000, 1000, Acknowledge, new Random(4));
            var segments = Split(packet, offload);
            foreach (var wrong in new[] { 0, 1 })
            {
                var copies = segments.Select(segment => segment.ToArray()).ToArray();
                copies[wrong][500] ^= 1;
                Assert.False(CanJoin(copies[0], copies[1]));
            }
        }

        // The header checksum of IPv4 too.
        var (inner, how) = Long(isIPv4: true, isTcp: true, 3000, 1000, Acknowledge, new Random(5));
        var parts = Split(inner, how);
        parts[1][10] ^= 1;
        Assert.False(CanJoin(parts[0], parts[1]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_an_interface_joined_is_taken_apart_to_what_every_tunnel_carries(bool isIPv4)
    {
        var (packet, _) = Long(isIPv4, isTcp: true, 5000, 1, Acknowledge, new Random(6));
        train.SplitUnfinished(InMemory(packet, 0), 1280, out var length);
        Assert.Equal(1280, length);
        var segments = Enumerable.Range(0, 1 + train.Followers.Packets).Select(number => Segment(memory.Slice(0, length), number)).ToList();
        Assert.All(segments, AssertWhole);
        Assert.All(segments, segment => Assert.InRange(segment.Length, 1, 1280));
        Assert.Equal(packet[^5000..], segments.SelectMany(segment => segment[^(segment.Length - (packet.Length - 5000))..]).ToArray());

        // A short one has its checksum finished, and one that has it is left alone.
        (packet, _) = Long(isIPv4, isTcp: true, 500, 1, Acknowledge, new Random(7));
        train.SplitUnfinished(InMemory(packet, 0), 1280, out length);
        Assert.Equal((packet.Length, 0), (length, train.Followers.Packets));
        var finished = memory.Slice(0, length).ToArray();
        AssertWhole(finished);
        train.SplitUnfinished(InMemory(finished, 0), 1280, out _);
        Assert.Equal(finished, memory.Slice(0, length).ToArray());
    }

    [Fact]
    public void What_does_not_fit_its_offload_header_is_refused()
    {
        var (packet, offload) = Long(isIPv4: false, isTcp: true, 3000, 1000, Acknowledge, new Random(8));
        OffloadHeader[] wrong =
        [
            offload with { SegmentSize = 0 }, offload with { Flags = 0 }, offload with { Kind = 3 }, offload with { ChecksumStart = 8 },
            offload with { ChecksumStart = (ushort)packet.Length }, offload with { SegmentSize = 1 },
        ];
        Assert.All(wrong, header => Assert.False(train.TrySplit(InMemory(packet, 0), header, out _)));
        Assert.False(new OffloadHeader { Flags = 1, ChecksumStart = 60_000 }.TryFinishChecksum(packet));
    }

    private static Address Source(bool isIPv4) => isIPv4 ? "198.18.1.1" : "2001:db8:1::1";

    private static Address Destination(bool isIPv4) => isIPv4 ? "198.18.2.2" : "2001:db8:2::2";

    /// <summary>A packet as the host gives it: several segments in one, whose checksum is unfinished.</summary>
    private static (byte[] Packet, OffloadHeader Offload) Long(bool isIPv4, bool isTcp, int payload, int size, byte flags, Random random)
    {
        var ip = isIPv4 ? 20 : 40;
        var upperHeader = isTcp ? TcpHeader : 8;
        var packet = new byte[ip + upperHeader + payload];
        random.NextBytes(packet.AsSpan(ip + upperHeader));
        var protocol = isTcp ? IpProtocol.Tcp : IpProtocol.Udp;
        var upper = TunnelFrame.WriteHeader(Source(isIPv4), Destination(isIPv4), protocol, 0, true, (ushort)random.Next(65_536), packet);
        BinaryPrimitives.WriteUInt16BigEndian(upper, 4000);
        BinaryPrimitives.WriteUInt16BigEndian(upper[2..], 5000);
        if (isTcp)
        {
            BinaryPrimitives.WriteUInt32BigEndian(upper[4..], 0xFFFFF000);
            BinaryPrimitives.WriteUInt32BigEndian(upper[8..], (uint)random.Next());
            upper[12] = (TcpHeader / 4) << 4;
            upper[13] = flags;
            BinaryPrimitives.WriteUInt16BigEndian(upper[14..], 500);
            // Two no-operations and a timestamp.
            byte[] options = [1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2];
            options.CopyTo(upper[20..]);
        }
        else
        {
            BinaryPrimitives.WriteUInt16BigEndian(upper[4..], (ushort)upper.Length);
        }

        BinaryPrimitives.WriteUInt16BigEndian(
            upper[(isTcp ? 16 : 6)..], (ushort)~InternetChecksum.Finish(InternetChecksum.PseudoHeader(Source(isIPv4), Destination(isIPv4), (byte)protocol, upper.Length)));
        return (packet, new OffloadHeader
        {
            Flags = OffloadHeader.NeedsChecksum,
            Kind = (byte)((!isTcp ? OffloadHeader.SegmentsUdp : isIPv4 ? OffloadHeader.SegmentsTcpIPv4 : OffloadHeader.SegmentsTcpIPv6)
                | (isTcp && (flags & CongestionWindowReduced) != 0 ? OffloadHeader.WithCongestion : 0)),
            HeaderLength = (ushort)(ip + upperHeader),
            SegmentSize = (ushort)size,
            ChecksumStart = (ushort)ip,
            ChecksumOffset = (ushort)(isTcp ? 16 : 6),
        });
    }

    /// <summary>The next packet to the destination; the host says things of its own too.</summary>
    private static byte[] Read(TunDevice device, Address destination)
    {
        var buffer = new byte[70_000];
        var length = 0;
        Assert.True(
            SpinWait.SpinUntil(
                () => device.TryRead(buffer, out length) && IpPacketView.TryParse(buffer.AsSpan(OffloadHeader.Length, length), out var view, out _) && view.Destination == destination,
                TimeSpan.FromSeconds(30)),
            "no segment came");
        Assert.Equal(new byte[OffloadHeader.Length], buffer[..OffloadHeader.Length]);
        return buffer[OffloadHeader.Length..length];
    }

    private static void AssertWhole(byte[] segment)
    {
        Assert.True(IpPacketView.TryParse(segment, out var view, out var error), error.ToString());
        Assert.Equal(segment.Length, view.Octets.Length);
        Assert.True(InternetChecksum.Verify(InternetChecksum.PseudoHeader(view.Source, view.Destination, (byte)view.Protocol, view.Payload.Length), view.Payload));
    }

    /// <summary>A packet with one octet changed and the checksums right.</summary>
    private static byte[] Changed(byte[] packet, int at, byte value)
    {
        var changed = packet.ToArray();
        Assert.NotEqual(value, changed[at]);
        changed[at] = value;
        IpHeaders.WriteLength(changed, changed.Length);
        var upper = changed.AsSpan(20);
        BinaryPrimitives.WriteUInt16BigEndian(upper[16..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(upper[16..], InternetChecksum.Finish(
            InternetChecksum.Sum(changed.AsSpan(12, 8)) + (uint)IpProtocol.Tcp + (uint)upper.Length + InternetChecksum.Sum(upper)));
        return changed;
    }

    private Span<byte> InMemory(ReadOnlySpan<byte> packet, int at)
    {
        var place = memory.Slice(at, packet.Length);
        packet.CopyTo(place);
        return place;
    }

    private List<byte[]> Split(byte[] packet, OffloadHeader offload)
    {
        Assert.True(train.TrySplit(InMemory(packet, 0), offload, out var length));
        var segments = Enumerable.Range(0, 1 + train.Followers.Packets).Select(number => Segment(memory.Slice(0, length), number)).ToList();
        Assert.Equal(train.Followers.Octets, segments.Skip(1).Sum(segment => segment.Length));
        return segments;
    }

    private byte[] Segment(ReadOnlySpan<byte> first, int number)
    {
        if (number == 0)
        {
            return first.ToArray();
        }

        var payload = train.PayloadOf(number);
        var segment = new byte[train.HeaderLength + (int)payload.Length];
        train.WriteHeader(first, number, segment);
        new ReadOnlySpan<byte>(payload.Start, (int)payload.Length).CopyTo(segment.AsSpan(train.HeaderLength));
        return segment;
    }

    private bool CanJoin(params byte[][] packets)
    {
        var at = 0;
        foreach (var packet in packets)
        {
            var placed = InMemory(packet, at);
            if (at == 0)
            {
                train.Begin(placed, joinsUdp: true);
            }
            else if (!train.TryAdd(placed))
            {
                return false;
            }

            at += packet.Length;
        }

        return true;
    }

    private byte[] Join(List<byte[]> segments, bool isTcp, out OffloadHeader how)
    {
        Assert.True(CanJoin([.. segments]) || (isTcp && segments.Count > 1000));
        var first = memory.Slice(0, segments[0].Length).ToArray();
        train.Join(first, out how);
        return [.. first, .. Enumerable.Range(1, train.Followers.Packets).SelectMany(number =>
        {
            var payload = train.PayloadOf(number);
            return new ReadOnlySpan<byte>(payload.Start, (int)payload.Length).ToArray();
        })];
    }
}
