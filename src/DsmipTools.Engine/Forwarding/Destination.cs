using System.Globalization;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.Forwarding;

/// <summary>What a route leads to: an IPv6 prefix, or an IPv4 network. The two never match each other's addresses.</summary>
/// <param name="Address">The first address; bits beyond the length are zero.</param>
/// <param name="Length">The length of the prefix, to 32 or 128.</param>
public readonly record struct Destination(Address Address, byte Length)
{
    /// <summary>One address.</summary>
    public static Destination Of(Address address) => new(address, address.IsIPv4 ? (byte)32 : (byte)128);

    /// <summary>All addresses under a prefix.</summary>
    public static Destination Of(Prefix prefix) => new(prefix.Canonical.Address, prefix.Length);

    /// <summary>The first so many bits of an address.</summary>
    public static Destination Of(Address address, int length) => address.IsIPv4
        ? new(Address.FromIPv4(length == 0 ? 0 : (uint)address.Value & (uint.MaxValue << (32 - length))), (byte)length)
        : new(Address.FromIPv6(address.Value & Prefix.Mask(length)), (byte)length);

    /// <summary>A hash that is the same in every process.</summary>
    public override int GetHashCode() => (Address.GetHashCode() * 31) + Length;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Address}/{Length}");
}
