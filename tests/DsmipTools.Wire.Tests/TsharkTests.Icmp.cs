using System.Globalization;
using DsmipTools.Wire.Icmp;
using DsmipTools.Wire.Icmp.AgentAdvertisement;
using DsmipTools.Wire.Icmp.IcmpV4;
using DsmipTools.Wire.Icmp.IcmpV6;
using DsmipTools.Wire.Icmp.MobileIPv6;
using DsmipTools.Wire.Icmp.MulticastListenerDiscovery;
using DsmipTools.Wire.Icmp.NeighborDiscovery;
using DsmipTools.Wire.Icmp.NeighborDiscovery.Options;
using DsmipTools.Wire.Tests.Support;

namespace DsmipTools.Wire.Tests;

/// <content>ICMP and ICMPv6 messages with all that they list.</content>
public partial class TsharkTests
{
    /// <summary>An IPv6 header with UDP from port 5000 to 5001, as an error quotes it.</summary>
    private static Octets QuotedIPv6 => Octets.FromHex(
        "6000000000081140" + "20010db8000000000000000000000001" + "20010db8000000000000000000000002" + "1388138900080000");

    /// <summary>The same in IPv4.</summary>
    private static Octets QuotedIPv4 => Octets.FromHex("4500001c0000400040110000c6336407c0000201" + "1388138900080000");

    private static IEnumerable<Case> Icmp() =>
    [
        .. IcmpV6Errors(), .. IcmpV4Errors(), .. Echoes(), .. NeighborDiscoveryMessages(), .. NeighborDiscoveryOptionCases(),
        .. MulticastListenerCases(), .. HomeAgentCases(), .. RouterDiscovery(), .. AgentAdvertisements(),
    ];

    private static Case Judged(IcmpV6Message message, int type, params (string Field, string Value)[] expected) => Judged(
        message, $"{message.Table.Name} {message.Code}",
        [("icmpv6.type", $"{type}"), ("icmpv6.code", $"{message.Code}"), ("icmpv6.checksum.status", "1"), .. expected]);

    private static Case Judged(IcmpV4Message message, int type, params (string Field, string Value)[] expected) => Judged(
        message, $"{message.Table.Name} {message.Code}",
        [("icmp.type", $"{type}"), ("icmp.code", $"{message.Code}"), ("icmp.checksum.status", "1"), .. expected]);

    private static Case Judged(IcmpMessage message, string name, (string Field, string Value)[] expected) =>
        new(name, Samples.Packet(message), expected.Append(("_ws.malformed", "")).ToDictionary(each => each.Item1, each => each.Item2));

    private static IEnumerable<Case> IcmpV6Errors() =>
    [
        .. Enum.GetValues<IcmpV6DestinationUnreachableCode>().Select(code => Judged(
            new IcmpV6DestinationUnreachable { Code = (byte)code, Data = QuotedIPv6 }, 1, ("udp.dstport", "5001"))),
        Judged(new PacketTooBig { MaximumTransmissionUnit = 1400, Data = QuotedIPv6 }, 2, ("icmpv6.mtu", "1400"), ("udp.dstport", "5001")),
        .. Enum.GetValues<IcmpV6TimeExceededCode>().Select(code => Judged(
            new IcmpV6TimeExceeded { Code = (byte)code, Data = QuotedIPv6 }, 3, ("udp.dstport", "5001"))),
        .. Enum.GetValues<IcmpV6ParameterProblemCode>().Select(code => Judged(
            new IcmpV6ParameterProblem { Code = (byte)code, Pointer = 40, Data = QuotedIPv6 }, 4, ("icmpv6.pointer", "40"), ("udp.dstport", "5001"))),
    ];

