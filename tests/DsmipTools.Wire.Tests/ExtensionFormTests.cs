using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;

namespace DsmipTools.Wire.Tests;

/// <summary>The extensions of RFC 5944, 3024, 3115, 3519, 3543, 4433, 4721 and 5177, octet for octet, in their short and long form.</summary>
public class ExtensionFormTests
{
    public static TheoryData<string, Extension> Octet_for_octet => new()
    {
        { "2008" + "00000100" + "a1a2a3a4", new MobileHomeAuthenticationExtension { SecurityParameterIndex = 256, Authenticator = Octets.FromHex("a1a2a3a4") } },
        { "2108" + "00000100" + "a1a2a3a4", new MobileForeignAuthenticationExtension { SecurityParameterIndex = 256, Authenticator = Octets.FromHex("a1a2a3a4") } },
        { "2208" + "00000100" + "a1a2a3a4", new ForeignHomeAuthenticationExtension { SecurityParameterIndex = 256, Authenticator = Octets.FromHex("a1a2a3a4") } },
        { "24010008" + "00000100" + "a1a2a3a4", new GeneralizedAuthenticationExtension { SecurityParameterIndex = 256, Authenticator = Octets.FromHex("a1a2a3a4") } },
        { "26000008" + "00007ed9" + "0102" + "beef", new CriticalVendorOrganizationSpecificExtension { VendorOrganizationId = 32473, VendorType = 258, VendorValue = Octets.FromHex("beef") } },
        { "860a" + "0000" + "00007ed9" + "0102" + "beef", new NormalVendorOrganizationSpecificExtension { VendorOrganizationId = 32473, VendorType = 258, VendorValue = Octets.FromHex("beef") } },
        { "2c06" + "0040" + "8000" + "006e", new UdpTunnelReplyExtension { ReplyCode = UdpTunnelReplyCode.TunnellingDeclined, Forced = true, KeepaliveInterval = 110 } },
        { "9006" + "0000" + "c037" + "0000", new UdpTunnelRequestExtension { Force = true, RegistrationThroughForeignAgentRequired = true, Encapsulation = IpProtocol.MinimalEncapsulation } },
        { "8200", new EncapsulatingDeliveryStyleExtension() },
        { "8403" + "c1c2c3", new MobileForeignChallengeExtension { Challenge = Octets.FromHex("c1c2c3") } },
        { "8906" + "8000" + "67748580", new RevocationSupportExtension { Inform = true, Timestamp = 0x67748580 } },
        { "8b05" + "01" + "c0000209", new DynamicHomeAgentExtension { Subtype = DynamicHomeAgentSubtype.RequestedHomeAgent, HomeAgent = "192.0.2.9" } },
        { "9406" + "0018" + "0a090800", new MobileNetworkRequestExtension { PrefixLength = 24, Prefix = "10.9.8.0" } },
        {
            "9408" + "01031800" + "0a090800",
            new MobileNetworkAcknowledgementExtension
            {
                Subtype = MobileNetworkSubtype.ExplicitModeAcknowledgement,
                Code = MobileNetworkCode.ForwardingSetupFailed,
                PrefixLength = 24,
                Prefix = "10.9.8.0",
            }
        },
    };

    [Theory]
    [MemberData(nameof(Octet_for_octet))]
    public void An_extension_is_what_the_RFC_draws(string hex, Extension extension)
    {
        Assert.Equal(hex, extension.ToOctets().ToString());
        Assert.Equal(extension, Parsed(hex));
    }

    [Theory]
    [InlineData("2003000001", 32)] // No whole SPI.
    [InlineData("2103000001", 33)]
    [InlineData("2203000001", 34)]
    [InlineData("2c050040000000", 44)] // One octet too few.
    [InlineData("2c0601400000006e", 44)] // Subtype 1.
    [InlineData("820100", 130)]
    [InlineData("86070000" + "00007ed9" + "01", 134)] // No whole type.
    [InlineData("890780006774858000", 137)]
    [InlineData("8b0503c0000209", 139)] // Subtype 3.
    [InlineData("8b0401c00002", 139)]
    [InlineData("9006010000000000", 144)] // Subtype 1.
    [InlineData("940800180a0908000000", 148)] // A request with the length of an acknowledgement.
    [InlineData("940601180a090800", 148)] // And the other way round.
    [InlineData("940803031800" + "0a090800", 148)] // Subtype 3.
    [InlineData("9400", 148)]
    public void A_known_type_with_a_length_or_subtype_that_it_does_not_have_is_kept(string hex, byte type)
    {
        var unknown = Assert.IsType<UnknownExtension>(Parsed(hex));
        Assert.Equal(type, unknown.ExtensionType);
        Assert.Equal(hex, unknown.ToOctets().ToString());
    }

