using System.Globalization;
using System.Net;
using System.Net.Sockets;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Hosting;
using DsmipTools.Net.Namespaces;
using DsmipTools.Wire.Ip;
using DsmipTools.Worlds;
using NetworkNamespace = DsmipTools.Net.Namespaces.NetworkNamespace;
using Shell = DsmipTools.Net.Tests.Support.NetworkNamespace;

namespace DsmipTools.Tests.Worlds;

/// <summary>
/// A domain of Proxy Mobile IPv6 between network namespaces: a mobile node with an interface to each of two gateways, a core that routes, an anchor, and a
/// correspondent behind it. The agents run in this process. All namespaces are without names, and gone with their descriptors.
/// </summary>
internal sealed class NamespaceDomain : IAsyncDisposable
{
    public const string Node = "mn1@example.com";

    /// <summary>What every gateway has on all access links (RFC 5213, 9.3).</summary>
    private const string RouterLinkLayerAddress = "02:00:00:52:13:01";

    private readonly bool isIPv4;

    public NamespaceDomain(bool isIPv4 = true, GreEncapsulation gre = GreEncapsulation.None, bool inUdp = false)
    {
        this.isIPv4 = isIPv4;
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "network namespaces need Linux and root");
        Assert.SkipUnless(File.Exists("/dev/net/tun"), "there is no /dev/net/tun");
        foreach (var space in Spaces)
        {
            In(space, "link set dev lo up");
            Set(space, "net/ipv4/ip_forward", "1");
            Set(space, "net/ipv6/conf/all/forwarding", "1");
            Set(space, "net/ipv6/conf/default/accept_dad", "0");
            Set(space, "net/ipv4/conf/all/rp_filter", "0");
            Set(space, "net/ipv4/conf/default/rp_filter", "0");
        }