    private static IEnumerable<Case> IcmpV4Errors() =>
    [
        .. Enum.GetValues<IcmpV4DestinationUnreachableCode>().Select(code => Judged(
            new IcmpV4DestinationUnreachable { Code = (byte)code, NextHopMtu = 1400, Data = QuotedIPv4 },
            3,
            ("icmp.mtu", code == IcmpV4DestinationUnreachableCode.FragmentationNeeded ? "1400" : ""), ("udp.dstport", "5001"))),
        .. Enum.GetValues<IcmpV4RedirectCode>().Select(code => Judged(
            new IcmpV4Redirect { Code = (byte)code, GatewayInternetAddress = "192.0.2.254", Data = QuotedIPv4 },
            5, ("icmp.redir_gw", "192.0.2.254"), ("udp.dstport", "5001"))),
        .. Enum.GetValues<IcmpV4TimeExceededCode>().Select(code => Judged(
            new IcmpV4TimeExceeded { Code = (byte)code, Data = QuotedIPv4 }, 11, ("udp.dstport", "5001"))),
        .. Enum.GetValues<IcmpV4ParameterProblemCode>().Select(code => Judged(
            new IcmpV4ParameterProblem { Code = (byte)code, Pointer = 16, Data = QuotedIPv4 },
            12, ("icmp.pointer", "16"), ("udp.dstport", "5001"))),
    ];

    private static IEnumerable<Case> Echoes()
    {
        var data = Octets.FromHex("616263");
        (string Field, string Value)[] sixth = [("icmpv6.echo.identifier", "4660"), ("icmpv6.echo.sequence_number", "7"), ("data.data", "616263")];
        (string Field, string Value)[] fourth = [("icmp.ident", "4660"), ("icmp.seq", "7"), ("data.data", "616263")];
        yield return Judged(new IcmpV6EchoRequest { Identifier = 0x1234, SequenceNumber = 7, Data = data }, 128, sixth);
        yield return Judged(new IcmpV6EchoReply { Identifier = 0x1234, SequenceNumber = 7, Data = data }, 129, sixth);
        yield return Judged(new IcmpV4EchoRequest { Identifier = 0x1234, SequenceNumber = 7, Data = data }, 8, fourth);
        yield return Judged(new IcmpV4EchoReply { Identifier = 0x1234, SequenceNumber = 7, Data = data }, 0, fourth);
    }

    private static IEnumerable<Case> NeighborDiscoveryMessages()
    {
        yield return Judged(new RouterSolicitation(), 133);
        yield return Judged(
            new NeighborSolicitation { TargetAddress = "2001:db8:100:7::9" }, 135, ("icmpv6.nd.ns.target_address", "2001:db8:100:7::9"));
        yield return Judged(
            new Redirect { TargetAddress = "fe80::1", DestinationAddress = "2001:db8:2::b" },
            137, ("icmpv6.nd.rd.target_address", "fe80::1"), ("icmpv6.rd.na.destination_address", "2001:db8:2::b"));

        var answers = new (string Field, NeighborAdvertisement Message)[]
        {
            ("icmpv6.nd.na.flag.r", new() { Router = true }),
            ("icmpv6.nd.na.flag.s", new() { Solicited = true }),
            ("icmpv6.nd.na.flag.o", new() { Override = true }),
        };
        foreach (var (field, message) in answers)
        {
            yield return Judged(
                message with { TargetAddress = "2001:db8:100:7::9" },
                136,
                [
                    ("icmpv6.nd.na.target_address", "2001:db8:100:7::9"), ("icmpv6.nd.na.flag.rsv", "0"),
                    .. answers.Select(each => (each.Field, each.Field == field ? "1" : "0")),
                ]);
        }

        var flags = new (string Field, RouterAdvertisement Message)[]
        {
            ("icmpv6.nd.ra.flag.m", new() { ManagedAddressConfiguration = true }),
            ("icmpv6.nd.ra.flag.o", new() { OtherConfiguration = true }),
            ("icmpv6.nd.ra.flag.h", new() { HomeAgent = true }),
            ("icmpv6.nd.ra.flag.p", new() { Proxy = true }),
        };
        foreach (var (field, message) in flags)
        {
            yield return Judged(
                message with { CurHopLimit = 64, RouterLifetime = 1800, ReachableTime = 30_000, RetransTimer = 1000 },
                134,
                [
                    ("icmpv6.nd.ra.cur_hop_limit", "64"), ("icmpv6.nd.ra.router_lifetime", "1800"), ("icmpv6.nd.ra.reachable_time", "30000"),
                    ("icmpv6.nd.ra.retrans_timer", "1000"), ("icmpv6.nd.ra.flag.prf", "0"), ("icmpv6.nd.ra.flag.rsv", "0"),
                    .. flags.Select(each => (each.Field, each.Field == field ? "1" : "0")),
                ]);
        }

        foreach (var preference in Enum.GetValues<DefaultRouterPreference>())
        {
            yield return Judged(
                new RouterAdvertisement { DefaultRouterPreference = preference },
                134, ("icmpv6.nd.ra.flag.prf", Number(preference)), ("icmpv6.nd.ra.flag.h", "0"), ("icmpv6.nd.ra.flag.p", "0"));
        }
    }

