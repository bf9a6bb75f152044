using System.Text.Json;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using DsmipTools.Wire.Security;
using DsmipTools.Wire.Tests.Support;

namespace DsmipTools.Wire.Tests;

/// <summary>Authenticators of mobility options 5 and 9, against the vectors and against openssl.</summary>
public class MobilityAuthenticationTests
{
    private const MobilityMessageAuthenticationSubtype HomeAgent = MobilityMessageAuthenticationSubtype.MobileNodeHomeAgent;
    private const MobilityMessageAuthenticationSubtype Aaa = MobilityMessageAuthenticationSubtype.MobileNodeAaa;

    private static readonly byte[] Key = "1234567812345678"u8.ToArray();
    private static readonly Address CareOf = "2001:db8:2::c";
    private static readonly Address Home = "2001:db8:100:7::1";
    private static readonly Address Correspondent = "2001:db8:3::d";

    private static readonly BindingUpdate Update = new()
    {
        SequenceNumber = 7, Acknowledge = true, HomeRegistration = true, Lifetime = 900, Options = [MobileNodeIdentifierOption.Create("mn7@example.com")],
    };

    private static readonly BindingUpdate ForCorrespondent = new()
    {
        SequenceNumber = 7, Lifetime = 100, Options = [new NonceIndicesOption { HomeNonceIndex = 1, CareOfNonceIndex = 2 }],
    };

