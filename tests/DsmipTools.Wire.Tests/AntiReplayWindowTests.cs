using DsmipTools.Wire.Security;

namespace DsmipTools.Wire.Tests;

public sealed class AntiReplayWindowTests
{
    [Fact]
    public void Numbers_come_in_any_order_within_the_window_and_each_once()
    {
        var window = default(AntiReplayWindow);
        Assert.False(window.IsNew(0));
        foreach (var number in new uint[] { 1, 5, 3, 64, 65, 2, 4, 1000, 937 })
        {
            Assert.True(window.IsNew(number), $"{number} is new");
            window.Enter(number);
            Assert.False(window.IsNew(number), $"{number} came twice");
        }

        Assert.Equal(1000u, window.Highest);
        Assert.False(window.IsNew(936));
        Assert.True(window.IsNew(938));
        Assert.True(window.IsNew(uint.MaxValue));
    }

    [Fact]
    public void A_window_that_begins_in_the_middle_takes_nothing_older()
    {
        var window = AntiReplayWindow.From(500);
        Assert.All(Enumerable.Range(0, 501), number => Assert.False(window.IsNew((uint)number)));
        window.Enter(503);
        Assert.True(window.IsNew(501));
        Assert.False(window.IsNew(500));
        Assert.False(window.IsNew(441));
    }

    [Fact]
    public void It_answers_like_a_list_of_all_numbers_that_came()
    {
        var random = new Random(7);
        for (var run = 0; run < 200; run++)
        {
            var window = default(AntiReplayWindow);
            var seen = new HashSet<uint>();
            var around = run % 2 == 0 ? 1u : uint.MaxValue - 400;
            for (var step = 0; step < 400; step++)
            {
                around += (uint)random.Next(3) == 0 ? (uint)random.Next(1, 3) : 0;
                var number = (uint)Math.Clamp(around - 70L + random.Next(75), 0, uint.MaxValue);
                var highest = seen.Count == 0 ? 0 : seen.Max();
                var expected = number != 0 && !seen.Contains(number) && (number > highest || highest - number < AntiReplayWindow.Size);
                Assert.Equal(expected, window.IsNew(number));
                seen.UnionWith(expected ? [number] : []);
                window = Entered(window, number, expected);
            }
        }
    }

    private static AntiReplayWindow Entered(AntiReplayWindow window, uint number, bool enters)
    {
        if (enters)
        {
            window.Enter(number);
        }

        return window;
    }
}
