namespace DsmipTools.Packets;

/// <summary>What octets are taken for.</summary>
public enum PacketForm
{
    /// <summary>A packet that begins with an IPv4 or IPv6 header, or a captured frame with its link-layer header.</summary>
    Packet,

    /// <summary>A Mobile IPv4 message without headers before it, as it stands in UDP (RFC 5944, 1.8).</summary>
    MobileIPv4,

    /// <summary>A Mobility Header without headers before it (RFC 6275, 6.1).</summary>
    MobilityHeader,
}
