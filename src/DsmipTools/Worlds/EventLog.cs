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
    public IAsyncEnumerable<AgentEvent> Stream(CancellationToken cancellationToken = default) => Read(Total, cancellationToken);

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

    private async IAsyncEnumerable<AgentEvent> Read(long next, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            AgentEvent happened = default;
            Task? wait = null;
            lock (gate)
            {
                if (next < total - Capacity)
                {
                    Interlocked.Add(ref missed, total - Capacity - next);
                    next = total - Capacity;
                }

                if (next < total)
                {
                    happened = ring[next++ % ring.Length];
                }
                else if (closed)
                {
                    yield break;
                }
                else
                {
                    signal ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    wait = signal.Task;
                }
            }

            if (wait is null)
            {
                yield return happened;
            }
            else
            {
                await wait.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
