using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Ip;

/// <summary>The IPv4 header (RFC 791, 3.1).</summary>
public static class IPv4Header
{
    /// <summary>The table.</summary>
    public static readonly Layout Layout = new("IPv4", "RFC 791, 3.1");

    /// <summary>Version.</summary>
    public static readonly Field Version = Layout.Number("Version", 4, "4");

    /// <summary>Header length.</summary>
    public static readonly Field HeaderLength = Layout.Computed("HeaderLength", 4, "units of 4 octets");

    /// <summary>DSCP.</summary>
    public static readonly Field DifferentiatedServices = Layout.Number("DifferentiatedServices", 6, "DSCP (RFC 2474)");

    /// <summary>ECN.</summary>
    public static readonly Field CongestionNotification = Layout.Number("CongestionNotification", 2, "ECN (RFC 3168)");

    /// <summary>Total length.</summary>
    public static readonly Field TotalLength = Layout.Computed("TotalLength", 16, "octets of header and data");

    /// <summary>Identification.</summary>
    public static readonly Field Identification = Layout.Number("Identification", 16, "tells the fragments of a packet");

    /// <summary>Flags.</summary>
    public static readonly Field Flags = Layout.Number("Flags", 3, "reserved, do not fragment, more fragments");

    /// <summary>Fragment offset.</summary>
    public static readonly Field FragmentOffset = Layout.Number("FragmentOffset", 13, "units of 8 octets");

    /// <summary>Time to live.</summary>
    public static readonly Field TimeToLive = Layout.Number("TimeToLive", 8, "hops left");

    /// <summary>Protocol.</summary>
    public static readonly Field Protocol = Layout.Code<IpProtocol>("Protocol", 8, "what the packet carries");

    /// <summary>Header checksum.</summary>
    public static readonly Field HeaderChecksum = Layout.Computed("HeaderChecksum", 16, "over the header");

    /// <summary>Source.</summary>
    public static readonly Field Source = Layout.IPv4("Source", "source address");

    /// <summary>Destination.</summary>
    public static readonly Field Destination = Layout.IPv4("Destination", "destination address");
}
