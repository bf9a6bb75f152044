using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Ip.ExtensionHeaders;
using DsmipTools.Wire.Ip.Options;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using DsmipTools.Wire.Rules;
using DsmipTools.Wire.Security;
using static DsmipTools.Wire.Rules.RuleSeverity;

namespace DsmipTools.Wire.Tests.Rules;

/// <summary>Mobility Headers, mobility options, Binding Updates and Acknowledgements: each rule with a message that breaks it alone.</summary>
public class MobilityHeaderRuleTests
{
    private const string Update = "Binding Update";
    private const string Acknowledged = "Binding Acknowledgement";

    private static readonly MobileNodeIdentifierOption MobileNode = MobileNodeIdentifierOption.Create("mn7@example.com");
    private static readonly HomeNetworkPrefixOption HomePrefix = new() { Prefix = "2001:db8:100:7::/64" };
    private static readonly HandoffIndicatorOption Handoff = new() { Indicator = HandoffIndicator.BetweenGateways };
    private static readonly AccessTechnologyTypeOption Access = new() { AccessTechnologyType = AccessTechnologyType.WirelessLan };
    private static readonly NonceIndicesOption Nonces = new() { HomeNonceIndex = 1, CareOfNonceIndex = 2 };
    private static readonly BindingAuthorizationDataOption Authorization = new() { Authenticator = new byte[12] };
    private static readonly IPv4HomeAddressRequestOption IPv4Request = new() { IPv4HomeAddress = "10.1.1.7", PrefixLength = 24 };
    private static readonly IPv4HomeAddressReplyOption IPv4Reply = new() { IPv4HomeAddress = "10.1.1.7", PrefixLength = 24 };
    private static readonly IPv4DefaultRouterAddressOption Router = new() { IPv4DefaultRouterAddress = "10.1.1.1" };

    private static readonly MobilityMessageAuthenticationOption Authentication = new()
    {
        Subtype = MobilityMessageAuthenticationSubtype.MobileNodeHomeAgent, MobilitySpi = 256, AuthenticationData = new byte[12],
    };

    private static readonly MobilityMessageAuthenticationOption Aaa = new()
    {
        Subtype = MobilityMessageAuthenticationSubtype.MobileNodeAaa, MobilitySpi = MobilityAuthentication.HmacSha1Spi, AuthenticationData = new byte[20],
    };

    private static readonly BindingUpdate Home = new() { SequenceNumber = 1, Acknowledge = true, HomeRegistration = true, Lifetime = 900 };
    private static readonly BindingUpdate Correspondent = new() { SequenceNumber = 1, Lifetime = 100, Options = [Nonces, Authorization] };

    private static readonly BindingUpdate Proxy = new()
    {
        SequenceNumber = 1, Acknowledge = true, ProxyRegistration = true, Lifetime = 900, Options = [MobileNode, HomePrefix, Handoff, Access],
    };

    private static readonly BindingAcknowledgement Answer = new() { SequenceNumber = 1, Lifetime = 900 };

    private static readonly BindingAcknowledgement ProxyAnswer = new()
    {
        SequenceNumber = 1, ProxyRegistration = true, Lifetime = 900, Options = [MobileNode, HomePrefix, Handoff, Access],
    };

    private static readonly IPv6Header IPv6 = new() { Source = "2001:db8:1::a", Destination = "2001:db8:2::b" };
    private static readonly DestinationOptionsHeader HomeOption = new() { Options = [new HomeAddressOption { HomeAddress = "2001:db8:7::7" }] };

