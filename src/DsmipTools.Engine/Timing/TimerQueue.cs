namespace DsmipTools.Engine.Timing;

/// <summary>
/// Deadlines in order, without scanning. A deadline that moves back leaves its entry where it is; the entry moves on when it comes up, so
/// that renewing a binding costs nothing here. Entries that mean nothing any more go at the latest when they are more than half of all.
/// </summary>
/// <typeparam name="T">The items.</typeparam>
public sealed class TimerQueue<T>
    where T : class, ITimed
{
    private const int FewEntries = 64;

    private readonly PriorityQueue<T, (long Due, long Order)> queue = new();
    private long order;
    private int stale;

    /// <summary>The number of entries, stale ones included.</summary>
    public int Count => queue.Count;

    /// <summary>When <see cref="TryTake"/> should be called next; it may then find nothing due.</summary>
    public TimeSpan? NextDeadline => queue.TryPeek(out _, out var priority) ? TimeSpan.FromTicks(priority.Due) : null;

    /// <summary>Takes note of an item's deadline after it was set or moved.</summary>
    public void Schedule(T item)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (item.Deadline >= item.QueuedAt)
        {
            return;
        }

        Abandon(item);
        item.QueuedAt = item.Deadline;
        // The order of insertion settles equal deadlines: the heap alone would not be reproducible by reading the code.
        queue.Enqueue(item, (item.Deadline.Ticks, order++));
    }

    /// <summary>Takes an item out until it is scheduled again.</summary>
    public void Cancel(T item)
    {
        ArgumentNullException.ThrowIfNull(item);
        Abandon(item);
        item.QueuedAt = TimeSpan.MaxValue;
    }

    /// <summary>Takes the next item whose deadline has come.</summary>
    public bool TryTake(TimeSpan now, out T item)
    {
        while (queue.TryPeek(out item!, out var priority) && priority.Due <= now.Ticks)
        {
            queue.Dequeue();
            if (item.QueuedAt.Ticks != priority.Due)
            {
                stale--;
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

    /// <summary>The entry of an item means nothing any more: it stays until it comes up or the queue is cleaned.</summary>
    private void Abandon(T item)
    {
        if (item.QueuedAt == TimeSpan.MaxValue || ++stale <= Math.Max(FewEntries, queue.Count / 2))
        {
            return;
        }

        item.QueuedAt = TimeSpan.MaxValue;
        var live = queue.UnorderedItems.Where(entry => entry.Priority.Due == entry.Element.QueuedAt.Ticks).ToArray();
        queue.Clear();
        queue.EnqueueRange(live);
        stale = 0;
    }
}