    private static IEnumerable<Case> NeighborDiscoveryOptionCases()
    {
        yield return WithOption(
            new SourceLinkLayerAddressOption { LinkLayerAddress = Octets.FromHex("020000000001") }, 1, 1,
            ("icmpv6.opt.linkaddr", "02:00:00:00:00:01"), ("icmpv6.opt.src_linkaddr", "02:00:00:00:00:01"));
        yield return WithOption(
            new TargetLinkLayerAddressOption { LinkLayerAddress = Octets.FromHex("020000000002") }, 2, 1,
            ("icmpv6.opt.linkaddr", "02:00:00:00:00:02"), ("icmpv6.opt.target_linkaddr", "02:00:00:00:00:02"));
        var flags = new (string Field, PrefixInformationOption Option)[]
        {
            ("icmpv6.opt.prefix.flag.l", new() { OnLink = true }),
            ("icmpv6.opt.prefix.flag.a", new() { AutonomousAddressConfiguration = true }),
            ("icmpv6.opt.prefix.flag.r", new() { RouterAddress = true }),
        };
        foreach (var (field, option) in flags)
        {
            yield return WithOption(
                option with { AdvertisedPrefix = "2001:db8:100:7::1/64", ValidLifetime = 86400, PreferredLifetime = 14400 }, 3, 4,
                [
                    ("icmpv6.opt.prefix.length", "64"), ("icmpv6.opt.prefix", "2001:db8:100:7::1"), ("icmpv6.opt.prefix.valid_lifetime", "86400"),
                    ("icmpv6.opt.prefix.preferred_lifetime", "14400"), ("icmpv6.opt.prefix.flag.reserved", "0"),
                    .. flags.Select(each => (each.Field, each.Field == field ? "1" : "0")),
                ]);
        }

        yield return WithOption(new RedirectedHeaderOption { RedirectedPacket = QuotedIPv6 }, 4, 7, ("udp.dstport", "5001"));
        yield return WithOption(new MtuOption { MaximumTransmissionUnit = 1420 }, 5, 1, ("icmpv6.opt.mtu", "1420"));
        yield return WithOption(
            new AdvertisementIntervalOption { AdvertisementInterval = 600_000 }, 7, 1, ("icmpv6.opt.advertisement_interval", "600000"));
        yield return WithOption(
            new HomeAgentInformationOption { HomeAgentPreference = 7, HomeAgentLifetime = 1800 }, 8, 1,
            ("icmpv6.opt.home_agent_preference", "7"), ("icmpv6.opt.home_agent_lifetime", "1800"));
        yield return WithOption(
            new RecursiveDnsServerOption { Lifetime = 1200, Servers = ["2001:db8::53", "2001:db8::54"] }, 25, 5,
            ("icmpv6.opt.rdnss.lifetime", "1200"), ("icmpv6.opt.rdnss", "2001:db8::53|2001:db8::54"));
        yield return WithOption(new UnknownNeighborDiscoveryOption { OptionType = 253, OptionData = Octets.FromHex("a1a2a3a4a5a6a7") }, 253, 2);
    }

