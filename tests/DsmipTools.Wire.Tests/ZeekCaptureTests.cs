using System.Buffers.Binary;
using DsmipTools.Wire.Capture;
using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using DsmipTools.Wire.Tests.Support;

namespace DsmipTools.Wire.Tests;

/// <summary>Packets that others made, with the values that another decoder (Zeek) read from them: expected.txt beside the captures.</summary>
public class ZeekCaptureTests
{
    [Fact]
    public void Binding_update()
    {
        var message = Message<BindingUpdate>("mip6_bu.pcap");
        Assert.Equal((59, 1, 0, 868), (message.PayloadProto, message.HeaderLength!.Value, message.Reserved, message.Checksum!.Value));
        Assert.Equal((37, 3), (message.SequenceNumber, message.Lifetime));
        Assert.Equal(
            (true, true, false, true),
            (message.Acknowledge, message.HomeRegistration, message.LinkLocalCompatibility, message.KeyManagementMobility));
        Assert.Equal([new PadNOption { Padding = new byte[2] }], message.Options);
    }

    [Fact]
    public void Binding_acknowledgement()
    {
        var message = Message<BindingAcknowledgement>("mip6_back.pcap");
        Assert.Equal((59, 1, 0, 53722), (message.PayloadProto, message.HeaderLength!.Value, message.Reserved, message.Checksum!.Value));
        Assert.Equal((BindingStatus.Accepted, true, 42, 8), (message.Status, message.KeyManagementMobility, message.SequenceNumber, message.Lifetime));
        Assert.Equal([new PadNOption { Padding = new byte[2] }], message.Options);
    }

    [Fact]
    public void Binding_refresh_request()
    {
        var message = Message<BindingRefreshRequest>("mip6_brr.pcap");
        Assert.Equal((59, 0, 0, 55703, 0), (message.PayloadProto, message.HeaderLength!.Value, message.Reserved, message.Checksum!.Value, message.MessageReserved));
        Assert.Empty(message.Options);
    }

    [Fact]
    public void Home_test_init()
    {
        var message = Message<HomeTestInit>("mip6_hoti.pcap");
        Assert.Equal((59, 1, 0, 55437), (message.PayloadProto, message.HeaderLength!.Value, message.Reserved, message.Checksum!.Value));
        Assert.Equal((0, 1UL), (message.MessageReserved, message.HomeInitCookie));
        Assert.Empty(message.Options);
    }

    [Fact]
    public void Care_of_test_init()
    {
        var message = Message<CareOfTestInit>("mip6_coti.pcap");
        Assert.Equal((59, 1, 0, 55181), (message.PayloadProto, message.HeaderLength!.Value, message.Reserved, message.Checksum!.Value));
        Assert.Equal((0, 1UL), (message.MessageReserved, message.CareOfInitCookie));
        Assert.Empty(message.Options);
    }

    [Fact]
    public void Home_test()
    {
        var message = Message<HomeTest>("mip6_hot.pcap");
        Assert.Equal((59, 2, 0, 54634), (message.PayloadProto, message.HeaderLength!.Value, message.Reserved, message.Checksum!.Value));
        Assert.Equal((13, 15UL, 255UL), (message.HomeNonceIndex, message.HomeInitCookie, message.HomeKeygenToken));
        Assert.Empty(message.Options);
    }

    [Fact]
    public void Care_of_test()
    {
        var message = Message<CareOfTest>("mip6_cot.pcap");
        Assert.Equal((59, 2, 0, 54378), (message.PayloadProto, message.HeaderLength!.Value, message.Reserved, message.Checksum!.Value));
        Assert.Equal((13, 15UL, 255UL), (message.CareOfNonceIndex, message.CareOfInitCookie, message.CareOfKeygenToken));
        Assert.Empty(message.Options);
    }

    [Fact]
    public void Binding_error()
    {
        var message = Message<BindingError>("mip6_be.pcap");
        Assert.Equal((59, 2, 0, 45272), (message.PayloadProto, message.HeaderLength!.Value, message.Reserved, message.Checksum!.Value));
        Assert.Equal(BindingErrorStatus.UnknownBindingForHomeAddressDestinationOption, message.Status);
        Assert.Equal("2001:78:1:32::1", message.HomeAddress.ToString());
        Assert.Empty(message.Options);
    }

    [Fact]
    [Trait("Rfc", "5846-5-03")]
    public void A_good_checksum_is_right() => Assert.Null(Decode("mip6-good-mh-chksum.pcap").Error);

    [Fact]
    [Trait("Rfc", "5846-5-03")]
    public void A_bad_checksum_is_an_error_with_its_place_and_the_message_is_still_decoded()
    {
        var packet = Decode("mip6-bad-mh-chksum.pcap");
        Assert.Equal(new WireError("Checksum", 14 + 40 + 4, "is wrong"), packet.Error);
        Assert.NotNull(packet.Message);
    }

    [Theory]
    [InlineData("ipv6-mobile-hoa.pcap", "Destination Options", "Home Address")]
    [InlineData("ipv6-mobile-routing.pcap", "Type 2 Routing", null)]
    public void Extension_headers(string file, string header, string? option)
    {
        var packet = Decode(file);
        Assert.Equal(header, packet.Layers[2].Name);
        Assert.Equal(option, packet.Layers[2].Children.Select(child => child.Name).LastOrDefault(name => name.StartsWith("Home", StringComparison.Ordinal)));
        Assert.Equal(Frame(file).Octets, packet.Layers.SelectMany(layer => layer.Structure?.ToOctets().ToArray() ?? layer.Span.ToArray()));
    }

    /// <summary>The message of a good packet, which written again has the octets of the packet.</summary>
    private static T Message<T>(string file)
        where T : MobilityMessage
    {
        var packet = Decode(file);
        Assert.Null(packet.Error);
        Assert.Equal("2001:4f8:4:7:2e0:81ff:fe52:ffff", packet.Source!.Value.Address.ToString());
        Assert.Equal("2001:4f8:4:7:2e0:81ff:fe52:9a6b", packet.Destination!.Value.Address.ToString());
        var message = Assert.IsType<T>(packet.Message);
        Assert.Equal(Frame(file).Octets[(14 + 40)..], message.ToOctets().ToArray());
        return message;
    }

    private static DecodedPacket Decode(string file)
    {
        var (linkType, octets) = Frame(file);
        return new PacketDecoder().Decode(octets, linkType);
    }

    /// <summary>The first frame of a classic pcap file, little-endian as these are.</summary>
    private static (LinkType LinkType, byte[] Octets) Frame(string file)
    {
        var octets = File.ReadAllBytes(Path.Combine(SourceTree.Shared("vectors/zeek"), file));
        Assert.Equal(0xA1B2C3D4, BinaryPrimitives.ReadUInt32LittleEndian(octets));
        var linkType = (LinkType)BinaryPrimitives.ReadUInt32LittleEndian(octets.AsSpan(20));
        var length = BinaryPrimitives.ReadInt32LittleEndian(octets.AsSpan(24 + 8));
        return (linkType, octets[40..(40 + length)]);
    }
}
