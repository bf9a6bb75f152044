using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace DsmipTools.Wire;

/// <summary>An immutable run of octets that compares by value and prints as hexadecimal.</summary>
[CollectionBuilder(typeof(Octets), nameof(Create))]
[SuppressMessage("Naming", "CA1710", Justification = "An octet string is what the RFCs call octets.")]
public readonly struct Octets : IEquatable<Octets>, IReadOnlyList<byte>
{
    private readonly byte[]? values;

    private Octets(byte[] values) => this.values = values;

    /// <summary>No octets.</summary>
    public static Octets Empty => default;

    /// <summary>The octets.</summary>
    public ReadOnlySpan<byte> Span => values;

    /// <summary>The number of octets.</summary>
    public int Length => values?.Length ?? 0;

    /// <inheritdoc/>
    public int Count => Length;

    /// <inheritdoc/>
    public byte this[int index] => values![index];

    /// <summary>Copies a span.</summary>
    public static Octets Create(ReadOnlySpan<byte> octets) => octets.IsEmpty ? default : new Octets(octets.ToArray());

    /// <summary>Takes over an array that nobody else will change.</summary>
    internal static Octets Own(byte[] octets) => octets.Length == 0 ? default : new Octets(octets);

    /// <summary>Reads hexadecimal digits.</summary>
    /// <exception cref="FormatException">An odd number of digits, or no digits.</exception>
    public static Octets FromHex(string hex) => new(Convert.FromHexString(hex));

    /// <summary>A copy as an array.</summary>
    public byte[] ToArray() => Span.ToArray();

    /// <inheritdoc/>
    public bool Equals(Octets other) => Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Octets other && Equals(other);

    /// <summary>A hash that is the same in every process (FNV-1a).</summary>
    public override int GetHashCode()
    {
        var hash = 2166136261u;
        foreach (var octet in Span)
        {
            hash = (hash ^ octet) * 16777619u;
        }

        return (int)hash;
    }

    /// <inheritdoc/>
    public override string ToString() => Convert.ToHexStringLower(Span);

    /// <inheritdoc/>
    public IEnumerator<byte> GetEnumerator() => ((IEnumerable<byte>)(values ?? [])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Compares by value.</summary>
    public static bool operator ==(Octets left, Octets right) => left.Equals(right);

    /// <summary>Compares by value.</summary>
    public static bool operator !=(Octets left, Octets right) => !left.Equals(right);

    /// <summary>Copies an array.</summary>
    [SuppressMessage("Usage", "CA2225", Justification = "Create is the named alternative.")]
    public static implicit operator Octets(byte[] octets) => Create(octets);
}
