namespace DsmipTools.Net.Probing;

/// <summary>A part of the Linux kernel that may be missing.</summary>
/// <param name="Module">The name of its module, with underscores.</param>
/// <param name="Symbol">A function that the kernel has exactly when it has this part, built in or as a module that is loaded.</param>
public sealed record KernelPart(string Module, string Symbol)
{
    /// <summary>IPv6 in IPv4 (RFC 4213).</summary>
    public static KernelPart Sit { get; } = new("sit", "ipip6_tunnel_init");

    /// <summary>IPv4 in IPv4 (RFC 2003).</summary>
    public static KernelPart Ipip { get; } = new("ipip", "ipip_tunnel_init");

    /// <summary>GRE over IPv4 (RFC 2784, 2890).</summary>
    public static KernelPart Gre { get; } = new("ip_gre", "ipgre_tunnel_init");

    /// <summary>IPv6 and IPv4 in IPv6 (RFC 2473).</summary>
    public static KernelPart Ip6Tunnel { get; } = new("ip6_tunnel", "ip6_tnl_dev_init");

    /// <summary>GRE over IPv6.</summary>
    public static KernelPart Ip6Gre { get; } = new("ip6_gre", "ip6gre_tunnel_init");

    /// <summary>TUN interfaces.</summary>
    public static KernelPart Tun { get; } = new("tun", "tun_chr_open");

    /// <summary>Packet sockets.</summary>
    public static KernelPart Packet { get; } = new("af_packet", "packet_create");

    /// <summary>Home Address options and Type 2 routing headers of Mobile IPv6 (RFC 6275).</summary>
    public static KernelPart Mip6 { get; } = new("mip6", "mip6_destopt_input");

    /// <summary>ESP over IPv4 (RFC 4303).</summary>
    public static KernelPart Esp4 { get; } = new("esp4", "esp_input");

    /// <summary>ESP over IPv6.</summary>
    public static KernelPart Esp6 { get; } = new("esp6", "esp6_input");

    /// <summary>The interface by which policies and states of IPsec are set.</summary>
    public static KernelPart XfrmUser { get; } = new("xfrm_user", "xfrm_netlink_rcv");

    /// <summary>All of them.</summary>
    internal static IReadOnlyList<KernelPart> All { get; } = [Sit, Ipip, Gre, Ip6Tunnel, Ip6Gre, Tun, Packet, Mip6, Esp4, Esp6, XfrmUser];
}
