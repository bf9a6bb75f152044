using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Ip.ExtensionHeaders;
using DsmipTools.Wire.Ip.Options;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using DsmipTools.Wire.Rules;
using DsmipTools.Wire.Tests.Support;
using DsmipTools.Wire.Tunneling;
using FsCheck;
using FsCheck.Fluent;

namespace DsmipTools.Wire.Tests;

/// <summary>IP headers, extension headers and encapsulations: composed, decoded to layers and values, and written again.</summary>
public class HeaderTests
{
    /// <summary>Fields that decide what the octets behind them are.</summary>
    private static readonly string[] Structural =
    [
        "Version", "HeaderLength", "TotalLength", "PayloadLength", "Protocol", "NextHeader", "MoreFragments", "FragmentOffset", "DestinationPort", "SourcePort",
        "Length", "Type", "RoutingType", "ChecksumPresent", "KeyPresent", "SequenceNumberPresent", "ProtocolType", "OriginalSourceAddressPresent",
    ];

    public static TheoryData<string> Names => [.. Samples.HeaderStacks.Select(stack => stack.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    [Trait("Rfc", "5454-3.9-03")]
    public void A_composed_packet_is_decoded_without_an_error_to_the_same_layers(string name)
    {
        var (packet, layers) = Compose(name);
        var decoded = new PacketDecoder().Decode(packet);
        Assert.Null(decoded.Error);
        Assert.Equal(layers.Select(layer => layer.Table.Name), decoded.Layers.Select(layer => layer.Name));
        Assert.Equal(packet.Length, decoded.Layers.Sum(layer => layer.Length));
        Assert.Equal(packet, PacketComposer.Compose([.. decoded.Layers.Select(layer => layer.Structure!)]));
        Assert.All(decoded.Layers, layer => Assert.Equal(layer.Span.ToArray(), layer.Structure!.ToOctets().ToArray()));
    }

    [Theory]
    [MemberData(nameof(Names))]
    [Trait("Rfc", "5845-7.1-03")]
    [Trait("Rfc", "5845-7.2-05")]
    public void A_flipped_bit_changes_its_field_and_every_value_still_writes_the_octets_it_was_read_from(string name)
    {
        var (packet, _) = Compose(name);
        var decoder = new PacketDecoder();
        var before = decoder.Decode(packet).Layers.Where(layer => layer.Name != "Data").ToArray();
        foreach (var layer in before)
        {
            for (var bit = layer.Offset * 8; bit < (layer.Offset + layer.Table.Length) * 8; bit++)
            {
                var flipped = packet.ToArray();
                flipped[bit / 8] ^= (byte)(0x80 >> (bit % 8));
                var after = decoder.Decode(flipped).Layers;
                Assert.Equal(flipped.Length, after.Sum(each => each.Length));
                Assert.All(after.Where(each => each.Structure is not null), each => Assert.Equal(each.Span.ToArray(), each.Structure!.ToOctets().ToArray()));

                var relative = bit - (layer.Offset * 8);
                var field = layer.Table.Fields.Last(each => each.BitOffset <= relative);
                var same = after.Single(each => each.Offset == layer.Offset);
                if (Structural.Contains(field.Name) && same.Structure?.GetType() != layer.Structure!.GetType())
                {
                    continue;
                }

                // A field that runs to the end of the header is longer or shorter with it.
                var names = layer.Table.Fields.Where(each => each.BitWidth > 0).Select(each => each.Name);
                Assert.Equal([field.Name], names.Where(each => !Equals(Property(layer, each), Property(same, each))));
                Assert.Equal([field.Name], names.Where(each => !Equals(layer[each]!.Value, same[each]!.Value)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_packet_cut_at_any_octet_has_an_error_and_its_layers_cover_what_there_is(string name)
    {
        var (packet, _) = Compose(name);
        var decoder = new PacketDecoder();
        for (var length = 0; length < packet.Length; length++)
        {
            var cut = decoder.Decode(packet.Span[..length]);
            Assert.NotNull(cut.Error);
            Assert.Equal(length, cut.Layers.Sum(layer => layer.Length));
            Assert.All(cut.Layers.Where(layer => layer.Structure is not null), layer => Assert.Equal(layer.Span.ToArray(), layer.Structure!.ToOctets().ToArray()));
        }
    }

    [Fact]
    public void Any_stack_of_headers_comes_back_as_it_was_composed() => Prop.ForAll(Generators.HeaderStacks, layers =>
    {
        foreach (var layer in layers)
        {
            var dirty = new byte[layer.GetLength() + 8];
            Array.Fill<byte>(dirty, 0xAA);
            Assert.Equal(layer.GetLength(), layer.Write(dirty));
            Assert.Equal(layer.ToOctets().ToArray(), dirty[..^8]);
        }

        var packet = PacketComposer.Compose(layers);
        var decoded = new PacketDecoder().Decode(packet);
        Assert.Null(decoded.Error);
        Assert.Equal(layers.Select(layer => layer.Table.Name), decoded.Layers.Select(layer => layer.Name));
        Assert.Equal(packet, PacketComposer.Compose([.. decoded.Layers.Select(layer => layer.Structure!)]));
        return true;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(791, 8201).WithQuietOnSuccess(true));

    [Fact]
    public void What_is_given_stands_and_what_is_null_is_computed()
    {
        var wrong = PacketComposer.Compose(
            new IPv4Header { Version = 5, HeaderLength = 4, TotalLength = 3, Protocol = (IpProtocol)200, HeaderChecksum = 0xBEEF },
            new UdpHeader { Length = 2, Checksum = 0xF00D },
            new Data { Octets = new byte[4] });
        Assert.Equal("54000003", Hex(wrong.Span[..4]));
        Assert.Equal((200, "beef"), (wrong[9], Hex(wrong.Span[10..12])));
        Assert.Equal("0002f00d", Hex(wrong.Span[24..28]));

        var right = PacketComposer.Compose(new IPv4Header(), new UdpHeader(), new Data { Octets = new byte[4] });
        Assert.Equal("45000020", Hex(right.Span[..4]));
        Assert.Equal(17, right[9]);
        Assert.True(InternetChecksum.Verify(0, right.Span[..20]));
        Assert.Equal("000c", Hex(right.Span[24..26]));
    }

    [Fact]
    public void A_length_that_its_field_cannot_say_is_refused()
    {
        Structure[][] all =
        [
            [new IPv4Header(), new Data { Octets = new byte[65536 - 20] }],
            [new IPv6Header(), new Data { Octets = new byte[65536] }],
            [new UdpHeader(), new Data { Octets = new byte[65536 - 8] }],
            [new TlvHeader(), new Data { Octets = new byte[65536] }],
            [new IPv4Header { Options = [new IPv4Option { Type = IPv4OptionType.RecordRoute, Data = new byte[39] }] }],
            [new IPv4Option { Type = IPv4OptionType.RecordRoute, Data = new byte[254] }],
            [new DestinationOptionsHeader { Options = [.. Enumerable.Repeat(new GenericIPv6Option { Data = new byte[254] }, 8)] }],
            [new RoutingHeader { TypeSpecificData = new byte[4 + (8 * 256)] }],
            [new EncapsulatingSecurityPayloadTrailer { Padding = new byte[256] }],
            [new BindingRefreshRequest { Verbatim = true, Options = [.. Enumerable.Repeat(new PadNOption { Padding = new byte[254] }, 8)] }],
        ];
        Assert.All(all, layers => Assert.Throws<ArgumentException>(() => PacketComposer.Compose(layers)));
    }

    [Fact]
    public void Checksums_use_the_home_addresses_of_routing_header_and_option()
    {
        // RFC 6275, 11.3.1 and RFC 8200, 8.1: not the addresses of the IPv6 header.
        var packet = PacketComposer.Compose(Samples.HeaderStacks.Single(stack => stack.Name == "routing and home address").Layers);
        Assert.True(MobilityHeaderView.TryParse(packet.Span[^16..], out var view, out _));
        Assert.True(view.VerifyChecksum("2001:db8:7::8", "2001:db8:7::7"));
        Assert.False(view.VerifyChecksum("2001:db8:1::a", "2001:db8:2::b"));
    }

    [Fact]
    public void A_wrong_checksum_of_each_encapsulation_is_an_error_at_its_place()
    {
        Assert.Equal(("Checksum", 24), Broken("GRE with all fields", 24));
        Assert.Equal(("HeaderChecksum", 22), Broken("minimal encapsulation", 22));
        Assert.Equal(("HeaderChecksum", 30), Broken("IPv4 in IPv4", 30));
        Assert.Equal(("Checksum", 26), Broken("UDP 4191", 26));
        Assert.Equal(("Length", 30), Broken("UDP 4191 with a TLV header", 31, fixUdp: true));
    }

    [Fact]
    public void Options_that_do_not_fit_their_header_are_an_error_and_those_before_it_stand()
    {
        var packet = PacketComposer.Compose(
            new IPv6Header(),
            new DestinationOptionsHeader
            {
                Verbatim = true, NextHeader = IpProtocol.NoNextHeader,
                Options = [new TunnelEncapsulationLimitOption(), new GenericIPv6Option { OptionType = (IPv6OptionType)0x77, Data = new byte[1] }],
            }).ToArray();
        packet[^2] = 2;
        var decoded = new PacketDecoder().Decode(packet);
        Assert.Equal(("OptionLength", 46), (decoded.Error!.Value.Field, decoded.Error.Value.Offset));
        Assert.Equal(["Tunnel Encapsulation Limit", "IPv6 Option"], decoded.Layers[1].Children.Select(child => child.Name));
        Assert.Null(decoded.Layers[1].Structure);
    }

    [Fact]
    public void Fragments_are_an_error_and_what_they_hold_is_data()
    {
        var packet = PacketComposer.Compose(
            new IPv6Header(), new FragmentHeader { FragmentOffset = 3, NextHeader = IpProtocol.Udp }, new Data { Octets = new byte[9] });
        var decoded = new PacketDecoder().Decode(packet);
        Assert.Equal(new WireError("FragmentOffset", 42, "the packet is a fragment"), decoded.Error);
        Assert.Equal(["IPv6", "Fragment", "Data"], decoded.Layers.Select(layer => layer.Name));
    }

    public static TheoryData<string, Structure[]> Nests => new()
    {
        { "IPv4", [new IPv4Header()] },
        { "IPv6", [new IPv6Header()] },
        { "minimal encapsulation", [new MinimalForwardingHeader()] },
        { "GRE", [new GreHeader(), new IPv6Header()] },
        { "TLV", [new UdpHeader { DestinationPort = Envelope.DualStackMobileIPv6Port }, new TlvHeader()] },
        { "tunnel data", [new UdpHeader { DestinationPort = MobileIPv4Message.Port }, new TunnelData()] },
    };

    /// <summary>A stack of one megabyte, as threads have it on some systems, is not enough for as many calls as a packet can hold headers.</summary>
    [Theory]
    [MemberData(nameof(Nests), DisableDiscoveryEnumeration = true)]
    public void A_packet_of_nothing_but_headers_ends_where_decoding_ends(string name, Structure[] nest)
    {
        var layers = Enumerable.Repeat(nest, 65_000 / nest.Sum(each => each.GetLength())).SelectMany(each => each);
        var packet = PacketComposer.Compose([new IPv4Header(), .. layers]);
        DecodedPacket? decoded = null;
        var thread = new Thread(() => decoded = new PacketDecoder().Decode(packet), 1 << 20);
        thread.Start();
        thread.Join();
        Assert.True(decoded!.Error!.Value.Reason == "stands behind 16 IP headers or encapsulations, where decoding ends", $"{name}: {decoded.Error}");
        Assert.Equal(packet.Length, decoded.Layers.Sum(layer => layer.Length));
    }

    /// <summary>What no decoder on the machine reads, written out from the figures of RFC 2004, 3.1, RFC 5845, 7.2 and RFC 4303, 2.</summary>
    [Theory]
    [InlineData("minimal encapsulation with source", "Minimal Forwarding", "1180a76d" + "0a010107" + "cb007109")]
    [InlineData("UDP 4191 with a TLV header", "TLV", "092f0040")]
    [InlineData("ESP", "Encapsulating Security Payload", "0102030400000009")]
    [Trait("Rfc", "5845-7.2-05")]
    public void Octets_written_out_by_hand(string name, string header, string hex)
    {
        var layer = new PacketDecoder().Decode(Compose(name).Packet).Layers.Single(each => each.Name == header);
        Assert.Equal(hex, Hex(layer.Span));
    }

    [Fact]
    public void The_innermost_addresses_are_the_packets()
    {
        var decoded = new PacketDecoder().Decode(Compose("minimal encapsulation with source").Packet);
        Assert.Equal((new Endpoint("203.0.113.9", 7001), new Endpoint("10.1.1.7", 7002)), (decoded.Source!.Value, decoded.Destination!.Value));
    }

    [Theory]
    [InlineData("2001:db8:7::8", null)]
    [InlineData(null, "2001:db8:7::7")]
    [InlineData("2001:db8:7::8", "2001:db8:7::7")]
    public void An_envelope_with_home_addresses_is_written_sealed_and_read(string? source, string? destination)
    {
        var envelope = Samples.Native with { InnerSource = source is null ? (Address?)null : (Address)source, InnerDestination = destination is null ? (Address?)null : (Address)destination };
        AssertTravels(envelope, Transport.MobileIPv4Udp);
    }

    [Fact]
    [Trait("Rfc", "5846-4-03")]
    public void An_envelope_of_port_4191_holds_a_whole_IPv6_packet_with_a_checksum_of_its_own()
    {
        var envelope = new Envelope(
            Transport.DualStackMobileIPv6Udp, new Endpoint("198.51.100.7", 40000), new Endpoint("192.0.2.1", Envelope.DualStackMobileIPv6Port))
        {
            InnerSource = "2001:db8:7::7",
            InnerDestination = "2001:db8:2::b",
        };
        AssertTravels(envelope, Transport.DualStackMobileIPv6Udp);
        Assert.Throws<ArgumentException>(() => PacketFrame.Write(new Envelope(Transport.DualStackMobileIPv6Udp, envelope.Source, envelope.Destination), new byte[8], new byte[200]));
    }

    [Fact]
    public void Trailers_of_ESP_are_taken_off_and_put_on()
    {
        var trailer = new EncapsulatingSecurityPayloadTrailer
        {
            Padding = EncapsulatingSecurityPayloadTrailer.PaddingFor(5, 4), NextHeader = IpProtocol.MobilityHeader, IntegrityCheckValue = new byte[] { 1, 2, 3 },
        };
        Assert.Equal("01", trailer.Padding.ToString());
        byte[] octets = [9, 9, 9, 9, 9, .. trailer.ToOctets()];
        Assert.True(EncapsulatingSecurityPayloadTrailer.TryRead(octets, 3, out var payload, out var read, out _));
        Assert.Equal((5, trailer with { PadLength = 1 }), (payload.Length, read));
        Assert.Equal(trailer.ToOctets(), read!.ToOctets());
        octets[^5] = 7;
        Assert.False(EncapsulatingSecurityPayloadTrailer.TryRead(octets, 3, out _, out _, out var error));
        Assert.Equal(("PadLength", 6), (error.Field, error.Offset));
        Assert.False(EncapsulatingSecurityPayloadTrailer.TryRead(octets.AsSpan(0, 1), 0, out _, out _, out _));
    }

    [Fact]
    public void A_packet_of_port_4191_that_is_no_IPv6_is_not_taken_for_one()
    {
        var envelope = new Envelope(Transport.DualStackMobileIPv6Udp, new Endpoint("198.51.100.7", 40000), new Endpoint("192.0.2.1", Envelope.DualStackMobileIPv6Port))
        {
            InnerSource = "2001:db8:7::7",
            InnerDestination = "2001:db8:2::b",
        };
        var packet = new byte[PacketFrame.Overhead(envelope) + 8];
        PacketFrame.Write(envelope, new byte[8], packet);
        packet[28] = 0x45;
        UdpHeader.Fields.Checksum.Write(packet.AsSpan(20), 0u);
        Assert.False(PacketFrame.TryRead(packet, Transport.DualStackMobileIPv6Udp, out _, out _, out var error));
        Assert.Equal(new WireError("Version", 28, "is not 6"), error);
    }

    [Fact]
    public void A_checksum_behind_a_routing_header_that_hides_the_destination_is_not_judged()
    {
        Structure[] Layers(byte segmentsLeft) =>
        [
            new IPv6Header { Source = "2001:db8::1", Destination = "2001:db8::2" },
            new RoutingHeader { RoutingType = 4, SegmentsLeft = segmentsLeft, TypeSpecificData = new byte[20] },
            new UdpHeader { Checksum = 0x1234 },
        ];
        Assert.Equal("Checksum", new PacketDecoder().Decode(PacketComposer.Compose(Layers(0))).Error!.Value.Field);
        Assert.Null(new PacketDecoder().Decode(PacketComposer.Compose(Layers(1))).Error);
        Assert.Contains(PacketRules.Check(new PacketDecoder().Decode(PacketComposer.Compose(Layers(0)))), violation => violation.Rule == "RFC 768");
        Assert.DoesNotContain(PacketRules.Check(new PacketDecoder().Decode(PacketComposer.Compose(Layers(1)))), violation => violation.Rule == "RFC 768");
    }

    private static void AssertTravels(in Envelope envelope, Transport udpTransport)
    {
        var message = Samples.MobilityMessages[2].ToOctets().ToArray();
        envelope.Seal(message);
        var packet = new byte[PacketFrame.Overhead(envelope) + message.Length];
        Array.Fill<byte>(packet, 0xAA);
        Assert.Equal(packet.Length, PacketFrame.Write(envelope, message, packet));
        Assert.True(PacketFrame.TryRead(packet, udpTransport, out var read, out var received, out var error), error.ToString());
        Assert.Equal(envelope, read);
        Assert.Equal(envelope, read.Reversed.Reversed);
        Assert.Equal((envelope.InnerSource, envelope.Source), (read.Reversed.InnerDestination, read.Reversed.Destination));
        Assert.Equal(message, received.ToArray());
        Assert.True(MobilityHeaderView.TryParse(received, out var view, out _));
        Assert.True(read.IsChecksumRight(view));
        Assert.False((envelope with { InnerSource = "::5", InnerDestination = "::6" }).IsChecksumRight(view));

        var decoded = new PacketDecoder().Decode(packet);
        Assert.Null(decoded.Error);
        Assert.IsType<BindingRevocationIndication>(decoded.Message);
        for (var length = 0; length < packet.Length; length++)
        {
            Assert.False(PacketFrame.TryRead(packet.AsSpan(0, length), udpTransport, out _, out _, out _));
        }
    }

    private static (string Field, int Offset) Broken(string name, int offset, bool fixUdp = false)
    {
        var packet = Compose(name).Packet.ToArray();
        packet[offset] ^= 0x10;
        if (fixUdp)
        {
            UdpHeader.Fields.Checksum.Write(packet.AsSpan(20), 0u);
        }

        var error = new PacketDecoder().Decode(packet).Error!.Value;
        return (error.Field, error.Offset);
    }

    private static (Octets Packet, Structure[] Layers) Compose(string name)
    {
        var layers = Samples.HeaderStacks.Single(stack => stack.Name == name).Layers;
        return (PacketComposer.Compose(layers), layers);
    }

    private static string Hex(ReadOnlySpan<byte> octets) => Convert.ToHexStringLower(octets);

    private static object? Property(Layer layer, string name) => layer.Structure!.GetType().GetProperty(name)!.GetValue(layer.Structure);
}
