using DsmipTools.Net.Probing;

namespace DsmipTools.Abilities;

/// <summary>Settings of the network that this process is in.</summary>
internal static class NetworkAbilities
{
    private const int Strict = 1;
    private const int ShownInterfaces = 4;

    // 1280 octets of IPv6 behind the longest headers of one tunnel: IPv6 and GRE with a key.
    private const int LeastMtu = 1280 + 40 + 8;

    public static IReadOnlyList<AbilityTest> All { get; } =
    [
        new("ReversePathFilter", "IPv4 packets whose sender the host reaches by another interface: of mobile nodes through a tunnel, and in triangular routing.", ReversePath),
        new("IPv4Forwarding", "IPv4 packets between tunnels and networks by the kernel: home agents, anchors and gateways carry none.", _ =>
            Forwarding("net/ipv4/ip_forward", "sysctl -w net.ipv4.ip_forward=1")),
        new("IPv6Forwarding", "IPv6 packets between tunnels and networks by the kernel: home agents, anchors and gateways carry none.", _ =>
            Forwarding(
                "net/ipv6/conf/all/forwarding",
                "sysctl -w net.ipv6.conf.all.forwarding=1 (an interface that has its address from router advertisements then needs net.ipv6.conf.NAME.accept_ra=2)")),
        new("Mtu", $"Tunnels of 1280 octets without fragments of the outer packet: the longest encapsulation needs {LeastMtu}.", Mtu),
    ];

    private static Finding ReversePath(HostInspection host)
    {
        var strict = NetworkSettings.ReversePathFilters().Where(each => each.Filter == Strict).Select(each => each.Interface).ToArray();
        return strict.Length == 0
            ? new Finding("strict on no interface")
            : new Finding($"strict on {FirstOf(strict)}", "sysctl -w net.ipv4.conf.all.rp_filter=2");
    }

    private static Finding Forwarding(string path, string fix) => NetworkSettings.Read(path) switch
    {
        null => new Finding("the kernel has no such protocol", "Start the kernel without ipv6.disable=1."),
        0 => new Finding("off", fix),
        _ => new Finding("on"),
    };

    private static string FirstOf(string[] texts) =>
        string.Join(", ", texts.Take(ShownInterfaces)) + (texts.Length > ShownInterfaces ? $" and {texts.Length - ShownInterfaces} more" : "");

    private static Finding Mtu(HostInspection host)
    {
        var mtus = NetworkSettings.Mtus();
        if (mtus.Count == 0)
        {
            return new Finding("no interface is up but loopback", "ip link set dev NAME up");
        }

        var detail = FirstOf([.. mtus.OrderBy(each => each.Mtu).Select(each => $"{each.Interface} {each.Mtu}")]);
        var small = mtus.Where(each => each.Mtu < LeastMtu).ToArray();
        return small.Length == 0 ? new Finding(detail) : new Finding(detail, string.Join("; ", small.Select(each => $"ip link set dev {each.Interface} mtu 1500")));
    }
}
