using DsmipTools.Net.Probing;

namespace DsmipTools.Abilities;

/// <summary>Capabilities of this process, and what needs nothing else.</summary>
internal static class PrivilegeAbilities
{
    private const ushort MobileIPv4Port = 434;
    private const string MostNamespaces = "user/max_net_namespaces";

    public static IReadOnlyList<AbilityTest> All { get; } =
    [
        Capability(LinuxCapability.NetAdmin, "Tunnels, addresses, routes and rules of this host, and the links of labs of network namespaces."),
        Capability(LinuxCapability.NetRaw, "Captures, native IPv6 Mobility Headers, packets with all their headers, tunnels on raw sockets."),
        Capability(LinuxCapability.SysAdmin, "Labs of network namespaces (New-DsmipLab -World Namespace), and agents in network namespaces (-Node)."),
        Capability(LinuxCapability.Bpf, "Tunnels in the kernel (New-DsmipTunnel -Backend Ebpf); they run in user space then, slower."),
        new("NetworkNamespaces", "Labs of network namespaces (New-DsmipLab -World Namespace), and agents in network namespaces (-Node).", NetworkNamespaces),
        new("Port434", "Agents of Mobile IPv4 at their own port; another one works (-Port) where the other side can be told.", Port) { IsPortable = true },
    ];

    private static AbilityTest Capability(LinuxCapability capability, string prevents) => new(HostInspection.NameOf(capability), prevents, host =>
    {
        var implied = capability == LinuxCapability.Bpf && host.Capabilities.Has(LinuxCapability.SysAdmin);
        return host.Capabilities.Has(capability) || implied
            ? new Finding((implied && !host.Capabilities.Has(capability) ? "by CAP_SYS_ADMIN" : "effective")
                + (host.Capabilities.IsInUserNamespace ? ", in a user namespace: for what that owns" : ""))
            : new Finding("not effective", host.FixFor(capability));
    });

    private static Finding NetworkNamespaces(HostInspection host) => LinuxProbes.NetworkNamespace() switch
    {
        0 => new Finding("one was made, and is gone with its thread"),
        1 when !host.Capabilities.Has(LinuxCapability.SysAdmin) => new Finding(
            "not permitted without CAP_SYS_ADMIN",
            (UsersMayMakeOne() && !host.Capabilities.IsInUserNamespace ? "unshare -Urnm pwsh, apart from this host's network; or " : "") + host.FixFor(LinuxCapability.SysAdmin)),
        1 => new Finding("not permitted, although CAP_SYS_ADMIN is there", "Let the seccomp profile allow unshare(2): 'docker run --security-opt seccomp=unconfined'."),
        28 => new Finding("the limit of namespaces is reached", $"sysctl -w user.max_net_namespaces={Math.Max(1000, 2 * (NetworkSettings.Read(MostNamespaces) ?? 0))}"),
        22 => new Finding("the kernel has none", "Use a kernel with CONFIG_NET_NS."),
        var errno => new Finding(HostInspection.TextOf(errno), "Let the seccomp profile or security module allow unshare(2)."),
    };

    private static bool UsersMayMakeOne() =>
        NetworkSettings.Read("user/max_user_namespaces") > 0
        && (NetworkSettings.Read("kernel/unprivileged_userns_clone") ?? 1) == 1
        && (NetworkSettings.Read("kernel/apparmor_restrict_unprivileged_userns") ?? 0) == 0;

    private static Finding Port(HostInspection host) => LinuxProbes.UdpPort(MobileIPv4Port) switch
    {
        0 => new Finding("a UDP socket can be bound to it"),
        _ when !OperatingSystem.IsLinux() => new Finding("not permitted", "Run with the rights of an administrator."),
        13 => new Finding(
            $"ports below {NetworkSettings.Read("net/ipv4/ip_unprivileged_port_start")} need CAP_NET_BIND_SERVICE",
            $"sysctl -w net.ipv4.ip_unprivileged_port_start={MobileIPv4Port}; or {host.FixFor(LinuxCapability.NetBindService)}"),
        var errno => new Finding(HostInspection.TextOf(errno), "Let the seccomp profile or security module allow UDP sockets."),
    };
}
