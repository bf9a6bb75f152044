using System.Globalization;
using System.Reflection;
using DsmipTools.Engine.Security;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Security;

namespace DsmipTools.Engine.Tests.Security;

public class SecurityAssociationTests
{
    private static readonly Address Home = "10.1.1.7";

    [Theory]
    [InlineData(0)]
    [InlineData(255)]
    public void Reserved_SPIs_are_refused(uint index)
    {
        var error = Assert.Throws<ArgumentException>(() => new SecurityAssociation(index, Home, [1]));
        Assert.Contains(index.ToString(CultureInfo.InvariantCulture), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new SecurityAssociation(256, Home, []));
        Assert.Throws<ArgumentException>(() => new SecurityAssociation(256, "2001:db8::1", [1]));
        Assert.Throws<ArgumentException>(() => new SecurityAssociation(256, "0.0.0.0", [1]));
        Assert.Throws<ArgumentException>(() => new SecurityAssociation(256, Home, [1], (AuthenticationAlgorithm)9));
        Assert.Throws<ArgumentException>(() => new SecurityAssociation(256, Home, [1], timestampTolerance: TimeSpan.Zero));
        Assert.Throws<ArgumentException>(() => new SecurityAssociation(256, Home, [1], timestampTolerance: TimeSpan.FromDays(2)));
        Assert.Equal(TimeSpan.FromSeconds(7), new SecurityAssociation(uint.MaxValue, Home, [1]).TimestampTolerance);
    }

    [Fact]
    public void Nothing_public_shows_the_key()
    {
        var association = new SecurityAssociation(256, Home, "sesame"u8);
        Assert.Equal("10.1.1.7 SPI 256 HmacMd5", association.ToString());
        Assert.Equal(
            ["Agent", "Algorithm", "HomeAddress", "Identifier", "Kind", "ReplayProtection", "SecurityParameterIndex", "TimestampTolerance"],
            typeof(SecurityAssociation).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => property.Name).Order());
        Assert.Empty(typeof(SecurityAssociation).GetFields(BindingFlags.Public | BindingFlags.Instance));
    }

    [Fact]
    public void The_key_is_a_copy()
    {
        byte[] key = [1, 2, 3];
        var association = new SecurityAssociation(256, Home, key);
        key[0] = 9;
        using var right = new MessageAuthenticator(AuthenticationAlgorithm.HmacMd5, [1, 2, 3]);
        using var made = association.CreateAuthenticator();
        Span<byte> authenticator = stackalloc byte[16];
        right.Compute("octets"u8, authenticator);
        Assert.True(made.Verify("octets"u8, authenticator));
    }
}