        Set(Mobile, "net/ipv6/conf/all/forwarding", "0");
        Link(Core, "lma", Anchor, "core", 1);
        Link(Core, "mag1", First, "core", 2);
        Link(Core, "mag2", Second, "core", 3);
        // What leaves a gateway past its tunnel arrives.
        In(Core, "-6 route add 2001:db8:c::/64 via 2001:db8:1::2");
        Join(Anchor, "cn", Correspondent, "eth0");
        In(Anchor, "address add 2001:db8:c::1/64 dev cn");
        In(Correspondent, "address add 2001:db8:c::2/64 dev eth0");
        In(Correspondent, "-6 route add default via 2001:db8:c::1");
        In(Anchor, "address add 198.51.100.1/24 dev cn");
        In(Correspondent, "address add 198.51.100.2/24 dev eth0");
        In(Correspondent, "route add default via 198.51.100.1");
        Join(First, "access", Mobile, "wlan1");
        Join(Second, "access", Mobile, "wlan2");
        In(First, $"link set dev access address {RouterLinkLayerAddress}");
        In(Second, $"link set dev access address {RouterLinkLayerAddress}");
        Host = new DsmipHost(World.Namespace);
        Lma = Host.Add(
            new LocalMobilityAnchorOptions
            {
                Name = "lma1", Address = AddressOf(1), Peers = [AddressOf(2), AddressOf(3)], PrefixPool = "2001:db8:7::/48", MinDelayBeforeBCEDelete = TimeSpan.FromSeconds(5), AcceptsForcedUdpEncapsulation = inUdp,
                IPv4HomeNetwork = new IPv4HomeNetwork { Network = "10.7.0.0", PrefixLength = 24, DefaultRouter = "10.7.0.1" },
            },
            place: AgentPlace.In(Anchor, "lma"));
        Mag1 = Host.Add(
            new MobileAccessGatewayOptions
            {
                Name = "mag1", Address = AddressOf(2), LocalMobilityAnchor = AddressOf(1), Gre = gre, DetectsNat = inUdp, ForcesUdpEncapsulation = inUdp,
            },
            place: AgentPlace.In(First, "mag1"));
        Mag2 = Host.Add(new MobileAccessGatewayOptions { Name = "mag2", Address = AddressOf(3), LocalMobilityAnchor = AddressOf(1) }, place: AgentPlace.In(Second, "mag2"));
    }

    public NetworkNamespace Mobile { get; } = NetworkNamespace.Create();

    public NetworkNamespace First { get; } = NetworkNamespace.Create();

    public NetworkNamespace Second { get; } = NetworkNamespace.Create();

    public NetworkNamespace Core { get; } = NetworkNamespace.Create();

    public NetworkNamespace Anchor { get; } = NetworkNamespace.Create();

    public NetworkNamespace Correspondent { get; } = NetworkNamespace.Create();

    public DsmipHost Host { get; }

    public HostedLocalMobilityAnchor Lma { get; }

    public HostedMobileAccessGateway Mag1 { get; }

    public HostedMobileAccessGateway Mag2 { get; }

    public IEnumerable<NetworkNamespace> Spaces => [Mobile, First, Second, Core, Anchor, Correspondent];

    /// <summary>Runs ip(8) in a namespace.</summary>
    public static string In(NetworkNamespace space, string arguments) => space.Run(() => Shell.Ip(arguments));

    /// <summary>What of DsmipTools a host has: devices, routes and rules.</summary>
    public static string Traces(NetworkNamespace space, bool withDevices = true) => string.Join('\n', ((string[])
        [.. withDevices ? ["-o link show type tun"] : (string[])[], "route show table all proto 54", "-6 route show table all proto 54", "rule", "-6 rule"])
        .SelectMany(each => In(space, each).Split('\n'))
        .Where(line => line.Contains("dsmip", StringComparison.Ordinal) || line.Contains("54", StringComparison.Ordinal) || line.Contains("prohibit", StringComparison.Ordinal)));

    public static uint AccessLinkOf(HostedMobileAccessGateway gateway) => gateway.AccessLinkOf("access");

    public static Task<AttachmentOutcome> AttachAsync(
        HostedMobileAccessGateway gateway, Wire.MobilityHeader.HandoffIndicator indicator, bool withIPv4 = false, uint? link = null, Prefix? prefix = null) => gateway.AttachAsync(
        new AttachmentRequest
        {
            Identifier = Node,
            AccessLink = link ?? AccessLinkOf(gateway),
            HandoffIndicator = indicator,
            Prefixes = prefix is { } wanted ? [wanted] : default,
            IPv4HomeAddress = withIPv4 ? Address.FromIPv4(0) : (Address?)null,
        },
        TestContext.Current.CancellationToken);

    /// <summary>Waits until the mobile node has formed an address from what its router told it, and gives it.</summary>
    public Address FormedAddress(string interfaceName)
    {
        var found = "";
        Assert.True(
            SpinWait.SpinUntil(
                () => (found = In(Mobile, $"-6 -o address show dev {interfaceName} scope global -tentative").Split("inet6 ").Last().Split('/')[0]).Length > 0
                    && In(Mobile, "-6 route show default").Contains($"via fe80::1 dev {interfaceName}", StringComparison.Ordinal),
                TimeSpan.FromSeconds(20)),
            "no router advertisement came");
        return found;
    }

    /// <summary>Sends from the mobile node to the correspondent and back; null when nothing comes back, otherwise how the correspondent sees the mobile node.</summary>
    public IPEndPoint? Echo(Address from, int attempts = 30)
    {
        var to = from.IsIPv4 ? "198.51.100.2" : "2001:db8:c::2";
        using var correspondent = Correspondent.Run(() => new UdpClient(new IPEndPoint(IPAddress.Parse(to), 7)));
        using var mobile = Mobile.Run(() => new UdpClient(new IPEndPoint(from.ToIPAddress(), 0)));
        correspondent.Client.ReceiveTimeout = mobile.Client.ReceiveTimeout = 200;
        for (var attempt = 0; attempt < attempts; attempt++)
        {
            try
            {
                mobile.Send([1, 2, 3], new IPEndPoint(IPAddress.Parse(to), 7));
                IPEndPoint? seen = null;
                var payload = correspondent.Receive(ref seen);
                correspondent.Send(payload, seen);
                IPEndPoint? answered = null;
                mobile.Receive(ref answered);
                return seen;
            }
            catch (SocketException)
            {
                // Lost, or told so by ICMP: neighbours may not know each other yet.
            }
        }

        return null;
    }

    /// <summary>True when a packet of the mobile node reaches the correspondent, from whichever address.</summary>
    public bool Reaches(Address from)
    {
        using var correspondent = Correspondent.Run(() => new UdpClient(new IPEndPoint(IPAddress.Parse("2001:db8:c::2"), 7)));
        using var mobile = Mobile.Run(() => new UdpClient(new IPEndPoint(from.ToIPAddress(), 0)));
        correspondent.Client.ReceiveTimeout = 200;
        for (var attempt = 0; attempt < 5; attempt++)
        {
            try
            {
                mobile.Send([1, 2, 3], new IPEndPoint(IPAddress.Parse("2001:db8:c::2"), 7));
                IPEndPoint? seen = null;
                correspondent.Receive(ref seen);
                return true;
            }
            catch (SocketException)
            {
                // Lost, or told so by ICMP.
            }
        }

        return false;
    }

    public async ValueTask DisposeAsync()
    {
        if (Host is not null)
        {
            await Host.DisposeAsync();
        }

        foreach (var space in Spaces)
        {
            space.Dispose();
        }
    }

    private Address AddressOf(int number) => isIPv4 ? string.Create(CultureInfo.InvariantCulture, $"192.0.2.{(number * 4) + 2}") : string.Create(CultureInfo.InvariantCulture, $"2001:db8:{number}::2");

    private static void Set(NetworkNamespace space, string name, string value) => space.Run(() => File.WriteAllText("/proc/sys/" + name, value));

    private static void Join(NetworkNamespace left, string leftName, NetworkNamespace right, string rightName)
    {
        In(left, $"link add name {leftName} type veth peer name {rightName} netns {right.Path}");
        In(left, $"link set dev {leftName} up");
        In(right, $"link set dev {rightName} up");
    }

    private static void Link(NetworkNamespace core, string coreName, NetworkNamespace node, string nodeName, int number)
    {
        Join(core, coreName, node, nodeName);
        In(core, string.Create(CultureInfo.InvariantCulture, $"address add 192.0.2.{(number * 4) + 1}/30 dev {coreName}"));
        In(node, string.Create(CultureInfo.InvariantCulture, $"address add 192.0.2.{(number * 4) + 2}/30 dev {nodeName}"));
        In(node, string.Create(CultureInfo.InvariantCulture, $"route add default via 192.0.2.{(number * 4) + 1}"));
        In(core, string.Create(CultureInfo.InvariantCulture, $"address add 2001:db8:{number}::1/64 dev {coreName} nodad"));
        In(node, string.Create(CultureInfo.InvariantCulture, $"address add 2001:db8:{number}::2/64 dev {nodeName} nodad"));
        In(node, string.Create(CultureInfo.InvariantCulture, $"-6 route add default via 2001:db8:{number}::1"));
    }
}
