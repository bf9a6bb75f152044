using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.Icmp.AgentAdvertisement;
using DsmipTools.Wire.Icmp.IcmpV4;
using DsmipTools.Wire.Icmp.IcmpV6;
using DsmipTools.Wire.Icmp.MobileIPv6;
using DsmipTools.Wire.Icmp.MulticastListenerDiscovery;
using DsmipTools.Wire.Icmp.NeighborDiscovery;
using DsmipTools.Wire.Icmp.NeighborDiscovery.Options;
using DsmipTools.Wire.Tests.Support;

namespace DsmipTools.Wire.Tests;

/// <summary>ICMP and ICMPv6 messages octet by octet, wrong ones, and ones that are wrong on purpose.</summary>
public class IcmpTests
{
    private const int Start = 40;

    [Fact]
    public void A_neighbor_advertisement_octet_by_octet() => Assert.Equal(
        "88000000" + "60000000" + "20010db8010000070000000000000009" + "0201" + "020000000001",
        new NeighborAdvertisement
        {
            Solicited = true,
            Override = true,
            TargetAddress = "2001:db8:100:7::9",
            Options = [new TargetLinkLayerAddressOption { LinkLayerAddress = Octets.FromHex("020000000001") }],
        }.ToOctets().ToString());

    [Fact]
    public void An_agent_advertisement_octet_by_octet() => Assert.Equal(
        "09100000" + "01020708" + "c0000201" + "80000000" + "100a1234" + "0708" + "b0a0" + "c6336401" + "130118" + "00",
        new IcmpV4RouterAdvertisement
        {
            Code = (byte)IcmpV4RouterAdvertisementCode.DoesNotRouteCommonTraffic,
            Lifetime = 1800,
            RouterAddresses = [new() { RouterAddress = "192.0.2.1", PreferenceLevel = int.MinValue }],
            Extensions =
            [
                new MobilityAgentAdvertisementExtension
                {
                    SequenceNumber = 0x1234,
                    RegistrationLifetime = 1800,
                    RegistrationRequired = true,
                    HomeAgent = true,
                    ForeignAgent = true,
                    UdpTunneling = true,
                    RegionalRegistration = true,
                    CareOfAddresses = ["198.51.100.1"],
                },
                new PrefixLengthsExtension { PrefixLengths = Octets.FromHex("18") },
                new AgentAdvertisementPaddingExtension(),
            ],
        }.ToOctets().ToString());

    /// <summary>tshark has no field for the flag of RFC 3963 in these.</summary>
    [Fact]
    public void The_mobile_router_flag_stands_before_the_reserved_bits()
    {
        Assert.Equal("9000000012348000", new HomeAgentAddressDiscoveryRequest { Identifier = 0x1234, MobileRouterSupport = true }.ToOctets().ToString());
        Assert.Equal("9100000012348000", new HomeAgentAddressDiscoveryReply { Identifier = 0x1234, MobileRouterSupport = true }.ToOctets().ToString());
        Assert.Equal(
            "8500000000000000" + "0801800000070708",
            new RouterSolicitation
            {
                Options = [new HomeAgentInformationOption { MobileRouterSupport = true, HomeAgentPreference = 7, HomeAgentLifetime = 1800 }],
            }.ToOctets().ToString());
    }

    [Fact]
    public void Options_are_padded_to_units_of_8_octets() => Assert.Equal(
        "8500000000000000" + "01020200000000000100000000000000" + "c801a10000000000",
        new RouterSolicitation
        {
            Options =
            [
                new SourceLinkLayerAddressOption { LinkLayerAddress = Octets.FromHex("02000000000001") },
                new UnknownNeighborDiscoveryOption { OptionType = 200, OptionData = Octets.FromHex("a1") },
            ],
        }.ToOctets().ToString());

