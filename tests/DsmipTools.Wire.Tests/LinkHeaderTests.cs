using DsmipTools.Wire.Capture;
using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace DsmipTools.Wire.Tests;

/// <summary>What frames begin with on each link type.</summary>
public class LinkHeaderTests
{
    private static readonly PacketDecoder Decoder = new();

    public static TheoryData<int> HeaderNumbers => [.. Enumerable.Range(0, Samples.LinkHeaders.Length)];

    public static TheoryData<int> FrameNumbers => [.. Enumerable.Range(0, Samples.LinkFrames.Length)];

    [Theory]
    [MemberData(nameof(HeaderNumbers))]
    public void A_flipped_bit_changes_the_field_of_the_table_and_nothing_else(int number)
    {
        var original = Samples.LinkHeaders[number];
        var fields = original.Table.Fields;
        Assert.Equal(original, Parse(original.GetType(), original.ToOctets().Span, out _));
        for (var bit = 0; bit < original.GetLength() * 8; bit++)
        {
            var octets = original.ToOctets().ToArray();
            octets[bit / 8] ^= (byte)(0x80 >> (bit % 8));
            var flipped = Parse(original.GetType(), octets, out _)!;
            var changed = fields.Where(field => !Value(original, field.Name).Equals(Value(flipped, field.Name)));
            Assert.Equal([fields.Last(field => field.BitOffset <= bit)], changed);
            Assert.Equal(octets, flipped.ToOctets().ToArray());
        }

        static object Value(LinkHeader header, string name) => header.GetType().GetProperty(name)!.GetValue(header)!;
    }

