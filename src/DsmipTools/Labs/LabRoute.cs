using System.Diagnostics.CodeAnalysis;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Labs;

/// <summary>A route of a node.</summary>
/// <param name="Destination">Where it leads.</param>
/// <param name="Gateway">The router on the link that it leads to.</param>
public readonly record struct LabRoute(Destination Destination, Address Gateway) : IParsable<LabRoute>
{
    /// <summary>Parses <c>prefix via address</c>.</summary>
    /// <exception cref="FormatException">The text is something else.</exception>
    public static LabRoute Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var result) ? result : throw new FormatException($"'{s}' is no route such as '10.2.0.0/16 via 192.0.2.1'.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out LabRoute result)
    {
        result = default;
        if (s?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is not [var to, "via", var by]
            || !Destination.TryParse(to, provider, out var destination) || !Address.TryParse(by, provider, out var gateway)
            || !destination.IsCanonical || destination.Address.IsIPv4 != gateway.IsIPv4)
        {
            return false;
        }

        result = new LabRoute(destination, gateway);
        return true;
    }

    /// <summary>Parses a literal.</summary>
    public static implicit operator LabRoute(string text) => Parse(text);

    /// <inheritdoc/>
    public override string ToString() => $"{Destination} via {Gateway}";
}
