using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Ip;

/// <summary>The IPv6 header (RFC 8200, 3).</summary>
public static class IPv6Header
{
    /// <summary>The table.</summary>
    public static readonly Layout Layout = new("IPv6", "RFC 8200, 3");

    /// <summary>Version.</summary>
    public static readonly Field Version = Layout.Number("Version", 4, "6");

    /// <summary>Traffic class.</summary>
    public static readonly Field TrafficClass = Layout.Number("TrafficClass", 8, "DSCP and ECN");

    /// <summary>Flow label.</summary>
    public static readonly Field FlowLabel = Layout.Number("FlowLabel", 20, "flow label (RFC 6437)");

    /// <summary>Payload length.</summary>
    public static readonly Field PayloadLength = Layout.Computed("PayloadLength", 16, "octets after this header");

    /// <summary>Next header.</summary>
    public static readonly Field NextHeader = Layout.Code<IpProtocol>("NextHeader", 8, "what the packet carries");

    /// <summary>Hop limit.</summary>
    public static readonly Field HopLimit = Layout.Number("HopLimit", 8, "hops left");

    /// <summary>Source.</summary>
    public static readonly Field Source = Layout.IPv6("Source", "source address");

    /// <summary>Destination.</summary>
    public static readonly Field Destination = Layout.IPv6("Destination", "destination address");
}
