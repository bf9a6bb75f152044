using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.Bindings;

/// <summary>
/// Home network prefixes to assign (RFC 5213, 5.2): fresh ones first, so that a prefix rests between two mobile nodes; once enough were
/// given back, the one that was given back longest ago. Memory grows with the prefixes once in use, not with assignments.
/// </summary>
internal sealed class PrefixPool(Prefix pool, byte length)
{
    /// <summary>Prefixes given back that rest before any of them is assigned again while there are fresh ones.</summary>
    internal const int Resting = 1024;

    private readonly UInt128 size = UInt128.One << (length - pool.Length);
    private readonly Queue<Prefix> released = new();
    private readonly HashSet<Prefix> queued = [];
    private UInt128 next;

    /// <summary>The number of prefixes that were given back and wait.</summary>
    public int Released => released.Count;

    /// <summary>True when a prefix is one that this pool could assign. The value ALL_ZERO asks for a prefix and is none (RFC 5213, 8.3).</summary>
    public bool Owns(Prefix prefix) => prefix.Length == length && prefix.Bits != UInt128.Zero && prefix.IsCanonical && pool.Contains(prefix);

    /// <summary>Takes a prefix that is not in use; null when there is none.</summary>
    public Prefix? Take(Func<Prefix, bool> isInUse)
    {
        while (true)
        {
            Prefix prefix;
            if ((released.Count > Resting || next == size) && released.TryDequeue(out prefix))
            {
                queued.Remove(prefix);
            }
            else if (next < size)
            {
                prefix = new Prefix(pool.Canonical.Bits + (next++ << (128 - length)), length);
            }
            else
            {
                return null;
            }

            if (Owns(prefix) && !isInUse(prefix))
            {
                return prefix;
            }
        }
    }

    /// <summary>Gives a prefix back that is not in use any more.</summary>
    public void Release(Prefix prefix)
    {
        // One that still counts as fresh was asked for by name: it comes up again by itself.
        if (Owns(prefix) && (prefix.Bits - pool.Canonical.Bits) >> (128 - length) < next && queued.Add(prefix))
        {
            released.Enqueue(prefix);
        }
    }
}
