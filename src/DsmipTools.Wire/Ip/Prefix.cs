using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace DsmipTools.Wire.Ip;

/// <summary>An IPv6 prefix as it stands on the wire: 16 octets and a raw length octet.</summary>
/// <remarks>
/// Length 255 (RFC 5454, 2.1: the field holds a link-local address), lengths that mean nothing (129 to 254) and bits beyond the
/// length survive, so that received prefixes can be judged and written back unchanged.
/// </remarks>
/// <param name="Bits">All 128 bits, those beyond the length too.</param>
/// <param name="Length">The length octet as on the wire, 0 to 255.</param>
public readonly record struct Prefix(UInt128 Bits, byte Length) : IComparable<Prefix>, IParsable<Prefix>
{
    /// <summary>RFC 5454, 2.1: with this length the field holds a link-local address.</summary>
    public const byte LinkLocalLength = 255;

    /// <summary>True when the field holds a link-local address instead of a prefix.</summary>
    public bool IsLinkLocalAddress => Length == LinkLocalLength;

    /// <summary>True for a length that is a prefix length, 0 to 128.</summary>
    public bool IsPrefix => Length <= 128;

    /// <summary>The address formed by all 128 bits.</summary>
    public Address Address => Address.FromIPv6(Bits);

    /// <summary>The same prefix with every bit beyond its length cleared; a link-local address stays whole.</summary>
    public Prefix Canonical => IsPrefix ? this with { Bits = Bits & Mask(Length) } : this;

    /// <summary>True when no bit beyond the length is set.</summary>
    public bool IsCanonical => Canonical.Bits == Bits;

    /// <summary>The bits that a prefix length covers.</summary>
    public static UInt128 Mask(int length) => length == 0 ? UInt128.Zero : UInt128.MaxValue << (128 - length);

    /// <summary>True when an address lies under this prefix.</summary>
    public bool Contains(Address address) =>
        address.IsIPv6 && (IsPrefix ? ((address.Value ^ Bits) & Mask(Length)) == UInt128.Zero : address.Value == Bits);

    /// <summary>True when another prefix lies under this one.</summary>
    public bool Contains(Prefix other) => IsPrefix && other.IsPrefix && other.Length >= Length && Contains(other.Address);

    /// <summary>True when two prefixes share an address.</summary>
    public bool Overlaps(Prefix other) => Contains(other) || other.Contains(this);

    /// <inheritdoc/>
    public int CompareTo(Prefix other) => Bits != other.Bits ? Bits.CompareTo(other.Bits) : Length.CompareTo(other.Length);

    /// <summary>A hash that is the same in every process.</summary>
    public override int GetHashCode() => Address.GetHashCode() * 31 + Length;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Address}/{Length}");

    /// <summary>Parses <c>address/length</c>; bits beyond the length are kept.</summary>
    /// <exception cref="FormatException">The text is no IPv6 prefix.</exception>
    public static Prefix Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var prefix) ? prefix : throw new FormatException($"'{s}' is not an IPv6 prefix such as 2001:db8:7:1::/64.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Prefix result)
    {
        result = default;
        var slash = s?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        if (slash < 0
            || !IPAddress.TryParse(s.AsSpan(0, slash), out var address)
            || address.AddressFamily != System.Net.Sockets.AddressFamily.InterNetworkV6
            || !byte.TryParse(s.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length))
        {
            return false;
        }

        result = new Prefix(Address.From(address).Value, length);
        return true;
    }

    /// <summary>Parses a prefix literal.</summary>
    public static implicit operator Prefix(string text) => Parse(text);

    /// <summary>Compares in the order of <see cref="CompareTo"/>.</summary>
    public static bool operator <(Prefix left, Prefix right) => left.CompareTo(right) < 0;

    /// <summary>Compares in the order of <see cref="CompareTo"/>.</summary>
    public static bool operator >(Prefix left, Prefix right) => left.CompareTo(right) > 0;

    /// <summary>Compares in the order of <see cref="CompareTo"/>.</summary>
    public static bool operator <=(Prefix left, Prefix right) => left.CompareTo(right) <= 0;

    /// <summary>Compares in the order of <see cref="CompareTo"/>.</summary>
    public static bool operator >=(Prefix left, Prefix right) => left.CompareTo(right) >= 0;
}
