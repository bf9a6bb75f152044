using DsmipTools.Engine.Security;
using FsCheck;
using FsCheck.Fluent;

namespace DsmipTools.Engine.Tests.Security;

public class ReplayProtectionTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(7);

    [Fact]
    public void No_identification_is_accepted_twice_and_the_accepted_ones_rise()
    {
        var offsets = Gen.Choose(-10_000, 10_000).ListOf().Where(list => list.Count > 0);
        Prop.ForAll(offsets.ToArbitrary(), milliseconds =>
        {
            var protection = default(ReplayProtection);
            var accepted = new List<ulong>();
            foreach (var offset in milliseconds)
            {
                var identification = NtpTimestamp.From(Now + TimeSpan.FromMilliseconds(offset));
                var expected = Math.Abs(offset) <= 7000 && (accepted.Count == 0 || identification > accepted[^1]);
                if (protection.TryAccept(identification, Now, Tolerance) != expected)
                {
                    return false;
                }

                if (expected)
                {
                    accepted.Add(identification);
                }
            }

            return accepted.Count == 0 || protection.LastAccepted == accepted[^1];
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void It_goes_on_across_the_wrap_of_2036()
    {
        var wrap = new DateTimeOffset(2036, 2, 7, 6, 28, 16, TimeSpan.Zero);
        var protection = default(ReplayProtection);
        Assert.True(protection.TryAccept(NtpTimestamp.From(wrap.AddSeconds(-1)), wrap, Tolerance));
        Assert.True(protection.TryAccept(NtpTimestamp.From(wrap.AddSeconds(1)), wrap, Tolerance));
        Assert.False(protection.TryAccept(NtpTimestamp.From(wrap.AddSeconds(-0.5)), wrap, Tolerance));
    }

    [Fact]
    public void The_resynchronization_value_has_our_seconds_and_their_low_half()
    {
        var value = ReplayProtection.Resynchronization(0x1122334455667788, Now.AddMilliseconds(900));
        Assert.Equal(NtpTimestamp.From(Now) >> 32, value >> 32);
        Assert.Equal(0x55667788u, (uint)value);
    }
}
