using DsmipTools.Wire.Icmp.AgentAdvertisement;
using DsmipTools.Wire.Icmp.IcmpV4;
using DsmipTools.Wire.Icmp.IcmpV6;
using DsmipTools.Wire.Icmp.MobileIPv6;
using DsmipTools.Wire.Icmp.MulticastListenerDiscovery;
using DsmipTools.Wire.Icmp.NeighborDiscovery;
using DsmipTools.Wire.Icmp.NeighborDiscovery.Options;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Ip.ExtensionHeaders;
using DsmipTools.Wire.Ip.Options;
using DsmipTools.Wire.Rules;
using static DsmipTools.Wire.Rules.RuleSeverity;

namespace DsmipTools.Wire.Tests.Rules;

/// <summary>ICMP and ICMPv6: each rule with a packet that breaks it alone.</summary>
public class IcmpRuleTests
{
    private static readonly IPv4Header IPv4 = new() { Source = "192.0.2.1", Destination = "224.0.0.1", TimeToLive = 1 };
    private static readonly IPv6Header Routed = new() { Source = "2001:db8:1::a", Destination = "2001:db8:2::b" };
    private static readonly IPv6Header Link = new() { Source = "fe80::1", Destination = "ff02::1", HopLimit = 255 };
    private static readonly IPv6Header Listener = Link with { HopLimit = 1 };
    private static readonly IPv6Header Nobody = Link with { Source = "::", Destination = "ff02::1:ff00:7" };
    private static readonly HopByHopOptionsHeader Alert = new() { Options = [new RouterAlertOption()] };
    private static readonly SourceLinkLayerAddressOption SourceLink = new() { LinkLayerAddress = Octets.FromHex("020000000001") };
    private static readonly HomeAgentInformationOption HomeAgent = new() { HomeAgentLifetime = 1800 };
    private static readonly NeighborSolicitation Solicitation = new() { TargetAddress = "fe80::7" };
    private static readonly NeighborAdvertisement Advertisement = new() { TargetAddress = "fe80::7" };
    private static readonly Redirect Redirected = new() { TargetAddress = "fe80::7", DestinationAddress = "2001:db8::9" };
    private static readonly MulticastListenerReportV2 Report = new();
    private static readonly MobilityAgentAdvertisementExtension Agent = new() { ForeignAgent = true, CareOfAddresses = ["192.0.2.1"] };
    private static readonly IcmpV4RouterAdvertisement AgentAdvertisement = new() { Extensions = [Agent] };

