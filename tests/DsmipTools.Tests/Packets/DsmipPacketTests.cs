using DsmipTools.Packets;
using DsmipTools.Wire;
using DsmipTools.Wire.Capture;
using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.Icmp.IcmpV6;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Ip.ExtensionHeaders;
using DsmipTools.Wire.Ip.Options;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;

namespace DsmipTools.Tests.Packets;

public sealed class DsmipPacketTests
{
    private static readonly PacketDecoder decoder = new();
    private static readonly BindingRevocationIndication indication = new() { SequenceNumber = 4711, Options = [MobileNodeIdentifierOption.Create("mn@example.com")] };
    private static readonly Structure ip = new IPv6Header { Source = "2001:db8::1", Destination = "2001:db8::2" };

    [Fact]
    public void Octets_are_taken_for_an_Ethernet_frame_only_where_one_fits()
    {
        var packet = PacketComposer.Compose(ip, indication);
        var frame = PacketComposer.Compose(new EthernetHeader { EtherType = EtherType.IPv6 }, ip, indication);
        var tagged = PacketComposer.Compose(new EthernetHeader { EtherType = EtherType.CustomerVlanTag }, new VlanTag { EtherType = EtherType.IPv6 }, ip, indication);

        Assert.Equal(LinkType.Raw, DsmipPacket.LinkTypeOf(packet.Span));
        Assert.Equal(LinkType.Ethernet, DsmipPacket.LinkTypeOf(frame.Span));
        Assert.Equal(LinkType.Ethernet, DsmipPacket.LinkTypeOf(tagged.Span));
        Assert.Equal(LinkType.Raw, DsmipPacket.LinkTypeOf(frame.Span[..^1]));
        Assert.Equal(LinkType.Raw, DsmipPacket.LinkTypeOf(indication.ToOctets().Span));
        for (var length = 0; length < 20; length++)
        {
            Assert.Equal(LinkType.Raw, DsmipPacket.LinkTypeOf(tagged.Span[..length]));
        }

        Assert.All(new[] { frame, tagged }, octets => Assert.Equal(4711, ((BindingRevocationIndication)DsmipPacket.From(octets, decoder).Message!).SequenceNumber));
    }

    [Fact]
    public void Layers_make_a_packet_with_the_form_and_link_type_of_the_first()
    {
        Assert.Equal((PacketForm.Packet, LinkType.Raw), Of(ip, indication));
        Assert.Equal((PacketForm.Packet, LinkType.Ethernet), Of(new EthernetHeader { EtherType = EtherType.IPv6 }, ip, indication));
        Assert.Equal((PacketForm.MobilityHeader, LinkType.Raw), Of(indication));
        Assert.Contains("No packet begins with UDP", Assert.Throws<ArgumentException>(() => DsmipPacket.Compose([new UdpHeader()])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => DsmipPacket.Compose([]));

        static (PacketForm Form, LinkType LinkType) Of(params Structure[] layers)
        {
            var packet = DsmipPacket.Compose(layers);
            Assert.Null(packet.Error);
            return (packet.Form, packet.LinkType);
        }
    }

    [Fact]
    public void An_ICMP_message_stands_behind_the_IP_header_with_the_addresses_of_Mobile_IPv6()
    {
        var envelope = new EnvelopeParameters { Source = new Endpoint("2001:db8::1", 0), Destination = new Endpoint("2001:db8::2", 0) };
        var packet = PacketLayers.Enclose(new IcmpV6EchoRequest { Identifier = 7 }, envelope with { HomeAddress = "2001:db8::3", RoutingHeader = "2001:db8::4" });

        Assert.Null(packet.Error);
        Assert.Equal(["IPv6", "Type 2 Routing", "Destination Options", "ICMPv6 Echo Request"], packet.Layers.Select(layer => layer.Name));
        Assert.Equal(packet.Octets, PacketLayers.Enclose(packet, envelope with { HomeAddress = "2001:db8::3", RoutingHeader = "2001:db8::4" }).Octets);
        Assert.All(
            new[]
            {
                envelope with { Transport = Transport.IPv6 }, envelope with { InnerSource = "2001:db8::9" }, new EnvelopeParameters { Source = envelope.Source },
                envelope with { Source = new Endpoint("10.0.0.1", 0) },
            },
            wrong => Assert.Throws<ArgumentException>(() => PacketLayers.Enclose(new IcmpV6EchoRequest(), wrong)));
    }

    [Fact]
    public void The_checksum_of_a_decoded_message_is_computed_anew_and_one_that_was_given_stands()
    {
        var envelope = new EnvelopeParameters { Source = new Endpoint("2001:db8::1", 0), Destination = new Endpoint("2001:db8::2", 0) };
        var decoded = PacketLayers.Enclose(indication, envelope).Message!;

        Assert.Null(PacketLayers.Enclose(decoded, envelope with { Destination = new Endpoint("2001:db8::77", 0) }).Error);
        Assert.Equal("Checksum", PacketLayers.Enclose(indication with { Checksum = 0xBEEF }, envelope).Error?.Field);
    }

    [Fact]
    public void The_tree_of_a_structure_is_that_of_its_octets()
    {
        var tree = PacketText.Tree(indication).Split('\n');

        Assert.Equal("   0  Binding Revocation Indication (RFC 5846, 5.1), 32 octets", tree[0]);
        Assert.Contains("  15      Identifier: mn@example.com", tree);
        Assert.Contains("  29    PadN (RFC 6275, 6.2.3), 3 octets", tree);
        Assert.Equal("   0  Home Network Prefix (RFC 5213, 8.3), 20 octets", PacketText.Tree(new HomeNetworkPrefixOption { Prefix = "2001:db8::/64" }).Split('\n')[0]);
        // Options that composing aligns stand where they will be.
        var header = PacketText.Tree(new DestinationOptionsHeader { Options = [new HomeAddressOption { HomeAddress = "2001:db8::5" }] });
        Assert.Contains("   6    Home Address", header, StringComparison.Ordinal);
        Assert.Contains("   8      HomeAddress: 2001:db8::5", header, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_written_says_why_in_place_of_a_tree() =>
        Assert.Contains("wrong address family", PacketText.Tree(new AlternateCareOfAddressOption { AlternateCareOfAddress = "10.0.0.1" }), StringComparison.Ordinal);

    [Fact]
    public void No_control_character_of_a_packet_or_a_comment_comes_out()
    {
        var message = indication with { Options = [MobileNodeIdentifierOption.Create("mn\u001b[2J@example.com")] };
        var packet = DsmipPacket.Compose([ip, message]) with { Comments = ["\u001b]0;title\u0007", "\r\n"] };

        Assert.DoesNotContain(packet.ToText(), character => char.IsControl(character) && character != '\n');
        Assert.DoesNotContain(packet.Summary, char.IsControl);
        Assert.StartsWith("Packet 1, ", packet.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_without_a_line_of_its_own_is_summed_up_by_its_fields()
    {
        Assert.Equal("Heartbeat SequenceNumber 7", PacketText.Summary(new Heartbeat { SequenceNumber = 7 }));
        Assert.Equal("Unknown Mobility Option type 200", PacketText.Summary(new UnknownMobilityOption { OptionType = 200 }));
        Assert.Equal("ICMPv6 Echo Request Identifier 7 SequenceNumber 9", PacketText.Summary(new IcmpV6EchoRequest { Identifier = 7, SequenceNumber = 9 }));
    }
}
