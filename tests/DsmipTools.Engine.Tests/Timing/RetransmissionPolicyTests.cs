using DsmipTools.Engine.Timing;

namespace DsmipTools.Engine.Tests.Timing;

public sealed class RetransmissionPolicyTests
{
    [Fact]
    [Trait("Rfc", "5846-6.3-02")]
    public void Each_wait_is_twice_the_one_before_up_to_the_maximum() => Assert.Equal(
        [1, 2, 4, 8, 16, 32, 32, 32],
        Enumerable.Range(1, 8).Select(transmission => new RetransmissionPolicy(Seconds(1), Seconds(32), 7).DelayAfter(transmission).TotalSeconds));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 2.5)]
    [InlineData(4, 2.5)]
    public void A_maximum_between_two_doublings_is_not_passed(int transmission, double seconds) =>
        Assert.Equal(seconds, new RetransmissionPolicy(Seconds(1), Seconds(2.5), 3).DelayAfter(transmission).TotalSeconds);

    [Fact]
    public void The_longest_time_there_is_does_not_overflow() =>
        Assert.Equal(TimeSpan.MaxValue, new RetransmissionPolicy(Seconds(1), TimeSpan.MaxValue, 1000).DelayAfter(1000));

    [Fact]
    public void A_maximum_below_the_initial_wait_leaves_the_initial_wait() =>
        Assert.Equal(Seconds(3), new RetransmissionPolicy(Seconds(3), Seconds(2), 3).DelayAfter(3));

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