    [Theory]
    [InlineData("24070003000001", 36, 7)] // No whole SPI.
    [InlineData("265a0005" + "00007ed9" + "01", 38, 0x5A)] // No whole type.
    [InlineData("2f01000102", 47, 1)] // A type that we know the form of and no more.
    [InlineData("24000000", 36, 0)]
    public void A_long_extension_that_is_not_understood_is_kept(string hex, byte type, byte subtype)
    {
        var unknown = Assert.IsType<UnknownLongExtension>(Parsed(hex));
        Assert.Equal((type, subtype), (unknown.ExtensionType, unknown.Subtype));
        Assert.Equal(hex, unknown.ToOctets().ToString());
    }

    [Theory]
    [InlineData("24", 1)]
    [InlineData("2401", 2)]
    [InlineData("240100", 3)]
    [InlineData("24010001", 2)] // The length is at the third octet and says one more than there is.
    [InlineData("2601ffff" + "00007ed90102", 2)]
    [InlineData("2f010003" + "0102", 2)]
    public void A_cut_long_extension_is_an_error_at_its_length(string hex, int offset)
    {
        var octets = Carrier(hex);
        Assert.False(MobileIPv4Message.TryParse(octets, out var message, out var error));
        Assert.Null(message);
        Assert.Equal(("ExtensionLength", 20 + offset), (error.Field, error.Offset));

        var decoded = new PacketDecoder().DecodeMobileIPv4(octets);
        Assert.Equal(error, decoded.Error);
        Assert.Equal(("Unknown Long Extension", 20), (decoded.Layers[0].Children[^1].Name, decoded.Layers[0].Children[^1].Offset));
    }

    [Fact]
    public void The_length_octet_of_a_short_form_is_no_subtype_of_a_long_one()
    {
        // Type 37 is RFC 3025's CVSE, which RFC 3115 took back; as an unknown type it has the simple form.
        var extensions = Assert.IsType<RegistrationReply>(ParsedMessage("2502aabb" + "24010004" + "00000100" + "8200")).Extensions;
        Assert.Equal([typeof(UnknownExtension), typeof(GeneralizedAuthenticationExtension), typeof(EncapsulatingDeliveryStyleExtension)], extensions.Select(each => each.GetType()));
    }

    [Fact]
    public void Data_of_more_than_255_octets_needs_the_long_form()
    {
        var critical = new CriticalVendorOrganizationSpecificExtension { VendorOrganizationId = 9, VendorType = 1, VendorValue = new byte[65529] };
        Assert.Equal("2600ffff", critical.ToOctets().ToString()[..8]);
        Assert.Equal(critical, Parsed(critical.ToOctets().ToString()));
        Assert.Throws<ArgumentException>(() => (critical with { VendorValue = new byte[65530] }).ToOctets());

        var normal = new NormalVendorOrganizationSpecificExtension { VendorOrganizationId = 9, VendorType = 1, VendorValue = new byte[247] };
        Assert.Equal("86ff", normal.ToOctets().ToString()[..4]);
        Assert.Throws<ArgumentException>(() => (normal with { VendorValue = new byte[248] }).ToOctets());
    }

    [Fact]
    public void No_skippable_type_has_the_long_form()
    {
        var all = Enumerable.Range(0, 256).Select(type => (ExtensionType)type).ToArray();
        Assert.Equal([(ExtensionType)36, (ExtensionType)38, (ExtensionType)47], all.Where(type => type.HasLongForm()));
        Assert.DoesNotContain(all, type => type.HasLongForm() && type.IsSkippable());
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(63, true)]
    [InlineData(64, false)]
    [InlineData(255, false)]
    public void UDP_tunnel_reply_codes_below_64_assent(byte code, bool assents) => Assert.Equal(assents, ((UdpTunnelReplyCode)code).IsAssent());

    private static Extension Parsed(string hex) => Assert.Single(Assert.IsType<RegistrationReply>(ParsedMessage(hex)).Extensions.ToArray());

    private static MobileIPv4Message ParsedMessage(string hex)
    {
        Assert.True(MobileIPv4Message.TryParse(Carrier(hex), out var message, out var error), error.ToString());
        return message!;
    }

    private static byte[] Carrier(string extensions) => [3, .. new byte[19], .. Convert.FromHexString(extensions)];
}
