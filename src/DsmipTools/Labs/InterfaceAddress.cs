using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Labs;

/// <summary>An address of an interface, with the length of the prefix under which its link is.</summary>
/// <param name="Address">The address.</param>
/// <param name="Length">The length of the prefix, to 32 or 128.</param>
public readonly record struct InterfaceAddress(Address Address, byte Length) : IParsable<InterfaceAddress>
{
    /// <summary>What is on the link.</summary>
    public Destination Prefix => Destination.Of(Address, Length);

    /// <summary>Parses <c>address/length</c>.</summary>
    /// <exception cref="FormatException">The text is something else.</exception>
    public static InterfaceAddress Parse(string s, IFormatProvider? provider = null) => TryParse(s, provider, out var result)
        ? result
        : throw new FormatException($"'{s}' is no address with the length of its prefix, such as 192.0.2.1/24 or 2001:db8:1::1/64.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out InterfaceAddress result)
    {
        result = default;
        if (s is null || !s.Contains('/', StringComparison.Ordinal) || !Destination.TryParse(s, provider, out var parsed) || !parsed.Address.IsUnicast)
        {
            return false;
        }

        result = new InterfaceAddress(parsed.Address, parsed.Length);
        return true;
    }

    /// <summary>Parses a literal.</summary>
    public static implicit operator InterfaceAddress(string text) => Parse(text);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Address}/{Length}");
}
