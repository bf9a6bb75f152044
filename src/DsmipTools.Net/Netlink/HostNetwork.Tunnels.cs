using System.Text;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Net.Netlink;

/// <content>Tunnels that the kernel carries by itself (include/uapi/linux/if_tunnel.h, ip6_tunnel.h).</content>
public sealed partial class HostNetwork
{
    private const ushort LinkAlias = 20;
    private const ushort TunnelLinkData = 2;

    // DSCP and ECN of the packet inside (RFC 6040).
    private const byte InheritTypeOfService = 1;
    private const uint IgnoreEncapsulationLimit = 1;
    private const uint CopyTrafficClass = 2;
    private const ushort KeyPresent = 0x2000;

    /// <summary>Makes the interface of a tunnel, which is down.</summary>
    /// <param name="tunnel">The tunnel.</param>
    /// <returns>The number of the interface.</returns>
    /// <exception cref="NetException">The kernel has no such tunnels, the privilege is missing, or the name or the ends are another interface's.</exception>
    public int AddTunnel(TunnelInterface tunnel)
    {
        ArgumentNullException.ThrowIfNull(tunnel);
        var message = new NetlinkMessage(NewLink, CreateOnly, LinkOf(0, 0))
            .Add(LinkName, tunnel.Name)
            .Add(LinkMtu, (uint)tunnel.Mtu)
            .Nest(LinkInformation, all => all
                .Add(LinkKind, Encoding.ASCII.GetBytes(tunnel.Kind))
                .Nest(TunnelLinkData, data => AddParameters(data, tunnel)));
        try
        {
            socket.Ask(message, $"Making the tunnel {tunnel.Name}");
        }
        catch (NetException exception) when (exception.Error == NetError.NotSupported)
        {
            throw new NetException(
                NetError.NotSupported, exception.Errno, $"This kernel has no tunnels of the kind {tunnel.Kind}: load its module, such as with 'modprobe {ModuleOf(tunnel.Kind)}', or let another backend carry the tunnel.");
        }

        var index = SourceAddress.InterfaceIndex(tunnel.Name);
        try
        {
            // Of a new interface the kernel takes no note.
            socket.Ask(new NetlinkMessage(NewLink, 0, LinkOf(index, 0)).Add(LinkAlias, Encoding.UTF8.GetBytes(tunnel.Note)), $"Noting whose the tunnel {tunnel.Name} is");
            return index;
        }
        catch
        {
            RemoveInterface(index, tunnel.Name);
            throw;
        }
    }

    private static string ModuleOf(string kind) => kind switch
    {
        "gre" => "ip_gre",
        "ip6tnl" => "ip6_tunnel",
        "ip6gre" => "ip6_gre",
        _ => kind,
    };

    private static void AddParameters(NetlinkMessage data, TunnelInterface tunnel)
    {
        Span<byte> local = stackalloc byte[16], remote = stackalloc byte[16];
        local = local[..tunnel.Local.Write(local)];
        remote = remote[..tunnel.Remote.Write(remote)];
        if (tunnel.Protocol == IpProtocol.Gre)
        {
            const ushort InFlags = 2, OutFlags = 3, InKey = 4, OutKey = 5, Local = 6, Remote = 7, Ttl = 8, Tos = 9, PathMtu = 10, Flags = 13;
            if (tunnel.Key is { } key)
            {
                data.Add(InFlags, [KeyPresent >> 8, 0]).Add(OutFlags, [KeyPresent >> 8, 0]).AddBigEndian(InKey, key).AddBigEndian(OutKey, key);
            }

            data.Add(Local, local).Add(Remote, remote).Add(Ttl, [PacketFrame.HopLimit]);
            _ = tunnel.Local.IsIPv4
                ? data.Add(Tos, [InheritTypeOfService]).Add(PathMtu, [0])
                : data.Add(Flags, IgnoreEncapsulationLimit | CopyTrafficClass);
        }
        else
        {
            const ushort Local = 2, Remote = 3, Ttl = 4, Tos = 5, Flags = 8, Protocol = 9, PathMtu = 10;
            // With a TTL of its own, an IPv4 header gets DF whatever is said of it; with none it has that of the packet inside (RFC 4213, 3.2.1).
            var ttl = tunnel.Local.IsIPv4 ? (byte)0 : PacketFrame.HopLimit;
            data.Add(Local, local).Add(Remote, remote).Add(Ttl, [ttl]).Add(Protocol, [(byte)tunnel.Protocol]);
            _ = tunnel.Local.IsIPv4
                ? data.Add(Tos, [InheritTypeOfService]).Add(PathMtu, [0])
                : data.Add(Flags, IgnoreEncapsulationLimit | CopyTrafficClass);
        }
    }
}
