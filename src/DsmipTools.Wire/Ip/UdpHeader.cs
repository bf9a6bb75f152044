using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Ip;

/// <summary>The UDP header (RFC 768).</summary>
public static class UdpHeader
{
    /// <summary>The table.</summary>
    public static readonly Layout Layout = new("UDP", "RFC 768");

    /// <summary>Source port.</summary>
    public static readonly Field SourcePort = Layout.Number("SourcePort", 16, "source port");

    /// <summary>Destination port.</summary>
    public static readonly Field DestinationPort = Layout.Number("DestinationPort", 16, "destination port");

    /// <summary>Length.</summary>
    public static readonly Field Length = Layout.Computed("Length", 16, "octets of header and data");

    /// <summary>Checksum.</summary>
    public static readonly Field Checksum = Layout.Computed("Checksum", 16, "0 means none (IPv4 only)");
}
