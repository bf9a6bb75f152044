using DsmipTools.Engine.Security;

namespace DsmipTools.Engine.Tests.Security;

public class NtpTimestampTests
{
    [Fact]
    public void Known_times()
    {
        // RFC 868 and RFC 5905: 1970 is 2208988800 seconds after 1900; half a second is the highest bit of the fraction.
        Assert.Equal(2208988800UL << 32, NtpTimestamp.From(DateTimeOffset.UnixEpoch));
        Assert.Equal((2208988800UL << 32) | 0x8000_0000, NtpTimestamp.From(DateTimeOffset.UnixEpoch.AddMilliseconds(500)));
        Assert.Equal(0UL, NtpTimestamp.From(new DateTimeOffset(1900, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        Assert.Equal(NtpTimestamp.From(DateTimeOffset.UnixEpoch), NtpTimestamp.From(new DateTimeOffset(1970, 1, 1, 2, 0, 0, TimeSpan.FromHours(2))));
        Assert.Throws<ArgumentOutOfRangeException>(() => NtpTimestamp.From(new DateTimeOffset(1899, 12, 31, 0, 0, 0, TimeSpan.Zero)));
    }

    [Fact]
    public void Durations()
    {
        Assert.Equal(7UL << 32, NtpTimestamp.From(TimeSpan.FromSeconds(7)));
        Assert.Equal(0x4000_0000UL, NtpTimestamp.From(TimeSpan.FromMilliseconds(250)));
        Assert.Throws<ArgumentOutOfRangeException>(() => NtpTimestamp.From(TimeSpan.FromSeconds(-1)));
    }

    [Fact]
    public void Times_are_compared_across_the_wrap_of_2036()
    {
        var wrap = new DateTimeOffset(2036, 2, 7, 6, 28, 16, TimeSpan.Zero);
        Assert.Equal(0UL, NtpTimestamp.From(wrap));
        var before = NtpTimestamp.From(wrap.AddSeconds(-1));
        var after = NtpTimestamp.From(wrap.AddSeconds(1));
        Assert.True(before > after);
        Assert.Equal(2L << 32, NtpTimestamp.Difference(after, before));
        Assert.True(NtpTimestamp.AreClose(before, after, TimeSpan.FromSeconds(2)));
        Assert.False(NtpTimestamp.AreClose(before, after, TimeSpan.FromSeconds(1.9)));
        Assert.False(NtpTimestamp.AreClose(0, 1UL << 63, TimeSpan.FromDays(1)));
    }
}
