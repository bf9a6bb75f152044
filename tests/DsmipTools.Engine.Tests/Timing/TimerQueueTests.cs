using DsmipTools.Engine.Timing;

namespace DsmipTools.Engine.Tests.Timing;

public class TimerQueueTests
{
    [Fact]
    public void An_item_that_was_cancelled_and_purged_comes_up_again_when_it_has_a_deadline_again()
    {
        var queue = new TimerQueue<Item>();
        var items = Enumerable.Range(1, 500).Select(_ => new Item { Deadline = TimeSpan.FromSeconds(100) }).ToList();
        items.ForEach(queue.Schedule);
        foreach (var item in items)
        {
            item.Deadline = TimeSpan.MaxValue;
            queue.Cancel(item);
        }

        Assert.True(queue.Count < 500);
        foreach (var item in items)
        {
            item.Deadline = TimeSpan.FromSeconds(200);
            queue.Schedule(item);
        }

        var taken = 0;
        while (queue.TryTake(TimeSpan.FromSeconds(200), out _))
        {
            taken++;
        }

        Assert.Equal(500, taken);
        Assert.Null(queue.NextDeadline);
    }

    private sealed class Item : ITimed
    {
        public TimeSpan Deadline { get; set; }

        public TimeSpan QueuedAt { get; set; } = TimeSpan.MaxValue;
    }
}
