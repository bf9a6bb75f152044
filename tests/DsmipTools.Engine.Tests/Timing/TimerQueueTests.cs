using DsmipTools.Engine.Timing;
using FsCheck;
using FsCheck.Fluent;

namespace DsmipTools.Engine.Tests.Timing;

public sealed class TimerQueueTests
{
    [Fact]
    public void Items_come_in_order_of_their_deadlines_and_equal_ones_in_order_of_scheduling()
    {
        var queue = new TimerQueue<Item>();
        Item[] items = [new(3), new(1), new(2), new(1)];
        Array.ForEach(items, queue.Schedule);
        Assert.Equal(TimeSpan.FromTicks(1), queue.NextDeadline);
        Assert.Equal([items[1], items[3], items[2]], Take(queue, 2));
        Assert.Equal(TimeSpan.FromTicks(3), queue.NextDeadline);
        Assert.Equal([items[0]], Take(queue, 9));
        Assert.Null(queue.NextDeadline);
    }

    [Fact]
    public void A_deadline_that_moves_back_adds_no_entry()
    {
        var queue = new TimerQueue<Item>();
        var item = new Item(10);
        queue.Schedule(item);
        for (var due = 11; due <= 1000; due++)
        {
            item.Deadline = TimeSpan.FromTicks(due);
            queue.Schedule(item);
        }

        Assert.Equal(1, queue.Count);
        Assert.Empty(Take(queue, 999));
        Assert.Equal([item], Take(queue, 1000));
    }

    [Fact]
    public void A_deadline_that_moves_forward_counts_at_once_and_once()
    {
        var queue = new TimerQueue<Item>();
        var item = new Item(10);
        queue.Schedule(item);
        item.Deadline = TimeSpan.FromTicks(5);
        queue.Schedule(item);
        Assert.Equal([item], Take(queue, 5));
        Assert.Empty(Take(queue, 20));
        Assert.Equal(0, queue.Count);
    }

    [Fact]
    public void Entries_that_mean_nothing_do_not_pile_up()
    {
        var queue = new TimerQueue<Item>();
        for (var round = 0; round < 10_000; round++)
        {
            var item = new Item(1_000_000 + round);
            queue.Schedule(item);
            item.Deadline = TimeSpan.FromTicks(round);
            queue.Schedule(item);
            item.Deadline = TimeSpan.MaxValue;
            queue.Cancel(item);
        }

        Assert.InRange(queue.Count, 0, 200);
    }

    [Fact]
    public void A_cancelled_item_that_was_cleaned_away_can_be_scheduled_again()
    {
        var queue = new TimerQueue<Item>();
        var item = new Item(10);
        queue.Schedule(item);
        item.Deadline = TimeSpan.MaxValue;
        queue.Cancel(item);
        for (var other = 0; other < 500; other++)
        {
            var brief = new Item(50);
            queue.Schedule(brief);
            queue.Cancel(brief);
        }

        item.Deadline = TimeSpan.FromTicks(40);
        queue.Schedule(item);
        Assert.Equal([item], Take(queue, 40));
    }

    [Fact]
    public void It_behaves_like_a_list_of_deadlines() => Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), Agrees).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    private static bool Agrees(byte[] steps)
    {
        var queue = new TimerQueue<Item>();
        var items = Enumerable.Range(0, 8).Select(_ => new Item(long.MaxValue)).ToArray();
        var now = 0L;
        foreach (var step in steps)
        {
            var item = items[step & 7];
            switch (step >> 6)
            {
                case 0:
                    item.Deadline = TimeSpan.MaxValue;
                    queue.Cancel(item);
                    break;
                case 1:
                    now += step & 7;
                    var due = items.Where(candidate => candidate.Deadline.Ticks <= now).OrderBy(candidate => candidate.Deadline).ToHashSet();
                    var taken = Take(queue, now);
                    if (taken.Length != due.Count || !due.SetEquals(taken) || queue.NextDeadline <= TimeSpan.FromTicks(now))
                    {
                        return false;
                    }

                    Array.ForEach(taken, gone => gone.Deadline = TimeSpan.MaxValue);
                    break;
                default:
                    item.Deadline = TimeSpan.FromTicks(now + ((step >> 3) & 15));
                    queue.Schedule(item);
                    break;
            }
        }

        return true;
    }

    private static Item[] Take(TimerQueue<Item> queue, long now)
    {
        var taken = new List<Item>();
        while (queue.TryTake(TimeSpan.FromTicks(now), out var item))
        {
            taken.Add(item);
        }

        return [.. taken];
    }

    private sealed class Item(long due) : ITimed
    {
        public TimeSpan Deadline { get; set; } = TimeSpan.FromTicks(due);

        public TimeSpan QueuedAt { get; set; } = TimeSpan.MaxValue;
    }
}