    internal static readonly BrokenPacket[] Cases =
    [
        BrokenPacket.Message("RFC 6275, 9.2", Error, $"{Update}.PayloadProto", 0, Home with { PayloadProto = 17 }),
        BrokenPacket.Message("RFC 6275, 6.1.1", Error, $"{Update}.HeaderLength", 1, Home with { Verbatim = true, Options = [new PadNOption { Padding = new byte[2] }, new PadNOption { Padding = new byte[6] }], HeaderLength = 1 }),
        BrokenPacket.Message("RFC 6275, 6.1.7", Error, $"{Update}.HeaderLength", 1, Home with { HeaderLength = 2 }),
        BrokenPacket.Message("RFC 6275, 6.1.1", Error, $"{Update}.HeaderLength", 1, Home with { Verbatim = true, Options = [new PadNOption { Padding = new byte[2] }, new Pad1Option()] }),
        BrokenPacket.Message("RFC 6275, 6.1.7", Error, $"{Update}.Reserved", 3, Home with { Reserved = 1 }),
        BrokenPacket.Packet("RFC 6275, 6.1.1", Error, $"{Update}.Checksum", 44, IPv6, Home with { Checksum = 1 }),
        BrokenPacket.Packet("RFC 6275, 9.4.1", Error, "Home Test Init", 64, IPv6, HomeOption, new HomeTestInit()),
        BrokenPacket.Packet("RFC 6275, 9.4.2", Error, "Care-of Test Init", 64, IPv6, HomeOption, new CareOfTestInit()),
        BrokenPacket.Message("RFC 5648, 4.3", Warning, "Binding Identifier.BindingId", 14, Home with { Options = [new BindingIdentifierOption { BindingId = 0 }] }),
        BrokenPacket.Message("RFC 5847, 3.3", Error, "Heartbeat.Unsolicited", 7, new Heartbeat { Unsolicited = true }),
        BrokenPacket.Message("RFC 5847, 3.3", Warning, "Heartbeat.ReservedFlags", 6, new Heartbeat { ReservedFlags = 1 }),
        BrokenPacket.Message("RFC 5847, 3.4", Error, "Restart Counter", 14, new Heartbeat { Options = [new RestartCounterOption { RestartCounter = 1 }] }),
        BrokenPacket.Message("RFC 6275, 6.2.2", Warning, "Pad1", 13, Home with { Verbatim = true, Options = [new Pad1Option(), new Pad1Option(), new Pad1Option(), new Pad1Option()] }),
        BrokenPacket.Message("RFC 6275, 6.2.3", Warning, "PadN.Padding", 14, Home with { Verbatim = true, Options = [new PadNOption { Padding = new byte[] { 0, 1 } }] }),
        BrokenPacket.Message(
            "RFC 6275, 6.2.1", Warning, "Alternate Care-of Address", 12,
            Home with { Verbatim = true, Options = [new AlternateCareOfAddressOption { AlternateCareOfAddress = "2001:db8:2::c" }, new Pad1Option(), MobileNode with { Identifier = "a@example.com"u8.ToArray() }, new PadNOption { Padding = new byte[7] }] }),
        BrokenPacket.Message("RFC 6275, 6.2.1", Error, "Unknown Mobility Option.Length", 13, Home with { Options = [new UnknownMobilityOption { OptionType = 3, Data = new byte[2] }] }),
        BrokenPacket.Message("RFC 6275, 6.2.1", Information, "Unknown Mobility Option.Type", 12, Home with { Options = [new UnknownMobilityOption { OptionType = 200 }] }),
        BrokenPacket.Message(
            "RFC 6275, 6.2", Error, "Binding Authorization Data", 18,
            Correspondent with { Options = [Nonces, Authorization, new AlternateCareOfAddressOption { AlternateCareOfAddress = "2001:db8:2::c" }] }),
        BrokenPacket.Message("RFC 6275, 6.2.7", Error, "Binding Authorization Data", 10, new BindingRefreshRequest { Options = [Authorization] }),
        BrokenPacket.Message("RFC 6275, 6.2.6", Error, "Nonce Indices", 12, Answer with { Options = [Nonces] }),
        BrokenPacket.Message("RFC 6275, 6.2.4", Error, "Binding Refresh Advice", 12, Home with { Options = [new BindingRefreshAdviceOption { RefreshInterval = 1 }] }),
        BrokenPacket.Message("RFC 6275, 6.2.4", Error, "Binding Refresh Advice.RefreshInterval", 14, Answer with { Options = [new BindingRefreshAdviceOption { RefreshInterval = 900 }] }),
        BrokenPacket.Message("RFC 6275, 6.2.5", Error, "Alternate Care-of Address", 14, Answer with { Options = [new AlternateCareOfAddressOption { AlternateCareOfAddress = "2001:db8:2::c" }] }),
        BrokenPacket.Message("RFC 6275, 6.1.7", Error, "Alternate Care-of Address.AlternateCareOfAddress", 16, Home with { Options = [new AlternateCareOfAddressOption { AlternateCareOfAddress = "fe80::1" }] }),
        BrokenPacket.Message("RFC 4283, 3.2", Error, "Mobile Node Identifier", 32, Home with { Options = [Authentication with { Subtype = MobilityMessageAuthenticationSubtype.MobileNodeHomeAgent }, MobileNode, Authentication with { Subtype = MobilityMessageAuthenticationSubtype.MobileNodeAaa }] }),
        BrokenPacket.Message("RFC 4285, 5.1", Error, "Mobility Message Authentication", 13, Home with { Options = [Authentication, new MobilityMessageReplayProtectionOption { Timestamp = 1 }] }),
        BrokenPacket.Message("RFC 4285, 5", Error, "Mobility Message Authentication.Subtype", 35, Home with { Options = [Authentication, Authentication] }),
        BrokenPacket.Message(
            "RFC 4285, 5", Error, "Mobility Message Authentication.Subtype", 35,
            Home with { Options = [Authentication with { Subtype = MobilityMessageAuthenticationSubtype.MobileNodeAaa }, Authentication] }),
        BrokenPacket.Message("RFC 4285, 5.2", Error, "Mobility Message Authentication.Subtype", 15, Answer with { Options = [Authentication with { Subtype = MobilityMessageAuthenticationSubtype.MobileNodeAaa }] }),
        BrokenPacket.Message("RFC 4285, 5.1", Warning, "Mobility Message Authentication.MobilitySpi", 16, Home with { Options = [Authentication with { MobilitySpi = 3 }] }),
        BrokenPacket.Message("RFC 5213, 8.3", Error, "Home Network Prefix.PrefixLength", 39, Proxy with { Options = [MobileNode, HomePrefix with { Prefix = "2001:db8:100:7::/129" }, Handoff, Access] }),
        BrokenPacket.Message("RFC 5213, 8.3", Warning, "Home Network Prefix.HomeNetworkPrefix", 40, Proxy with { Options = [MobileNode, HomePrefix with { Prefix = "2001:db8:100:7::1/64" }, Handoff, Access] }),
        BrokenPacket.Message("RFC 3963, 4.3", Error, "Mobile Network Prefix.PrefixLength", 15, Home with { MobileRouter = true, Options = [new MobileNetworkPrefixOption { Prefix = "2001:db8:200::/129" }] }),
        BrokenPacket.Message("RFC 5555, 3.1.1", Error, "IPv4 Home Address.PrefixLength", 14, Home with { Options = [new IPv4HomeAddressOption { IPv4HomeAddress = "10.1.1.7", PrefixLength = 33 }] }),
        BrokenPacket.Message("RFC 5555, 3.1.1", Error, "IPv4 Home Address.PrefixLength", 14, Home with { Options = [new IPv4HomeAddressOption { IPv4HomeAddress = "10.1.1.7" }] }),
        BrokenPacket.Message("RFC 5213, 8.7", Warning, "Link-local Address.LinkLocalAddress", 72, Proxy with { Options = [MobileNode, HomePrefix, Handoff, Access, new LinkLocalAddressOption { LinkLocalAddress = "2001:db8::1" }] }),
        BrokenPacket.Message("RFC 5648, 4.3", Error, "Binding Identifier.CareOfAddress", 24, Answer with { Options = [new BindingIdentifierOption { BindingId = 7, CareOfAddress = "198.51.100.7" }] }),
        BrokenPacket.Message("RFC 6275, 6.1.7", Error, $"{Update}.KeyManagementMobility", 8, Correspondent with { KeyManagementMobility = true }),
        BrokenPacket.Message("RFC 6275, 11.7.1", Error, $"{Update}.Acknowledge", 8, Home with { Acknowledge = false }),
        BrokenPacket.Message("RFC 6275, 9.5.1", Error, Update, 0, Correspondent with { Options = [Authorization] }),
        BrokenPacket.Message("RFC 6275, 9.5.1", Error, Update, 0, Correspondent with { Options = [Nonces] }),
        BrokenPacket.Message("RFC 6275, 9.5.1", Error, "Nonce Indices", 12, Home with { Options = [Nonces] }),
        BrokenPacket.Message("RFC 3963, 5.2", Error, $"{Update}.MobileRouter", 8, Correspondent with { MobileRouter = true }),
        BrokenPacket.Message("RFC 3963, 5.2", Warning, "Mobile Network Prefix", 12, Home with { Options = [new MobileNetworkPrefixOption { Prefix = "2001:db8:200::/48" }] }),
        BrokenPacket.Message("RFC 5213, 6.9.1.5", Error, $"{Update}.Acknowledge", 8, Proxy with { Acknowledge = false }),
        BrokenPacket.Message("RFC 5213, 6.9.1.5", Error, Update, 0, Proxy with { Options = [HomePrefix, Handoff, Access] }),
        BrokenPacket.Message("RFC 5213, 6.9.1.5", Error, Update, 0, Proxy with { Options = [MobileNode, HomePrefix, Access] }),
        BrokenPacket.Message("RFC 5213, 6.9.1.5", Error, Update, 0, Proxy with { Options = [MobileNode, HomePrefix, Handoff] }),
        BrokenPacket.Packet("RFC 5213, 6.9.1.5", Error, Update, 64, IPv6, HomeOption, Proxy),
        BrokenPacket.Message("RFC 5844, 3.1.2.1", Error, Update, 0, Proxy with { Options = [MobileNode, Handoff, Access] }),
        BrokenPacket.Message("RFC 5213, 8.1", Error, "Handoff Indicator", 64, Proxy with { Options = [MobileNode, HomePrefix, Handoff, Access, Handoff] }),
        BrokenPacket.Message("RFC 5213, 8.4", Warning, "Handoff Indicator.Indicator", 59, Proxy with { Options = [MobileNode, HomePrefix, Handoff with { Indicator = 0 }, Access] }),
        BrokenPacket.Message("RFC 5213, 8.5", Warning, "Access Technology Type.AccessTechnologyType", 63, Proxy with { Options = [MobileNode, HomePrefix, Handoff, Access with { AccessTechnologyType = 0 }] }),
        BrokenPacket.Message("RFC 5213, 5.3.6", Error, Acknowledged, 0, ProxyAnswer with { Options = [HomePrefix, Handoff, Access] }),
        BrokenPacket.Message("RFC 5844, 3.1.2.6", Error, Acknowledged, 0, ProxyAnswer with { Options = [MobileNode, Handoff, Access] }),
        BrokenPacket.Message("RFC 5844, 3.1.2.6", Error, Acknowledged, 0, ProxyAnswer with { Options = [MobileNode, IPv4Reply, Handoff, Access] }),
        BrokenPacket.Message(
            "RFC 5844, 3.1.2.6", Error, "IPv4 Default-Router Address", 40,
            ProxyAnswer with { Status = BindingStatus.ReasonUnspecified, Options = [MobileNode, IPv4Reply, Router, Handoff, Access] }),
        BrokenPacket.Message("RFC 5213, 8.2", Error, "Mobile Node Identifier", 64, ProxyAnswer with { Options = [MobileNode, HomePrefix, Handoff, Access, MobileNode] }),
        BrokenPacket.Message("RFC 5213, 8", Warning, "Home Network Prefix", 12, Home with { Options = [HomePrefix] }),
        BrokenPacket.Message("RFC 4282, 2.1", Warning, "Mobile Node Identifier.Identifier", 22, Home with { Options = [MobileNodeIdentifierOption.Create("mn7@exa mple.com")] }),
        BrokenPacket.Message("RFC 4283, 3.1", Warning, "Mobile Node Identifier.Identifier", 15, Home with { Options = [MobileNodeIdentifierOption.Create("@example.com")] }),
        new("RFC 6275, 6.2.7", Error, "Binding Authorization Data.Authenticator", 60, () => Checked(Key(null), IPv6, Correspondent)),
        new("RFC 6275, 6.2.7", Information, "Binding Authorization Data.Authenticator", 60, () => Checked(Key(256), IPv6, Correspondent)),
        new("RFC 4285, 5.1", Error, "Mobility Message Authentication.AuthenticationData", 60, () => Checked(Key(256), IPv6, Home with { Options = [Authentication] })),
        new("RFC 4285, 5.1", Information, "Mobility Message Authentication.MobilitySpi", 56, () => Checked(Key(257), IPv6, Home with { Options = [Authentication] })),
        new("RFC 4285, 5.2", Error, "Mobility Message Authentication.AuthenticationData", 60, () => Checked(Key(3), IPv6, Home with { Options = [Aaa] })),
        new("RFC 4285, 5.2", Information, "Mobility Message Authentication.MobilitySpi", 56, () => Checked(Key(null), IPv6, Home with { Options = [Aaa with { MobilitySpi = 256 }] })),
    ];