    [Fact]
    public void Headers_come_back_as_they_were() => Prop.ForAll(Generators.LinkHeaders, header =>
    {
        var buffer = new byte[header.GetLength() + 16];
        Array.Fill<byte>(buffer, 0xAA);
        Assert.Equal(header.GetLength(), header.Write(buffer));
        Assert.All(buffer[header.GetLength()..], octet => Assert.Equal(0xAA, octet));
        Assert.Equal(header, Parse(header.GetType(), buffer, out _));
        for (var length = 0; length < header.GetLength(); length++)
        {
            Assert.Null(Parse(header.GetType(), buffer.AsSpan(0, length), out var error));
            Assert.Equal((header.Table.Name, length), (error.Field, error.Offset));
        }

        return true;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(400).WithReplay(113, 277).WithQuietOnSuccess(true));

    [Fact]
    public void An_address_of_another_length_is_refused() =>
        Assert.Throws<ArgumentException>(() => new EthernetHeader { Source = new byte[8] }.ToOctets());

    [Theory]
    [MemberData(nameof(FrameNumbers))]
    public void A_packet_behind_a_header_is_decoded_and_a_cut_frame_has_an_error(int number)
    {
        var (linkType, octets) = Samples.LinkFrames[number];
        var whole = Decoder.Decode(octets, linkType);
        Assert.Null(whole.Error);
        Assert.Equal(Samples.MobilityMessages[3].Table.Name, whole.Layers[^1].Name);
        Assert.Equal(octets.Length * 8, whole.Layers.Sum(layer => layer.Length) * 8);
        for (var length = 0; length < octets.Length; length++)
        {
            var cut = Decoder.Decode(octets.AsSpan(0, length), linkType);
            Assert.NotNull(cut.Error);
            Assert.Equal(length, cut.Layers.Sum(layer => layer.Length));
        }
    }

    [Theory]
    [InlineData(2u, false, "IPv4")]
    [InlineData(2u, true, "IPv4")]
    [InlineData(10u, false, "IPv6")]
    [InlineData(23u, false, "IPv6")]
    [InlineData(24u, true, "IPv6")]
    [InlineData(28u, false, "IPv6")]
    [InlineData(30u, true, "IPv6")]
    [InlineData(7u, true, "Data")]
    [InlineData(0x01020304u, true, "Data")]
    public void The_family_of_a_loopback_header_is_read_in_either_byte_order(uint family, bool bigEndian, string next)
    {
        var header = Samples.Loopback(family, bigEndian);
        var packet = Decoder.Decode(next == "IPv4" ? Samples.IPv4Behind(header) : Samples.Behind(header), LinkType.BsdLoopback);
        Assert.Equal(["BSD Loopback", next], packet.Layers.Select(layer => layer.Name).Take(2));
        Assert.Null(packet.Error);
        var network = new OpenBsdLoopbackHeader { ProtocolFamily = (ProtocolFamily)family };
        packet = Decoder.Decode(next == "IPv4" ? Samples.IPv4Behind(network) : Samples.Behind(network), LinkType.OpenBsdLoopback);
        Assert.Equal(["OpenBSD Loopback", next], packet.Layers.Select(layer => layer.Name).Take(2));
    }

    [Theory]
    [InlineData(LinkType.Raw)]
    [InlineData(LinkType.DataLinkRaw)]
    [InlineData(LinkType.OpenBsdDataLinkRaw)]
    public void Raw_packets_are_told_by_their_version(LinkType linkType)
    {
        Assert.Equal("IPv4", Decoder.Decode(Samples.IPv4Behind(), linkType).Layers[0].Name);
        Assert.Equal("IPv6", Decoder.Decode(Samples.Behind(), linkType).Layers[0].Name);
        Assert.Equal(new WireError("Version", 0, "is neither 4 nor 6"), Decoder.Decode([0x50], linkType).Error);
        Assert.NotNull(Decoder.Decode([], linkType).Error);
    }

    [Fact]
    public void Address_resolution_and_lengths_in_place_of_a_type_are_data()
    {
        foreach (var type in (EtherType[])[EtherType.Arp, (EtherType)0x26])
        {
            var packet = Decoder.Decode([.. new EthernetHeader { EtherType = type }.ToOctets(), 1, 2, 3], LinkType.Ethernet);
            Assert.Equal(["Ethernet", "Data"], packet.Layers.Select(layer => layer.Name));
            Assert.Null(packet.Error);
        }
    }

    [Fact]
    public void A_frame_full_of_tags_is_given_up()
    {
        LinkHeader[] tags = [.. Enumerable.Repeat(new VlanTag { EtherType = EtherType.CustomerVlanTag }, 1000)];
        var packet = Decoder.Decode(Samples.Behind([new EthernetHeader { EtherType = EtherType.OldServiceVlanTag }, .. tags]), LinkType.Ethernet);
        Assert.Equal(10, packet.Layers.Count);
        Assert.Equal(("EtherType", 14 + (7 * 4) + 2), (packet.Error!.Value.Field, packet.Error.Value.Offset));
        Assert.Null(Decoder.Decode(Samples.Behind([new EthernetHeader { EtherType = EtherType.OldServiceVlanTag }, .. tags[..7], Samples.LinkHeaders[1]]), LinkType.Ethernet).Error);
    }

    /// <summary>The header that octets begin with, and the error of those that are too few.</summary>
    private static LinkHeader? Parse(Type type, ReadOnlySpan<byte> octets, out WireError error)
    {
        var (linkType, before) = type.Name switch
        {
            nameof(EthernetHeader) => (LinkType.Ethernet, Octets.Empty),
            nameof(VlanTag) => (LinkType.Ethernet, new EthernetHeader { EtherType = EtherType.CustomerVlanTag }.ToOctets()),
            nameof(LinuxCookedHeader) => (LinkType.LinuxCooked, Octets.Empty),
            nameof(LinuxCookedVersion2Header) => (LinkType.LinuxCookedVersion2, Octets.Empty),
            nameof(OpenBsdLoopbackHeader) => (LinkType.OpenBsdLoopback, Octets.Empty),
            _ => (LinkType.BsdLoopback, Octets.Empty),
        };
        var packet = Decoder.Decode([.. before, .. octets], linkType);
        error = packet.Error?.At(-before.Length) ?? default;
        return packet.Layers[before.Length == 0 ? 0 : 1].Structure as LinkHeader;
    }
}
