using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Ip.ExtensionHeaders;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using DsmipTools.Wire.Rules;
using static DsmipTools.Wire.Rules.RuleSeverity;

namespace DsmipTools.Wire.Tests.Rules;

/// <summary>RFC 5846: each rule with a message that breaks it alone, and the cases that override others.</summary>
public class RevocationRuleTests
{
    private const string Indicated = "Binding Revocation Indication";
    private const string Acknowledged = "Binding Revocation Acknowledgement";

    private static readonly MobileNodeIdentifierOption MobileNode = MobileNodeIdentifierOption.Create("mn7@example.com");
    private static readonly MobileNodeIdentifierOption Realm = MobileNodeIdentifierOption.Create("@example.com");
    private static readonly HomeNetworkPrefixOption HomePrefix = new() { Prefix = "2001:db8:100:7::/64" };
    private static readonly AlternateCareOfAddressOption CareOf = new() { AlternateCareOfAddress = "2001:db8:2::c" };
    private static readonly IPv4HomeAddressOption IPv4Home = new() { IPv4HomeAddress = "10.1.1.7", PrefixLength = 32 };
    private static readonly IPv4HomeAddressRequestOption IPv4ProxyHome = new() { IPv4HomeAddress = "10.1.1.7", PrefixLength = 24 };

    private static readonly BindingRevocationIndication Proxy = new()
    {
        Trigger = RevocationTrigger.AdministrativeReason, SequenceNumber = 1, ProxyBinding = true, Options = [MobileNode],
    };

    private static readonly BindingRevocationIndication ToMobileNode = new() { Trigger = RevocationTrigger.AdministrativeReason, SequenceNumber = 1 };

    private static readonly BindingRevocationIndication Peer = new()
    {
        Trigger = RevocationTrigger.PerPeerPolicy, SequenceNumber = 1, ProxyBinding = true, Global = true,
    };

    private static readonly BindingRevocationIndication OfRealm = new()
    {
        Trigger = RevocationTrigger.RevokingMobilityNodeLocalPolicy, SequenceNumber = 1, ProxyBinding = true, Global = true, Options = [Realm],
    };

    private static readonly BindingRevocationAcknowledgement ProxyAnswer = new() { SequenceNumber = 1, ProxyBinding = true };

    private static readonly IPv6Header IPv6 = new() { Source = "2001:db8:1::a", Destination = "2001:db8:2::b" };

