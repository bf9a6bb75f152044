using DsmipTools.Engine;
using DsmipTools.Worlds;

namespace DsmipTools.Tests.Worlds;

public sealed class LinkPathTests
{
    private static TimeSpan Ms(double value) => TimeSpan.FromMilliseconds(value);

    [Fact]
    public void A_rate_lets_packets_wait_for_those_before_them()
    {
        // 100 octets at 80,000 bit/s take 10 ms.
        var link = Link.Perfect with { Rate = 80_000, Latency = Ms(5) };
        var path = new LinkPath(new SeededRandom(1));
        Assert.Equal([Ms(15), Ms(25), Ms(35)], Enumerable.Range(0, 3).Select(_ => path.Decide(link, 100, TimeSpan.Zero).Arrival));
        Assert.Equal(Ms(115), path.Decide(link, 100, Ms(100)).Arrival);
    }

    [Fact]
    public void A_full_queue_loses()
    {
        var link = Link.Perfect with { Rate = 80_000, QueueLimit = 2 };
        var path = new LinkPath(new SeededRandom(1));
        Assert.Equal([false, false, true, true], Enumerable.Range(0, 4).Select(_ => path.Decide(link, 100, TimeSpan.Zero).IsLost));
        // One has left by then.
        Assert.False(path.Decide(link, 100, Ms(10)).IsLost);
        Assert.Equal(new LinkPathCounters(5, 500, 2, 200, 0), path.Counters);
    }

    [Fact]
    public void Without_a_rate_nothing_waits() => Assert.Equal(
        [Ms(5), Ms(5)], Enumerable.Repeat(new LinkPath(new SeededRandom(1)), 2).Select(path => path.Decide(Link.Default, 1_000_000, TimeSpan.Zero).Arrival));

    [Fact]
    public void Jitter_keeps_the_order_and_reordering_does_not()
    {
        var path = new LinkPath(new SeededRandom(7));
        var jitter = Enumerable.Range(0, 100).Select(number => path.Decide(Link.Default with { Jitter = Ms(20) }, 100, Ms(number)).Arrival).ToArray();
        Assert.Equal(jitter.Order(), jitter);
        var reordered = Enumerable.Range(0, 100).Select(number => path.Decide(Link.Default with { Reordering = 0.3 }, 100, Ms(200 + number)).Arrival).ToArray();
        Assert.NotEqual(reordered.Order(), reordered);
    }

    [Theory]
    [InlineData("", 0, 0, 0, null)]
    [InlineData("20 ms, to 25 ms, 1000000 bit/s, 1.5% lost", 20, 5, 0.015, 1_000_000L)]
    public void A_link_says_what_it_does(string expected, double latency, double jitter, double loss, long? rate)
    {
        var link = Link.Perfect with { Latency = Ms(latency), Jitter = Ms(jitter), Loss = loss, Rate = rate };
        Assert.Equal(expected, link.ToString());
        Assert.Equal(expected.Length == 0, link.IsPerfect);
    }

    [Fact]
    public void What_is_out_of_range_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Link.Perfect with { Rate = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => Link.Perfect with { QueueLimit = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => Link.Perfect with { Loss = 1.1 });
    }
}
