using DsmipTools.Engine.Diagnostics;

namespace DsmipTools.Worlds;

/// <summary>A place in the events of a world: every event from there on is read once, in the order in which they came. For one reader at a time.</summary>
public sealed class EventReader
{
    private readonly EventLog log;
    private long next;

    internal EventReader(EventLog log, long next)
    {
        this.log = log;
        this.next = next;
    }

    /// <summary>The number of events that newer ones had overwritten before they were read.</summary>
    public long Missed { get; private set; }

    /// <summary>True when there is one to read.</summary>
    internal bool HasNext => next < log.Total;

    /// <summary>The next event, if it has happened.</summary>
    public bool TryRead(out AgentEvent happened)
    {
        var isRead = log.TryRead(ref next, out happened, out var missed);
        Missed += missed;
        return isRead;
    }

    /// <summary>Waits for the next event.</summary>
    /// <returns>False when the world has ended and none will come.</returns>
    public async Task<bool> WaitAsync(CancellationToken cancellationToken = default)
    {
        while (log.WaitFor(next) is { } wait)
        {
            if (wait.IsCompleted)
            {
                return true;
            }

            await wait.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        return false;
    }
}
