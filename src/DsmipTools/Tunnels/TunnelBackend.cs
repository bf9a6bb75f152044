namespace DsmipTools.Tunnels;

/// <summary>What carries the packets of a tunnel.</summary>
public enum TunnelBackend
{
    /// <summary>The fastest that this host has for the encapsulation.</summary>
    Auto,

    /// <summary>This process: a TUN device and raw sockets. It works wherever there are TUN devices.</summary>
    UserSpace,

    /// <summary>
    /// Programs in the kernel (Linux 6.6, CAP_BPF and CAP_NET_ADMIN), which leave to this process what they are not sure of. The outer packets pass
    /// neither the host's packet filter nor its IPsec.
    /// </summary>
    Ebpf,

    /// <summary>
    /// An interface of the kernel for each tunnel (sit, ipip, gre, ip6tnl, ip6gre), where it has them, with a packet filter for the sources inside. Outer
    /// packets pass the host's packet filter and IPsec.
    /// </summary>
    Kernel,
}
