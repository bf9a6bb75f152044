using System.Net.NetworkInformation;
using DsmipTools.Net;
using DsmipTools.Net.Tests.Support;
using DsmipTools.Packets;
using DsmipTools.Packets.Sending;
using DsmipTools.Wire;
using DsmipTools.Wire.Capture;
using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.Tests.Support;

namespace DsmipTools.Tests.Packets;

/// <summary>
/// Packets with all their headers, in a network namespace of the test. The other end of the wire is played: what arrives there is captured, and
/// answers are frames that are sent from there.
/// </summary>
public sealed class RawSendingTests : IDisposable
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(20);
    private static readonly BindingRevocationIndication indication = new()
    {
        SequenceNumber = 4711, ProxyBinding = true, Trigger = RevocationTrigger.AdministrativeReason,
    };

    private readonly string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".pcapng");

    public void Dispose() => File.Delete(path);

    [Fact]
    public void A_native_message_leaves_with_its_headers_as_they_are_and_tshark_reads_them() => InNamespace(() =>
    {
        using var sender = new PacketSender();
        List<DsmipPacket> sent = [];
        var frames = Captured(() =>
        {
            sent.Add(sender.Send(BareMessage.From(indication), new EnvelopeParameters { Destination = new("2001:db8::2", 0) }).Packet);
            sent.Add(sender.Send(
                BareMessage.From(indication),
                new EnvelopeParameters { Destination = new("2001:db8::2", 0), RoutingHeader = "2001:db8:9::7", HomeAddress = "2001:db8:9::8" }).Packet);
            sent.Add(sender.Send(
                BareMessage.From(indication with { Checksum = 0xBEEF, PayloadProto = 17 }),
                new EnvelopeParameters { Source = new("2001:db8:66::1", 0), Destination = new("2001:db8::2", 0) }).Packet);
        });

        Assert.Equal(sent.Select(packet => packet.Octets.ToArray()), frames.Select(frame => frame.Octets.ToArray()[14..]));
        Assert.Equal<Address?>("2001:db8::1", sent[0].Source?.Address);
        Assert.Null(sent[0].Error);
        Assert.Equal(["IPv6", "Type 2 Routing", "Destination Options", "Binding Revocation Indication"], sent[1].Layers.Select(layer => layer.Name));
        string[] fields =
        [
            "ipv6.src", "ipv6.dst", "ipv6.routing.type", "ipv6.routing.segleft", "ipv6.routing.mipv6.home_address", "ipv6.opt.mipv6.home_address",
            "mip6.mhtype", "mip6.bri_br.type", "mip6.bri_r.trigger", "mip6.bri_seqnr",
        ];
        var read = ExternalTool.Run("tshark", ["-n", "-r", path, "-Y", "mip6.mhtype", "-T", "fields", "-E", "separator=;", .. fields.SelectMany(field => new[] { "-e", field })]);
        var lines = read.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("2001:db8::1;2001:db8::2;;;;;16;1;1;4711", lines[0]);
        Assert.Equal("2001:db8::1;2001:db8::2;2;1;2001:db8:9::7;2001:db8:9::8;16;1;1;4711", lines[1]);
    });

    [Fact]
    public void Answers_are_what_comes_from_the_destination_and_ICMP_errors_and_nothing_else() => InNamespace(() =>
    {
        using var sender = new PacketSender();
        using var peer = new PacketSender("b");
        var frames = Captured(() =>
        {
            var sent = sender.Send(BareMessage.From(indication), new EnvelopeParameters { Destination = new("2001:db8::2", 0) });
            Play(peer, new IPv6Header { Source = "2001:db8::3", Destination = "2001:db8::1" }, new BindingRevocationAcknowledgement { SequenceNumber = 1 });
            Play(peer, new IPv6Header { Source = "2001:db8::2", Destination = "2001:db8::99" }, new BindingRevocationAcknowledgement { SequenceNumber = 2 });
            Play(peer, new IPv6Header { Source = "2001:db8::2", Destination = "2001:db8::1" }, new Data { Octets = new byte[8] });
            Play(peer, new IPv6Header { Source = "2001:db8::2", Destination = "2001:db8::1" }, new BindingRevocationAcknowledgement { SequenceNumber = 4711 });
            Play(
                peer,
                new IPv6Header { Source = "2001:db8::9", Destination = "2001:db8::1", NextHeader = IpProtocol.IcmpV6 },
                new Data { Octets = (byte[])[1, 0, 0, 0, 0, 0, 0, 0, .. sent.Packet.Octets] });
            var answers = Collect(sent, 2);
            Assert.Equal(["2001:db8::2", "2001:db8::9"], answers.Select(answer => $"{answer.Layers[0]["Source"]!.Text}"));
            Assert.Equal(4711, Assert.IsType<BindingRevocationAcknowledgement>(answers[0].Message).SequenceNumber);
            Assert.True(answers[0].Time >= sent.Packet.Time);
        });

        // The kernel, which knows no Mobility Header, has sent no parameter problem either.
        Assert.Equal([IpProtocol.MobilityHeader], frames.Select(frame => (IpProtocol)frame.Octets[14 + IPv6Header.Fields.NextHeader.Offset]));
    });

    [Fact]
    public void What_is_sent_to_this_host_itself_is_no_answer() => InNamespace(() =>
    {
        using var sender = new PacketSender();
        var sent = sender.Send(BareMessage.From(indication), new EnvelopeParameters { Source = new("::1", 0), Destination = new("::1", 0) });
        Assert.Empty(Collect(sent, 1, TimeSpan.FromMilliseconds(100)));
    });

    [Fact]
    public void An_IPv4_packet_keeps_all_but_what_the_kernel_fills_in_and_a_frame_keeps_all() => InNamespace(() =>
    {
        using var sender = new PacketSender();
        var packet = BareMessage.From(indication).Enclose(new Envelope(Transport.ProxyMobileIPv6Udp, new("198.51.100.7", 7000), new("192.0.2.2", 5436)));
        var wrong = packet.Octets.ToArray();
        wrong[10] ^= 0xFF;
        using var framed = new PacketSender("a");
        var frames = Captured(() =>
        {
            sender.Send(packet);
            framed.Send(Frame([.. Header("a", "b", EtherType.IPv4), .. wrong]));
        });

        var arrived = frames[0].Octets.ToArray()[14..];
        Assert.Equal(packet.Octets.ToArray()[12..], arrived[12..]);
        Assert.Equal(packet.Octets.ToArray()[..4], arrived[..4]);
        Assert.Equal([.. Header("a", "b", EtherType.IPv4), .. wrong], frames[1].Octets.ToArray());
        var refused = Assert.Throws<ArgumentException>(() => sender.Send(DsmipPacket.From(wrong, new PacketDecoder())));
        Assert.Contains("The kernel would correct the IPv4 header", refused.Message, StringComparison.Ordinal);

        // The loopback interface has no link-layer addresses: nobody has to be found, and nothing is corrected.
        using var onLoopback = new PacketSender("lo");
        onLoopback.Send(DsmipPacket.From(wrong, new PacketDecoder()));
    });

    [Fact]
    public void What_cannot_be_sent_says_why() => InNamespace(() =>
    {
        using var sender = new PacketSender();
        var message = BareMessage.From(indication);
        var noRoute = Assert.Throws<NetException>(() => sender.Send(message, new EnvelopeParameters { Destination = new("2001:db8:77::2", 0) }));
        Assert.Equal(NetError.NetworkUnreachable, noRoute.Error);
        noRoute = Assert.Throws<NetException>(
            () => sender.Send(message, new EnvelopeParameters { Source = new("2001:db8::1", 0), Destination = new("2001:db8:77::2", 0) }));
        Assert.Equal(NetError.NetworkUnreachable, noRoute.Error);
        Assert.Contains(
            "the address is link-local",
            Assert.Throws<NetException>(() => sender.Send(message, new EnvelopeParameters { Destination = new("fe80::2", 0) })).Message,
            StringComparison.Ordinal);
        var tooLong = BareMessage.From(Octets.Create([.. indication.ToOctets(), .. new byte[2000]]));
        Assert.Equal(
            NetError.MessageTooLong,
            Assert.Throws<NetException>(() => sender.Send(tooLong, new EnvelopeParameters { Destination = new("2001:db8::2", 0) })).Error);
        Assert.Throws<ArgumentException>(() => sender.Send(DsmipPacket.From(Octets.FromHex("6000"), new PacketDecoder())));
        Assert.Throws<ArgumentException>(() => sender.Send(DsmipPacket.From(Octets.FromHex("8000"), new PacketDecoder(), PacketForm.Packet)));
        Assert.Throws<ArgumentException>(() => sender.Send(DsmipPacket.From(indication.ToOctets(), new PacketDecoder())));
        Assert.Throws<ArgumentException>(() => sender.Send(Frame(new byte[64])));
        using var nowhere = new PacketSender("nosuch0");
        Assert.Equal(NetError.InterfaceNotFound, Assert.Throws<NetException>(() => nowhere.Send(Frame(new byte[64]))).Error);
    });

    private static void InNamespace(Action test) => NetworkNamespace.Run(() =>
    {
        NetworkNamespace.Ip("address add 2001:db8::1/64 dev a nodad");
        NetworkNamespace.Ip("address add 192.0.2.1/24 dev a");
        NetworkNamespace.Ip($"neighbor add 2001:db8::2 lladdr {Text("b")} dev a");
        NetworkNamespace.Ip($"neighbor add 192.0.2.2 lladdr {Text("b")} dev a");
        test();
    });

    private static string Text(string interfaceName) => string.Join(':', LinkAddress(interfaceName).Select(octet => octet.ToString("x2", null)));

    private static byte[] LinkAddress(string interfaceName) =>
        NetworkInterface.GetAllNetworkInterfaces().Single(each => each.Name == interfaceName).GetPhysicalAddress().GetAddressBytes();

    private static byte[] Header(string from, string to, EtherType type = EtherType.IPv6) =>
        [.. LinkAddress(to), .. LinkAddress(from), (byte)((ushort)type >> 8), (byte)type];

    private static DsmipPacket Frame(byte[] octets) => DsmipPacket.From(
        new CapturedFrame
        {
            Number = 1, Time = default, Interface = new CaptureInterface { LinkType = LinkType.Ethernet }, Octets = octets, OriginalLength = octets.Length,
        },
        new PacketDecoder());

    private static void Play(PacketSender peer, params Structure[] layers) => peer.Send(Frame([.. Header("b", "a"), .. PacketComposer.Compose(layers)]));

    private static List<DsmipPacket> Collect(SentPacket sent, int count, TimeSpan? waitFor = null) =>
        sent.AnswersAsync(waitFor ?? patience, count, TestContext.Current.CancellationToken).ToListAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>What arrives at the other end meanwhile, without what the kernel says to find its neighbours and routers.</summary>
    private CapturedFrame[] Captured(Action send)
    {
        using (var capture = LiveCapture.Start("b", new LiveCaptureOptions { Path = path }))
        {
            send();
            capture.StopAsync().GetAwaiter().GetResult();
        }

        using var reader = CaptureReader.Open(File.OpenRead(path));
        return [.. reader.ReadFrames().Where(frame => frame.Flags.HasFlag(CapturedFrameFlags.Inbound) && !IsNeighborDiscovery(frame.Octets.Span))];
    }

    private static bool IsNeighborDiscovery(ReadOnlySpan<byte> frame) =>
        EthernetHeader.Fields.EtherType.ReadUInt16(frame) == (ushort)EtherType.IPv6
        && (IpProtocol)frame[14 + IPv6Header.Fields.NextHeader.Offset] switch
        {
            IpProtocol.HopByHopOptions => true, // MLD
            IpProtocol.IcmpV6 => frame[14 + IPv6Header.Fields.Layout.Length] is >= 130 and <= 143,
            _ => false,
        };
}
