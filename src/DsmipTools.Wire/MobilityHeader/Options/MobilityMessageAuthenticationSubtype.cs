namespace DsmipTools.Wire.MobilityHeader.Options;

/// <summary>Subtypes of the Mobility Message Authentication option (RFC 4285, 5.1 and 5.2).</summary>
public enum MobilityMessageAuthenticationSubtype : byte
{
    /// <summary>MN-HA: a key that the mobile node shares with the home agent.</summary>
    MobileNodeHomeAgent = 1,

    /// <summary>MN-AAA: a key that the mobile node shares with the AAA server of its home network.</summary>
    MobileNodeAaa = 2,
}
