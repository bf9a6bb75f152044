using System.Text;

namespace DsmipTools.Engine.Bindings;

/// <summary>
/// A Network Access Identifier (RFC 7542) as the key of bindings. Octets are compared exactly in the user part and without ASCII case in
/// the realm; the realm is what follows the last @ (conformance list, 5846-8.1-05).
/// </summary>
public sealed class NetworkAccessIdentifier : IEquatable<NetworkAccessIdentifier>
{
    private readonly byte[] octets;
    private readonly int hash;

    /// <summary>Copies the octets of an identifier.</summary>
    public NetworkAccessIdentifier(ReadOnlySpan<byte> octets)
    {
        this.octets = octets.ToArray();
        hash = Hash(octets);
    }

    /// <summary>The octets as they stand on the wire.</summary>
    public ReadOnlySpan<byte> Octets => octets;

    /// <summary>The realm's octets; empty when there is none.</summary>
    public ReadOnlySpan<byte> Realm => RealmOf(octets);

    /// <summary>Makes an identifier from text.</summary>
    /// <exception cref="ArgumentException">Empty, or longer than the 253 octets that RFC 7542, 2.3 allows.</exception>
    public static NetworkAccessIdentifier Parse(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        var octets = Encoding.UTF8.GetBytes(text);
        return octets.Length <= 253
            ? new NetworkAccessIdentifier(octets)
            : throw new ArgumentException("A Network Access Identifier has at most 253 octets.", nameof(text));
    }

    /// <summary>The octets after the last @; empty when there is no @.</summary>
    public static ReadOnlySpan<byte> RealmOf(ReadOnlySpan<byte> identifier)
    {
        var at = identifier.LastIndexOf((byte)'@');
        return at < 0 ? default : identifier[(at + 1)..];
    }

    /// <summary>True when two realms are the same, without ASCII case; other octets are compared as they are.</summary>
    public static bool RealmEquals(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.Length != right.Length)
        {
            return false;
        }

        for (var at = 0; at < left.Length; at++)
        {
            if (left[at] != right[at] && Fold(left[at]) != Fold(right[at]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>An ASCII capital as a small letter; any other octet as it is.</summary>
    internal static byte Fold(byte octet) => octet is >= (byte)'A' and <= (byte)'Z' ? (byte)(octet | 0x20) : octet;

    /// <summary>True when octets of a message are this identifier.</summary>
    public bool Matches(ReadOnlySpan<byte> identifier) => Equals(octets, identifier);

    /// <inheritdoc/>
    public bool Equals(NetworkAccessIdentifier? other) => other is not null && hash == other.hash && Equals(octets, other.octets);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as NetworkAccessIdentifier);

    /// <summary>A hash that is the same in every process.</summary>
    public override int GetHashCode() => hash;

    /// <summary>The identifier as text for a person: a control character shows as its number, because a peer chose it and a terminal may obey it.</summary>
    public override string ToString()
    {
        var text = Encoding.UTF8.GetString(octets);
        return text.Any(char.IsControl)
            ? string.Concat(text.Select(character => char.IsControl(character) ? $"\\u{(int)character:x4}" : character.ToString()))
            : text;
    }

    private static bool Equals(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.Length != right.Length)
        {
            return false;
        }

        ReadOnlySpan<byte> realm = RealmOf(left), otherRealm = RealmOf(right);
        return realm.Length == otherRealm.Length
            && left[..^realm.Length].SequenceEqual(right[..^realm.Length])
            && RealmEquals(realm, otherRealm);
    }

    private static int Hash(ReadOnlySpan<byte> identifier)
    {
        var hash = 2166136261u;
        foreach (var octet in identifier)
        {
            // Folding the case everywhere keeps equal identifiers equal; two users who differ in case alone share a bucket.
            hash = (hash ^ Fold(octet)) * 16777619u;
        }

        return (int)hash;
    }

    /// <summary>Compares identifiers and finds them by the octets of a message without allocating.</summary>
    public sealed class Comparer : IEqualityComparer<NetworkAccessIdentifier>, IAlternateEqualityComparer<ReadOnlySpan<byte>, NetworkAccessIdentifier>
    {
        /// <summary>The instance.</summary>
        public static Comparer Instance { get; } = new();

        /// <inheritdoc/>
        public bool Equals(NetworkAccessIdentifier? x, NetworkAccessIdentifier? y) => x is null ? y is null : x.Equals(y);

        /// <inheritdoc/>
        public int GetHashCode(NetworkAccessIdentifier obj) => obj?.hash ?? 0;

        /// <inheritdoc/>
        public bool Equals(ReadOnlySpan<byte> alternate, NetworkAccessIdentifier other) =>
            other is not null && NetworkAccessIdentifier.Equals(alternate, other.octets);

        /// <inheritdoc/>
        public int GetHashCode(ReadOnlySpan<byte> alternate) => Hash(alternate);

        /// <inheritdoc/>
        public NetworkAccessIdentifier Create(ReadOnlySpan<byte> alternate) => new(alternate);
    }
}
