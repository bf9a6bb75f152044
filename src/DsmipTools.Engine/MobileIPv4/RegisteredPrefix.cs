using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4.Extensions;

namespace DsmipTools.Engine.MobileIPv4;

/// <summary>A prefix registered by a mobile node (RFC 5454, 3.3.2).</summary>
/// <param name="Prefix">The prefix, none of its bits set beyond its length; with length 255 a link-local address (RFC 5454, 3.7.1).</param>
/// <param name="Code">The code of the prefix reply.</param>
/// <param name="TunnelingMode">Where IPv6 packets for it are tunneled to.</param>
public readonly record struct RegisteredPrefix(Prefix Prefix, PrefixReplyCode Code, TunnelingMode TunnelingMode)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Prefix} {TunnelingMode}";
}
