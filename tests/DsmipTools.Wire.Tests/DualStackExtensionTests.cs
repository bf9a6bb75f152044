using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;

namespace DsmipTools.Wire.Tests;

/// <summary>The extensions of RFC 5454, octet for octet, and what holds for all extensions.</summary>
public class DualStackExtensionTests
{
    [Fact]
    [Trait("Rfc", "5454-2.1-01")]
    public void IPv6_Prefix_Request() => AssertWire(
        "98120140" + "20010db8000700010000000000000000",
        new IPv6PrefixRequestExtension { Prefix = "2001:db8:7:1::/64" });

    [Fact]
    [Trait("Rfc", "5454-2.2-01")]
    [Trait("Rfc", "5454-2.2-03")]
    public void IPv6_Prefix_Reply_is_composed_with_its_reserved_octet_zero() => AssertWire(
        "981402094000" + "20010db8000700010000000000000000",
        new IPv6PrefixReplyExtension { Code = PrefixReplyCode.RejectedProhibited, Prefix = "2001:db8:7:1::/64" });

    [Fact]
    [Trait("Rfc", "5454-2.2-03")]
    public void A_reserved_octet_that_is_set_is_kept_and_changes_nothing_else() => AssertWire(
        "9814020140ff" + "20010db8000700010000000000000000",
        new IPv6PrefixReplyExtension { Code = PrefixReplyCode.AcceptedCareOfAddress, Prefix = "2001:db8:7:1::/64", Reserved = 0xFF });

    [Fact]
    [Trait("Rfc", "5454-2.3-01")]
    public void IPv6_Tunneling_Mode() => AssertWire("98020300", new IPv6TunnelingModeExtension());

    [Fact]
    [Trait("Rfc", "5454-2.1-02")]
    public void Prefix_length_255_holds_a_link_local_address()
    {
        var extension = new IPv6PrefixRequestExtension { Prefix = "fe80::1:2/255" };
        AssertWire("981201ff" + "fe800000000000000000000000010002", extension);
        Assert.True(extension.Prefix.IsLinkLocalAddress);
        Assert.False(extension.Prefix.IsPrefix);
        Assert.Equal("fe80::1:2", extension.MobileIPv6NetworkPrefix.ToString());
        Assert.Equal(extension.Prefix, extension.Prefix.Canonical);
        Assert.True(extension.Prefix.Contains(Address.Parse("fe80::1:2")));
        Assert.False(extension.Prefix.Contains(Address.Parse("fe80::1:3")));
    }

    [Theory]
    [InlineData("2001:db8:7:1:a:b:c:d/64", "2001:db8:7:1::/64")]
    [InlineData("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/0", "::/0")]
    [InlineData("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/1", "8000::/1")]
    [InlineData("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/127", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127")]
    [InlineData("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128")]
    [Trait("Rfc", "5454-2.1-03")]
    public void Bits_beyond_the_prefix_length_are_kept_as_received_cleared_for_sending_and_ignored_in_matching(string received, string sent)
    {
        Prefix prefix = received;
        var octets = new IPv6PrefixRequestExtension { Prefix = prefix };
        Assert.Equal(prefix, RoundTrip(octets).Prefix);
        Assert.Equal(sent, prefix.Canonical.ToString());
        Assert.Equal(received == sent, prefix.IsCanonical);
        Assert.True(prefix.Contains(prefix.Canonical.Address));
        Assert.True(prefix.Overlaps(prefix.Canonical) && prefix.Canonical.Overlaps(prefix));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(7, true)]
    [InlineData(8, false)]
    [InlineData(9, false)]
    [InlineData(10, false)]
    [InlineData(255, false)]
    [Trait("Rfc", "5454-2.2-02")]
    public void Prefix_reply_codes_below_8_accept(byte code, bool accepted)
    {
        var reply = new IPv6PrefixReplyExtension { Code = (PrefixReplyCode)code, Prefix = "::/0" };
        Assert.Equal(accepted, RoundTrip(reply).Code.IsAccepted());
        Assert.Equal(code, (byte)RoundTrip(reply).Code);
    }

    [Fact]
    [Trait("Rfc", "5454-2.2-02")]
    public void Prefix_reply_codes_have_the_values_of_the_RFC()
    {
        PrefixReplyCode[] codes =
        [
            PrefixReplyCode.AcceptedHomeAddress, PrefixReplyCode.AcceptedCareOfAddress,
            PrefixReplyCode.RejectedUnspecified, PrefixReplyCode.RejectedProhibited,
        ];
        Assert.Equal([0, 1, 8, 9], codes.Select(code => (int)code));
        Assert.Equal(codes, Enum.GetValues<PrefixReplyCode>());
    }

    [Theory]
    [InlineData("98044d0a0b0c")] // Subtype 77.
    [InlineData("98120240" + "20010db8000700010000000000000000")] // A reply with the length of a request.
    [InlineData("98130140" + "20010db800070001000000000000000000")] // A request that is one octet too long.
    [InlineData("9801" + "03")] // A tunneling mode that is one octet too short.
    [InlineData("9800")] // No subtype at all.
    [Trait("Rfc", "5454-2-01")]
    public void What_is_no_extension_of_RFC_5454_is_kept_and_skipped(string hex)
    {
        var octets = Message(hex);
        Assert.True(MobileIPv4Message.TryParse(octets, out var message, out var error), error.ToString());
        var unknown = Assert.IsType<UnknownExtension>(Assert.IsType<RegistrationReply>(message).Extensions[0]);
        Assert.Equal(ExtensionType.DualStackMobileIPv4, unknown.Type);
        Assert.True(unknown.Type.IsSkippable());
        Assert.Equal(octets, message!.ToOctets().ToArray());
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(127, false)]
    [InlineData(128, true)]
    [InlineData(255, true)]
    public void Types_from_128_are_skippable(byte type, bool skippable) => Assert.Equal(skippable, ((ExtensionType)type).IsSkippable());

    [Fact]
    public void An_extension_that_its_length_octet_cannot_hold_is_refused()
    {
        Assert.Equal(257, new MobileNodeNaiExtension { Nai = new byte[255] }.Write(new byte[300]));
        var error = Assert.Throws<ArgumentException>(() => new MobileNodeNaiExtension { Nai = new byte[256] }.Write(new byte[300]));
        Assert.Contains("255", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_of_the_wrong_family_is_refused() => Assert.Throws<ArgumentException>(
        () => new RegistrationRequest { HomeAddress = "2001:db8::1" }.ToOctets());

    private static void AssertWire<TExtension>(string hex, TExtension extension)
        where TExtension : Extension
    {
        Assert.Equal(Message(hex), new RegistrationReply { Extensions = [extension] }.ToOctets().ToArray());
        Assert.Equal(extension, RoundTrip(extension));
    }

    private static byte[] Message(string extension) => [3, .. new byte[19], .. Convert.FromHexString(extension)];

    private static TExtension RoundTrip<TExtension>(TExtension extension)
        where TExtension : Extension
    {
        var octets = new RegistrationReply { Extensions = [extension] }.ToOctets();
        Assert.True(MobileIPv4Message.TryParse(octets.Span, out var message, out var error), error.ToString());
        return Assert.IsType<TExtension>(Assert.IsType<RegistrationReply>(message).Extensions[0]);
    }
}