    private static Case WithOption(NeighborDiscoveryOption option, int type, int length, params (string Field, string Value)[] expected) => Judged(
        new RouterAdvertisement { Options = [option] },
        option.Table.Name,
        [("icmpv6.type", "134"), ("icmpv6.opt.type", $"{type}"), ("icmpv6.opt.length", $"{length}"), ("icmpv6.checksum.status", "1"), .. expected]);

    private static IEnumerable<Case> MulticastListenerCases()
    {
        yield return Judged(
            new MulticastListenerQuery { MaximumResponseDelay = 10_000, MulticastAddress = "::" },
            130, ("icmpv6.mld.maximum_response_delay", "10000"), ("icmpv6.mld.multicast_address", "::"));
        yield return Judged(
            new MulticastListenerReport { MulticastAddress = "ff02::1:ff00:1" },
            131, ("icmpv6.mld.maximum_response_delay", "0"), ("icmpv6.mld.multicast_address", "ff02::1:ff00:1"));
        yield return Judged(
            new MulticastListenerDone { MulticastAddress = "ff02::1:ff00:1" },
            132, ("icmpv6.mld.maximum_response_delay", "0"), ("icmpv6.mld.multicast_address", "ff02::1:ff00:1"));
        foreach (var suppress in new[] { false, true })
        {
            yield return Judged(
                new MulticastListenerQueryV2
                {
                    MaximumResponseCode = 1000,
                    MulticastAddress = "ff3e::1",
                    SuppressRouterSideProcessing = suppress,
                    QuerierRobustnessVariable = 5,
                    QuerierQueryIntervalCode = 125,
                    SourceAddresses = ["2001:db8::1", "2001:db8::2"],
                },
                130,
                ("icmpv6.mld.maximum_response_code", "1000"), ("icmpv6.mld.multicast_address", "ff3e::1"), ("icmpv6.mld.flag.s", suppress ? "1" : "0"),
                ("icmpv6.mld.flag.qrv", "5"), ("icmpv6.mld.flag.reserved", "0"), ("icmpv6.mld.qqi", "125"), ("icmpv6.mld.nb_sources", "2"),
                ("icmpv6.mld.source_address", "2001:db8::1|2001:db8::2"));
        }

        foreach (var type in Enum.GetValues<MulticastAddressRecordType>())
        {
            yield return Judged(
                new MulticastListenerReportV2
                {
                    MulticastAddressRecords =
                    [
                        new() { RecordType = type, MulticastAddress = "ff3e::1", SourceAddresses = ["2001:db8::1", "2001:db8::2"] },
                        new()
                        {
                            RecordType = MulticastAddressRecordType.ModeIsExclude,
                            MulticastAddress = "ff3e::2",
                            AuxiliaryData = Octets.FromHex("01020304"),
                        },
                    ],
                },
                143,
                ("icmpv6.mldr.nb_mcast_records", "2"), ("icmpv6.mldr.mar.record_type", $"{Number(type)}|2"), ("icmpv6.mldr.mar.aux_data_len", "0|1"),
                ("icmpv6.mldr.mar.nb_sources", "2|0"), ("icmpv6.mldr.mar.multicast_address", "ff3e::1|ff3e::2"),
                ("icmpv6.mldr.mar.source_address", "2001:db8::1|2001:db8::2"), ("icmpv6.mldr.mar.auxiliary_data", "01020304"));
        }
    }

