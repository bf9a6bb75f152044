using DsmipTools.Wire;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>What a mobile node may have, and by whom (RFC 5213, 4 and 6.2; RFC 5844, 3.2.2); by default everything by every gateway.</summary>
public sealed record PolicyProfile
{
    /// <summary>True for the mobility service; false refuses it with status 152, proxy registration not enabled.</summary>
    public bool MobilityService { get; init; } = true;

    /// <summary>True for IPv6; false refuses updates about home network prefixes with status 172.</summary>
    public bool IPv6 { get; init; } = true;

    /// <summary>True for IPv4; false refuses updates about an IPv4 home address with status 170.</summary>
    public bool IPv4 { get; init; } = true;

    /// <summary>
    /// The proxy care-of addresses of the gateways that may register the mobile node; others are refused with status 154, gateway not authorised.
    /// None means every peer of the anchor.
    /// </summary>
    public ValueList<Address> Gateways { get; init; }

    /// <summary>True when a gateway may register the mobile node.</summary>
    internal bool Admits(Address careOfAddress) => Gateways.Count == 0 || Gateways.Span.Contains(careOfAddress);
}
