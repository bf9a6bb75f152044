using DsmipTools.Wire.Ip;

namespace DsmipTools.Wire.MobilityHeader.Options;

/// <summary>What the options with an IPv6 prefix share (RFC 3963, 4.3; RFC 5213, 8.3).</summary>
public abstract record PrefixOption : MobilityOption
{
    /// <summary>The prefix; bits beyond its length and the raw length octet are kept.</summary>
    public required Prefix Prefix { get; init; }

    /// <summary>The length octet, 0 to 128 in a valid option.</summary>
    public byte PrefixLength => Prefix.Length;

    /// <summary>The reserved octet.</summary>
    public byte Reserved { get; init; }
}
