using DsmipTools.Hosting;
using DsmipTools.Net;
using DsmipTools.Net.Tests.Support;
using DsmipTools.Tunnels;

namespace DsmipTools.Tests.Tunnels;

/// <summary>Whoever may change a network namespace may have tunnels there, root or not.</summary>
public sealed class TunnelRightsTests
{
    private static readonly string[] capabilities = ["--inh-caps=-all,+net_admin,+net_raw", "--ambient-caps=-all,+net_admin,+net_raw", "--bounding-set=-all,+net_admin,+net_raw"];

    private static readonly string[] ownNamespaces = ["unshare", "--user", "--map-root-user", "--net", "--mount"];

    private static readonly string[] openDevice = ["unshare", "--net", .. Unprivileged.WithTunDevice("666")];

    private static readonly string[] closedDevice = ["unshare", "--net", .. Unprivileged.WithTunDevice("600")];

    [Fact]
    public Task An_ordinary_user_with_two_capabilities_has_tunnels_in_user_space() => BringUp(
        nameof(An_ordinary_user_with_two_capabilities_has_tunnels_in_user_space), [.. openDevice, .. Unprivileged.Nobody, .. capabilities]);

    [Fact]
    public Task An_ordinary_user_in_namespaces_of_his_own_has_tunnels_in_user_space() => BringUp(
        nameof(An_ordinary_user_in_namespaces_of_his_own_has_tunnels_in_user_space), [.. openDevice, .. Unprivileged.Nobody, .. ownNamespaces]);

    [Fact]
    public Task An_ordinary_user_is_told_the_capability() => As(
        nameof(An_ordinary_user_is_told_the_capability), [.. openDevice, .. Unprivileged.Nobody, "--inh-caps=-all", "--bounding-set=-all"], () => IsRefused("CAP_NET_ADMIN"));

    [Fact]
    public Task Who_may_not_open_the_device_is_told_so() => As(
        nameof(Who_may_not_open_the_device_is_told_so), [.. closedDevice, .. Unprivileged.Nobody, .. capabilities], () => IsRefused("chmod 0666 /dev/net/tun"));

    private static TunnelOptions Options => new()
    {
        Name = "t", Local = "127.0.0.1", Remote = "127.0.0.2", Encapsulation = TunnelEncapsulation.IPv6InIPv4, Prefixes = ["2001:db8:7:1::/64"],
    };

    private static Task BringUp(string method, string[] under) => As(method, under, () =>
    {
        NetworkNamespace.Ip("link set dev lo up");
        var clean = NetworkNamespace.Ip("-o link") + NetworkNamespace.Ip("-6 route");
        using (var tunnels = new HostedTunnels())
        {
            var tunnel = tunnels.Add(Options with { Backend = TunnelBackend.UserSpace });
            tunnels.Enable(tunnel);
            Assert.Equal((TunnelState.Enabled, TunnelBackend.UserSpace), (tunnel.State, tunnel.Backend));
            Assert.Contains("2001:db8:7:1::/64 dev dsmip0 proto 54", NetworkNamespace.Ip("-6 route"), StringComparison.Ordinal);
            tunnels.Remove(tunnel);
            // Whatever else may be had: one of them can.
            tunnel = tunnels.Add(Options);
            tunnels.Enable(tunnel);
            Assert.Equal(TunnelState.Enabled, tunnel.State);
        }

        Assert.Equal(clean, NetworkNamespace.Ip("-o link") + NetworkNamespace.Ip("-6 route"));
    });

    private static void IsRefused(string fix)
    {
        using var tunnels = new HostedTunnels();
        foreach (var backend in new[] { TunnelBackend.Auto, TunnelBackend.UserSpace, TunnelBackend.Ebpf })
        {
            var tunnel = tunnels.Add(Options with { Backend = backend });
            var exception = Assert.Throws<NetException>(() => tunnels.Enable(tunnel));
            Assert.Equal(NetError.AccessDenied, exception.Error);
            Assert.Contains(fix, exception.Message, StringComparison.Ordinal);
            Assert.Equal(TunnelState.Disabled, tunnel.State);
            tunnels.Remove(tunnel);
        }
    }

    private static async Task As(string method, string[] under, Action test)
    {
        if (Unprivileged.IsChild)
        {
            test();
            return;
        }

        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can become another user");
        await Unprivileged.Run(typeof(TunnelRightsTests), method, under);
    }
}
