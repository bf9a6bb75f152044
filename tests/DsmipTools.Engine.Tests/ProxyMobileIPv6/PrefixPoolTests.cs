using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Wire.Ip;
using FsCheck;
using FsCheck.Fluent;

namespace DsmipTools.Engine.Tests.ProxyMobileIPv6;

public sealed class PrefixPoolTests
{
    [Fact]
    public void Fresh_prefixes_come_first_and_then_those_given_back_longest_ago()
    {
        var pool = new PrefixPool("2001:db8::/62", 64);
        Assert.Equal(["2001:db8::/64", "2001:db8:0:1::/64", "2001:db8:0:2::/64"], Take(pool, 3));
        pool.Release("2001:db8:0:1::/64");
        pool.Release("2001:db8::/64");
        Assert.Equal(["2001:db8:0:3::/64", "2001:db8:0:1::/64", "2001:db8::/64"], Take(pool, 3));
        Assert.Null(pool.Take(_ => false));
    }

    [Fact]
    [Trait("Rfc", "5213-5.3.2-02")]
    public void What_is_in_use_is_passed_over_and_comes_back_when_it_is_released()
    {
        var pool = new PrefixPool("2001:db8::/63", 64);
        Prefix first = "2001:db8::/64";
        Assert.Equal("2001:db8:0:1::/64", pool.Take(prefix => prefix == first)?.ToString());
        Assert.Null(pool.Take(prefix => prefix == first));
        pool.Release(first);
        Assert.Equal(first, pool.Take(_ => false));
    }

    [Fact]
    public void Memory_does_not_grow_with_assignments()
    {
        var pool = new PrefixPool("2001:db8::/32", 64);
        for (var round = 0; round < 100_000; round++)
        {
            pool.Release(pool.Take(_ => false)!.Value);
        }

        Assert.InRange(pool.Released, 1, PrefixPool.Resting + 1);
        // One that is asked for by name and given back again and again is one.
        for (var round = 0; round < 10_000; round++)
        {
            pool.Release("2001:db8:ffff::/64");
            pool.Release("2001:db8::/64");
        }

        Assert.InRange(pool.Released, 1, PrefixPool.Resting + 1);
    }

    [Fact]
    public void The_value_ALL_ZERO_is_never_assigned() => Assert.Equal("0:0:0:1::/64", new PrefixPool("::/8", 64).Take(_ => false)?.ToString());

    [Theory]
    [InlineData("2001:db8:1::/64", true)]
    [InlineData("2001:db8:1::/63", false)]
    [InlineData("2001:db8:1::1/64", false)]
    [InlineData("2001:db9:1::/64", false)]
    [InlineData("::/64", false)]
    public void It_owns_what_it_could_assign(string prefix, bool owns) => Assert.Equal(owns, new PrefixPool("2001:db8::/32", 64).Owns(prefix));

    [Fact]
    public void The_longest_and_the_shortest_prefixes_work()
    {
        Assert.Equal(["2001:db8::/128", "2001:db8::1/128"], Take(new PrefixPool("2001:db8::/127", 128), 2));
        var whole = new PrefixPool("2001:db8::/64", 64);
        Assert.Equal(["2001:db8::/64"], Take(whole, 1));
        Assert.Null(whole.Take(_ => false));
    }

    [Fact]
    [Trait("Rfc", "5213-5.2-01")]
    [Trait("Rfc", "5213-5.3.2-02")]
    public void No_prefix_is_given_twice_and_none_is_lost() => Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), steps =>
    {
        var pool = new PrefixPool("2001:db8::/61", 64);
        var all = Enumerable.Range(0, 8).Select(number => new Prefix(((Prefix)"2001:db8::/64").Bits + ((UInt128)number << 64), 64)).ToArray();
        var used = new HashSet<Prefix>();
        foreach (var step in steps)
        {
            var prefix = all[step & 7];
            if (step < 100)
            {
                var taken = pool.Take(used.Contains);
                if (taken is null ? used.Count != 8 : !used.Add(taken.Value))
                {
                    return false;
                }
            }
            else if (step < 130)
            {
                used.Add(prefix);
            }
            else if (used.Remove(prefix))
            {
                pool.Release(prefix);
            }
        }

        // Whatever is free can be taken.
        for (var left = 8 - used.Count; left > 0; left--)
        {
            if (pool.Take(used.Contains) is not { } taken || !used.Add(taken))
            {
                return false;
            }
        }

        return used.SetEquals(all) && pool.Take(used.Contains) is null;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    private static IEnumerable<string?> Take(PrefixPool pool, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => pool.Take(_ => false)?.ToString())];
}
