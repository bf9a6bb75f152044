using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;
using DsmipTools.Wire.Rules;
using DsmipTools.Wire.Security;
using static DsmipTools.Wire.Rules.RuleSeverity;

namespace DsmipTools.Wire.Tests.Rules;

/// <summary>Mobile IPv4 and RFC 5454: each rule with a message that breaks it alone.</summary>
public class RegistrationRuleTests
{
    private const string Request = "Registration Request";
    private const string Reply = "Registration Reply";
    private const string PrefixRequest = "IPv6 Prefix Request";
    private const string PrefixReply = "IPv6 Prefix Reply";
    private const string TunnelingMode = "IPv6 Tunneling Mode";

    private static readonly MobileHomeAuthenticationExtension Authentication = new() { SecurityParameterIndex = 256, Authenticator = new byte[16] };
    private static readonly MobileNodeNaiExtension Nai = MobileNodeNaiExtension.Create("mn7@example.com");
    private static readonly IPv6PrefixRequestExtension Prefix = new() { Prefix = "2001:db8:7:1::/64" };
    private static readonly IPv6PrefixReplyExtension Answer = new() { Prefix = "2001:db8:7:1::/64", Code = PrefixReplyCode.AcceptedHomeAddress };

    private static readonly RegistrationRequest Good = new()
    {
        DecapsulationByMobileNode = true, Lifetime = 1800, HomeAddress = "10.1.1.7", HomeAgent = "192.0.2.1", CareOfAddress = "198.51.100.7",
        Extensions = [Authentication],
    };

    private static readonly RegistrationReply GoodReply = new()
    {
        Lifetime = 1800, HomeAddress = "10.1.1.7", HomeAgent = "192.0.2.1", Extensions = [Authentication],
    };

