using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.AccessLinks;

/// <summary>Interface identifiers that nobody gives (RFC 4291, 2.5.1).</summary>
internal static class InterfaceIdentifier
{
    /// <summary>A link-local address by chance: its first octet of zeros keeps it off the reserved identifiers (RFC 5453, 3), and it is not zero.</summary>
    public static Address NextLinkLocal(IRandomSource random) =>
        Address.FromIPv6(((UInt128)0xFE80 << 112) | (random.NextUInt64() >> 8) | 1);
}
