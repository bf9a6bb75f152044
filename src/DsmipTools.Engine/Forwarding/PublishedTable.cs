using System.Diagnostics.CodeAnalysis;

namespace DsmipTools.Engine.Forwarding;

/// <summary>
/// Immutable values by key for one writer and any number of readers, who take no lock, never wait and do not allocate: a hash table whose
/// slots are single references, so that a reader sees each value whole, as it was or as it is.
/// </summary>
internal sealed class PublishedTable<TKey, TValue>(Func<TValue, TKey> keyOf)
    where TKey : struct, IEquatable<TKey>
    where TValue : class
{
    private const int Smallest = 16;

    // A slot that was cleared would cut off what was put behind it; readers walk over this instead.
    private static readonly object removed = new();

    private object?[] slots = new object?[Smallest];
    private int used;

    public int Count { get; private set; }

    /// <summary>Finds a value, from any thread.</summary>
    public bool TryFind(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        value = Find(Volatile.Read(ref slots), key, out _);
        return value is not null;
    }

    /// <summary>Adds a value, or replaces the one with its key; returns the one before.</summary>
    public TValue? Set(TValue value)
    {
        var before = Find(slots, keyOf(value), out var at);
        Volatile.Write(ref slots[at], value);
        if (before is null)
        {
            Count++;
            used++;
            if (used * 4 > slots.Length * 3)
            {
                Rebuild();
            }
        }

        return before;
    }

    /// <summary>Removes the value with a key; returns it.</summary>
    public TValue? Remove(TKey key)
    {
        if (Find(slots, key, out var at) is not { } before)
        {
            return null;
        }

        Count--;
        Volatile.Write(ref slots[at], removed);
        if (slots.Length > Smallest && Count * 8 < slots.Length)
        {
            Rebuild();
        }

        return before;
    }

    /// <summary>The values, in no order.</summary>
    public IEnumerable<TValue> Values() => Volatile.Read(ref slots).OfType<TValue>();

    /// <summary>The value with a key and where it stands, or the empty slot where the search ends.</summary>
    private TValue? Find(object?[] now, TKey key, out int at)
    {
        var mask = now.Length - 1;
        for (at = key.GetHashCode() & mask; ; at = (at + 1) & mask)
        {
            var found = Volatile.Read(ref now[at]);
            if (found is null)
            {
                return null;
            }

            if (found is TValue value && keyOf(value).Equals(key))
            {
                return value;
            }
        }
    }

    private void Rebuild()
    {
        var size = Smallest;
        while (size < Count * 2)
        {
            size *= 2;
        }

        var next = new object?[size];
        foreach (var value in slots.OfType<TValue>())
        {
            _ = Find(next, keyOf(value), out var at);
            next[at] = value;
        }

        used = Count;
        Volatile.Write(ref slots, next);
    }
}