    internal static readonly BrokenPacket[] Cases =
    [
        BrokenPacket.Message("RFC 5944, 3.3", Error, Request, 0, Good with { Extensions = [] }),
        BrokenPacket.Message("RFC 5944, 3.3", Error, $"{Request}.ReservedX", 1, Good with { ReservedX = true }),
        BrokenPacket.Message("RFC 5944, 3.4", Error, Reply, 0, GoodReply with { Extensions = [] }),
        BrokenPacket.Message("RFC 2794, 2", Warning, $"{Request}.HomeAddress", 4, Good with { HomeAddress = Address.AnyIPv4 }),
        BrokenPacket.Message("RFC 2794, 2", Error, "Mobile Node NAI", 46, Good with { Extensions = [Authentication, Nai] }),
        BrokenPacket.Message("RFC 2794, 3", Error, $"{Reply}.HomeAddress", 4, GoodReply with { HomeAddress = Address.AnyIPv4 }),
        BrokenPacket.Message("RFC 2794, 3", Error, $"{Reply}.HomeAgent", 8, GoodReply with { HomeAgent = Address.AnyIPv4 }),
        BrokenPacket.Message("RFC 4282, 2.1", Warning, "Mobile Node NAI.Nai", 28, Good with { Extensions = [MobileNodeNaiExtension.Create("mn <7>@example.com"), Authentication] }),
        BrokenPacket.Message("RFC 5944, 3.6.1.2", Warning, $"{Request}.CareOfAddress", 12, Good with { CareOfAddress = "224.0.0.11" }),
        BrokenPacket.Message(
            "RFC 3024, 3.3", Error, "Encapsulating Delivery Style", 24, Good with { Extensions = [new EncapsulatingDeliveryStyleExtension(), Authentication] }),
        BrokenPacket.Message("RFC 3543, 3.2", Error, "Revocation Support", 46, Good with { Extensions = [Authentication, new RevocationSupportExtension()] }),
        BrokenPacket.Message("RFC 3543, 3.3", Warning, "Registration Revocation", 0, new RegistrationRevocation { HomeAddress = "10.1.1.7" }),
        BrokenPacket.Message(
            "RFC 3543, 3.4", Warning, "Registration Revocation Acknowledgment", 0, new RegistrationRevocationAcknowledgment { HomeAddress = "10.1.1.7" }),
        BrokenPacket.Message(
            "RFC 5944, 1.9", Error, "Unknown Extension.Length", 47,
            Good with { Extensions = [Authentication, new UnknownExtension { ExtensionType = 33, Data = new byte[3] }] }),
        BrokenPacket.Message(
            "RFC 5944, 1.9", Information, "Unknown Extension.Type", 24,
            Good with { Extensions = [new UnknownExtension { ExtensionType = 200 }, Authentication] }),
        BrokenPacket.Message(
            "RFC 5944, 1.8", Warning, "Unknown Extension.Type", 24,
            Good with { Extensions = [new UnknownExtension { ExtensionType = 100 }, Authentication] }),
        BrokenPacket.Message(
            "RFC 3519, 3.1.4", Warning, "UDP Tunnel Request.Encapsulation", 29,
            Good with { Extensions = [new UdpTunnelRequestExtension { Encapsulation = IpProtocol.Tcp }, Authentication] }),
        BrokenPacket.Message(
            "RFC 5177", Error, "Mobile Network Request.PrefixLength", 27,
            Good with { Extensions = [new MobileNetworkRequestExtension { Prefix = "10.1.1.0", PrefixLength = 33 }, Authentication] }),
        BrokenPacket.Message(
            "RFC 5177", Warning, "Mobile Network Request.Prefix", 28,
            Good with { Extensions = [new MobileNetworkRequestExtension { Prefix = "10.1.1.5", PrefixLength = 24 }, Authentication] }),
        BrokenPacket.Message("RFC 5944, 3.5.2", Error, "Mobile-Home Authentication", 24, Good with { Extensions = [Authentication with { Authenticator = default }] }),
        BrokenPacket.Message("RFC 5944, 1.6", Error, "Mobile-Home Authentication.SecurityParameterIndex", 26, Good with { Extensions = [Authentication with { SecurityParameterIndex = 255 }] }),
        BrokenPacket.Message("5454-2.1-03", Error, $"{PrefixRequest}.MobileIPv6NetworkPrefix", 28, Requesting("2001:db8:7:1::1/64")),
        BrokenPacket.Message("5454-2.2-03", Error, $"{PrefixReply}.MobileIPv6NetworkPrefix", 26, Answering(Answer with { Prefix = "2001:db8:7:1::1/64" })),
        BrokenPacket.Message("5454-2.2-03", Warning, $"{PrefixReply}.Reserved", 25, Answering(Answer with { Reserved = 1 })),
        BrokenPacket.Message("5454-2.1-02", Error, $"{PrefixRequest}.MobileIPv6NetworkPrefix", 28, Requesting("2001:db8:7:1::1/255")),
        BrokenPacket.Message("5454-2.1-02", Error, $"{PrefixReply}.MobileIPv6NetworkPrefix", 26, Answering(Answer with { Prefix = "2001:db8:7:1::1/255" })),
        BrokenPacket.Message("5454-3.3.2-15", Error, $"{PrefixRequest}.PrefixLength", 27, Requesting("2001:db8:7:1::/129")),
        BrokenPacket.Message("5454-3.3.2-15", Error, $"{PrefixReply}.PrefixLength", 24, Answering(Answer with { Prefix = "2001:db8:7:1::/254" })),
        BrokenPacket.Message("5454-2.1-01", Error, PrefixRequest, 20, GoodReply with { Extensions = [Prefix, Authentication] }),
        BrokenPacket.Message("5454-2.2-01", Error, PrefixReply, 24, Good with { Extensions = [Answer, Authentication] }),
        BrokenPacket.Message("5454-2.3-01", Error, TunnelingMode, 20, GoodReply with { Extensions = [new IPv6TunnelingModeExtension(), Authentication] }),
        BrokenPacket.Message("5454-2.3-01", Warning, $"{TunnelingMode}.Reserved", 27, Good with { Extensions = [new IPv6TunnelingModeExtension { Reserved = 1 }, Authentication] }),
        BrokenPacket.Message("5454-2.1-01", Error, "Unknown Extension.Length", 25, WithOctets("0140")),
        BrokenPacket.Message("5454-2.2-01", Error, "Unknown Extension.Length", 25, WithOctets("0200")),
        BrokenPacket.Message("5454-2.3-01", Error, "Unknown Extension.Length", 25, WithOctets("030000")),
        BrokenPacket.Message("5454-2-01", Information, "Unknown Extension.Data", 26, WithOctets("0900")),
        BrokenPacket.Message("5454-2.2-02", Information, $"{PrefixReply}.Code", 23, Answering(Answer with { Code = (PrefixReplyCode)7 })),
        BrokenPacket.Message(
            "5454-3.1-01", Error, TunnelingMode, 28,
            Good with { Extensions = [new IPv6TunnelingModeExtension(), new IPv6TunnelingModeExtension(), Authentication] }),
        BrokenPacket.Message(
            "5454-3.5-08", Error, TunnelingMode, 24,
            Good with { DecapsulationByMobileNode = false, Extensions = [new IPv6TunnelingModeExtension(), Authentication] }),
        BrokenPacket.Message(
            "5454-3.9-02", Error, "UDP Tunnel Request.Encapsulation", 49,
            Good with { Extensions = [Prefix, new UdpTunnelRequestExtension { Encapsulation = IpProtocol.Gre }, Authentication] }),
        BrokenPacket.Message("5454-3.1-02", Error, PrefixRequest, 46, Good with { Extensions = [Authentication, Prefix] }),
        BrokenPacket.Message("RFC 5944, 3.8.3.3", Error, PrefixReply, 42, GoodReply with { Extensions = [Authentication, Answer] }),
        BrokenPacket.Message("5454-3.3-03", Warning, PrefixRequest, 44, Good with { Extensions = [Prefix, Prefix, Authentication] }),
        BrokenPacket.Message("5454-3.3-03", Error, PrefixReply, 42, GoodReply with { Extensions = [Answer, Answer, Authentication] }),
        BrokenPacket.Message(
            "5454-3.2-02", Information, $"{PrefixReply}.Code", 23, Answering(Answer) with { Code = RegistrationCode.ReasonUnspecified }),
        new("RFC 5944, 3.5.1", Error, "Mobile-Home Authentication.Authenticator", 30, () => Checked(Good, Key(256))),
        new("RFC 5944, 3.5.1", Information, "Mobile-Home Authentication.SecurityParameterIndex", 26, () => Checked(Good, Key(257))),
    ];

