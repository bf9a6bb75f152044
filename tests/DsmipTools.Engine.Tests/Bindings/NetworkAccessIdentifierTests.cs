using System.Text;
using DsmipTools.Engine.Bindings;
using FsCheck;
using FsCheck.Fluent;

namespace DsmipTools.Engine.Tests.Bindings;

public sealed class NetworkAccessIdentifierTests
{
    [Theory]
    [InlineData("mn7@example.com", "example.com")]
    [InlineData("two@signs@example.com", "example.com")]
    [InlineData("@example.com", "example.com")]
    [InlineData("mn7@", "")]
    [InlineData("mn7", "")]
    [InlineData("@", "")]
    [Trait("Rfc", "5846-8.1-05")]
    public void The_realm_is_what_follows_the_last_at_sign(string identifier, string realm) =>
        Assert.Equal(realm, Encoding.UTF8.GetString(NetworkAccessIdentifier.Parse(identifier).Realm));

    [Theory]
    [InlineData("mn7@example.com", "mn7@EXAMPLE.com", true)]
    [InlineData("mn7@example.com", "MN7@example.com", false)]
    [InlineData("a@b@example.com", "a@B@example.com", false)]
    [InlineData("a@b@example.com", "a@b@Example.com", true)]
    [InlineData("mn7", "MN7", false)]
    [InlineData("mn7@", "mn7", false)]
    [InlineData("mn7@example.com", "mn7@example.co", false)]
    [InlineData("mn7@\u00e4.example", "mn7@\u00c4.example", false)]
    [InlineData("mn7@b\u00fccher.example", "mn7@B\u00fcCHER.Example", true)]
    public void Case_does_not_matter_in_the_realm_alone(string left, string right, bool same)
    {
        NetworkAccessIdentifier one = NetworkAccessIdentifier.Parse(left), other = NetworkAccessIdentifier.Parse(right);
        Assert.Equal(same, one.Equals(other));
        Assert.Equal(same, one.Matches(other.Octets));
        Assert.Equal(same, NetworkAccessIdentifier.Comparer.Instance.Equals(other.Octets, one));
        Assert.Equal(same, new Dictionary<NetworkAccessIdentifier, int>(NetworkAccessIdentifier.Comparer.Instance) { [one] = 1 }.ContainsKey(other));
    }

    [Fact]
    public void Octets_that_are_no_UTF8_are_kept_and_compared_as_they_are()
    {
        byte[] octets = [(byte)'a', 0xFF, (byte)'@', 0xC3, 0x28];
        var identifier = new NetworkAccessIdentifier(octets);
        Assert.Equal(octets, identifier.Octets.ToArray());
        Assert.True(identifier.Matches([(byte)'a', 0xFF, (byte)'@', 0xC3, 0x28]));
        Assert.False(identifier.Matches([(byte)'a', 0xFE, (byte)'@', 0xC3, 0x28]));
        Assert.False(identifier.Matches([(byte)'a', 0xFF, (byte)'@', 0xE3, 0x28]));
    }

    [Fact]
    public void Text_has_1_to_253_octets_and_the_wire_254()
    {
        Assert.Throws<ArgumentException>(() => NetworkAccessIdentifier.Parse(""));
        Assert.Throws<ArgumentException>(() => NetworkAccessIdentifier.Parse(new string('a', 254)));
        Assert.Throws<ArgumentException>(() => NetworkAccessIdentifier.Parse(new string('\u00e4', 127)));
        Assert.Equal(253, NetworkAccessIdentifier.Parse(new string('a', 253)).Octets.Length);
        Assert.Equal(254, new NetworkAccessIdentifier(new byte[254]).Octets.Length);
    }

    [Fact]
    public void The_hash_is_the_same_everywhere()
    {
        Assert.Equal(NetworkAccessIdentifier.Parse("mn7@Example.COM").GetHashCode(), NetworkAccessIdentifier.Parse("mn7@example.com").GetHashCode());
        Assert.Equal(620921262, NetworkAccessIdentifier.Parse("mn7@example.com").GetHashCode());
    }

    [Fact]
    public void Equal_identifiers_have_equal_hashes_and_realms_agree_with_the_index() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), ArbMap.Default.ArbFor<byte[]>(), (left, right) =>
        {
            // Few different octets, so that equal ones and upper and lower case meet.
            byte[] few = "aAbB@@\u00c3.("u8.ToArray();
            var one = new NetworkAccessIdentifier([.. left.Take(6).Select(octet => few[octet % few.Length])]);
            var other = new NetworkAccessIdentifier([.. right.Take(6).Select(octet => few[octet % few.Length])]);
            var index = new RealmIndex<int>();
            index.Add(RealmIndex<int>.KeyOf(one.Realm), 1);
            return (!one.Equals(other) || one.GetHashCode() == other.GetHashCode())
                && one.Equals(other) == other.Equals(one)
                && one.Matches(other.Octets) == one.Equals(other)
                && index.TryGet(other.Realm, out _) == NetworkAccessIdentifier.RealmEquals(one.Realm, other.Realm);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(10_000));
}
