namespace DsmipTools.Wire.Icmp.NeighborDiscovery;

/// <summary>Default Router Preferences (RFC 4191, 2.1): a signed number of two bits.</summary>
public enum DefaultRouterPreference : byte
{
    /// <summary>Medium, the default.</summary>
    Medium = 0,

    /// <summary>High.</summary>
    High = 1,

    /// <summary>Not sent; a receiver takes it for medium.</summary>
    Reserved = 2,

    /// <summary>Low.</summary>
    Low = 3,
}
