using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.AccessLinks;

/// <summary>Interface identifiers that nobody gives (RFC 4291, 2.5.1), and their link-local addresses.</summary>
internal static class InterfaceIdentifier
{
    /// <summary>A link-local address by chance: its first octet of zeros keeps it off the reserved identifiers (RFC 5453, 3), and it is not zero.</summary>
    public static Address NextLinkLocal(IRandomSource random) =>
        LinkLocal((random.NextUInt64() >> 8) | 1);

    /// <summary>
    /// The link-local address of an end of a tunnel: its IPv4 address behind zeros (RFC 4213, 3.7), or the last 64 bits of its IPv6 address; where both ends
    /// have the same there, the first 64.
    /// </summary>
    public static Address LinkLocalOf(Address end, Address other) =>
        LinkLocal(end.IsIPv4 || (ulong)end.Value != (ulong)other.Value ? (ulong)end.Value : (ulong)(end.Value >> 64));

    private static Address LinkLocal(ulong identifier) => Address.FromIPv6(((UInt128)0xFE80 << 112) | identifier);
}
