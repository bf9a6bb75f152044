namespace DsmipTools.Wire.Icmp.NeighborDiscovery.Options;

/// <summary>Types of neighbor discovery options (IANA, IPv6 Neighbor Discovery Option Formats) that DsmipTools knows.</summary>
public enum NeighborDiscoveryOptionType : byte
{
    /// <summary>Source Link-layer Address (RFC 4861, 4.6.1).</summary>
    SourceLinkLayerAddress = 1,

    /// <summary>Target Link-layer Address (RFC 4861, 4.6.1).</summary>
    TargetLinkLayerAddress = 2,

    /// <summary>Prefix Information (RFC 4861, 4.6.2; RFC 6275, 7.2).</summary>
    PrefixInformation = 3,

    /// <summary>Redirected Header (RFC 4861, 4.6.3).</summary>
    RedirectedHeader = 4,

    /// <summary>MTU (RFC 4861, 4.6.4).</summary>
    Mtu = 5,

    /// <summary>Advertisement Interval (RFC 6275, 7.3).</summary>
    AdvertisementInterval = 7,

    /// <summary>Home Agent Information (RFC 6275, 7.4).</summary>
    HomeAgentInformation = 8,

    /// <summary>Recursive DNS Server (RFC 8106, 5.1).</summary>
    RecursiveDnsServer = 25,
}
