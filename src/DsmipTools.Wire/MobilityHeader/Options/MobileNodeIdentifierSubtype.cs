namespace DsmipTools.Wire.MobilityHeader.Options;

/// <summary>Subtypes of the Mobile Node Identifier option (RFC 4283, 3).</summary>
public enum MobileNodeIdentifierSubtype : byte
{
    /// <summary>Network Access Identifier (RFC 4283, 3.1), the only one that RFC 5213 and RFC 5846 use.</summary>
    NetworkAccessIdentifier = 1,
}
