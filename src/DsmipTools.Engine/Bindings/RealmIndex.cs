using System.Diagnostics.CodeAnalysis;

namespace DsmipTools.Engine.Bindings;

/// <summary>Values by realm, compared as in <see cref="NetworkAccessIdentifier.RealmEquals"/>; a look-up does not allocate.</summary>
internal sealed class RealmIndex<T>
{
    private readonly Dictionary<string, T> values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, T>.AlternateLookup<ReadOnlySpan<char>> byCharacters;

    public RealmIndex() => byCharacters = values.GetAlternateLookup<ReadOnlySpan<char>>();

    public int Count => values.Count;

    /// <summary>All values, in no order.</summary>
    public IReadOnlyCollection<T> Values => values.Values;

    public bool TryGet(ReadOnlySpan<byte> realm, [MaybeNullWhen(false)] out T value) =>
        byCharacters.TryGetValue(Fold(realm, stackalloc char[realm.Length]), out value);

    public void Add(string key, T value) => values.Add(key, value);

    public void Remove(string key) => values.Remove(key);

    /// <summary>The realm as this index keeps it: one character for each octet keeps realms apart that are no UTF-8, and only ASCII case is folded.</summary>
    public static string KeyOf(ReadOnlySpan<byte> realm) => new(Fold(realm, stackalloc char[realm.Length]));

    private static ReadOnlySpan<char> Fold(ReadOnlySpan<byte> realm, Span<char> key)
    {
        for (var at = 0; at < realm.Length; at++)
        {
            key[at] = (char)NetworkAccessIdentifier.Fold(realm[at]);
        }

        return key;
    }
}
