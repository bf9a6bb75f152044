using DsmipTools.Net.Netlink;
using DsmipTools.Net.Tests.Support;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Net.Tests.Netlink;

public sealed class TunnelInterfaceTests
{
    public static TheoryData<IpProtocol, string, string, uint?, string[]> Tunnels => new()
    {
        { IpProtocol.IPv4, "198.51.100.1", "203.0.113.7", null, ["ipip ipip remote 203.0.113.7 local 198.51.100.1", "ttl inherit tos inherit nopmtudisc"] },
        { IpProtocol.IPv6, "198.51.100.1", "203.0.113.7", null, ["sit ip6ip remote 203.0.113.7 local 198.51.100.1", "ttl inherit tos inherit nopmtudisc"] },
        { IpProtocol.Gre, "198.51.100.1", "203.0.113.7", 77, ["gre remote 203.0.113.7 local 198.51.100.1", "ttl 64 tos inherit nopmtudisc", "ikey 0.0.0.77 okey 0.0.0.77"] },
        { IpProtocol.IPv4, "2001:db8::1", "2001:db8::2", null, ["ip6tnl ipip6 remote 2001:db8::2 local 2001:db8::1", "hoplimit 64 encaplimit none tclass inherit"] },
        { IpProtocol.IPv6, "2001:db8::1", "2001:db8::2", null, ["ip6tnl ip6ip6 remote 2001:db8::2 local 2001:db8::1", "hoplimit 64 encaplimit none tclass inherit"] },
        { IpProtocol.Gre, "2001:db8::1", "2001:db8::2", 77, ["ip6gre remote 2001:db8::2 local 2001:db8::1", "hoplimit 64 encaplimit none", "ikey 0.0.0.77 okey 0.0.0.77"] },
    };

    [Theory]
    [MemberData(nameof(Tunnels))]
    public void The_kernel_makes_a_tunnel(IpProtocol protocol, string local, string remote, uint? key, string[] details) => NetworkNamespace.Run(() =>
    {
        using var network = new HostNetwork();
        var tunnel = Tunnel(protocol, local, remote, key);
        var refusal = TryAdd(network, tunnel);
        Assert.SkipUnless(refusal is null, refusal?.Message ?? "");
        var shown = NetworkNamespace.Ip("-d link show dsmipk7");
        Assert.All(details, detail => Assert.Contains(detail, shown, StringComparison.Ordinal));
        Assert.Contains("alias DsmipTools 1 2", shown, StringComparison.Ordinal);
        Assert.Contains("mtu 1280", shown, StringComparison.Ordinal);
        Assert.Equal(NetError.AlreadyExists, Assert.Throws<NetException>(() => network.AddTunnel(tunnel)).Error);
        network.RemoveInterface(network.Interfaces().Single(each => each.Name == tunnel.Name).Index, tunnel.Name);
        Assert.DoesNotContain(network.Interfaces(), each => each.Name == tunnel.Name);
    });

    [Theory]
    [InlineData(IpProtocol.IPv4, "198.51.100.1", "203.0.113.7", "ipip", "ipip")]
    [InlineData(IpProtocol.IPv6, "198.51.100.1", "203.0.113.7", "sit", "sit")]
    [InlineData(IpProtocol.Gre, "198.51.100.1", "203.0.113.7", "gre", "ip_gre")]
    [InlineData(IpProtocol.IPv6, "2001:db8::1", "2001:db8::2", "ip6tnl", "ip6_tunnel")]
    [InlineData(IpProtocol.Gre, "2001:db8::1", "2001:db8::2", "ip6gre", "ip6_gre")]
    public void Where_the_kernel_has_none_the_module_is_named(IpProtocol protocol, string local, string remote, string kind, string module) => NetworkNamespace.Run(() =>
    {
        using var network = new HostNetwork();
        var refusal = TryAdd(network, Tunnel(protocol, local, remote, null));
        Assert.SkipWhen(refusal is null, $"this kernel has {kind}");
        Assert.StartsWith($"This kernel has no tunnels of the kind {kind}: load its module, such as with 'modprobe {module}'", refusal!.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(network.Interfaces(), each => each.Name == "dsmipk7");
    });

    private static TunnelInterface Tunnel(IpProtocol protocol, string local, string remote, uint? key) =>
        new("dsmipk7", protocol, local, remote) { Key = key, Mtu = 1280, Note = "DsmipTools 1 2" };

    /// <summary>Null when the tunnel was made.</summary>
    private static NetException? TryAdd(HostNetwork network, TunnelInterface tunnel)
    {
        try
        {
            network.AddTunnel(tunnel);
            return null;
        }
        catch (NetException exception) when (exception.Error == NetError.NotSupported)
        {
            return exception;
        }
    }
}
