namespace DsmipTools.Wire.MobilityHeader;

/// <summary>Access Technology Types (IANA, Mobile IPv6 parameters; RFC 5213, 8.5, up to 5).</summary>
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

    /// <summary>3GPP GERAN (3GPP TS 29.275).</summary>
    Geran = 6,

    /// <summary>3GPP UTRAN (3GPP TS 29.275).</summary>
    Utran = 7,

    /// <summary>3GPP E-UTRAN (3GPP TS 29.275).</summary>
    EUtran = 8,

    /// <summary>3GPP2 eHRPD (3GPP2 X.P0057).</summary>
    Ehrpd = 9,

    /// <summary>3GPP2 HRPD (3GPP2 X.P0061).</summary>
    Hrpd = 10,

    /// <summary>3GPP2 1xRTT (3GPP2 X.S0011).</summary>
    OneXRtt = 11,

    /// <summary>3GPP2 UMB (3GPP2 X.S0054).</summary>
    Umb = 12,

    /// <summary>3GPP NB-IOT (3GPP TS 29.275).</summary>
    NbIot = 13,
}
