using DsmipTools.Engine.Security;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.Tests.Security;

public class AuthenticatorCacheTests
{
    private static readonly SecurityAssociation[] Associations =
        [.. Enumerable.Range(1, 10).Select(number => new SecurityAssociation(256, Address.FromIPv4(0x0A010100u + (uint)number), [(byte)number]))];

    [Fact]
    public void The_least_recently_used_one_goes_and_is_disposed()
    {
        using var cache = new AuthenticatorCache(3);
        var first = cache.Get(Associations[0]);
        var second = cache.Get(Associations[1]);
        cache.Get(Associations[2]);
        Assert.Same(first, cache.Get(Associations[0]));
        cache.Get(Associations[3]);
        Assert.Equal(3, cache.Count);
        Assert.Same(first, cache.Get(Associations[0]));
        var buffer = new byte[16];
        Assert.Throws<ObjectDisposedException>(() => second.Compute("x"u8, buffer));
        Assert.NotSame(second, cache.Get(Associations[1]));
    }

    [Fact]
    public void A_replaced_association_gets_its_own_key()
    {
        using var cache = new AuthenticatorCache(3);
        var replaced = new SecurityAssociation(256, Associations[0].HomeAddress, [77]);
        Span<byte> one = stackalloc byte[16], other = stackalloc byte[16];
        cache.Get(Associations[0]).Compute("x"u8, one);
        cache.Get(replaced).Compute("x"u8, other);
        Assert.False(one.SequenceEqual(other));
    }

    [Fact]
    public void One_is_the_least_capacity()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new AuthenticatorCache(0));
        using var cache = new AuthenticatorCache(1);
        foreach (var association in Associations)
        {
            Assert.Equal(16, cache.Get(association).Length);
        }

        Assert.Equal(1, cache.Count);
    }

    [Fact]
    public void A_hit_does_not_allocate()
    {
        using var cache = new AuthenticatorCache(10);
        for (var round = 0; round < 100; round++)
        {
            cache.Get(Associations[round % 10]);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 1000; round++)
        {
            cache.Get(Associations[round % 10]);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
