using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace DsmipTools.Wire.Ip;

/// <summary>An IPv4 or IPv6 address as a value: agents look up, compare and copy addresses without allocating.</summary>
/// <remarks>The default value is the IPv6 unspecified address <c>::</c>. Order is IPv4 before IPv6, then numeric.</remarks>
public readonly record struct Address : IComparable<Address>, ISpanFormattable, IParsable<Address>
{
    private readonly bool isIPv4;

    private Address(UInt128 value, bool isIPv4)
    {
        Value = value;
        this.isIPv4 = isIPv4;
    }

    /// <summary>The address as a number; an IPv4 address uses the low 32 bits.</summary>
    public UInt128 Value { get; }

    /// <summary>True for an IPv4 address.</summary>
    public bool IsIPv4 => isIPv4;

    /// <summary>True for an IPv6 address.</summary>
    public bool IsIPv6 => !isIPv4;

    /// <summary>The IPv4 unspecified address, 0.0.0.0.</summary>
    public static Address AnyIPv4 { get; } = FromIPv4(0);

    /// <summary>Octets on the wire: 4 or 16.</summary>
    public int Length => isIPv4 ? 4 : 16;

    /// <summary>True for 0.0.0.0 and ::.</summary>
    public bool IsUnspecified => Value == UInt128.Zero;

    /// <summary>True for 127.0.0.0/8 and ::1 (RFC 1122, 3.2.1.3; RFC 4291, 2.5.3).</summary>
    public bool IsLoopback => isIPv4 ? (uint)Value >> 24 == 127 : Value == UInt128.One;

    /// <summary>True for IPv6 fe80::/10 (RFC 4291, 2.5.6).</summary>
    public bool IsLinkLocal => !isIPv4 && (ushort)(Value >> 118) == 0x3FA;

    /// <summary>True for 224.0.0.0/4 and ff00::/8.</summary>
    public bool IsMulticast => isIPv4 ? (uint)Value >> 28 == 0xE : (byte)(Value >> 120) == 0xFF;

    /// <summary>True for an address that may be the source of a packet: neither unspecified, nor multicast, nor the IPv4 broadcast address.</summary>
    public bool IsUnicast => !IsUnspecified && !IsMulticast && !(isIPv4 && (uint)Value == uint.MaxValue);

    /// <summary>Makes an IPv4 address from its 32 bits.</summary>
    public static Address FromIPv4(uint value) => new(value, true);

    /// <summary>Makes an IPv6 address from its 128 bits.</summary>
    public static Address FromIPv6(UInt128 value) => new(value, false);

    /// <summary>Reads an address from 4 (IPv4) or 16 (IPv6) octets in network order.</summary>
    /// <exception cref="ArgumentException">Neither 4 nor 16 octets.</exception>
    public static Address FromOctets(ReadOnlySpan<byte> octets) => octets.Length switch
    {
        4 => FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(octets)),
        16 => FromIPv6(BinaryPrimitives.ReadUInt128BigEndian(octets)),
        _ => throw new ArgumentException("An address has 4 or 16 octets.", nameof(octets)),
    };

    /// <summary>Converts from the base class library's type; scope identifiers are dropped.</summary>
    public static Address From(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> octets = stackalloc byte[16];
        address.TryWriteBytes(octets, out var written);
        return FromOctets(octets[..written]);
    }

    /// <summary>Converts to the base class library's type.</summary>
    public IPAddress ToIPAddress()
    {
        Span<byte> octets = stackalloc byte[16];
        return new IPAddress(octets[..Write(octets)]);
    }

    /// <summary>Writes the address in network order and returns the octets written (4 or 16).</summary>
    public int Write(Span<byte> destination)
    {
        if (isIPv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)Value);
            return 4;
        }

        BinaryPrimitives.WriteUInt128BigEndian(destination, Value);
        return 16;
    }

    /// <inheritdoc/>
    public int CompareTo(Address other) =>
        isIPv4 == other.isIPv4 ? Value.CompareTo(other.Value) : isIPv4 ? -1 : 1;

    /// <inheritdoc/>
    public bool Equals(Address other) => Value == other.Value && isIPv4 == other.isIPv4;

    /// <summary>A hash that is the same in every process (HashCode is seeded per process).</summary>
    public override int GetHashCode()
    {
        var folded = ((ulong)(Value >> 64) ^ (ulong)Value) * 0x9E3779B97F4A7C15UL;
        return (int)(folded >> 32) ^ (isIPv4 ? 1 : 0);
    }

    /// <inheritdoc/>
    public override string ToString() => ToIPAddress().ToString();

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <inheritdoc/>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        ToIPAddress().TryFormat(destination, out charsWritten);

    /// <summary>Parses an IPv4 address in dotted-quad form or an IPv6 address.</summary>
    /// <exception cref="FormatException">The text is no address.</exception>
    public static Address Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var address) ? address : throw new FormatException($"'{s}' is not an IPv4 or IPv6 address.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Address result)
    {
        result = default;
        // IPAddress also takes "1" and "0x7f.1"; an administrator who types that has mistyped an address.
        if (!IPAddress.TryParse(s, out var address)
            || (address.AddressFamily == AddressFamily.InterNetwork && s.AsSpan().Count('.') != 3))
        {
            return false;
        }

        result = From(address);
        return true;
    }

    /// <summary>Parses an address literal.</summary>
    public static implicit operator Address(string text) => Parse(text);

    /// <summary>Compares in the order of <see cref="CompareTo"/>.</summary>
    public static bool operator <(Address left, Address right) => left.CompareTo(right) < 0;

    /// <summary>Compares in the order of <see cref="CompareTo"/>.</summary>
    public static bool operator >(Address left, Address right) => left.CompareTo(right) > 0;

    /// <summary>Compares in the order of <see cref="CompareTo"/>.</summary>
    public static bool operator <=(Address left, Address right) => left.CompareTo(right) <= 0;

    /// <summary>Compares in the order of <see cref="CompareTo"/>.</summary>
    public static bool operator >=(Address left, Address right) => left.CompareTo(right) >= 0;
}
