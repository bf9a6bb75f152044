namespace DsmipTools.Wire.Ip.Options;

/// <summary>Types of hop-by-hop and destination options (IANA, Destination Options and Hop-by-Hop Options).</summary>
public enum IPv6OptionType : byte
{
    /// <summary>Pad1 (RFC 8200, 4.2).</summary>
    Pad1 = 0,

    /// <summary>PadN (RFC 8200, 4.2).</summary>
    PadN = 1,

    /// <summary>Tunnel Encapsulation Limit (RFC 2473, 4.1.1).</summary>
    TunnelEncapsulationLimit = 4,

    /// <summary>Router Alert (RFC 2711, 2.1).</summary>
    RouterAlert = 5,

    /// <summary>Home Address (RFC 6275, 6.3).</summary>
    HomeAddress = 201,
}
