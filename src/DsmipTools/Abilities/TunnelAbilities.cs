using DsmipTools.Net.Probing;

namespace DsmipTools.Abilities;

/// <summary>What tunnels and their backends stand on.</summary>
internal static class TunnelAbilities
{
    private const string OfKernel = "of the kernel (New-DsmipTunnel -Backend Kernel); the other backends carry them.";

    public static IReadOnlyList<AbilityTest> All { get; } =
    [
        new("Tun", "Tunnels of this host (New-DsmipTunnel), but those with -Backend Kernel, and tunnels of agents in the worlds Host and Namespace.", Tun),
        new("Ebpf", "Tunnels in the kernel (New-DsmipTunnel -Backend Ebpf); they run in user space then, slower.", Ebpf),
        Kernel("KernelSit", $"IPv6 in IPv4 (RFC 4213) by interfaces {OfKernel}", "CONFIG_IPV6_SIT", KernelPart.Sit),
        Kernel("KernelIpip", $"IPv4 in IPv4 (RFC 2003) by interfaces {OfKernel}", "CONFIG_NET_IPIP", KernelPart.Ipip),
        Kernel("KernelGre", $"GRE over IPv4 by interfaces {OfKernel}", "CONFIG_NET_IPGRE", KernelPart.Gre),
        Kernel("KernelIp6Tnl", $"IPv4 and IPv6 in IPv6 (RFC 2473) by interfaces {OfKernel}", "CONFIG_IPV6_TUNNEL", KernelPart.Ip6Tunnel),
        Kernel("KernelIp6Gre", $"GRE over IPv6 by interfaces {OfKernel}", "CONFIG_IPV6_GRE", KernelPart.Ip6Gre),
        Kernel(
            "KernelMip6",
            "Mobility Headers with Home Address option or Type 2 routing header by raw socket 135: the kernel answers with ICMPv6 parameter problems, codes 2 and 0. Agents get them by raw sockets 60 and 43, and keep the kernel from that (nftables).",
            "CONFIG_IPV6_MIP6",
            KernelPart.Mip6),
        Kernel(
            "KernelEsp",
            "ESP (RFC 4303) between agents on real sockets, as RFC 5213, 4 and RFC 5846, 13 want it. Simulated worlds carry their own.",
            "CONFIG_XFRM_USER, CONFIG_INET_ESP and CONFIG_INET6_ESP",
            KernelPart.XfrmUser,
            KernelPart.Esp4,
            KernelPart.Esp6),
    ];

    private static AbilityTest Kernel(string name, string prevents, string options, params KernelPart[] parts) => new(name, prevents, host =>
    {
        var states = parts.Select(part => (part.Module, State: host.Kernel.StateOf(part))).ToArray();
        string ModulesIn(KernelPartState state) => string.Join(", ", states.Where(each => each.State == state).Select(each => each.Module));
        return (ModulesIn(KernelPartState.Missing), ModulesIn(KernelPartState.Unknown), ModulesIn(KernelPartState.Loadable)) switch
        {
            ({ Length: > 0 } missing, _, _) => new Finding($"not in the kernel: {missing}", $"Use a kernel with {options}, built in or as modules."),
            (_, { Length: > 0 } unknown, _) => new Finding(
                $"not loaded, and no list of modules can be read here: {unknown}", $"modprobe -a {unknown.Replace(",", "", StringComparison.Ordinal)} (on the host of a container)"),
            (_, _, { Length: > 0 } loadable) => new Finding($"in modules that the kernel loads when needed: {loadable}"),
            _ => new Finding("in the kernel"),
        };
    });

    private static Finding Tun(HostInspection host)
    {
        var state = host.Kernel.StateOf(KernelPart.Tun);
        if (state == KernelPartState.Missing)
        {
            return new Finding("not in the kernel", "Use a kernel with CONFIG_TUN, built in or as a module.");
        }

        if (!File.Exists(LinuxProbes.TunDevice))
        {
            var load = state == KernelPartState.Present ? "" : "modprobe tun; ";
            return new Finding(
                $"there is no {LinuxProbes.TunDevice}",
                $"{load}mkdir -p /dev/net && mknod -m 0666 {LinuxProbes.TunDevice} c 10 200 (in a container: 'docker run --device={LinuxProbes.TunDevice}')");
        }

        if (state != KernelPartState.Present)
        {
            // Opening it would load the module.
            return (LinuxProbes.TunPermissions(), host.Capabilities.Has(LinuxCapability.NetAdmin)) switch
            {
                (0, true) => new Finding("in a module that the kernel loads when needed: tun"),
                (0, false) => new Finding("an interface needs CAP_NET_ADMIN", host.FixFor(LinuxCapability.NetAdmin)),
                var (errno, _) => NotOpened(errno),
            };
        }

        return LinuxProbes.Tun() switch
        {
            { OpenError: not 0 and var errno } => NotOpened(errno),
            { InterfaceError: 1 } => new Finding("an interface needs CAP_NET_ADMIN in this network", host.FixFor(LinuxCapability.NetAdmin)),
            { InterfaceError: not 0 and var errno } => new Finding(HostInspection.TextOf(errno), "Let the security module (SELinux, AppArmor) allow TUN interfaces."),
            { WasMade: true } => new Finding("one was made in a network apart, and is gone"),
            _ => new Finding("allowed (none made: a network apart needs CAP_SYS_ADMIN)"),
        };
    }

    private static Finding NotOpened(int errno) => errno switch
    {
        13 => new Finding($"{LinuxProbes.TunDevice} cannot be read and written", $"chmod 0666 {LinuxProbes.TunDevice} (its usual mode; an interface needs CAP_NET_ADMIN all the same)"),
        1 => new Finding($"{LinuxProbes.TunDevice} is closed to this container", $"docker run --device={LinuxProbes.TunDevice}, or 'DeviceAllow={LinuxProbes.TunDevice} rw' of systemd"),
        _ => new Finding($"{LinuxProbes.TunDevice}: {HostInspection.TextOf(errno)}", $"rm {LinuxProbes.TunDevice}; modprobe tun; mknod -m 0666 {LinuxProbes.TunDevice} c 10 200"),
    };

    private static Finding Ebpf(HostInspection host)
    {
        var capabilities = host.Capabilities;
        var lacking = !capabilities.Has(LinuxCapability.Bpf) && !capabilities.Has(LinuxCapability.SysAdmin) ? LinuxCapability.Bpf
            : capabilities.Has(LinuxCapability.NetAdmin) ? (LinuxCapability?)null
            : LinuxCapability.NetAdmin;
        return LinuxProbes.Ebpf() switch
        {
            { LoadError: 0, HasTcx: true } => new Finding("a program loads, and the kernel has tcx hooks"),
            { LoadError: 0 } => new Finding("a program loads, but the kernel has no tcx hooks", "Use Linux 6.6 or later."),
            { LoadError: 38 } => new Finding("the kernel has no bpf(2)", "Use a kernel with CONFIG_BPF_SYSCALL."),
            { LoadError: 1 } when capabilities.IsInUserNamespace => new Finding("not permitted in a user namespace", "sudo pwsh outside of this user namespace"),
            { LoadError: 1 } when lacking is { } capability => new Finding($"not permitted without {HostInspection.NameOf(capability)}", host.FixFor(capability)),
            { LoadError: 1 } => new Finding("not permitted, although the capabilities are there", "Let the seccomp profile and lockdown allow bpf(2): 'docker run --security-opt seccomp=unconfined'."),
            var probe => new Finding(HostInspection.TextOf(probe.LoadError), "Use Linux 6.6 or later with CONFIG_BPF_SYSCALL."),
        };
    }
}
