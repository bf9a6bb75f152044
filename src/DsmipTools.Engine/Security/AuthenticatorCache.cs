using DsmipTools.Wire.Security;

namespace DsmipTools.Engine.Security;

/// <summary>
/// Keyed authenticators of one agent, ready for use: making one costs several times what using it does. Bounded; the least recently used
/// one goes and is disposed. One thread at a time; a hit does not allocate.
/// </summary>
public sealed class AuthenticatorCache : IDisposable
{
    private readonly Dictionary<SecurityAssociation, LinkedListNode<Entry>> entries = [];
    private readonly LinkedList<Entry> byUse = new();

    /// <summary>Makes a cache.</summary>
    /// <param name="capacity">How many authenticators are kept, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is less than 1.</exception>
    public AuthenticatorCache(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        Capacity = capacity;
    }

    /// <summary>How many authenticators are kept.</summary>
    public int Capacity { get; }

    /// <summary>How many there are.</summary>
    public int Count => entries.Count;

    /// <summary>The authenticator of an association; it belongs to the cache and is good until the next call.</summary>
    public MessageAuthenticator Get(SecurityAssociation association)
    {
        ArgumentNullException.ThrowIfNull(association);
        if (entries.TryGetValue(association, out var node))
        {
            if (node != byUse.First)
            {
                byUse.Remove(node);
                byUse.AddFirst(node);
            }

            return node.Value.Authenticator;
        }

        if (entries.Count == Capacity)
        {
            var oldest = byUse.Last!;
            byUse.RemoveLast();
            entries.Remove(oldest.Value.Association);
            oldest.Value.Authenticator.Dispose();
        }

        var added = byUse.AddFirst(new Entry(association, association.CreateAuthenticator()));
        entries.Add(association, added);
        return added.Value.Authenticator;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var entry in byUse)
        {
            entry.Authenticator.Dispose();
        }

        byUse.Clear();
        entries.Clear();
    }

    private readonly record struct Entry(SecurityAssociation Association, MessageAuthenticator Authenticator);
}
