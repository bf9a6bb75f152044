namespace DsmipTools.Wire.MobilityHeader;

/// <summary>Access Technology Types (RFC 5213, 8.5).</summary>
public enum AccessTechnologyType : byte
{
    /// <summary>Reserved.</summary>
    Reserved = 0,

    /// <summary>Logical Network Interface.</summary>
    Virtual = 1,

    /// <summary>Point-to-Point Protocol.</summary>
    PointToPoint = 2,

    /// <summary>IEEE 802.3, Ethernet.</summary>
    Ethernet = 3,

    /// <summary>IEEE 802.11a/b/g, Wireless LAN.</summary>
    WirelessLan = 4,

    /// <summary>IEEE 802.16e, WIMAX.</summary>
    WiMax = 5,
}
