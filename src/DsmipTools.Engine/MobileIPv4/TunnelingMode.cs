namespace DsmipTools.Engine.MobileIPv4;

/// <summary>Where IPv6 packets of a mobile node are tunneled to (RFC 5454, 3.3.2).</summary>
public enum TunnelingMode
{
    /// <summary>To the home address, and then as every IPv4 packet through the tunnel to the care-of address.</summary>
    HomeAddress,

    /// <summary>Straight to the care-of address.</summary>
    CareOfAddress,
}
