using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace DsmipTools.Wire.Ip;

/// <summary>An IPv4 network, for example a home network.</summary>
/// <param name="Address">An address of the network; bits beyond the length do not matter.</param>
/// <param name="Length">The prefix length, 0 to 32.</param>
public readonly record struct IPv4Network(Address Address, int Length) : IParsable<IPv4Network>
{
    /// <summary>True when an address belongs to the network.</summary>
    public bool Contains(Address address) => address.IsIPv4 && (((uint)address.Value ^ (uint)Address.Value) & Mask) == 0;

    /// <summary>True when no bit beyond the length is set.</summary>
    public bool IsCanonical => ((uint)Address.Value & ~Mask) == 0;

    /// <summary>True for the subnet-directed broadcast address of the network.</summary>
    public bool IsBroadcast(Address address) => Length < 31 && Contains(address) && ((uint)address.Value | Mask) == uint.MaxValue;

    /// <summary>The first address: the network's own.</summary>
    public Address First => Address.FromIPv4((uint)Address.Value & Mask);

    private uint Mask => Length == 0 ? 0 : uint.MaxValue << (32 - Length);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Address}/{Length}");

    /// <summary>Parses <c>address/length</c>.</summary>
    /// <exception cref="FormatException">The text is no IPv4 network.</exception>
    public static IPv4Network Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var network) ? network : throw new FormatException($"'{s}' is not an IPv4 network such as 10.1.1.0/24.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out IPv4Network result)
    {
        result = default;
        var slash = s?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        if (slash < 0
            || !Address.TryParse(s![..slash], provider, out var address)
            || !address.IsIPv4
            || !int.TryParse(s.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            || length > 32)
        {
            return false;
        }

        result = new IPv4Network(address, length);
        return true;
    }

    /// <summary>Parses a network literal.</summary>
    public static implicit operator IPv4Network(string text) => Parse(text);
}
