namespace DsmipTools.Wire.Icmp.IcmpV4;

/// <summary>Codes of the ICMP Router Advertisement message (RFC 5944, 2.1).</summary>
public enum IcmpV4RouterAdvertisementCode : byte
{
    /// <summary>The agent handles common traffic, or the router is no mobility agent.</summary>
    NormalRouterAdvertisement = 0,

    /// <summary>The mobility agent does not route common traffic.</summary>
    DoesNotRouteCommonTraffic = 16,
}
