namespace DsmipTools.Wire.Capture;

/// <summary>What the octets of a captured frame begin with (the registry of link-layer header types, tcpdump.org).</summary>
public enum LinkType : ushort
{
    /// <summary>An Ethernet header.</summary>
    Ethernet = 1,

    /// <summary>An IPv4 or IPv6 header.</summary>
    Raw = 101,

    /// <summary>An IPv4 header.</summary>
    IPv4 = 228,

    /// <summary>An IPv6 header.</summary>
    IPv6 = 229,
}
