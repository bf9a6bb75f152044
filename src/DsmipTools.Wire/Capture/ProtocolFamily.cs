namespace DsmipTools.Wire.Capture;

/// <summary>Protocol families of loopback headers (LINKTYPE_NULL at tcpdump.org); that of IPv6 depends on the system that captured.</summary>
public enum ProtocolFamily : uint
{
    /// <summary>IPv4, on every system.</summary>
    IPv4 = 2,

    /// <summary>IPv6 on Linux.</summary>
    IPv6OnLinux = 10,

    /// <summary>IPv6 on Windows.</summary>
    IPv6OnWindows = 23,

    /// <summary>IPv6 on NetBSD, OpenBSD and Npcap.</summary>
    IPv6OnNetBsd = 24,

    /// <summary>IPv6 on FreeBSD and DragonFly BSD.</summary>
    IPv6OnFreeBsd = 28,

    /// <summary>IPv6 on macOS.</summary>
    IPv6OnMacOS = 30,
}
