using DsmipTools.Wire.Capture;
using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Ip.Options;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.Tests.Support;

namespace DsmipTools.Wire.Tests;

public class PacketDecoderTests
{
    private static readonly PacketDecoder Decoder = new();

    private static readonly byte[] Request = Samples.Packet(Samples.MobileIPv4, Samples.MobileIPv4Messages[0].ToOctets().Span);

    private static readonly byte[] Native = Samples.Packet(Samples.Native, Samples.MobilityMessages[2].ToOctets().Span);

    [Fact]
    public void A_registration_request_becomes_layers_fields_and_the_record()
    {
        var packet = Decoder.Decode(Request);
        Assert.Null(packet.Error);
        Assert.Equal(["IPv4", "UDP", "Registration Request"], packet.Layers.Select(layer => layer.Name));
        Assert.Equal([0, 20, 28], packet.Layers.Select(layer => layer.Offset));
        Assert.Equal(Samples.MobileIPv4Messages[0], packet.Message);
        Assert.Equal((Samples.MobileIPv4.Source, Samples.MobileIPv4.Destination), (packet.Source!.Value, packet.Destination!.Value));

        var message = packet.Layers[2];
        Assert.Equal("RFC 5944, 3.3", message.Rfc);
        Assert.Equal(Request.Length - 28, message.Length);
        Assert.Equal(
            ["One-byte Padding", "Mobile Node NAI", "IPv6 Prefix Request", "IPv6 Prefix Reply", "IPv6 Tunneling Mode", "Unknown Extension", "Mobile-Home Authentication"],
            message.Children.Take(7).Select(child => child.Name));
        Assert.Equal(Samples.Extensions.Select(extension => extension.Table.Name), message.Children.Select(child => child.Name));
        var reverse = message["ReverseTunneling"]!;
        Assert.Equal((true, 29, 6, 1, "set"), ((bool)reverse.Value, reverse.Offset, reverse.BitOffset, reverse.BitWidth, reverse.Text));
        Assert.Contains("RFC 3024", reverse.Meaning, StringComparison.Ordinal);
        Assert.Equal((ushort)1800, message["Lifetime"]!.Value);
        Assert.Equal((Address)"10.1.1.7", message["HomeAddress"]!.Value);
        Assert.Equal(MobileIPv4MessageType.RegistrationRequest, message["Type"]!.Value);
        Assert.Equal("RegistrationRequest (1)", message["Type"]!.Text);
        Assert.Null(message["NoSuchField"]);

        var nai = message.Children[1]["Nai"]!;
        Assert.Equal(("mn7@example.com", 15 * 8), (nai.Text, nai.BitWidth));
        Assert.Equal("6d6e37406578616d706c652e636f6d", nai.Value.ToString());
        Assert.Equal(PrefixReplyCode.RejectedProhibited, message.Children[3]["Code"]!.Value);
        Assert.Equal((byte)48, message.Children[3]["PrefixLength"]!.Value);
        Assert.Equal(0x01020304u, message.Children[6]["SecurityParameterIndex"]!.Value);
        Assert.Equal(0xEB1F_0400_1234_5678UL, message["Identification"]!.Value);
    }

    [Fact]
    public void A_value_that_the_registry_does_not_define_is_a_number()
    {
        var packet = Decoder.DecodeMobilityHeader(new BindingRevocationIndication { Trigger = (RevocationTrigger)77 }.ToOctets().Span);
        Assert.Equal((byte)77, packet.Layers[0]["Trigger"]!.Value);
        Assert.Equal("77", packet.Layers[0]["Trigger"]!.Text);
    }

    [Theory]
    [InlineData("6d6eff", "6d6eff")] // No UTF-8.
    [InlineData("6d1b5b33316d", "6d1b5b33316d")] // An escape sequence for a terminal.
    [InlineData("c3a9406578", "\u00e9@ex")]
    public void Text_that_a_terminal_cannot_show_is_hexadecimal(string hex, string text)
    {
        var message = new RegistrationRequest { Extensions = [new MobileNodeNaiExtension { Nai = Octets.FromHex(hex) }] };
        Assert.Equal(text, Decoder.DecodeMobileIPv4(message.ToOctets().Span).Layers[0].Children[0]["Nai"]!.Text);
    }

