namespace DsmipTools.Engine.Bindings;

/// <summary>
/// The bindings that a filter may fit, read piece by piece between the inputs of their agent, so that a million of them neither stop the agent
/// nor stand in memory at once. Which bindings these are was settled when the scan was made: each comes once, one that has gone meanwhile is left
/// out, and one that came later is not among them. What a piece tells is true at its own moment.
/// </summary>
public abstract class BindingScan
{
    /// <summary>A scan of nothing.</summary>
    internal static BindingScan Empty { get; } = new BindingScan<object>([], static _ => false, static (_, _) => throw new InvalidOperationException());

    /// <summary>True when all have been read.</summary>
    public abstract bool IsAtEnd { get; }

    /// <summary>The next bindings; some of them may not fit the filter.</summary>
    /// <param name="count">How many to look at, 1 at least; fewer come where some have gone.</param>
    /// <param name="now">The time.</param>
    public abstract IReadOnlyList<BindingSnapshot> Read(int count, Instant now);
}

/// <summary>A scan of entries as an agent keeps them.</summary>
internal sealed class BindingScan<T>(IReadOnlyList<T> entries, Func<T, bool> isHeld, Func<T, Instant, BindingSnapshot> toSnapshot) : BindingScan
{
    private int next;

    public override bool IsAtEnd => next == entries.Count;

    public override IReadOnlyList<BindingSnapshot> Read(int count, Instant now)
    {
        var end = (int)Math.Min((long)next + count, entries.Count);
        var read = new List<BindingSnapshot>(end - next);
        for (; next < end; next++)
        {
            if (isHeld(entries[next]))
            {
                read.Add(toSnapshot(entries[next], now));
            }
        }

        return read;
    }
}
