using DsmipTools.Engine.Security;
using FsCheck;
using FsCheck.Fluent;

namespace DsmipTools.Engine.Tests.Security;

public class ReplayProtectionTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly SeededRandom Random = new(1);
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
                if (protection.TryAccept(identification, Association(), Now, Random, out _) != expected)
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
        Assert.True(protection.TryAccept(NtpTimestamp.From(wrap.AddSeconds(-1)), Association(), wrap, Random, out _));
        Assert.True(protection.TryAccept(NtpTimestamp.From(wrap.AddSeconds(1)), Association(), wrap, Random, out _));
        Assert.False(protection.TryAccept(NtpTimestamp.From(wrap.AddSeconds(-0.5)), Association(), wrap, Random, out _));
    }

    [Fact]
    public void The_resynchronization_value_has_our_seconds_and_their_low_half()
    {
        var protection = default(ReplayProtection);
        Assert.False(protection.TryAccept(0x1122334455667788, Association(), Now.AddMilliseconds(900), Random, out var value));
        Assert.Equal(NtpTimestamp.From(Now) >> 32, value >> 32);
        Assert.Equal(0x55667788u, (uint)value);
    }

    [Fact]
    [Trait("Rfc", "5944-5.7.2-01")]
    [Trait("Rfc", "5944-5.7.2-02")]
    public void A_nonce_is_good_for_one_request_and_the_answer_brings_the_next()
    {
        var protection = default(ReplayProtection);
        var association = Association(ReplayProtectionStyle.Nonces);
        Assert.False(protection.TryAccept(0x00000000_11111111, association, Now, Random, out var first));
        Assert.Equal(0x11111111u, (uint)first);
        Assert.True(protection.TryAccept((first & ~0xFFFFFFFFul) | 0x22222222, association, Now, Random, out var second));
        Assert.Equal(0x22222222u, (uint)second);
        Assert.NotEqual(first >> 32, second >> 32);
        Assert.False(protection.TryAccept((first & ~0xFFFFFFFFul) | 0x22222222, association, Now, Random, out _));
    }

    [Fact]
    [Trait("Rfc", "5944-5.7.2-02")]
    public void Replayed_requests_do_not_make_the_nonce_of_the_mobile_node_void()
    {
        var protection = default(ReplayProtection);
        var association = Association(ReplayProtectionStyle.Nonces);
        protection.TryAccept(1, association, Now, Random, out var first);
        protection.TryAccept(first, association, Now, Random, out var second);
        for (var replay = 0; replay < 10; replay++)
        {
            Assert.False(protection.TryAccept(first, association, Now, Random, out _));
        }

        Assert.True(protection.TryAccept(second, association, Now, Random, out _));
    }

    private static SecurityAssociation Association(ReplayProtectionStyle style = ReplayProtectionStyle.Timestamps) =>
        new(256, "10.1.1.7", [1, 2, 3], timestampTolerance: Tolerance) { ReplayProtection = style };
}