    [Fact]
    public void Vectors_verify_and_signing_them_again_gives_the_same()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(SourceTree.Vectors, "rfc6275-family.json")));
        var vectors = document.RootElement.EnumerateArray().Where(vector => vector.TryGetProperty("authorization", out _)).ToArray();
        Assert.InRange(vectors.Length, 5, 1000);
        Assert.All(vectors, vector =>
        {
            var octets = Convert.FromHexString(vector.GetProperty("hex").GetString()!);
            var authorization = vector.GetProperty("authorization");
            var type = (MobilityOptionType)authorization.GetProperty("option").GetByte();
            var isForCorrespondent = type == MobilityOptionType.BindingAuthorizationData;
            Address careOf = authorization.GetProperty("careOfAddress").GetString()!;
            Address other = authorization.GetProperty(isForCorrespondent ? "correspondent" : "homeAddress").GetString()!;
            using var authenticator = new MessageAuthenticator(AuthenticationAlgorithm.HmacSha1, Convert.FromHexString(authorization.GetProperty("key").GetString()!));
            Assert.True(Verifies(octets, careOf, other, authenticator));
            Assert.False(Verifies(octets, Correspondent, "::1", authenticator));
            Assert.False(Verifies(octets, other, careOf, authenticator));

            Assert.True(MobilityHeaderView.TryParse(octets, out var view, out _));
            var zeroed = MobilityMessage.From(view);
            zeroed = zeroed with { Options = [.. zeroed.Options.Select(WithoutAuthenticator)] };
            Assert.NotEqual(octets, zeroed.ToOctets().ToArray());
            var signed = isForCorrespondent
                ? MobilityAuthentication.Sign(zeroed, authenticator, careOf, other)
                : MobilityAuthentication.Sign(zeroed, 256, authenticator, careOf, other);
            Assert.Equal(octets, signed.ToOctets().ToArray());
        });
    }

    [Fact]
    public void openssl_computes_the_same_for_MN_HA()
    {
        using var authenticator = Sha1(Key);
        var octets = MobilityAuthentication.Sign(Update, 256, authenticator, CareOf, Home).ToOctets().ToArray();
        var end = EndOfLastOption(octets);
        using var covered = new TemporaryFile([.. Octets(CareOf), .. Octets(Home), .. octets[..(end - 12)]]);
        Assert.Equal(Hmac(covered.Path)[..24], Convert.ToHexStringLower(octets.AsSpan(end - 12, 12)));
    }

    [Fact]
    public void openssl_computes_the_same_for_MN_AAA()
    {
        using var authenticator = Sha1(Key);
        var message = MobilityAuthentication.Sign(Update, MobilityAuthentication.HmacSha1Spi, authenticator, CareOf, Home, Aaa);
        var data = Assert.IsType<MobilityMessageAuthenticationOption>(message.Options[^1]).AuthenticationData;
        Assert.Equal(20, data.Length);
        var octets = message.ToOctets().ToArray();
        var end = octets.AsSpan().IndexOf(data.Span);
        using var covered = new TemporaryFile([.. Octets(CareOf), .. Octets(Home), .. octets[..end]]);
        using var digest = new TemporaryFile(Convert.FromHexString(ExternalTool.Run("openssl", "dgst", "-sha1", "-r", covered.Path).Split(' ')[0]));
        Assert.Equal(Hmac(digest.Path), data.ToString());
        Assert.True(Verifies(octets, CareOf, Home, authenticator));
    }

    [Fact]
    public void openssl_computes_the_same_for_binding_authorization_data()
    {
        using var authenticator = Sha1(Key);
        var octets = MobilityAuthentication.Sign(ForCorrespondent, authenticator, CareOf, Correspondent).ToOctets().ToArray();
        using var covered = new TemporaryFile([.. Octets(CareOf), .. Octets(Correspondent), .. octets[..^12]]);
        Assert.Equal(Hmac(covered.Path)[..24], Convert.ToHexStringLower(octets[^12..]));
    }

    [Fact]
    public void Octets_behind_binding_authorization_data_are_covered_too()
    {
        using var authenticator = Sha1(Key);
        var padded = ForCorrespondent with
        {
            Verbatim = true,
            Options = [.. ForCorrespondent.Options, new BindingAuthorizationDataOption { Authenticator = new byte[12] }, new PadNOption { Padding = new byte[6] }],
        };
        var octets = MobilityAuthentication.Sign(padded, authenticator, CareOf, Correspondent).ToOctets().ToArray();
        var start = octets.Length - 8 - 12;
        using var covered = new TemporaryFile([.. Octets(CareOf), .. Octets(Correspondent), .. octets[..start], .. octets[^8..]]);
        Assert.Equal(Hmac(covered.Path)[..24], Convert.ToHexStringLower(octets.AsSpan(start, 12)));
        Assert.True(Verifies(octets, CareOf, Correspondent, authenticator));
        octets[^1] ^= 1;
        Assert.False(Verifies(octets, CareOf, Correspondent, authenticator));
    }

    public static TheoryData<string> Kinds => ["MN-HA", "MN-AAA", "authorization"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Each_bit_before_the_end_of_the_authenticator_counts_but_for_the_checksum(string kind)
    {
        using var authenticator = Sha1(Key);
        var octets = Signed(kind, authenticator).ToOctets().ToArray();
        var other = kind == "authorization" ? Correspondent : Home;
        var end = EndOfLastOption(octets);
        Assert.True(Verifies([.. octets[..end], .. new byte[octets.Length - end]], CareOf, other, authenticator));
        for (var bit = 0; bit < end * 8; bit++)
        {
            var flipped = octets.ToArray();
            flipped[bit / 8] ^= (byte)(0x80 >> (bit % 8));
            Assert.True((bit / 8 is 4 or 5) == Verifies(flipped, CareOf, other, authenticator), $"bit {bit}");
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Another_key_and_another_algorithm_do_not_verify(string kind)
    {
        using var right = Sha1(Key);
        using var otherKey = Sha1("8765432187654321"u8);
        using var otherAlgorithm = new MessageAuthenticator(AuthenticationAlgorithm.HmacMd5, Key);
        var octets = Signed(kind, right).ToOctets().ToArray();
        var other = kind == "authorization" ? Correspondent : Home;
        Assert.Equal(
            (true, false, false),
            (Verifies(octets, CareOf, other, right), Verifies(octets, CareOf, other, otherKey), Verifies(octets, CareOf, other, otherAlgorithm)));
        Assert.Throws<ArgumentException>(() => Signed(kind, otherAlgorithm));
        Assert.Throws<ArgumentException>(() => Verifies(octets, "192.0.2.1", other, right));
    }

    [Fact]
    public void Both_subtypes_in_one_message_verify()
    {
        using var homeAgent = Sha1(Key);
        using var aaa = Sha1("8765432187654321"u8);
        var placed = Update with
        {
            Options =
            [
                .. Update.Options,
                new MobilityMessageAuthenticationOption { Subtype = HomeAgent, MobilitySpi = 256, AuthenticationData = new byte[12] },
                new MobilityMessageAuthenticationOption { Subtype = Aaa, MobilitySpi = 3, AuthenticationData = new byte[20] },
            ],
        };
        var signed = MobilityAuthentication.Sign(
            MobilityAuthentication.Sign(placed, 256, homeAgent, CareOf, Home), MobilityAuthentication.HmacSha1Spi, aaa, CareOf, Home, Aaa);
        Assert.Equal(placed.Options.Count, signed.Options.Count);
        var octets = signed.ToOctets().ToArray();
        Assert.True(Verifies(octets, CareOf, Home, aaa));
        Assert.True(Verifies(octets, CareOf, Home, homeAgent, HomeAgent));
        Assert.False(Verifies(octets, CareOf, Home, aaa, HomeAgent));
    }

    [Fact]
    public void What_no_RFC_defines_is_neither_signed_nor_verified()
    {
        using var authenticator = Sha1(Key);
        Assert.Throws<ArgumentException>(() => MobilityAuthentication.Sign(Update, 256, authenticator, CareOf, Home, Aaa));
        Assert.Throws<ArgumentException>(() => MobilityAuthentication.Sign(Update, 256, authenticator, CareOf, Home, (MobilityMessageAuthenticationSubtype)9));
        Assert.Throws<ArgumentException>(() => MobilityAuthentication.Sign(Update with { Verbatim = true }, 256, authenticator, CareOf, Home));
        Assert.Throws<ArgumentException>(() => MobilityAuthentication.Sign(Update with { HeaderLength = 200 }, 256, authenticator, CareOf, Home));
        Assert.Null(MobilityAuthentication.GetLength(new Pad1Option()));

        var octets = MobilityAuthentication.Sign(Update, 256, authenticator, CareOf, Home).ToOctets().ToArray();
        octets[EndOfLastOption(octets) - 17] = (byte)Aaa;
        Assert.False(Verifies(octets, CareOf, Home, authenticator));
        Assert.True(MobilityHeaderView.TryParse(octets, out var view, out _));
        Assert.True(new BindingUpdateView(view).Options.TryFind(MobilityOptionType.MobileNodeIdentifier, out var identifier));
        Assert.False(MobilityAuthentication.Verify(view, identifier, CareOf, Home, authenticator));
    }

    private static BindingUpdate Signed(string kind, MessageAuthenticator authenticator) => kind switch
    {
        "MN-HA" => MobilityAuthentication.Sign(Update, 256, authenticator, CareOf, Home),
        "MN-AAA" => MobilityAuthentication.Sign(Update, MobilityAuthentication.HmacSha1Spi, authenticator, CareOf, Home, Aaa),
        _ => MobilityAuthentication.Sign(ForCorrespondent, authenticator, CareOf, Correspondent),
    };

    private static MessageAuthenticator Sha1(ReadOnlySpan<byte> key) => new(AuthenticationAlgorithm.HmacSha1, key);

    private static byte[] Octets(Address address)
    {
        var octets = new byte[16];
        address.Write(octets);
        return octets;
    }

    private static string Hmac(string path) => ExternalTool.Run(
        "openssl", "dgst", "-sha1", "-mac", "HMAC", "-macopt", $"hexkey:{Convert.ToHexStringLower(Key)}", "-r", path).Split(' ')[0];

    private static MobilityOption WithoutAuthenticator(MobilityOption option) => option switch
    {
        BindingAuthorizationDataOption => new BindingAuthorizationDataOption { Authenticator = new byte[12] },
        MobilityMessageAuthenticationOption authentication => authentication with { AuthenticationData = new byte[12] },
        _ => option,
    };

    private static int EndOfLastOption(byte[] octets)
    {
        Assert.True(MobilityHeaderView.TryParse(octets, out var view, out _));
        var end = 0;
        foreach (var option in new MobilityOptionSequence(view.Octets[12..], 12))
        {
            end = option.IsPadding ? end : option.Offset + option.Octets.Length;
        }

        return end;
    }

    /// <summary>True when the octets are a message whose last option 5 or 9, or the one of a subtype, verifies.</summary>
    private static bool Verifies(byte[] octets, Address careOf, Address other, MessageAuthenticator authenticator, MobilityMessageAuthenticationSubtype? wanted = null)
    {
        if (!MobilityHeaderView.TryParse(octets, out var view, out _) || MobilityMessage.From(view) is not (BindingUpdate or BindingAcknowledgement))
        {
            return false;
        }

        var verifies = false;
        foreach (var option in new MobilityOptionSequence(view.Octets[12..], 12))
        {
            var isAuthentication = MobilityMessageAuthenticationOption.TryRead(option, out var subtype, out _, out _);
            if ((isAuthentication && (wanted is null || wanted == subtype)) || BindingAuthorizationDataOption.TryRead(option, out _))
            {
                verifies = MobilityAuthentication.Verify(view, option, careOf, other, authenticator);
            }
        }

        return verifies;
    }
}
