using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.Forwarding;

/// <summary>What a route leads to: an IPv6 prefix, or an IPv4 network. The two never match each other's addresses.</summary>
/// <param name="Address">The first address; bits beyond the length are zero.</param>
/// <param name="Length">The length of the prefix, to 32 or 128.</param>
public readonly record struct Destination(Address Address, byte Length) : IParsable<Destination>
{
    /// <summary>True when no bit beyond the length is set: what was parsed may have some, and leads nowhere then.</summary>
    public bool IsCanonical => this == Of(Address, Length);

    /// <summary>True for an address under the prefix.</summary>
    public bool Contains(Address address) => address.IsIPv4 == Address.IsIPv4 && Of(address, Length) == Of(Address, Length);

    /// <summary>One address.</summary>
    public static Destination Of(Address address) => new(address, address.IsIPv4 ? (byte)32 : (byte)128);

    /// <summary>All addresses under a prefix.</summary>
    public static Destination Of(Prefix prefix) => new(prefix.Canonical.Address, prefix.Length);

    /// <summary>The first so many bits of an address.</summary>
    public static Destination Of(Address address, int length) => address.IsIPv4
        ? new(Address.FromIPv4(length == 0 ? 0 : (uint)address.Value & (uint.MaxValue << (32 - length))), (byte)length)
        : new(Address.FromIPv6(address.Value & Prefix.Mask(length)), (byte)length);

    /// <summary>Parses <c>address/length</c>, or an address alone; bits beyond the length are kept.</summary>
    /// <exception cref="FormatException">The text is neither.</exception>
    public static Destination Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var destination)
            ? destination
            : throw new FormatException($"'{s}' is neither an IPv4 or IPv6 prefix such as 10.1.1.0/24 or 2001:db8:7:1::/64, nor an address.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Destination result)
    {
        result = default;
        if (Address.TryParse(s, provider, out var address))
        {
            result = Of(address);
        }
        else if (IPv4Network.TryParse(s, provider, out var network))
        {
            result = new Destination(network.Address, (byte)network.Length);
        }
        else if (Prefix.TryParse(s, provider, out var prefix) && prefix.IsPrefix)
        {
            result = new Destination(prefix.Address, prefix.Length);
        }
        else
        {
            return false;
        }

        return true;
    }

    /// <summary>Parses a literal.</summary>
    public static implicit operator Destination(string text) => Parse(text);

    /// <summary>A hash that is the same in every process.</summary>
    public override int GetHashCode() => (Address.GetHashCode() * 31) + Length;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Address}/{Length}");
}
