using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.MobileIPv4;

/// <summary>What became of one of the prefixes that a mobile node asked for.</summary>
/// <param name="Prefix">The prefix; with length 255 a link-local address (RFC 5454, 3.7.1).</param>
/// <param name="State">What the mobile node concludes.</param>
public readonly record struct PrefixRegistration(Prefix Prefix, PrefixRegistrationState State)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Prefix} {State}";
}