    public static IEnumerable<TheoryDataRow<string>> Names => BrokenPacket.Names(Cases);

    [Theory]
    [MemberData(nameof(Names))]
    [Trait("Rfc", "5213-5.3.6-04")]
    [Trait("Rfc", "5213-6.9.1.5-01")]
    [Trait("Rfc", "5213-6.9.1.5-04")]
    [Trait("Rfc", "5213-6.9.1.5-07")]
    [Trait("Rfc", "5213-8.1-01")]
    [Trait("Rfc", "5213-8.1-03")]
    [Trait("Rfc", "5213-8.2-03")]
    [Trait("Rfc", "5213-8.4-01")]
    [Trait("Rfc", "5213-8.5-01")]
    [Trait("Rfc", "5844-3.1.2.6-02")]
    [Trait("Rfc", "5844-3.1.2.6-05")]
    [Trait("Rfc", "5847-3.3-02")]
    [Trait("Rfc", "5847-3.3-03")]
    [Trait("Rfc", "5847-3.4-02")]
    public void A_message_breaks_this_rule_alone(string name) => BrokenPacket.Assert(Cases, name);

    [Fact]
    public void Right_messages_break_none()
    {
        Structure[] right =
        [
            Home, Correspondent, Proxy, Answer, ProxyAnswer,
            Home with { Options = [MobileNode, new MobilityMessageReplayProtectionOption { Timestamp = 1 }, Authentication] },
            Home with { Options = [MobileNode, Authentication, Authentication with { Subtype = MobilityMessageAuthenticationSubtype.MobileNodeAaa, MobilitySpi = 3 }] },
            Proxy with { Options = [MobileNode, IPv4Request, Handoff, Access] },
            Proxy with { BulkBindingUpdate = true, Options = [Handoff, Access] },
            ProxyAnswer with { Options = [MobileNode, IPv4Reply, Router, Handoff, Access] },
            ProxyAnswer with { Status = BindingStatus.ReasonUnspecified, Options = [new MobileNodeIdentifierOption { Identifier = default }, HomePrefix with { Prefix = "::/0" }, Handoff with { Indicator = 0 }, Access with { AccessTechnologyType = 0 }] },
            new Heartbeat { Response = true, Unsolicited = true, Options = [new RestartCounterOption { RestartCounter = 1 }] },
            new BindingRefreshRequest(), new HomeTestInit(), new CareOfTest(), new BindingError { Status = BindingErrorStatus.UnrecognizedMobilityHeaderType },
        ];
        Assert.All(right, message => Assert.Empty(PacketRules.Check(message)));
    }

    private static RuleKeys Key(uint? mobilitySpi) => RuleKeys.Of(mobilitySpi, AuthenticationAlgorithm.HmacMd5, "1234567812345678"u8);

    private static IReadOnlyList<RuleViolation> Checked(RuleKeys keys, params Structure[] layers) =>
        PacketRules.Check(new PacketDecoder().Decode(PacketComposer.Compose(layers)), keys);
}
