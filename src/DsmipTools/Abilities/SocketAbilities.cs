using DsmipTools.Net.Capture;
using DsmipTools.Net.Probing;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Abilities;

/// <summary>Sockets beyond UDP.</summary>
internal static class SocketAbilities
{
    public static IReadOnlyList<AbilityTest> All { get; } =
    [
        Raw(4, isIPv4: true, "Tunnels of IPv4 in IPv4 (RFC 2003)."),
        Raw(41, isIPv4: true, "Tunnels of IPv6 in IPv4 (RFC 4213)."),
        Raw(47, isIPv4: true, "GRE tunnels over IPv4 (RFC 2784)."),
        Raw(55, isIPv4: true, "Tunnels of minimal encapsulation (RFC 2004)."),
        Raw(135, isIPv4: false, "Mobility Headers directly behind the IPv6 header (RFC 6275); those in UDP are not concerned."),
        new("PacketSockets", "Captures, and packets with all their headers.", host => OfSocket(host, LinuxProbes.PacketSocket(), "af_packet")),
        new(
            "Libpcap",
            "Capture filters in the language of tcpdump beyond those of Mobile IP" + (OperatingSystem.IsLinux() ? "." : ", and captures at all."),
            _ => CaptureDevice.HasLibpcap ? new Finding("installed") : new Finding("not installed", OperatingSystem.IsWindows()
                ? "Install Npcap (npcap.com)."
                : "apt install libpcap0.8 (Debian, Ubuntu), dnf install libpcap (Fedora), apk add libpcap (Alpine)")) { IsPortable = true },
    ];

    private static AbilityTest Raw(byte protocol, bool isIPv4, string prevents) =>
        new($"Raw{(isIPv4 ? "IPv4" : "IPv6")}-{protocol}", prevents, host => OfSocket(host, LinuxProbes.RawSocket(isIPv4, (IpProtocol)protocol), "ipv6"));

    private static Finding OfSocket(HostInspection host, int errno, string module) => errno switch
    {
        0 => new Finding("a socket opens"),
        1 or 13 when host.Capabilities.Has(LinuxCapability.NetRaw) && !host.Capabilities.IsInUserNamespace =>
            new Finding("not permitted, although CAP_NET_RAW is effective", "Let the seccomp profile or security module allow raw and packet sockets."),
        1 or 13 => new Finding("not permitted without CAP_NET_RAW in this network", host.FixFor(LinuxCapability.NetRaw)),
        97 => new Finding($"the kernel has no {module}, or has not loaded it", $"modprobe {module}"),
        _ => new Finding(HostInspection.TextOf(errno), $"modprobe {module}"),
    };
}