    [Fact]
    public void Ethernet_frames_of_both_families_and_their_padding()
    {
        byte[] link = [0x02, 0, 0, 0, 0, 1, 0x02, 0, 0, 0, 0, 2];
        byte[] ipv4 = [.. link, 0x08, 0x00, .. Request, 0, 0, 0];
        var packet = Decoder.Decode(ipv4, LinkType.Ethernet);
        Assert.Null(packet.Error);
        Assert.Equal(["Ethernet", "IPv4", "UDP", "Registration Request", "Trailer"], packet.Layers.Select(layer => layer.Name));
        Assert.Equal("020000000002", packet.Layers[0]["Source"]!.Text);
        Assert.Equal(EtherType.IPv4, packet.Layers[0]["EtherType"]!.Value);
        Assert.Equal((ipv4.Length - 3, 3), (packet.Layers[4].Offset, packet.Layers[4].Length));

        byte[] ipv6 = [.. link, 0x86, 0xDD, .. Native];
        Assert.Equal(["Ethernet", "IPv6", "Binding Revocation Indication"], Decoder.Decode(ipv6, LinkType.Ethernet).Layers.Select(layer => layer.Name));
        byte[] arp = [.. link, 0x08, 0x06, 1, 2, 3];
        Assert.Equal(["Ethernet", "Data"], Decoder.Decode(arp, LinkType.Ethernet).Layers.Select(layer => layer.Name));
        Assert.Null(Decoder.Decode(arp, LinkType.Ethernet).Error);
    }

    [Fact]
    public void Link_types_of_one_family()
    {
        Assert.Equal(Decoder.Decode(Request), Decoder.Decode(Request, LinkType.IPv4));
        Assert.Equal(Decoder.Decode(Native), Decoder.Decode(Native, LinkType.IPv6));
        Assert.Equal(new WireError("Version", 0, "is not 6"), Decoder.Decode(Request, LinkType.IPv6).Error);
        Assert.Equal(new WireError("Version", 0, "is not 4"), Decoder.Decode(Native, LinkType.IPv4).Error);
        Assert.Equal(new WireError("LinkType", 0, "link type 147 is not decoded"), Decoder.Decode(Request, (LinkType)147).Error);
        Assert.Equal(Request, ((Octets)Decoder.Decode(Request, (LinkType)147).Layers[0]["Octets"]!.Value).ToArray());
    }

    [Fact]
    public void Ports_are_an_option_and_other_UDP_is_data()
    {
        var envelope = new Envelope(Transport.MobileIPv4Udp, new Endpoint("192.0.2.1", 4340), new Endpoint("198.51.100.7", 40000));
        var reply = Samples.Packet(envelope, Samples.MobileIPv4Messages[1].ToOctets().Span);
        Assert.Equal(["IPv4", "UDP", "Data"], Decoder.Decode(reply).Layers.Select(layer => layer.Name));
        Assert.Null(Decoder.Decode(reply).Error);
        var other = new PacketDecoder(new PacketDecoderOptions { MobileIPv4Ports = new HashSet<ushort> { 4340 } });
        Assert.Equal(Samples.MobileIPv4Messages[1], other.Decode(reply).Message);

        var both = Samples.Packet(envelope with { Source = new Endpoint("192.0.2.1", 434), Destination = new Endpoint("192.0.2.2", 5436) }, Samples.MobilityMessages[2].ToOctets().Span);
        Assert.IsType<BindingRevocationIndication>(Decoder.Decode(both).Message);
    }

    [Fact]
    public void A_frame_of_a_capture_file_is_decoded_by_its_link_type()
    {
        var frame = new CapturedFrame
        {
            Number = 1, Time = DateTimeOffset.UnixEpoch, Interface = new() { LinkType = LinkType.IPv6 }, Octets = Octets.Create(Native), OriginalLength = Native.Length,
        };
        Assert.Equal(Decoder.Decode(Native), Decoder.Decode(frame));
    }

    [Fact]
    public void A_wrong_checksum_is_an_error_with_its_offset_and_decoding_goes_on()
    {
        AssertWrong(Request, 8, "HeaderChecksum", 10); // The TTL.
        AssertWrong(Request, 40, "Checksum", 26);
        AssertWrong(Native, 40 + 9, "Checksum", 40 + 4);

        static void AssertWrong(byte[] packet, int at, string field, int offset)
        {
            var wrong = packet.ToArray();
            wrong[at] ^= 1;
            var decoded = Decoder.Decode(wrong);
            Assert.Equal(new WireError(field, offset, "is wrong"), decoded.Error);
            Assert.NotNull(decoded.Message);
            Assert.Equal(Decoder.Decode(packet).Layers.Select(layer => layer.Name), decoded.Layers.Select(layer => layer.Name));
        }
    }

    [Fact]
    public void UDP_without_a_checksum_is_right_in_IPv4_and_wrong_in_IPv6()
    {
        var ipv4 = Request.ToArray();
        ipv4[26] = ipv4[27] = 0;
        Assert.Null(Decoder.Decode(ipv4).Error);

        byte[] udp = [0x01, 0xB2, 0x01, 0xB2, 0, 10, 0, 0, 3, 0];
        byte[] ipv6 = [0x60, 0, 0, 0, 0, (byte)udp.Length, 17, 64, .. new byte[15], 1, .. new byte[15], 2, .. udp];
        Assert.Equal(("Checksum", 46), (Decoder.Decode(ipv6).Error!.Value.Field, Decoder.Decode(ipv6).Error!.Value.Offset));
    }