    public static IEnumerable<TheoryDataRow<string>> Names => BrokenPacket.Names(Cases);

    [Theory]
    [MemberData(nameof(Names))]
    [Trait("Rfc", "5454-2.1-01")]
    [Trait("Rfc", "5454-2.1-02")]
    [Trait("Rfc", "5454-2.1-03")]
    [Trait("Rfc", "5454-2.2-01")]
    [Trait("Rfc", "5454-2.2-02")]
    [Trait("Rfc", "5454-2.2-03")]
    [Trait("Rfc", "5454-2.3-01")]
    [Trait("Rfc", "5454-2-01")]
    [Trait("Rfc", "5454-3.1-01")]
    [Trait("Rfc", "5454-3.1-02")]
    [Trait("Rfc", "5454-3.2-02")]
    [Trait("Rfc", "5454-3.3-03")]
    [Trait("Rfc", "5454-3.3.2-15")]
    [Trait("Rfc", "5454-3.5-08")]
    [Trait("Rfc", "5454-3.9-02")]
    public void A_message_breaks_this_rule_alone(string name) => BrokenPacket.Assert(Cases, name);

    [Fact]
    public void A_right_authenticator_breaks_no_rule()
    {
        using var authenticator = new MessageAuthenticator(AuthenticationAlgorithm.HmacSha256, "1234567812345678"u8);
        var signed = RegistrationAuthentication.Sign(Good with { Extensions = [Nai, Prefix] }, 256, authenticator);
        Assert.Empty(Checked(signed, Key(256)));
        Assert.Empty(Checked(signed, Key(null)));
        Assert.Empty(Checked(signed, null));
        var changed = Assert.Single(Checked(signed with { Lifetime = 1801 }, Key(256)));
        Assert.Contains("another key", changed.Explanation, StringComparison.Ordinal);
        var cut = signed with { Extensions = [Nai, Prefix, Authentication] };
        Assert.Contains("16 octets", Assert.Single(Checked(cut, Key(256))).Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Replies_of_foreign_agents_and_rejected_prefixes_break_none()
    {
        Assert.Empty(PacketRules.Check(GoodReply with { Code = (RegistrationCode)65, Extensions = [] }));
        Assert.Empty(PacketRules.Check(GoodReply with { Code = (RegistrationCode)194, Extensions = [] }));
        Assert.Empty(PacketRules.Check(Answering(Answer with { Code = PrefixReplyCode.RejectedUnspecified, Prefix = "2001:db8:7:1::/129" })));
    }

    private static RegistrationRequest Requesting(Prefix prefix) => Good with { Extensions = [Prefix with { Prefix = prefix }, Authentication] };

    private static RegistrationReply Answering(IPv6PrefixReplyExtension answer) => GoodReply with { Extensions = [answer, Authentication] };

    private static RegistrationRequest WithOctets(string data) =>
        Good with { Extensions = [new UnknownExtension { ExtensionType = (byte)ExtensionType.DualStackMobileIPv4, Data = Octets.FromHex(data) }, Authentication] };

    private static RuleKeys Key(uint? securityParameterIndex) =>
        RuleKeys.Of(securityParameterIndex, AuthenticationAlgorithm.HmacSha256, "1234567812345678"u8);

    private static IReadOnlyList<RuleViolation> Checked(MobileIPv4ControlMessage message, RuleKeys? keys) =>
        PacketRules.Check(new PacketDecoder().DecodeMobileIPv4(message.ToOctets()), keys);
}
