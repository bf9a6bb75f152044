using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.MobileIPv4;

/// <summary>The way by which a mobile node registers (RFC 5944, 3.1 and 3.6.1.1).</summary>
/// <param name="Destination">Where requests go: the home agent, or a foreign agent.</param>
/// <param name="Source">Where they come from.</param>
/// <param name="CareOfAddress">The care-of address.</param>
/// <param name="IsCoLocated">True when the node itself is the end of the tunnel: D.</param>
internal sealed record RegistrationPath(Endpoint Destination, Address Source, Address CareOfAddress, bool IsCoLocated)
{
    /// <summary>The foreign agent in between; null for none.</summary>
    public Address? ForeignAgent { get; init; }

    /// <summary>The foreign agent as it advertises itself; null for one that is configured, and for none.</summary>
    public AdvertisedAgent? Advertised { get; init; }

    /// <summary>True on the home network: the node de-registers.</summary>
    public bool IsHome { get; init; }
}
