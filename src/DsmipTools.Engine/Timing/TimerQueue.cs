namespace DsmipTools.Engine.Timing;

/// <summary>
/// Deadlines in order, without scanning. An item stands in the queue once: when its deadline moves back, the entry stays where it is and
/// moves on when it comes up, so that renewing a binding costs nothing here.
/// </summary>
/// <typeparam name="T">The items.</typeparam>
public sealed class TimerQueue<T>
    where T : class, ITimed
{
    private readonly PriorityQueue<T, (long Due, long Order)> queue = new();
    private long order;
    private int cancelled;

    /// <summary>The number of entries, stale ones included.</summary>
    public int Count => queue.Count;

    /// <summary>When <see cref="TryTake"/> should be called next; it may then find nothing due.</summary>
    public TimeSpan? NextDeadline => queue.TryPeek(out _, out var priority) ? TimeSpan.FromTicks(priority.Due) : null;

    /// <summary>Takes note of an item's deadline after it was set or moved.</summary>
    public void Schedule(T item)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (item.Deadline < item.QueuedAt)
        {
            item.QueuedAt = item.Deadline;
            // The order of insertion settles equal deadlines: the heap alone would not be reproducible by reading the code.
            queue.Enqueue(item, (item.Deadline.Ticks, order++));
        }
    }

    /// <summary>An item that will never be due again: its deadline is <see cref="TimeSpan.MaxValue"/> now. Its entry goes at the latest when half of all are such.</summary>
    public void Cancel(T item)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (item.QueuedAt == TimeSpan.MaxValue || ++cancelled <= Math.Max(64, queue.Count / 2))
        {
            return;
        }

        cancelled = 0;
        var entries = queue.UnorderedItems.ToArray();
        queue.Clear();
        foreach (var (entry, priority) in entries)
        {
            if (entry.Deadline != TimeSpan.MaxValue)
            {
                queue.Enqueue(entry, priority);
            }
            else
            {
                // It has no entry any more: should it get a deadline again, Schedule has to make one.
                entry.QueuedAt = TimeSpan.MaxValue;
            }
        }
    }

    /// <summary>Takes the next item whose deadline has come.</summary>
    public bool TryTake(TimeSpan now, out T item)
    {
        while (queue.TryPeek(out item!, out var priority) && priority.Due <= now.Ticks)
        {
            queue.Dequeue();
            if (item.QueuedAt.Ticks != priority.Due)
            {
                continue;
            }

            item.QueuedAt = TimeSpan.MaxValue;
            if (item.Deadline <= now)
            {
                return true;
            }

            Schedule(item);
        }

        item = null!;
        return false;
    }
}
