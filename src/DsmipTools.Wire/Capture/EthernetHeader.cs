using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Capture;

/// <summary>The Ethernet header of captured frames (RFC 894, RFC 2464).</summary>
public static class EthernetHeader
{
    /// <summary>The table.</summary>
    public static readonly Layout Layout = new("Ethernet", "IEEE 802.3");

    /// <summary>Destination.</summary>
    public static readonly Field Destination = Layout.Octets("Destination", 6, "destination link-layer address");

    /// <summary>Source.</summary>
    public static readonly Field Source = Layout.Octets("Source", 6, "source link-layer address");

    /// <summary>EtherType.</summary>
    public static readonly Field EtherType = Layout.Code<EtherType>("EtherType", 16, "what the frame carries");
}

/// <summary>EtherTypes that DsmipTools decodes (IANA, IEEE 802 numbers).</summary>
public enum EtherType : ushort
{
    /// <summary>IPv4 (RFC 894).</summary>
    IPv4 = 0x0800,

    /// <summary>IPv6 (RFC 2464).</summary>
    IPv6 = 0x86DD,
}
