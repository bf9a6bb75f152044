using System.Text;
using DsmipTools.Wire.MobilityHeader.Options;

namespace DsmipTools.Wire.Tests;

/// <summary>The grammar of RFC 4282, 2.1, with the examples of its section 2.8 and more.</summary>
public class NetworkAccessIdentifierSyntaxTests
{
    [Theory]
    [InlineData("bob", NetworkAccessIdentifierForm.User)]
    [InlineData("joe@example.com", NetworkAccessIdentifierForm.UserOfRealm)]
    [InlineData("fred@foo-9.example.com", NetworkAccessIdentifierForm.UserOfRealm)]
    [InlineData("jack@3rd.depts.example.com", NetworkAccessIdentifierForm.UserOfRealm)]
    [InlineData("fred.smith@example.com", NetworkAccessIdentifierForm.UserOfRealm)]
    [InlineData("fred_smith@example.com", NetworkAccessIdentifierForm.UserOfRealm)]
    [InlineData("fred$@example.com", NetworkAccessIdentifierForm.UserOfRealm)]
    [InlineData("fred=?#$&*+-/^smith@example.com", NetworkAccessIdentifierForm.UserOfRealm)]
    [InlineData("nancy@eng.example.net", NetworkAccessIdentifierForm.UserOfRealm)]
    [InlineData("eng.example.net!nancy@example.net", NetworkAccessIdentifierForm.UserOfRealm)]
    [InlineData("eng%nancy@example.net", NetworkAccessIdentifierForm.UserOfRealm)]
    [InlineData("@privatecorp.example.net", NetworkAccessIdentifierForm.Realm)]
    [InlineData("\\(user\\)@example.net", NetworkAccessIdentifierForm.UserOfRealm)]
    [InlineData("alice@xn--tmonesimerkki-bfbb.example.net", NetworkAccessIdentifierForm.UserOfRealm)]
    [InlineData("a\\@b@example.net", NetworkAccessIdentifierForm.UserOfRealm)]
    [InlineData("zo\u00eb@example.net", NetworkAccessIdentifierForm.UserOfRealm)]
    [InlineData("\\\u00eb", NetworkAccessIdentifierForm.User)]
    [InlineData("a\\\\b", NetworkAccessIdentifierForm.User)]
    public void These_are_identifiers(string identifier, NetworkAccessIdentifierForm expected)
    {
        Assert.True(NetworkAccessIdentifierSyntax.TryJudge(Encoding.UTF8.GetBytes(identifier), out var form, out var error), error.ToString());
        Assert.Equal(expected, form);
        Assert.False(error.IsError);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("fred@example", 5)] // One label.
    [InlineData("fred@example_9.com", 12)]
    [InlineData("fred@example.net@example.net", 16)]
    [InlineData("fred.@example.net", 5)]
    [InlineData(".fred@example.net", 0)]
    [InlineData("fred..smith@example.net", 5)]
    [InlineData("eng:nancy@example.net", 3)]
    [InlineData("eng;nancy@example.net", 3)]
    [InlineData("(user)@example.net", 0)]
    [InlineData("<nancy>@example.net", 0)]
    [InlineData("fred smith@example.net", 4)]
    [InlineData("fred\\", 5)]
    [InlineData("fred\\\\(", 6)] // The backslash is escaped itself.
    [InlineData("@", 1)]
    [InlineData("@example.", 9)]
    [InlineData("@.example.com", 1)]
    [InlineData("@-a.example.com", 1)]
    [InlineData("@a.b-", 3)]
    [InlineData("@example.\u00ebu", 9)]
    [InlineData("fred\u007f@example.net", 4)]
    public void These_are_not_and_the_place_is_said(string identifier, int offset)
    {
        Assert.False(NetworkAccessIdentifierSyntax.TryJudge(Encoding.UTF8.GetBytes(identifier), out _, out var error));
        Assert.Equal(("Identifier", offset), (error.Field, error.Offset));
    }

    [Fact]
    public void Octets_that_are_no_UTF_8_are_refused()
    {
        Assert.False(NetworkAccessIdentifierSyntax.TryJudge([(byte)'a', 0xC3], out _, out var error));
        Assert.Equal(1, error.Offset);
        Assert.False(NetworkAccessIdentifierSyntax.TryJudge([(byte)'\\', 0xFF], out _, out error));
        Assert.Equal(1, error.Offset);
    }

    [Fact]
    public void At_most_253_octets()
    {
        var longest = Encoding.UTF8.GetBytes(new string('a', 253));
        Assert.True(NetworkAccessIdentifierSyntax.TryJudge(longest, out _, out _));
        Assert.False(NetworkAccessIdentifierSyntax.TryJudge([.. longest, (byte)'a'], out _, out var error));
        Assert.Equal(253, error.Offset);
    }

    [Fact]
    public void Any_octets_are_judged_without_an_exception_and_wrong_ones_get_a_place_within_them()
    {
        var random = new Random(4282);
        var judged = new int[2];
        for (var round = 0; round < 100_000; round++)
        {
            var identifier = random.GetItems<byte>("ab1.@-\\!(\u00eb"u8, random.Next(0, 9));
            var good = NetworkAccessIdentifierSyntax.TryJudge(identifier, out _, out var error);
            Assert.Equal(good, !error.IsError);
            Assert.InRange(error.Offset, 0, identifier.Length);
            judged[good ? 1 : 0]++;
        }

        Assert.All(judged, count => Assert.InRange(count, 1000, 99_000));
    }
}