    internal static readonly BrokenPacket[] Cases =
    [
        BrokenPacket.Packet("RFC 792", Error, "ICMP Echo Request.Checksum", 22, IPv4, new IcmpV4EchoRequest { Checksum = 1 }),
        BrokenPacket.Packet("RFC 4443, 2.3", Error, "ICMPv6 Echo Request.Checksum", 42, Routed, new IcmpV6EchoRequest { Checksum = 1 }),
        BrokenPacket.Packet("RFC 4861, 6.1.1", Error, "Router Solicitation", 40, Link with { HopLimit = 64 }, new RouterSolicitation()),
        BrokenPacket.Packet("RFC 4861, 6.1.1", Error, "Router Solicitation.Code", 41, Link, new RouterSolicitation { Code = 1 }),
        BrokenPacket.Packet("RFC 4861, 6.1.1", Error, "Source Link-layer Address", 48, Nobody, new RouterSolicitation { Options = [SourceLink] }),
        BrokenPacket.Packet("RFC 4861, 6.1.2", Error, "Router Advertisement", 40, Link with { HopLimit = 64 }, new RouterAdvertisement()),
        BrokenPacket.Packet("RFC 4861, 6.1.2", Error, "Router Advertisement.Code", 41, Link, new RouterAdvertisement { Code = 1 }),
        BrokenPacket.Packet("RFC 4861, 6.1.2", Error, "Router Advertisement", 40, Link with { Source = "2001:db8::1" }, new RouterAdvertisement()),
        BrokenPacket.Packet("RFC 4861, 7.1.1", Error, "Neighbor Solicitation", 40, Link with { HopLimit = 64 }, Solicitation),
        BrokenPacket.Packet("RFC 4861, 7.1.1", Error, "Neighbor Solicitation.Code", 41, Link, Solicitation with { Code = 1 }),
        BrokenPacket.Packet("RFC 4861, 7.1.1", Error, "Neighbor Solicitation.TargetAddress", 48, Link, Solicitation with { TargetAddress = "ff02::7" }),
        BrokenPacket.Packet("RFC 4861, 7.1.1", Error, "Source Link-layer Address", 64, Nobody, Solicitation with { Options = [SourceLink] }),
        BrokenPacket.Packet("RFC 4861, 7.1.2", Error, "Neighbor Advertisement", 40, Link with { HopLimit = 64 }, Advertisement),
        BrokenPacket.Packet("RFC 4861, 7.1.2", Error, "Neighbor Advertisement.Code", 41, Link, Advertisement with { Code = 1 }),
        BrokenPacket.Packet("RFC 4861, 7.1.2", Error, "Neighbor Advertisement.TargetAddress", 48, Link, Advertisement with { TargetAddress = "ff02::7" }),
        BrokenPacket.Packet("RFC 4861, 7.1.2", Error, "Neighbor Advertisement.Solicited", 44, Link, Advertisement with { Solicited = true }),
        BrokenPacket.Packet("RFC 4861, 8.1", Error, "Redirect", 40, Link with { HopLimit = 64 }, Redirected),
        BrokenPacket.Packet("RFC 4861, 8.1", Error, "Redirect.Code", 41, Link, Redirected with { Code = 1 }),
        BrokenPacket.Packet("RFC 4861, 8.1", Error, "Redirect", 40, Link with { Source = "2001:db8::1" }, Redirected),
        BrokenPacket.Packet("RFC 4861, 8.1", Error, "Redirect.DestinationAddress", 64, Link, Redirected with { DestinationAddress = "ff02::9" }),
        BrokenPacket.Packet("RFC 4861, 8.1", Error, "Redirect.TargetAddress", 48, Link, Redirected with { TargetAddress = "2001:db8::1" }),
        BrokenPacket.Packet("RFC 6275, 7.4", Error, "Home Agent Information", 56, Link, new RouterAdvertisement { Options = [HomeAgent] }),
        BrokenPacket.Packet(
            "RFC 6275, 7.4", Error, "Home Agent Information.HomeAgentLifetime", 62,
            Link, new RouterAdvertisement { HomeAgent = true, Options = [HomeAgent with { HomeAgentLifetime = 0 }] }),
        BrokenPacket.Packet("RFC 2710, 3", Warning, "Multicast Listener Report", 48, Listener with { HopLimit = 64 }, Alert, new MulticastListenerReport { MulticastAddress = "ff05::7" }),
        BrokenPacket.Packet("RFC 3810, 5", Error, "Version 2 Multicast Listener Report", 48, Listener with { Source = "2001:db8::1" }, Alert, Report),
        BrokenPacket.Packet("RFC 3810, 5", Error, "Version 2 Multicast Listener Report", 40, Listener, Report),
        BrokenPacket.Packet("RFC 3810, 5", Error, "Multicast Listener Query, version 2", 48, Listener with { Source = "::" }, Alert, new MulticastListenerQueryV2 { MulticastAddress = "ff05::7" }),
        BrokenPacket.Packet("RFC 3810, 5.1", Warning, "Multicast Listener Query, version 2.Reserved", 54, Listener, Alert, new MulticastListenerQueryV2 { MulticastAddress = "ff05::7", Reserved = 1 }),
        BrokenPacket.Packet("RFC 6275, 6.7", Error, "Mobile Prefix Solicitation", 40, Routed, new MobilePrefixSolicitation()),
        BrokenPacket.Packet("RFC 6275, 6.8", Error, "Mobile Prefix Advertisement", 40, Routed, new MobilePrefixAdvertisement()),
        BrokenPacket.Packet("RFC 5944, 2.1.1", Error, "Mobility Agent Advertisement", 28, IPv4, AgentAdvertisement with { Extensions = [Agent with { ForeignAgent = false }] }),
        BrokenPacket.Packet("RFC 5944, 2.1.1", Error, "Mobility Agent Advertisement.Busy", 34, IPv4, AgentAdvertisement with { Extensions = [Agent with { ForeignAgent = false, HomeAgent = true, Busy = true }] }),
        BrokenPacket.Packet(
            "RFC 5944, 2.1.1", Error, "Mobility Agent Advertisement.RegistrationRequired", 34,
            IPv4, AgentAdvertisement with { Extensions = [Agent with { ForeignAgent = false, HomeAgent = true, RegistrationRequired = true }] }),
        BrokenPacket.Packet("RFC 5944, 2.1.1", Error, "Mobility Agent Advertisement", 28, IPv4, AgentAdvertisement with { Extensions = [Agent with { CareOfAddresses = [] }] }),
        BrokenPacket.Packet("RFC 5944, 2.1.1", Warning, "Mobility Agent Advertisement.Reserved", 35, IPv4, AgentAdvertisement with { Extensions = [Agent with { Reserved = 1 }] }),
        BrokenPacket.Packet("RFC 5944, 2.1", Error, "IPv4.TimeToLive", 8, IPv4 with { TimeToLive = 64 }, AgentAdvertisement),
        BrokenPacket.Packet("RFC 5944, 2.1.2", Warning, "Prefix-Lengths.Length", 41, IPv4, AgentAdvertisement with { Extensions = [Agent, new PrefixLengthsExtension { PrefixLengths = new byte[] { 24 } }] }),
    ];

    public static IEnumerable<TheoryDataRow<string>> Names => BrokenPacket.Names(Cases);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_packet_breaks_this_rule_alone(string name) => BrokenPacket.Assert(Cases, name);

    [Fact]
    public void Right_packets_break_none()
    {
        Structure[][] right =
        [
            [Nobody, Solicitation], [Link, Solicitation with { Options = [SourceLink] }], [Link, new RouterAdvertisement { HomeAgent = true, Options = [HomeAgent] }],
            [Link, Redirected], [Listener, Alert, Report], [Listener with { Source = "::" }, Alert, Report], [IPv4, AgentAdvertisement],
            [Routed, new DestinationOptionsHeader { Options = [new HomeAddressOption { HomeAddress = "2001:db8:7::7" }] }, new MobilePrefixSolicitation()],
            [Routed, new Type2RoutingHeader { HomeAddress = "2001:db8:7::7" }, new MobilePrefixAdvertisement()],
            [Routed, new IcmpV6EchoRequest()],
        ];
        Assert.All(right, layers => Assert.Empty(PacketRules.Check(new Decoding.PacketDecoder().Decode(PacketComposer.Compose(layers)))));
        Assert.All(right, layers => Assert.Empty(PacketRules.Check(layers[^1])));
    }
}