    [Theory]
    [InlineData("0800000000000000", 1, "Option 8 has length 0")]
    [InlineData("0802000000000000", 1, "Option 8 has 16 octets by its length, but only 8 are there")]
    [InlineData("08", 1, "the Option ends before its length octet")]
    public void A_broken_option_is_an_error_and_leaves_those_before_it(string broken, int at, string reason)
    {
        byte[] octets =
        [
            .. new RouterSolicitation { Options = [new MtuOption { MaximumTransmissionUnit = 1280 }] }.ToOctets(), .. Convert.FromHexString(broken),
        ];
        IcmpV6Message.WriteChecksum(octets, Samples.OuterIPv6.Source, Samples.OuterIPv6.Destination);
        var error = new WireError("OptionLength", 16 + at, reason);

        Assert.Equal(octets, Assert.IsType<UnknownIcmpV6Message>(IcmpV6Message.From(octets, out var wrong)).ToOctets().ToArray());
        Assert.Equal(error, wrong);
        Assert.False(RouterSolicitationView.TryParse(octets, out _, out wrong));
        Assert.Equal(error, wrong);
        var decoded = new PacketDecoder().Decode(Samples.IcmpV6Packet(octets));
        Assert.Equal(error.At(Start), decoded.Error);
        Assert.Null(decoded.Message);
        Assert.Equal("Router Solicitation", decoded.Layers[1].Name);
        Assert.Equal(["MTU", "Unknown Neighbor Discovery Option"], decoded.Layers[1].Children.Select(layer => layer.Name));
        Assert.Equal(octets.Length, decoded.Layers[1].Length);
    }

    [Fact]
    public void A_wrong_checksum_stops_nothing()
    {
        foreach (var message in Samples.IcmpV6Messages)
        {
            var decoded = new PacketDecoder().Decode(Samples.Packet(message with { Checksum = 0xBEEF }));
            Assert.Equal(new WireError("Checksum", Start + 2, "is wrong"), decoded.Error);
            Assert.Equal(message with { Checksum = 0xBEEF }, decoded.Message);
        }

        foreach (var message in Samples.IcmpV4Messages)
        {
            var decoded = new PacketDecoder().Decode(Samples.Packet(message with { Checksum = 0xBEEF }));
            Assert.Equal(new WireError("Checksum", 22, "is wrong"), decoded.Error);
            Assert.Equal(message with { Checksum = 0xBEEF }, decoded.Message);
        }
    }

    [Fact]
    public void The_packet_that_an_error_quotes_is_data_within_the_message()
    {
        var quoted = Octets.FromHex("6000000000003b40");
        var decoded = new PacketDecoder().Decode(Samples.Packet(new PacketTooBig { MaximumTransmissionUnit = 1280, Data = quoted }));
        Assert.Equal(["IPv6", "Packet Too Big"], decoded.Layers.Select(layer => layer.Name));
        var data = Assert.Single(decoded.Layers[1].Children);
        Assert.Equal(("Data", Start + 8), (data.Name, data.Offset));
        Assert.Equal(quoted, data["Octets"]!.Value);
    }

    [Fact]
    public void An_error_can_be_composed_of_the_layers_that_it_quotes()
    {
        Structure[] quoted = [Samples.InnerIPv6, Samples.Udp, new Data { Octets = Octets.FromHex("0102") }];
        var error = new PacketTooBig { MaximumTransmissionUnit = 1280 };
        Assert.Equal(
            PacketComposer.Compose(Samples.OuterIPv6, error with { Data = PacketComposer.Compose(quoted) }),
            PacketComposer.Compose([Samples.OuterIPv6, error, .. quoted]));
    }

    [Fact]
    public void Values_have_the_names_of_their_registries()
    {
        var decoder = new PacketDecoder();
        Assert.Equal(
            "PortUnreachable (4)", decoder.Decode(Samples.Packet(new IcmpV6DestinationUnreachable { Code = 4 })).Layers[1]["Code"]!.Text);
        Assert.Equal(
            "FragmentationNeeded (4)", decoder.Decode(Samples.Packet(new IcmpV4DestinationUnreachable { Code = 4 })).Layers[1]["Code"]!.Text);
        Assert.Equal(
            "RouterSolicitation (133)", decoder.Decode(Samples.Packet(new RouterSolicitation())).Layers[1]["Type"]!.Text);
    }

    [Fact]
    public void A_report_whose_records_are_cut_keeps_those_before_them()
    {
        var report = new MulticastListenerReportV2 { MulticastAddressRecords = [.. Samples.MulticastAddressRecords] };
        var octets = report.ToOctets().ToArray()[..^1];
        IcmpV6Message.WriteChecksum(octets, Samples.OuterIPv6.Source, Samples.OuterIPv6.Destination);
        var decoded = new PacketDecoder().Decode(Samples.IcmpV6Packet(octets));
        Assert.Equal(("NumberOfSources", Start + 28 + 2), (decoded.Error!.Value.Field, decoded.Error.Value.Offset));
        Assert.Equal(["Multicast Address Record", "Multicast Address Record"], decoded.Layers[1].Children.Select(layer => layer.Name));
    }

