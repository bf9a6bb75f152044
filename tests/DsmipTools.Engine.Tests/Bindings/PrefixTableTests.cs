using DsmipTools.Engine.Bindings;
using DsmipTools.Wire.Ip;
using FsCheck;
using FsCheck.Fluent;

namespace DsmipTools.Engine.Tests.Bindings;

public class PrefixTableTests
{
    /// <summary>Few distinct bits, at the top, in the middle and at the bottom, so that prefixes meet.</summary>
    private static readonly Gen<Prefix> Prefixes =
        from high in Gen.Choose(0, 7)
        from low in Gen.Choose(0, 3)
        from length in Gen.OneOf(Gen.Choose(0, 5), Gen.Choose(60, 66), Gen.Choose(126, 128))
        select new Prefix(((UInt128)high << 125) | ((UInt128)low << 63) | (UInt128)low, (byte)length).Canonical;

    private static readonly Gen<(bool Add, Prefix Prefix, int Owner)> Steps =
        from add in Gen.Frequency((3, Gen.Constant(true)), (2, Gen.Constant(false)))
        from prefix in Prefixes
        from owner in Gen.Choose(1, 3)
        select (add, prefix, owner);

    [Fact]
    public void It_answers_like_a_list_that_is_searched_through()
    {
        Prop.ForAll(Steps.ListOf().ToArbitrary(), Prefixes.ListOf(20).ToArbitrary(), (steps, questions) =>
        {
            var table = new PrefixTable<int>();
            var list = new Dictionary<Prefix, int>();
            foreach (var (add, prefix, owner) in steps)
            {
                if (add ? table.TryAdd(prefix, owner) != list.TryAdd(prefix, owner) : table.Remove(prefix) != list.Remove(prefix))
                {
                    return false;
                }
            }

            return table.Count == list.Count && questions.All(question => SameAnswers(table, list, question));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000).WithEndSize(60));
    }

    [Fact]
    public void The_longest_prefix_wins_and_bits_beyond_a_length_do_not_matter()
    {
        var table = new PrefixTable<string>();
        Assert.True(table.TryAdd("::/0", "all"));
        Assert.True(table.TryAdd("2001:db8:7::1/48", "site"));
        Assert.True(table.TryAdd("2001:db8:7:1::/64", "link"));
        Assert.False(table.TryAdd("2001:db8:7:1::5/64", "other"));
        Assert.True(table.TryFind("2001:db8:7:1::9", out var prefix, out var owner));
        Assert.Equal(("2001:db8:7:1::/64", "link"), (prefix.ToString(), owner));
        Assert.True(table.TryFind("2001:db8:7:2::9", out _, out owner));
        Assert.Equal("site", owner);
        Assert.True(table.TryFind("3000::", out _, out owner));
        Assert.Equal("all", owner);
        Assert.False(table.TryFind("10.1.1.7", out _, out _));
        Assert.Throws<ArgumentException>(() => table.TryAdd("fe80::1/255", "link"));
        Assert.Throws<ArgumentException>(() => table.OverlapsAnother(new Prefix(0, 129), "link"));
    }

    private static bool SameAnswers(PrefixTable<int> table, Dictionary<Prefix, int> list, Prefix question)
    {
        var covering = list.Where(pair => pair.Key.Contains(question)).OrderByDescending(pair => pair.Key.Length).Take(1).ToList();
        var found = table.TryFindCovering(question, out var prefix, out var owner);
        return found == (covering.Count == 1)
            && (!found || (prefix == covering[0].Key && owner == covering[0].Value))
            && Enumerable.Range(1, 3).All(self =>
                table.OverlapsAnother(question, self) == list.Any(pair => pair.Value != self && pair.Key.Overlaps(question)));
    }
}