    internal static readonly BrokenPacket[] Cases =
    [
        BrokenPacket.Message("5846-5-02", Error, $"{Indicated}.Reserved", 3, Proxy with { Reserved = 1 }),
        BrokenPacket.Message("5846-5-02", Error, $"{Indicated}.ReservedFlags", 10, Proxy with { ReservedFlags = 1 }),
        BrokenPacket.Message("5846-5-02", Error, $"{Acknowledged}.ReservedFlags", 10, ProxyAnswer with { ReservedFlags = 1 }),
        BrokenPacket.MobilityHeader("5846-5-01", Error, "Mobility Header", 0, "3b011000000003000001000001020000"),
        BrokenPacket.Message("5846-5.1-02", Information, $"{Indicated}.Trigger", 7, Proxy with { Trigger = (RevocationTrigger)250 }),
        BrokenPacket.Message("5846-5.1-02", Information, $"{Indicated}.Trigger", 7, Proxy with { Trigger = (RevocationTrigger)8 }),
        BrokenPacket.Message("5846-5.2-01", Information, $"{Acknowledged}.Status", 7, ProxyAnswer with { Status = (RevocationStatus)2 }),
        BrokenPacket.Message("5846-6.1.1-02", Error, $"{Indicated}.Trigger", 7, Proxy with { Global = true }),
        BrokenPacket.Message("5846-6.1.1-03", Error, $"{Indicated}.Trigger", 7, Proxy with { Trigger = RevocationTrigger.PerPeerPolicy }),
        BrokenPacket.Message("5846-8.1-01", Error, $"{Indicated}.ProxyBinding", 10, OfRealm with { ProxyBinding = false }),
        BrokenPacket.Message("5846-8.1-01", Warning, "Mobile Node Identifier.Identifier", 15, Proxy with { Options = [Realm] }),
        BrokenPacket.Message("5846-5.1-05", Error, "Home Network Prefix", 12, ToMobileNode with { Options = [HomePrefix] }),
        BrokenPacket.Message("5846-5.1-06", Error, Indicated, 0, Proxy with { Options = [HomePrefix] }),
        BrokenPacket.Message(
            "5846-5.1-06", Error, "Mobile Node Identifier.Subtype", 14,
            Proxy with { Options = [MobileNode with { Subtype = MobileNodeIdentifierSubtype.NetworkAccessIdentifier + 1 }] }),
        BrokenPacket.Message("5846-5.1-08", Error, "IPv4 Home Address", 12, ToMobileNode with { Options = [IPv4Home] }),
        BrokenPacket.Message("5846-5.1-09", Error, "IPv4 Home Address Request", 32, Proxy with { Options = [MobileNode, IPv4ProxyHome] }),
        BrokenPacket.Message("5846-5.1-10", Warning, "Alternate Care-of Address", 14, ToMobileNode with { Options = [CareOf] }),
        BrokenPacket.Message("5846-6.1.1-04", Error, Indicated, 0, Proxy with { IPv4HomeAddressBindingOnly = true }),
        BrokenPacket.Message("5846-6.1.1-04", Error, Indicated, 0, ToMobileNode with { IPv4HomeAddressBindingOnly = true }),
        BrokenPacket.Message(
            "5846-8.1-11", Error, "Home Network Prefix", 44,
            Proxy with { IPv4HomeAddressBindingOnly = true, Options = [MobileNode, IPv4ProxyHome, HomePrefix] }),
        BrokenPacket.Message("5846-8.1-03", Error, "Home Network Prefix", 12, Peer with { Options = [HomePrefix] }),
        BrokenPacket.Message("5846-8.1-03", Error, "Home Network Prefix", 36, Peer with { Options = [MobileNode, HomePrefix] }),
        BrokenPacket.Message("5846-8.1-03", Error, "Alternate Care-of Address", 14, Peer with { Options = [CareOf] }),
        BrokenPacket.Message("5846-8.1-05", Error, Indicated, 0, OfRealm with { Options = [CareOf] }),
        BrokenPacket.Message("5846-8.1-05", Error, "Mobile Node Identifier.Identifier", 15, OfRealm with { Options = [MobileNode] }),
        BrokenPacket.Message(
            "5846-7-05", Error, "Binding Identifier.CareOfAddress", 24,
            ToMobileNode with { Options = [new BindingIdentifierOption { BindingId = 7, CareOfAddress = "198.51.100.7" }] }),
        BrokenPacket.Packet("5846-7-01", Error, Indicated, 40, IPv6, ToMobileNode),
        BrokenPacket.Packet("5846-6.1.2-02", Error, Indicated, 40, IPv6 with { Source = "ff02::1" }, Proxy),
        BrokenPacket.Message("RFC 5846, 5.1", Warning, "Timestamp", 34, Proxy with { Options = [MobileNode, new TimestampOption { Timestamp = 1 }] }),
        BrokenPacket.Message("5846-5.1-11", Warning, $"{Indicated}.HeaderLength", 1, ToMobileNode with { Options = [new PadNOption { Padding = new byte[10] }] }),
        BrokenPacket.Message("5846-5.1-11", Warning, $"{Acknowledged}.HeaderLength", 1, ProxyAnswer with { Options = [new PadNOption { Padding = new byte[10] }] }),
        BrokenPacket.Message("5846-5.2-03", Error, "Home Network Prefix", 12, ProxyAnswer with { ProxyBinding = false, Options = [HomePrefix] }),
        BrokenPacket.Message("5846-5.2-03", Warning, "Mobile Node Identifier", 12, ProxyAnswer with { ProxyBinding = false, Options = [MobileNode] }),
        BrokenPacket.Message("5846-5.2-03", Warning, Acknowledged, 0, ProxyAnswer with { Options = [HomePrefix] }),
        BrokenPacket.Message("RFC 5846, 5.2", Warning, "Timestamp", 34, ProxyAnswer with { Options = [MobileNode, new TimestampOption { Timestamp = 1 }] }),
        BrokenPacket.Packet("5846-10-06", Error, Acknowledged, 40, IPv6, ProxyAnswer with { ProxyBinding = false }),
        BrokenPacket.Packet("5846-5-03", Error, $"{Indicated}.Checksum", 44, IPv6, Proxy with { Checksum = 1 }),
        BrokenPacket.Message("5846-6.2-01", Error, $"{Indicated}.PayloadProto", 0, Proxy with { PayloadProto = 17 }),
    ];