    [Fact]
    public void A_UDP_checksum_that_the_interface_was_still_to_fill_in_is_not_judged()
    {
        var octets = Request.ToArray();
        octets[26] ^= 1;
        var frame = new CapturedFrame
        {
            Number = 1, Time = DateTimeOffset.UnixEpoch, Interface = new CaptureInterface { LinkType = LinkType.Raw }, Octets = octets, OriginalLength = octets.Length,
        };
        Assert.Equal("Checksum", Decoder.Decode(frame).Error!.Value.Field);
        Assert.Null(Decoder.Decode(frame with { Flags = CapturedFrameFlags.ChecksumNotReady }).Error);

        // What Linux leaves in it: the words of addresses, protocol and length, summed by hand.
        var sum = (ulong)(17 + octets.Length - 20);
        for (var at = 12; at < 20; at += 2)
        {
            sum += (ulong)((octets[at] << 8) | octets[at + 1]);
        }

        UdpHeader.Fields.Checksum.Write(octets.AsSpan(20), (sum & 0xFFFF) + (sum >> 16));
        Assert.Null(Decoder.Decode(frame with { Octets = octets }).Error);
    }

    [Fact]
    public void IPv4_options_are_a_child_of_the_header_and_fragments_are_data()
    {
        byte[] withOptions = [0x46, .. Request[1..20], 1, 1, 1, 0, .. Request[20..]];
        withOptions[3] += 4;
        FixHeaderChecksum(withOptions, 24);
        var packet = Decoder.Decode(withOptions);
        Assert.Null(packet.Error);
        Assert.Equal(Samples.MobileIPv4Messages[0], packet.Message);
        Assert.Equal(
            [IPv4OptionType.NoOperation, IPv4OptionType.NoOperation, IPv4OptionType.NoOperation, IPv4OptionType.EndOfOptionList],
            packet.Layers[0].Children.Select(option => option["Type"]!.Value));

        var fragment = Request.ToArray();
        fragment[6] = 0x20;
        FixHeaderChecksum(fragment, 20);
        packet = Decoder.Decode(fragment);
        Assert.Equal(new WireError("FragmentOffset", 6, "the packet is a fragment"), packet.Error);
        Assert.Equal(["IPv4", "Data"], packet.Layers.Select(layer => layer.Name));
    }

    [Fact]
    public void A_broken_extension_is_an_error_and_those_before_it_stand()
    {
        byte[] message = [.. new RegistrationReply { Extensions = [MobileNodeNaiExtension.Create("a@b")] }.ToOctets(), 152, 18, 1, 64];
        var packet = Decoder.DecodeMobileIPv4(message);
        Assert.Equal(("ExtensionLength", 26), (packet.Error!.Value.Field, packet.Error.Value.Offset));
        Assert.Null(packet.Message);
        Assert.Equal(["Mobile Node NAI", "Unknown Extension"], packet.Layers[0].Children.Select(layer => layer.Name));
        Assert.Equal(ExtensionType.DualStackMobileIPv4, packet.Layers[0].Children[1]["Type"]!.Value);
        Assert.Equal("0140", packet.Layers[0].Children[1]["Data"]!.Text);
    }

    [Theory]
    [InlineData("", "there is no message")]
    [InlineData("05ff", "Mobile IPv4 message type 5 is not decoded")]
    [InlineData("ff", "Mobile IPv4 message type 255 is not decoded")]
    public void An_unknown_Mobile_IPv4_message(string hex, string reason)
    {
        var packet = Decoder.DecodeMobileIPv4(Convert.FromHexString(hex));
        Assert.Equal(new WireError("Type", 0, reason), packet.Error);
        Assert.Equal("Mobile IPv4", packet.Layers[0].Name);
        Assert.Null(packet.Message);
    }

    [Fact]
    public void A_packet_cut_at_any_octet_has_an_error_and_its_layers_cover_what_there_is()
    {
        foreach (var packet in Samples.Packets())
        {
            for (var length = 0; length < packet.Length; length++)
            {
                var cut = Decoder.Decode(packet.AsSpan(0, length));
                Assert.NotNull(cut.Error);
                Assert.Equal(length, cut.Layers.Sum(layer => layer.Length));
            }
        }
    }

    private static void FixHeaderChecksum(byte[] packet, int headerLength)
    {
        IPv4Header.Fields.HeaderChecksum.Write(packet, 0);
        IPv4Header.Fields.HeaderChecksum.Write(packet, InternetChecksum.Finish(InternetChecksum.Sum(packet.AsSpan(0, headerLength))));
    }
}