    [Theory]
    [InlineData(24, typeof(MulticastListenerQuery), false)]
    [InlineData(25, typeof(UnknownIcmpV6Message), true)]
    [InlineData(27, typeof(UnknownIcmpV6Message), true)]
    [InlineData(28, typeof(MulticastListenerQueryV2), false)]
    public void The_length_of_a_query_tells_its_version(int length, Type type, bool isWrong)
    {
        // RFC 3810, 8.1.
        var octets = new byte[length];
        octets[0] = 130;
        Assert.IsType(type, IcmpV6Message.From(octets, out var error));
        Assert.Equal(isWrong, error.IsError);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0x7FFF, 32767)]
    [InlineData(0x8000, 32768)]
    [InlineData(0x8001, 32776)]
    [InlineData(0x9000, 65536)]
    [InlineData(0xFFFF, 8387584)]
    public void Maximum_response_codes_are_milliseconds(ushort code, int milliseconds) =>
        Assert.Equal(milliseconds, new MulticastListenerQueryV2 { MaximumResponseCode = code }.MaximumResponseDelay);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(127, 127)]
    [InlineData(128, 128)]
    [InlineData(0x81, 136)]
    [InlineData(0x90, 256)]
    [InlineData(255, 31744)]
    public void Query_interval_codes_are_seconds(byte code, int seconds) =>
        Assert.Equal(seconds, new MulticastListenerQueryV2 { QuerierQueryIntervalCode = code }.QuerierQueryInterval);

    [Fact]
    public void Lengths_and_counts_can_be_wrong_on_purpose()
    {
        Assert.Equal("8500000000000000" + "0500000000000500", new RouterSolicitation
        {
            Options = [new MtuOption { MaximumTransmissionUnit = 1280, Length = 0 }],
        }.ToOctets().ToString());
        Assert.Equal("0900000007030000" + "13ff", new IcmpV4RouterAdvertisement
        {
            NumAddrs = 7,
            AddrEntrySize = 3,
            Extensions = [new PrefixLengthsExtension { Length = 255 }],
        }.ToOctets().ToString());
        Assert.Equal("8f00000000000009" + "01020003" + "ff020000000000000000000000000001", new MulticastListenerReportV2
        {
            NumberOfMulticastAddressRecords = 9,
            MulticastAddressRecords =
            [
                new() { RecordType = MulticastAddressRecordType.ModeIsInclude, AuxDataLen = 2, NumberOfSources = 3, MulticastAddress = "ff02::1" },
            ],
        }.ToOctets().ToString());
    }

    [Fact]
    public void A_length_or_count_that_its_field_cannot_say_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new RouterSolicitation
        {
            Options = [new RedirectedHeaderOption { RedirectedPacket = new byte[(255 * 8) - 7] }],
        }.ToOctets());
        Assert.Equal(8 + (255 * 8), new RouterSolicitation
        {
            Options = [new RedirectedHeaderOption { RedirectedPacket = new byte[(255 * 8) - 8] }],
        }.ToOctets().Length);
        Assert.Throws<ArgumentException>(() => new IcmpV4RouterAdvertisement
        {
            Extensions = [new PrefixLengthsExtension { PrefixLengths = new byte[256] }],
        }.ToOctets());
        Assert.Throws<ArgumentException>(() => new IcmpV4RouterAdvertisement
        {
            RouterAddresses = ValueList.From(Enumerable.Repeat(new RouterAddressEntry(), 256)),
        }.ToOctets());
        Assert.Throws<ArgumentException>(() => new MulticastListenerReportV2
        {
            MulticastAddressRecords = [new() { AuxiliaryData = new byte[1021] }],
        }.ToOctets());
        Assert.Throws<ArgumentException>(() => new HomeAgentAddressDiscoveryReply { HomeAgentAddresses = ["192.0.2.1"] }.ToOctets());
    }

    [Theory]
    [InlineData("0900000001010000" + "c0000201", "AddrEntrySize", 5)]
    [InlineData("0900000002020000" + "c000020100000000", "NumAddrs", 4)]
    [InlineData("0900000000020000" + "100600", "ExtensionLength", 9)]
    [InlineData("0900000000020000" + "10", "ExtensionLength", 9)]
    public void A_broken_router_advertisement_is_kept_whole(string hex, string field, int offset)
    {
        var octets = Convert.FromHexString(hex);
        Assert.Equal(octets, Assert.IsType<UnknownIcmpV4Message>(IcmpV4Message.From(octets, out var error)).ToOctets().ToArray());
        Assert.Equal((field, offset), (error.Field, error.Offset));
    }
}
