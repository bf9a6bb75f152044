using System.Text.Json;
using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Ip.ExtensionHeaders;
using DsmipTools.Wire.Ip.Options;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using DsmipTools.Wire.Rules;
using DsmipTools.Wire.Security;
using DsmipTools.Wire.Tests.Support;

namespace DsmipTools.Wire.Tests.Rules;

/// <summary>Authenticators of mobility options, with the addresses that their packets show.</summary>
public class MobilityAuthenticationRuleTests
{
    private static readonly byte[] Key = "1234567812345678"u8.ToArray();
    private static readonly Address CareOf = "2001:db8:2::c";
    private static readonly Address Alternate = "2001:db8:2::d";
    private static readonly Address Home = "2001:db8:100:7::1";
    private static readonly Address Agent = "2001:db8:1::a";
    private static readonly Address Correspondent = "2001:db8:3::d";
    private static readonly Address CorrespondentHome = "2001:db8:300::d";

    private static readonly BindingUpdate Update = new() { SequenceNumber = 7, Acknowledge = true, HomeRegistration = true, Lifetime = 900 };
    private static readonly BindingAcknowledgement Acknowledgement = new() { SequenceNumber = 7, Lifetime = 900 };

    private static readonly BindingUpdate ForCorrespondent = new()
    {
        SequenceNumber = 7, Lifetime = 100, Options = [new NonceIndicesOption { HomeNonceIndex = 1, CareOfNonceIndex = 2 }],
    };

    private static readonly Type2RoutingHeader ToHome = new() { HomeAddress = Home };
    private static readonly DestinationOptionsHeader FromHome = HomeAddressOf(Home);
    private static readonly AlternateCareOfAddressOption AlternateOption = new() { AlternateCareOfAddress = Alternate };

    /// <summary>What is signed with which addresses, and the headers that show these.</summary>
    private static readonly (string Name, MobilityMessage Message, Structure[] Headers)[] Shown =
    [
        ("update", Signed(Update, CareOf, Home), [From(CareOf, Agent), FromHome]),
        ("update from home", Signed(Update with { Lifetime = 0 }, Home, Home), [From(Home, Agent)]),
        ("update with an alternate care-of address", Signed(Update with { Options = [AlternateOption] }, Alternate, Home), [From(CareOf, Agent), FromHome]),
        ("update in 6in4", Signed(Update, CareOf, Home), [new IPv4Header { Source = "192.0.2.1", Destination = "192.0.2.2" }, From(CareOf, Agent), FromHome]),
        ("update, MN-AAA", Signed(Update, CareOf, Home, aaa: true), [From(CareOf, Agent), FromHome]),
        ("acknowledgement", Signed(Acknowledgement, CareOf, Home), [From(Agent, CareOf), ToHome]),
        ("acknowledgement to home", Signed(Acknowledgement with { Lifetime = 0 }, Home, Home), [From(Agent, Home)]),
        ("update for a correspondent", Authorized(ForCorrespondent, CareOf, Correspondent), [From(CareOf, Correspondent), FromHome]),
        ("update for a mobile correspondent", Authorized(ForCorrespondent, CareOf, CorrespondentHome), [From(CareOf, Correspondent), new Type2RoutingHeader { HomeAddress = CorrespondentHome }, FromHome]),
        ("update for a correspondent with an alternate care-of address", Authorized(ForCorrespondent with { Options = [AlternateOption, .. ForCorrespondent.Options] }, Alternate, Correspondent), [From(CareOf, Correspondent), FromHome]),
        ("de-registration with a correspondent", Authorized(ForCorrespondent with { Lifetime = 0 }, Home, Correspondent), [From(CareOf, Correspondent), FromHome]),
        ("acknowledgement of a correspondent", Authorized(Acknowledgement, CareOf, Correspondent), [From(Correspondent, CareOf), ToHome]),
        ("acknowledgement of a mobile correspondent", Authorized(Acknowledgement, CareOf, CorrespondentHome), [From(Correspondent, CareOf), ToHome, HomeAddressOf(CorrespondentHome)]),
        ("acknowledgement of a de-registration", Authorized(Acknowledgement with { Lifetime = 0 }, Home, Correspondent), [From(Correspondent, CareOf), ToHome]),
        ("rejection", Authorized(Acknowledgement with { Status = BindingStatus.ReasonUnspecified, Lifetime = 0 }, CareOf, Correspondent), [From(Correspondent, CareOf), ToHome]),
    ];

