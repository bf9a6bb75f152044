using System.Text;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;
using DsmipTools.Wire.Security;
using DsmipTools.Wire.Tests.Support;

namespace DsmipTools.Wire.Tests;

/// <summary>Authenticators against the vectors of RFC 2202 and RFC 4231 and against openssl.</summary>
public class AuthenticatorTests
{
    private static readonly byte[] Key = "1234567812345678"u8.ToArray();

    [Theory]
    [InlineData(AuthenticationAlgorithm.HmacMd5, 0x0B, 16, "Hi There", "9294727a3638bb1c13f48ef8158bfc9d")]
    [InlineData(AuthenticationAlgorithm.HmacSha1, 0x0B, 20, "Hi There", "b617318655057264e28bc0b6fb378c8ef146be00")]
    [InlineData(AuthenticationAlgorithm.HmacSha256, 0x0B, 20, "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")]
    [InlineData(AuthenticationAlgorithm.HmacMd5, 0xAA, 80, LongKey, "6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd")]
    [InlineData(AuthenticationAlgorithm.HmacSha1, 0xAA, 80, LongKey, "aa4ae5e15272d00e95705637ce8a3b55ed402112")]
    [InlineData(AuthenticationAlgorithm.HmacSha256, 0xAA, 131, LongKey, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")]
    public void Vectors_of_RFC_2202_and_RFC_4231(AuthenticationAlgorithm algorithm, byte keyOctet, int keyLength, string data, string expected)
    {
        var key = new byte[keyLength];
        Array.Fill(key, keyOctet);
        using var authenticator = new MessageAuthenticator(algorithm, key);
        var computed = new byte[authenticator.Length];
        authenticator.Compute(Encoding.ASCII.GetBytes(data), computed);
        Assert.Equal(expected, Convert.ToHexStringLower(computed));
        Assert.True(authenticator.Verify(Encoding.ASCII.GetBytes(data), computed));
        computed[^1] ^= 1;
        Assert.False(authenticator.Verify(Encoding.ASCII.GetBytes(data), computed));
        Assert.False(authenticator.Verify(Encoding.ASCII.GetBytes(data), computed.AsSpan(1)));
    }

    [Theory]
    [InlineData(AuthenticationAlgorithm.HmacMd5, "md5")]
    [InlineData(AuthenticationAlgorithm.HmacSha1, "sha1")]
    [InlineData(AuthenticationAlgorithm.HmacSha256, "sha256")]
    [Trait("Rfc", "5454-4-03")]
    public void openssl_computes_the_same_authenticator_over_everything_before_it(AuthenticationAlgorithm algorithm, string digest)
    {
        using var authenticator = new MessageAuthenticator(algorithm, Key);
        var message = RegistrationAuthentication.Sign(Unsigned(), 256, authenticator);
        var octets = message.ToOctets().ToArray();
        var extension = Assert.IsType<MobileHomeAuthenticationExtension>(message.Extensions[^1]);
        Assert.Equal(octets[^extension.Authenticator.Length..], extension.Authenticator.ToArray());

        using var covered = new TemporaryFile(octets[..^extension.Authenticator.Length]);
        var printed = ExternalTool.Run(
            "openssl", "dgst", $"-{digest}", "-mac", "HMAC", "-macopt", $"hexkey:{Convert.ToHexStringLower(Key)}", "-r", covered.Path);
        Assert.Equal(extension.Authenticator.ToString(), printed.Split(' ')[0]);
    }

    [Fact]
    [Trait("Rfc", "5454-4-03")]
    public void The_prefix_extensions_are_covered_like_the_rest_of_the_message()
    {
        using var authenticator = new MessageAuthenticator(AuthenticationAlgorithm.HmacMd5, Key);
        var octets = RegistrationAuthentication.Sign(Unsigned(), 256, authenticator).ToOctets().ToArray();
        Assert.True(Verifies(octets, authenticator));
        for (var bit = 0; bit < octets.Length * 8; bit++)
        {
            var flipped = octets.ToArray();
            flipped[bit / 8] ^= (byte)(0x80 >> (bit % 8));
            Assert.False(Verifies(flipped, authenticator), $"bit {bit}");
        }
    }

    [Fact]
    public void Another_key_and_another_algorithm_do_not_verify()
    {
        using var right = new MessageAuthenticator(AuthenticationAlgorithm.HmacMd5, Key);
        using var otherKey = new MessageAuthenticator(AuthenticationAlgorithm.HmacMd5, "8765432187654321"u8);
        using var otherAlgorithm = new MessageAuthenticator(AuthenticationAlgorithm.HmacSha1, Key);
        var octets = RegistrationAuthentication.Sign(Unsigned(), 256, right).ToOctets().ToArray();
        Assert.Equal((true, false, false), (Verifies(octets, right), Verifies(octets, otherKey), Verifies(octets, otherAlgorithm)));
    }

    [Fact]
    public void Appending_to_octets_and_signing_a_record_give_the_same()
    {
        using var authenticator = new MessageAuthenticator(AuthenticationAlgorithm.HmacSha256, Key);
        var buffer = new byte[400];
        Array.Fill<byte>(buffer, 0xAA);
        var length = RegistrationAuthentication.Append(buffer, Unsigned().Write(buffer), 256, authenticator);
        Assert.Equal(RegistrationAuthentication.Sign(Unsigned(), 256, authenticator).ToOctets().ToArray(), buffer[..length]);
        Assert.Equal(Unsigned().GetLength() + RegistrationAuthentication.GetLength(authenticator), length);
    }

    [Theory]
    [InlineData(ExtensionType.MobileHomeAuthentication, "2014" + "00000100")]
    [InlineData(ExtensionType.MobileForeignAuthentication, "2114" + "00000100")]
    [InlineData(ExtensionType.ForeignHomeAuthentication, "2214" + "00000100")]
    [InlineData(ExtensionType.GeneralizedAuthentication, "24030014" + "00000100")]
    public void Every_authentication_extension_covers_what_is_before_it_and_itself_up_to_the_SPI(ExtensionType type, string head)
    {
        using var authenticator = new MessageAuthenticator(AuthenticationAlgorithm.HmacMd5, Key);
        foreach (var unsigned in Samples.MobileIPv4Messages.OfType<MobileIPv4ControlMessage>())
        {
            var message = RegistrationAuthentication.Sign(
                unsigned with { Extensions = [new RevocationSupportExtension { Timestamp = 7 }] },
                256,
                authenticator,
                type,
                GeneralizedAuthenticationSubtype.MobileGatewayForeignAuthentication);
            var octets = message.ToOctets().ToArray();
            Assert.Equal(type, message.Extensions[^1].Type);
            Assert.Equal(head, Convert.ToHexStringLower(octets.AsSpan(octets.Length - 16 - (head.Length / 2), head.Length / 2)));

            using var covered = new TemporaryFile(octets[..^16]);
            var printed = ExternalTool.Run(
                "openssl", "dgst", "-md5", "-mac", "HMAC", "-macopt", $"hexkey:{Convert.ToHexStringLower(Key)}", "-r", covered.Path);
            Assert.Equal(Convert.ToHexStringLower(octets.AsSpan(octets.Length - 16)), printed.Split(' ')[0]);
            Assert.Equal(
                [true, .. Enumerable.Repeat(false, octets.Length * 8)],
                Enumerable.Range(-1, (octets.Length * 8) + 1).Select(bit => LastVerifies(Flipped(octets, bit), type, authenticator)));
        }
    }

    [Fact]
    public void A_further_authentication_covers_the_one_before_and_leaves_it_right()
    {
        using var mobile = new MessageAuthenticator(AuthenticationAlgorithm.HmacMd5, Key);
        using var foreign = new MessageAuthenticator(AuthenticationAlgorithm.HmacSha1, "8765432187654321"u8);
        var once = RegistrationAuthentication.Sign(Unsigned(), 256, mobile);
        var twice = RegistrationAuthentication.Sign(once, 257, foreign, ExtensionType.ForeignHomeAuthentication).ToOctets().ToArray();
        Assert.True(Verifies(twice, mobile));
        Assert.True(LastVerifies(twice, ExtensionType.ForeignHomeAuthentication, foreign));
        Assert.False(LastVerifies(twice, ExtensionType.ForeignHomeAuthentication, mobile));

        // One bit of the mobile node's authenticator, which the foreign agent's covers.
        twice[once.GetLength() - 1] ^= 1;
        Assert.False(Verifies(twice, mobile));
        Assert.False(LastVerifies(twice, ExtensionType.ForeignHomeAuthentication, foreign));
    }

    [Theory]
    [InlineData(ExtensionType.Padding)]
    [InlineData(ExtensionType.MobileNodeNai)]
    [InlineData(ExtensionType.CriticalVendorOrganizationSpecific)]
    [InlineData((ExtensionType)35)]
    public void What_is_no_authentication_extension_signs_and_verifies_nothing(ExtensionType type)
    {
        using var authenticator = new MessageAuthenticator(AuthenticationAlgorithm.HmacMd5, Key);
        Assert.Throws<ArgumentException>(() => RegistrationAuthentication.GetLength(authenticator, type));
        Assert.Throws<ArgumentException>(() => RegistrationAuthentication.Sign(new RegistrationReply(), 256, authenticator, type));

        var octets = RegistrationAuthentication.Sign(new RegistrationReply(), 256, authenticator).ToOctets().ToArray();
        octets[20] = (byte)type;
        Assert.False(LastVerifies(octets, type, authenticator));
    }

    [Theory]
    [InlineData("2003000001")]
    [InlineData("2000")]
    [InlineData("24010003000001")]
    [InlineData("24010000")]
    public void An_extension_without_a_whole_SPI_does_not_verify(string hex)
    {
        using var authenticator = new MessageAuthenticator(AuthenticationAlgorithm.HmacMd5, Key);
        byte[] octets = [3, .. new byte[19], .. Convert.FromHexString(hex)];
        Assert.False(LastVerifies(octets, (ExtensionType)octets[20], authenticator));
    }

    private const string LongKey = "Test Using Larger Than Block-Size Key - Hash Key First";

    private static RegistrationRequest Unsigned() => (RegistrationRequest)Samples.MobileIPv4Messages[0] with
    {
        Extensions = [.. Samples.Extensions.Where(extension => extension is not MobileHomeAuthenticationExtension)],
    };

    private static byte[] Flipped(byte[] octets, int bit)
    {
        var flipped = octets.ToArray();
        if (bit >= 0)
        {
            flipped[bit / 8] ^= (byte)(0x80 >> (bit % 8));
        }

        return flipped;
    }

    /// <summary>True when the octets are a message whose last extension is of a type and verifies.</summary>
    private static bool LastVerifies(byte[] octets, ExtensionType type, MessageAuthenticator authenticator)
    {
        var verifies = false;
        MobileIPv4ControlMessage.TryGetExtensions(octets, out var extensions, out _);
        foreach (var extension in extensions)
        {
            verifies = extension.Type == type && RegistrationAuthentication.Verify(octets, extension, authenticator);
        }

        return verifies;
    }

    private static bool Verifies(byte[] octets, MessageAuthenticator authenticator)
    {
        if (!RegistrationRequestView.TryParse(octets, out var view, out _))
        {
            return false;
        }

        foreach (var extension in view.Extensions)
        {
            if (extension.Type == ExtensionType.MobileHomeAuthentication)
            {
                return RegistrationAuthentication.Verify(octets, extension, authenticator);
            }
        }

        return false;
    }
}