    private static IEnumerable<Case> HomeAgentCases()
    {
        yield return Judged(new HomeAgentAddressDiscoveryRequest { Identifier = 0x5678 }, 144, ("icmpv6.mip6.identifier", "22136"));
        yield return Judged(
            new HomeAgentAddressDiscoveryReply { Identifier = 0x5678, HomeAgentAddresses = ["2001:db8:1::a", "2001:db8:1::b"] },
            145, ("icmpv6.mip6.identifier", "22136"), ("icmpv6.mip6.home_agent_address", "2001:db8:1::a|2001:db8:1::b"));
        yield return Judged(new MobilePrefixSolicitation { Identifier = 0x4321 }, 146, ("icmpv6.mip6.identifier", "17185"));
        foreach (var managed in new[] { false, true })
        {
            yield return Judged(
                new MobilePrefixAdvertisement
                {
                    Identifier = 0x4321,
                    ManagedAddressConfiguration = managed,
                    OtherConfiguration = !managed,
                    Options = [new PrefixInformationOption { AdvertisedPrefix = "2001:db8:100:7::/64" }],
                },
                147, ("icmpv6.mip6.identifier", "17185"), ("icmpv6.mip6.flag.m", managed ? "1" : "0"), ("icmpv6.mip6.flag.o", managed ? "0" : "1"),
                ("icmpv6.mip6.flag.rsv", "0"), ("icmpv6.opt.prefix", "2001:db8:100:7::"));
        }
    }

    private static IEnumerable<Case> RouterDiscovery()
    {
        yield return Judged(new IcmpV4RouterSolicitation(), 10);
        yield return Judged(
            new IcmpV4RouterAdvertisement
            {
                Lifetime = 1800,
                RouterAddresses = [.. Samples.RouterAddressEntries],
            },
            9,
            ("icmp.num_addrs", "2"), ("icmp.addr_entry_size", "2"), ("icmp.lifetime", "1800"), ("icmp.router_address", "192.0.2.1|192.0.2.2"),
            ("icmp.pref_level", $"5|{int.MinValue.ToString(CultureInfo.InvariantCulture)}"), ("icmp.mip.type", ""));
    }

    private static IEnumerable<Case> AgentAdvertisements()
    {
        var flags = new (string Field, MobilityAgentAdvertisementExtension Extension)[]
        {
            ("icmp.mip.r", new() { RegistrationRequired = true }),
            ("icmp.mip.b", new() { Busy = true }),
            ("icmp.mip.h", new() { HomeAgent = true }),
            ("icmp.mip.f", new() { ForeignAgent = true }),
            ("icmp.mip.m", new() { MinimalEncapsulation = true }),
            ("icmp.mip.g", new() { GreEncapsulation = true }),
            ("icmp.mip.v", new() { ReservedR = true }),
            ("icmp.mip.rt", new() { ReverseTunneling = true }),
            ("icmp.mip.u", new() { UdpTunneling = true }),
            ("icmp.mip.x", new() { RegistrationRevocation = true }),
            // tshark does not know I and counts it among the reserved bits.
            ("icmp.mip.reserved", new() { RegionalRegistration = true }),
        };
        foreach (var (field, extension) in flags)
        {
            yield return Judged(
                new IcmpV4RouterAdvertisement
                {
                    Code = (byte)IcmpV4RouterAdvertisementCode.DoesNotRouteCommonTraffic,
                    Lifetime = 90,
                    RouterAddresses = [new() { RouterAddress = "192.0.2.1" }],
                    Extensions =
                    [
                        extension with { SequenceNumber = 0x1234, RegistrationLifetime = 1800, CareOfAddresses = ["198.51.100.1", "198.51.100.2"] },
                        new PrefixLengthsExtension { PrefixLengths = Octets.FromHex("18") },
                        new AgentAdvertisementPaddingExtension(),
                    ],
                },
                9,
                [
                    ("icmp.num_addrs", "1"), ("icmp.mip.type", "16|19|0"), ("icmp.mip.length", "14|1"), ("icmp.mip.seq", "4660"), ("icmp.mip.life", "1800"),
                    ("icmp.mip.coa", "198.51.100.1|198.51.100.2"), ("icmp.mip.prefixlength", "24"),
                    .. flags.Select(each => (each.Field, each.Field != field ? "0" : field == "icmp.mip.reserved" ? "32" : "1")),
                ]);
        }
    }
}
