namespace DsmipTools.Wire.MobilityHeader.Options;

/// <summary>Mobility option types (IANA, Mobile IPv6 parameters).</summary>
public enum MobilityOptionType : byte
{
    /// <summary>Pad1 (RFC 6275, 6.2.2).</summary>
    Pad1 = 0,

    /// <summary>PadN (RFC 6275, 6.2.3).</summary>
    PadN = 1,

    /// <summary>Alternate Care-of Address (RFC 6275, 6.2.5).</summary>
    AlternateCareOfAddress = 3,

    /// <summary>Mobile Node Identifier (RFC 4283, 3).</summary>
    MobileNodeIdentifier = 8,

    /// <summary>Home Network Prefix (RFC 5213, 8.3).</summary>
    HomeNetworkPrefix = 22,

    /// <summary>Handoff Indicator (RFC 5213, 8.4).</summary>
    HandoffIndicator = 23,

    /// <summary>Access Technology Type (RFC 5213, 8.5).</summary>
    AccessTechnologyType = 24,

    /// <summary>Timestamp (RFC 5213, 8.8).</summary>
    Timestamp = 27,
}
