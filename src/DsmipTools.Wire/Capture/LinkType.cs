namespace DsmipTools.Wire.Capture;

/// <summary>What the octets of a captured frame begin with (the registry of link-layer header types, tcpdump.org/linktypes.html).</summary>
public enum LinkType : ushort
{
    /// <summary>A protocol family in the byte order of the host that captured (LINKTYPE_NULL), as loopback interfaces of BSD and macOS give it.</summary>
    BsdLoopback = 0,

    /// <summary>An Ethernet header (LINKTYPE_ETHERNET).</summary>
    Ethernet = 1,

    /// <summary>An IPv4 or IPv6 header, by the number that most systems give it in memory (DLT_RAW); files should say 101.</summary>
    DataLinkRaw = 12,

    /// <summary>An IPv4 or IPv6 header, by the number that OpenBSD gives it in memory; files should say 101.</summary>
    OpenBsdDataLinkRaw = 14,

    /// <summary>An IPv4 or IPv6 header (LINKTYPE_RAW).</summary>
    Raw = 101,

    /// <summary>A protocol family in network byte order (LINKTYPE_LOOP), as loopback interfaces of OpenBSD give it.</summary>
    OpenBsdLoopback = 108,

    /// <summary>A cooked header of Linux (LINKTYPE_LINUX_SLL).</summary>
    LinuxCooked = 113,

    /// <summary>An IPv4 header (LINKTYPE_IPV4).</summary>
    IPv4 = 228,

    /// <summary>An IPv6 header (LINKTYPE_IPV6).</summary>
    IPv6 = 229,

    /// <summary>A cooked header of Linux, version 2, with the number of the interface (LINKTYPE_LINUX_SLL2).</summary>
    LinuxCookedVersion2 = 276,
}