    public static IEnumerable<TheoryDataRow<string>> Names => BrokenPacket.Names(Cases);

    [Theory]
    [MemberData(nameof(Names))]
    [Trait("Rfc", "5846-5-01")]
    [Trait("Rfc", "5846-5-02")]
    [Trait("Rfc", "5846-5-03")]
    [Trait("Rfc", "5846-5.1-02")]
    [Trait("Rfc", "5846-5.1-05")]
    [Trait("Rfc", "5846-5.1-06")]
    [Trait("Rfc", "5846-5.1-08")]
    [Trait("Rfc", "5846-5.1-09")]
    [Trait("Rfc", "5846-5.1-10")]
    [Trait("Rfc", "5846-5.1-11")]
    [Trait("Rfc", "5846-5.2-01")]
    [Trait("Rfc", "5846-5.2-03")]
    [Trait("Rfc", "5846-6.1.1-02")]
    [Trait("Rfc", "5846-6.1.1-03")]
    [Trait("Rfc", "5846-6.1.1-04")]
    [Trait("Rfc", "5846-6.1.2-02")]
    [Trait("Rfc", "5846-6.2-01")]
    [Trait("Rfc", "5846-7-01")]
    [Trait("Rfc", "5846-7-05")]
    [Trait("Rfc", "5846-8.1-01")]
    [Trait("Rfc", "5846-8.1-03")]
    [Trait("Rfc", "5846-8.1-05")]
    [Trait("Rfc", "5846-8.1-11")]
    [Trait("Rfc", "5846-10-06")]
    public void A_message_breaks_this_rule_alone(string name) => BrokenPacket.Assert(Cases, name);

    /// <summary>The rules for a case override the general ones, so that these are right.</summary>
    [Fact]
    [Trait("Rfc", "5846-5.1-12")]
    [Trait("Rfc", "5846-5.1-13")]
    [Trait("Rfc", "5846-7-06")]
    [Trait("Rfc", "5846-8.1-06")]
    [Trait("Rfc", "5846-9.2-01")]
    public void Messages_of_every_case_break_none()
    {
        Structure[][] right =
        [
            [Proxy],
            [Proxy with { Options = [MobileNode, HomePrefix, HomePrefix with { Prefix = "2001:db8:100:8::/64" }] }],
            [Proxy with { Options = [MobileNode, CareOf] }],
            [Proxy with { IPv4HomeAddressBindingOnly = true, Options = [MobileNode, IPv4ProxyHome] }],
            [Peer],
            [Peer with { Options = [MobileNodeIdentifierOption.Create("mag1@example.net")] }],
            [Peer with { Options = [MobileNodeIdentifierOption.Create("mag1@example.net"), CareOf] }],
            [OfRealm],
            [OfRealm with { Options = [Realm, CareOf] }],
            [ToMobileNode with { IPv4HomeAddressBindingOnly = true, Options = [IPv4Home] }],
            [ToMobileNode with { Options = [new BindingIdentifierOption { BindingId = 7 }] }],
            [IPv6, new Type2RoutingHeader { HomeAddress = "2001:db8:7::7" }, ToMobileNode],
            [IPv6, new DestinationOptionsHeader { Options = [new Wire.Ip.Options.HomeAddressOption { HomeAddress = "2001:db8:7::7" }] }, ProxyAnswer with { ProxyBinding = false }],
            [
                new IPv4Header { Source = "192.0.2.1", Destination = "198.51.100.7" },
                new UdpHeader { SourcePort = Envelope.DualStackMobileIPv6Port, DestinationPort = 40000 },
                IPv6 with { Destination = "2001:db8:7::7" },
                ToMobileNode,
            ],
            [ProxyAnswer with { Status = RevocationStatus.PartialSuccess, Options = [MobileNode, HomePrefix] }],
        ];
        Assert.All(right, layers => Assert.Empty(layers.Length == 1
            ? PacketRules.Check(layers[0])
            : PacketRules.Check(new Decoding.PacketDecoder().Decode(PacketComposer.Compose(layers)))));
    }
}