    public static IEnumerable<TheoryDataRow<string>> Names => Shown.Select(shown => new TheoryDataRow<string>(shown.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_right_authenticator_breaks_no_rule_and_any_other_message_key_or_address_does(string name)
    {
        var (_, message, headers) = Shown.Single(shown => shown.Name == name);
        Assert.Empty(Checked(Keys(null), [.. headers, message]));
        Assert.Empty(Checked(null, [.. headers, message]));
        Assert.Contains("another key", Single(Checked(RuleKeys.Of(null, AuthenticationAlgorithm.HmacSha1, "other"u8), [.. headers, message])).Explanation, StringComparison.Ordinal);
        Structure other = message is BindingUpdate update ? update with { SequenceNumber = 8 } : (BindingAcknowledgement)message with { SequenceNumber = 8 };
        Assert.Contains("was changed", Single(Checked(Keys(null), [.. headers, other])).Explanation, StringComparison.Ordinal);
    }

    /// <summary>What shows the home address is not covered by Binding Authorization Data, but is by RFC 4285 (and in a de-registration).</summary>
    [Fact]
    public void The_home_address_is_covered_by_the_authenticators_of_RFC_4285()
    {
        var covered = Shown.Where(shown => shown.Headers.Length > 1 && shown.Message.Options.Span[^1] is MobilityMessageAuthenticationOption).ToArray();
        Assert.NotEmpty(covered);
        Assert.All(covered, shown =>
        {
            Structure[] elsewhere =
            [
                .. shown.Headers.Select(header =>
                    header == FromHome ? HomeAddressOf("2001:db8:100:7::2") : header == ToHome ? ToHome with { HomeAddress = "2001:db8:100:7::2" } : header),
            ];
            Assert.Contains("2001:db8:100:7::2", Single(Checked(Keys(null), [.. elsewhere, shown.Message])).Explanation, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Vectors_verify_in_packets_with_their_addresses()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(SourceTree.Vectors, "rfc6275-family.json")));
        var vectors = document.RootElement.EnumerateArray().Where(vector => vector.TryGetProperty("authorization", out _)).ToArray();
        Assert.InRange(vectors.Length, 5, 1000);
        Assert.All(vectors, vector =>
        {
            Assert.True(MobilityHeaderView.TryParse(Convert.FromHexString(vector.GetProperty("hex").GetString()!), out var view, out _));
            var native = vector.GetProperty("nativeIPv6");
            var authorization = vector.GetProperty("authorization");
            var message = MobilityMessage.From(view) with { Checksum = null };
            var keys = RuleKeys.Of(null, AuthenticationAlgorithm.HmacMd5, Convert.FromHexString(authorization.GetProperty("key").GetString()!));
            Address home = authorization.TryGetProperty("homeAddress", out var given) ? given.GetString()! : Home.ToString();
            Structure header = message is BindingUpdate ? HomeAddressOf(home) : ToHome with { HomeAddress = home };
            var ip = From(native.GetProperty("source").GetString()!, native.GetProperty("destination").GetString()!);
            Assert.Empty(Checked(keys, ip, header, message));
            Assert.Contains("is wrong", Single(Checked(Keys(null), ip, header, message)).Explanation, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Where_the_packet_does_not_show_the_addresses_it_says_so()
    {
        var signed = Signed(Update, CareOf, Home);
        Assert.Contains("does not show", Informed(PacketRules.Check(signed, Keys(null))), StringComparison.Ordinal);
        Structure[] udp =
        [
            new IPv4Header { Source = "192.0.2.1", Destination = "192.0.2.2" }, new UdpHeader { SourcePort = 4191, DestinationPort = 4191 }, From(Home, Agent), signed,
        ];
        Assert.Contains("does not show", Informed(Checked(Keys(null), udp)), StringComparison.Ordinal);
        Assert.Contains("does not show", Informed(PacketRules.Check(Authorized(ForCorrespondent, CareOf, Correspondent), Keys(null))), StringComparison.Ordinal);
        Assert.Empty(PacketRules.Check(signed));
    }

    [Fact]
    public void What_no_RFC_defines_is_said()
    {
        var proxy = Signed(Update with { ProxyRegistration = true }, CareOf, Home);
        var indication = Signed(new BindingRevocationIndication { Trigger = RevocationTrigger.AdministrativeReason }, CareOf, Home);
        Assert.Contains("proxy", InformedBy("RFC 4285, 5.1", Checked(Keys(null), From(CareOf, Agent), proxy)), StringComparison.Ordinal);
        Assert.Contains("only", InformedBy("RFC 4285, 5.1", Checked(Keys(null), From(Agent, CareOf), ToHome, indication)), StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_are_found_by_home_address_and_option()
    {
        var asked = new List<(MobilityOptionType, Address)>();
        var keys = new RuleKeys((_, _) => null, (option, home) =>
        {
            asked.Add((option.Type, home));
            return new MessageAuthenticator(AuthenticationAlgorithm.HmacSha1, Key);
        });
        Assert.Empty(Checked(keys, From(CareOf, Agent), FromHome, Signed(Update, CareOf, Home)));
        Assert.Empty(Checked(keys, From(Correspondent, CareOf), ToHome, Authorized(Acknowledgement, CareOf, Correspondent)));
        Assert.Equal(
            [(MobilityOptionType.MobilityMessageAuthentication, Home), (MobilityOptionType.BindingAuthorizationData, Home)],
            asked.Distinct());
        var none = new RuleKeys((_, _) => null);
        Assert.Contains("SPI 256", Informed(Checked(none, From(CareOf, Agent), FromHome, Signed(Update, CareOf, Home))), StringComparison.Ordinal);
    }

    [Fact]
    public void An_authenticator_of_another_length_is_said_to_be_so()
    {
        var signed = Signed(Update, CareOf, Home);
        var data = ((MobilityMessageAuthenticationOption)signed.Options.Span[^1]) with { AuthenticationData = new byte[20] };
        Assert.Contains("20 octets", Single(Checked(Keys(256), From(CareOf, Agent), FromHome, signed with { Options = [data] })).Explanation, StringComparison.Ordinal);
    }

    private static IPv6Header From(Address source, Address destination) => new() { Source = source, Destination = destination };

    private static DestinationOptionsHeader HomeAddressOf(Address home) => new() { Options = [new HomeAddressOption { HomeAddress = home }] };

    private static TMessage Signed<TMessage>(TMessage message, Address careOf, Address home, bool aaa = false)
        where TMessage : MobilityMessage
    {
        using var authenticator = new MessageAuthenticator(AuthenticationAlgorithm.HmacSha1, Key);
        return aaa
            ? MobilityAuthentication.Sign(message, MobilityAuthentication.HmacSha1Spi, authenticator, careOf, home, MobilityMessageAuthenticationSubtype.MobileNodeAaa)
            : MobilityAuthentication.Sign(message, 256, authenticator, careOf, home);
    }

    private static TMessage Authorized<TMessage>(TMessage message, Address careOf, Address correspondent)
        where TMessage : MobilityMessage
    {
        using var authenticator = new MessageAuthenticator(AuthenticationAlgorithm.HmacSha1, Key);
        return MobilityAuthentication.Sign(message, authenticator, careOf, correspondent);
    }

    private static RuleKeys Keys(uint? mobilitySpi) => RuleKeys.Of(mobilitySpi, AuthenticationAlgorithm.HmacMd5, Key);

    private static IReadOnlyList<RuleViolation> Checked(RuleKeys? keys, params Structure[] layers) =>
        PacketRules.Check(new PacketDecoder().Decode(PacketComposer.Compose(layers)), keys);

    private static RuleViolation Single(IReadOnlyList<RuleViolation> violations)
    {
        var violation = Assert.Single(violations);
        Assert.Equal(RuleSeverity.Error, violation.Severity);
        return violation;
    }

    private static string Informed(IReadOnlyList<RuleViolation> violations)
    {
        var violation = Assert.Single(violations);
        Assert.Equal(RuleSeverity.Information, violation.Severity);
        return violation.Explanation;
    }

    private static string InformedBy(string rule, IReadOnlyList<RuleViolation> violations) =>
        Informed([.. violations.Where(violation => violation.Rule == rule)]);
}
