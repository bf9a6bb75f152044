namespace DsmipTools.Wire.MobilityHeader;

/// <summary>Handoff Indicator values (IANA, Mobile IPv6 parameters; RFC 5213, 8.4, up to 5).</summary>
public enum HandoffIndicator : byte
{
    /// <summary>Reserved.</summary>
    Reserved = 0,

    /// <summary>Attachment over a new interface.</summary>
    NewInterface = 1,

    /// <summary>Handoff between two different interfaces of the mobile node.</summary>
    BetweenInterfaces = 2,

    /// <summary>Handoff between mobile access gateways for the same interface.</summary>
    BetweenGateways = 3,

    /// <summary>Handoff state unknown.</summary>
    Unknown = 4,

    /// <summary>Handoff state not changed (re-registration).</summary>
    NotChanged = 5,

    /// <summary>Attachment over a new interface sharing prefixes (RFC 7864).</summary>
    NewInterfaceSharingPrefixes = 6,
}
