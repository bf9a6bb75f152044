namespace DsmipTools.Net.Probing;

/// <summary>The privileges of Linux (capabilities(7)) that matter here, by their bits.</summary>
public enum LinuxCapability
{
    /// <summary>CAP_NET_BIND_SERVICE: ports below net.ipv4.ip_unprivileged_port_start.</summary>
    NetBindService = 10,

    /// <summary>CAP_NET_ADMIN: interfaces, addresses, routes, rules, filters.</summary>
    NetAdmin = 12,

    /// <summary>CAP_NET_RAW: raw and packet sockets.</summary>
    NetRaw = 13,

    /// <summary>CAP_SYS_ADMIN: namespaces, and much else.</summary>
    SysAdmin = 21,

    /// <summary>CAP_BPF: programs in the kernel; CAP_SYS_ADMIN includes it.</summary>
    Bpf = 39,
}
