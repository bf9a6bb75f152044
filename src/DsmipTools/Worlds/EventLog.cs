using System.Runtime.CompilerServices;
using DsmipTools.Engine.Diagnostics;

namespace DsmipTools.Worlds;

/// <summary>
/// The events of a world, the newest of them kept. Safe for any number of writers and readers. A reader of the live stream costs the
/// writers nothing but a signal: it reads from the log itself, and what was overwritten before it came is counted.
/// </summary>
public sealed class EventLog
{
    /// <summary>The number of events that a log keeps unless told otherwise.</summary>
    public const int DefaultCapacity = 10_000;

    private readonly Lock gate = new();
    private AgentEvent[] ring;
    private long total;
    private long missed;
    private bool closed;
    private TaskCompletionSource? signal;

    /// <summary>Makes an empty log.</summary>
    /// <param name="capacity">The number of events to keep.</param>
    public EventLog(int capacity = DefaultCapacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        Capacity = capacity;
        ring = new AgentEvent[Math.Min(capacity, 64)];
    }

    /// <summary>The number of events that the log keeps.</summary>
    public int Capacity { get; }

    /// <summary>The number of events that ever came.</summary>
    public long Total
    {
        get
        {
            lock (gate)
            {
                return total;
            }
        }
    }

    /// <summary>The number of events that the log keeps now.</summary>
    public int Count => (int)Math.Min(Total, Capacity);

    /// <summary>The number of events that newer ones have overwritten.</summary>
    public long Lost => Math.Max(0, Total - Capacity);

    /// <summary>The number of events that slow readers of <see cref="Stream"/> did not get.</summary>
    public long Missed => Interlocked.Read(ref missed);

    /// <summary>The newest events, oldest first.</summary>
    /// <param name="count">How many at most.</param>
    public IReadOnlyList<AgentEvent> Last(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        lock (gate)
        {
            var kept = new AgentEvent[Math.Min(count, Math.Min(total, Capacity))];
            for (var at = 0; at < kept.Length; at++)
            {
                kept[at] = ring[(total - kept.Length + at) % ring.Length];
            }

            return kept;
        }
    }

    /// <summary>The events from this call on, as they happen. The stream ends with the world.</summary>
    public IAsyncEnumerable<AgentEvent> Stream(CancellationToken cancellationToken = default) => Read(Open(), cancellationToken);

    /// <summary>A reader of the events from this call on.</summary>
    /// <param name="last">How many of the newest before it are to be read first.</param>
    public EventReader Open(int last = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(last);
        lock (gate)
        {
            return new EventReader(this, Math.Max(total - last, Math.Max(0, total - Capacity)));
        }
    }

    internal void Add(in AgentEvent happened)
    {
        TaskCompletionSource? waiting;
        lock (gate)
        {
            if (total == ring.Length && ring.Length < Capacity)
            {
                // Until the log is full, the number of an event is its place.
                Array.Resize(ref ring, Math.Min(Capacity, ring.Length * 2));
            }

            ring[total++ % ring.Length] = happened;
            waiting = signal;
            signal = null;
        }

        waiting?.TrySetResult();
    }

    internal void Close()
    {
        TaskCompletionSource? waiting;
        lock (gate)
        {
            closed = true;
            waiting = signal;
            signal = null;
        }

        waiting?.TrySetResult();
    }

    /// <summary>Takes the event with a number, or the oldest one after it that is still kept.</summary>
    internal bool TryRead(ref long next, out AgentEvent happened, out long overwritten)
    {
        lock (gate)
        {
            overwritten = Math.Max(0, total - Capacity - next);
            next += overwritten;
            Interlocked.Add(ref missed, overwritten);
            happened = next < total ? ring[next % ring.Length] : default;
            return next < total && ++next > 0;
        }
    }

    /// <summary>What to wait for until there is an event with a number; null when none will come.</summary>
    internal Task? WaitFor(long next)
    {
        lock (gate)
        {
            return next < total ? Task.CompletedTask
                : closed ? null
                : (signal ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    private static async IAsyncEnumerable<AgentEvent> Read(EventReader reader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        do
        {
            while (reader.TryRead(out var happened))
            {
                yield return happened;
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        while (await reader.WaitAsync(cancellationToken).ConfigureAwait(false));
    }
}
