using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using DsmipTools.Labs;
using DsmipTools.Net;
using DsmipTools.Net.Namespaces;
using DsmipTools.Wire.Capture;
using DsmipTools.Worlds;

namespace DsmipTools.Tests.Labs;

public sealed class NamespaceLabTests : IDisposable
{
    private static readonly string[] folders = ["/etc/netns", "/run/dsmip"];

    private readonly string folder = Directory.CreateTempSubdirectory("dsmip-lab-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Hosts_reach_each_other_through_a_router_and_a_nat_and_nothing_is_left()
    {
        var before = HostState();
        await using (var lab = Open())
        {
            lab.AddNode("mn1");
            lab.AddNode("server");
            lab.AddNode("router", LabNodeKind.Router);
            SkipWithoutNft(() => lab.AddNode("nat", LabNodeKind.Nat, "internet"));
            lab.AddLink(new LabLinkOptions { Name = "home", Members = ["nat", "mn1"], Gateway = "nat", Prefixes = ["10.1.0.0/24"] });
            lab.AddLink(new LabLinkOptions { Name = "internet", Members = ["router", "nat"], Gateway = "router", Prefixes = ["192.0.2.0/24"] });
            lab.AddLink(new LabLinkOptions { Name = "core", Members = ["router", "server"], Gateway = "router", Prefixes = ["198.51.100.0/24", "2001:db8:1::/64"] });

            Reaches(lab, "mn1", "198.51.100.2");
            Reaches(lab, "router", "2001:db8:1::2");

            // TCP, and the server sees the address of the NAT.
            using var listener = lab.FindNode("server")!.Namespace!.Run(() => Listen(new IPEndPoint(IPAddress.Any, 7)));
            using var client = lab.FindNode("mn1")!.Namespace!.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
            client.Connect(new IPEndPoint(IPAddress.Parse("198.51.100.2"), 7));
            using var accepted = listener.Accept();
            Assert.Equal("192.0.2.2", ((IPEndPoint)accepted.RemoteEndPoint!).Address.ToString());
        }

        Assert.Equal(before, HostState());
    }

    [Fact]
    public async Task A_link_delays_and_loses_and_counts_what_it_lost()
    {
        await using var lab = OpenPair(Link.Perfect with { Latency = TimeSpan.FromMilliseconds(20) });
        var link = lab.Links[0];
        Assert.InRange(RoundTrip(lab), 40, 80);
        lab.Change(link, Link.Perfect);
        Assert.InRange(RoundTrip(lab), 0, 20);
        lab.Change(link, Link.Perfect with { Loss = 1 });
        Assert.Null(Ping(lab, "a", "10.0.0.2", 100));
        Assert.Null(Ping(lab, "a", "10.0.0.2", 100));
        Assert.InRange(link.Counters[0].Lost, 2, 10);
        Assert.InRange(link.Counters[0].Sent, link.Counters[0].Lost, 40);
        lab.Change(link, link.Conditions with { Loss = 0, Corruption = 1 });
        Assert.Null(Ping(lab, "a", "10.0.0.2", 100));
        lab.Change(link, Link.Perfect);
        Reaches(lab, "a", "10.0.0.2");
    }

    [Fact]
    public async Task A_link_sends_copies_and_lets_packets_overtake_others()
    {
        await using var lab = OpenPair(Link.Perfect with { Duplication = 1 });
        Reaches(lab, "a", "10.0.0.2");
        using var receiver = Udp(lab, "b", 9);
        using var sender = Udp(lab, "a", 9);
        Assert.Equal([1, 1, 2, 2], Sent(2, 4));

        lab.Change(lab.Links[0], Link.Perfect with { Latency = TimeSpan.FromMilliseconds(10), Reordering = 0.5 });
        var arrived = Sent(40, 40);
        Assert.NotEqual(arrived.Order(), arrived);
        Assert.Equal(Enumerable.Range(1, 40), arrived.Order());

        int[] Sent(int count, int wanted)
        {
            for (var number = 1; number <= count; number++)
            {
                sender.SendTo([(byte)number], new IPEndPoint(IPAddress.Parse("10.0.0.2"), 9));
            }

            var buffer = new byte[1];
            return [.. Enumerable.Range(0, wanted).Select(_ => receiver.Receive(buffer) == 1 ? (int)buffer[0] : 0)];
        }
    }

    [Fact]
    public async Task The_same_seed_loses_the_same_packets()
    {
        string[] outcomes = [await Outcome(7), await Outcome(7), await Outcome(8)];
        Assert.Equal(outcomes[0], outcomes[1]);
        Assert.NotEqual(outcomes[0], outcomes[2]);

        static async Task<string> Outcome(ulong seed)
        {
            await using var lab = Open(seed, $"seed{seed}");
            foreach (var node in new[] { lab.AddNode("a"), lab.AddNode("b") })
            {
                node.Namespace!.Run(() => File.WriteAllText("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1"));
            }

            lab.AddLink(new LabLinkOptions { Name = "lan", Members = ["a", "b"], Prefixes = ["10.0.0.0/24"], Conditions = Link.Perfect with { Loss = 0.5 } });
            // Without neighbour discovery the only packets are those of the test.
            await Succeeds(lab, "a", "ip", "neigh", "replace", "10.0.0.2", "lladdr", await LinkAddress(lab, "b"), "dev", "eth0", "nud", "permanent");
            using var sender = Udp(lab, "a", 9);
            using var receiver = Udp(lab, "b", 9);
            var lost = lab.Links[0].Counters[0].Lost;
            List<byte> arrived = [];
            var buffer = new byte[1];
            for (byte number = 0; number < 64; number++)
            {
                sender.SendTo([number], new IPEndPoint(IPAddress.Parse("10.0.0.2"), 9));
                var losses = 0L;
                Assert.True(SpinWait.SpinUntil(() => (losses = lab.Links[0].Counters[0].Lost) > lost || receiver.Poll(0, SelectMode.SelectRead), 5000));
                if (losses > lost)
                {
                    lost = losses;
                }
                else
                {
                    receiver.Receive(buffer);
                    arrived.Add(buffer[0]);
                }
            }

            return string.Join(' ', arrived);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Tcp_with_segmentation_runs_through_links_of_both_kinds(bool impaired)
    {
        await using var lab = OpenPair(impaired ? Link.Perfect with { Latency = TimeSpan.FromMilliseconds(1) } : Link.Perfect);
        Assert.Equal(16 << 20, Transfer(lab, 16 << 20));
    }

    [Fact]
    public async Task What_is_changed_on_the_way_is_noticed_by_the_receiver()
    {
        // TCP leaves its checksum to the interface: one that was finished only behind the fault would fit what was changed.
        await using var lab = OpenPair(Link.Perfect with { Corruption = 0.03 });
        Assert.Equal(1 << 20, Transfer(lab, 1 << 20));
    }

    [Fact]
    public async Task Where_single_packets_are_lost_single_packets_are_sent()
    {
        await using var lab = OpenPair(Link.Perfect with { Latency = TimeSpan.FromMilliseconds(1) });
        Assert.Contains("gso_max_segs 65535", await Ip(lab, "a", "-d", "link", "show", "eth0"), StringComparison.Ordinal);
        lab.Change(lab.Links[0], lab.Links[0].Conditions with { Loss = 0.01 });
        Assert.Contains("gso_max_segs 1 ", await Ip(lab, "a", "-d", "link", "show", "eth0"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rate_is_kept()
    {
        await using var lab = OpenPair(Link.Perfect with { Rate = 20_000_000 });
        var start = Stopwatch.GetTimestamp();
        const int Octets = 2_500_000;
        Assert.Equal(Octets, Transfer(lab, Octets));
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0.95, 4);
    }

    [Fact]
    public async Task A_node_moves_to_another_link_and_keeps_its_interface()
    {
        await using var lab = Open();
        lab.AddNode("mn");
        lab.AddNode("r", LabNodeKind.Router);
        lab.AddNode("ha");
        var home = lab.AddLink(new LabLinkOptions { Name = "home", Members = ["r", "mn"], Gateway = "r", Prefixes = ["10.1.0.0/24", "2001:db8:1::/64"] });
        var away = lab.AddLink(new LabLinkOptions
        {
            Name = "away", Members = ["r"], Gateway = "r", Prefixes = ["10.2.0.0/24", "2001:db8:2::/64"], Conditions = Link.Perfect with { Latency = TimeSpan.FromMilliseconds(5) },
        });
        lab.AddLink(new LabLinkOptions { Name = "core", Members = ["r", "ha"], Gateway = "r", Prefixes = ["10.3.0.0/24", "2001:db8:3::/64"] });
        Reaches(lab, "mn", "10.3.0.2");
        var index = await Ip(lab, "mn", "-o", "link", "show", "eth0");

        var moved = lab.Move(lab.FindNode("mn")!, away);

        Assert.Equal(["10.2.0.2/24", "2001:db8:2::2/64"], moved.Addresses.Select(each => each.ToString()));
        Assert.Equal(["away"], lab.FindNode("mn")!.Links);
        Assert.Equal(["r"], home.Nodes);
        Assert.Equal(index.Split(':')[0], (await Ip(lab, "mn", "-o", "link", "show", "eth0")).Split(':')[0]);
        Reaches(lab, "mn", "10.3.0.2");
        Reaches(lab, "mn", "2001:db8:3::2");
        Assert.DoesNotContain("10.1.0", await Ip(lab, "mn", "address"), StringComparison.Ordinal);
        Assert.DoesNotContain("10.1.0", await Ip(lab, "mn", "route"), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => lab.Move(lab.FindNode("mn")!, away));

        lab.Move(lab.FindNode("mn")!, home, addresses: ["10.1.0.77/24"]);
        Reaches(lab, "mn", "10.3.0.2");
    }

    [Fact]
    public async Task A_link_that_is_down_takes_the_carrier_away_and_the_mtu_changes_while_it_runs()
    {
        await using var lab = OpenPair(Link.Perfect);
        lab.Change(lab.Links[0], isUp: false);
        Assert.Contains("NO-CARRIER", await Ip(lab, "a", "link", "show", "eth0"), StringComparison.Ordinal);
        lab.Change(lab.Links[0], isUp: true, mtu: 1400);
        Assert.Contains("mtu 1400", await Ip(lab, "b", "link", "show", "eth0"), StringComparison.Ordinal);
        Reaches(lab, "a", "10.0.0.2");
        Assert.Contains("1280", Assert.Throws<ArgumentException>(() => lab.Change(lab.Links[0], mtu: 1000)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Several_nodes_share_a_link_and_a_capture_shows_each_frame_once(bool impaired)
    {
        await using (var lab = Open(output: folder))
        {
            lab.AddNode("a");
            lab.AddNode("b");
            lab.AddNode("c");
            lab.AddLink(new LabLinkOptions
            {
                Name = "lan", Members = ["a", "b", "c"], Prefixes = ["10.0.0.0/24"], Conditions = impaired ? Link.Perfect with { Latency = TimeSpan.FromMilliseconds(1) } : null,
            });
            Reaches(lab, "a", "10.0.0.2");
            Reaches(lab, "a", "10.0.0.2");
            Reaches(lab, "c", "10.0.0.2");
        }

        using var reader = CaptureReader.Open(File.OpenRead(Path.Combine(folder, "t1-lan.pcapng")));
        var frames = reader.ReadFrames().ToArray();
        Assert.Equal(frames.Select(frame => frame.Time).Order(), frames.Select(frame => frame.Time));
        Assert.Equal(["a:eth0", "b:eth0", "a:eth0", "b:eth0", "c:eth0", "b:eth0"], frames.Where(IsEcho).Select(frame => frame.Interface.Name));

        // Ethernet, IPv4, ICMP.
        static bool IsEcho(CapturedFrame frame) => frame.Octets.Span is [_, _, _, _, _, _, _, _, _, _, _, _, 8, 0, ..] && frame.Octets.Span[23] == 1;
    }

    [Fact]
    public async Task Programs_have_a_resolver_of_their_own_and_are_killed_with_their_children()
    {
        await using var lab = OpenPair(Link.Perfect);
        var node = lab.Nodes[0];
        var result = await lab.RunAsync(node, "sh", ["-c", "cat /etc/resolv.conf; echo out; echo err >&2; exit 3"], cancellationToken: Cancel);
        Assert.Equal((3, "out", "err"), (result.ExitCode, string.Join('|', result.StandardOutput), string.Join('|', result.StandardError)));
        await lab.RunAsync(node, "sh", ["-c", "echo nameserver 10.0.0.2 > /etc/resolv.conf"], cancellationToken: Cancel);
        Assert.Equal("nameserver 10.0.0.2", File.ReadAllText($"/etc/netns/{node.Namespace!.Name}/resolv.conf").Trim());

        result = await lab.RunAsync(node, "sh", ["-c", "echo begun; sleep 1000 & wait"], TimeSpan.FromSeconds(0.5), cancellationToken: Cancel);
        Assert.True(result.TimedOut);
        Assert.Equal(["begun"], result.StandardOutput);
        Assert.Empty(NetworkNamespace.ProcessesIn([node.Namespace]));
        await Assert.ThrowsAsync<FileNotFoundException>(() => lab.RunAsync(node, "no-such-program", cancellationToken: Cancel));

        // Not a thread of this process has stayed in the node.
        var inside = node.Namespace.Run(() => new FileInfo("/proc/thread-self/ns/net").LinkTarget!);
        Assert.True(SpinWait.SpinUntil(() => !ThreadNamespaces().Contains(inside), 5000));

        var started = await lab.RunAsync(node, "sh", ["-c", "sleep 1000 & echo $!"], cancellationToken: Cancel);
        var pid = started.StandardOutput[0];
        Assert.True(Directory.Exists($"/proc/{pid}"));
        await lab.DisposeAsync();
        Assert.False(File.Exists($"/proc/{pid}/exe"));
    }

    [Fact]
    public async Task What_a_killed_process_leaves_is_found_and_removed()
    {
        var before = HostState();
        await using var lab = OpenPair(Link.Perfect);
        Assert.DoesNotContain(LabLeftover.FindAll(), leftover => leftover.ProcessId == Environment.ProcessId);
        // As after kill -9: the file says another start of a process.
        var file = $"/run/dsmip/dsmip-{Environment.ProcessId}.t1.json";
        var said = File.ReadAllText(file);
        File.WriteAllText(file, said.Replace("\"Start\":\"", "\"Start\":\"9", StringComparison.Ordinal));
        var leftover = Assert.Single(LabLeftover.FindAll(), each => each.ProcessId == Environment.ProcessId);
        Assert.Equal(("t1", 3), (leftover.Name, leftover.Namespaces.Count));
        leftover.Remove();
        leftover.Remove();
        await lab.DisposeAsync();
        Assert.Equal(before, HostState());
    }

    [Fact]
    public async Task What_does_not_fit_is_refused()
    {
        await using var lab = OpenPair(Link.Perfect);
        Assert.Throws<ArgumentException>(() => lab.AddNode("A"));
        Assert.Throws<ArgumentException>(() => lab.AddNode("a.b"));
        Assert.Throws<ArgumentException>(() => lab.AddNode("nat", LabNodeKind.Nat));
        Assert.Throws<ArgumentException>(() => lab.AddLink(new LabLinkOptions { Name = "LAN" }));
        Assert.Throws<ArgumentException>(() => lab.AddLink(new LabLinkOptions { Name = "x", Members = ["a", "nobody"] }));
        Assert.Throws<ArgumentException>(() => lab.AddLink(new LabLinkOptions { Name = "x", Members = ["a", "a"] }));
        Assert.Throws<ArgumentException>(() => lab.AddLink(new LabLinkOptions { Name = "x", Members = ["a"], Gateway = "b" }));
        Assert.Throws<ArgumentException>(() => lab.AddLink(new LabLinkOptions { Name = "x", Prefixes = ["10.0.0.1/24"] }));
        Assert.Throws<ArgumentException>(() => lab.AddLink(new LabLinkOptions
        {
            Name = "x", Members = [new LabMember("a") { Addresses = ["10.9.0.1/24"] }, new LabMember("b") { Addresses = ["10.9.0.1/24"] }],
        }));
        Assert.Single(lab.Links);
        Assert.Equal(["lan"], lab.Nodes[0].Links);
        Assert.Throws<ArgumentException>(() => new Lab("t1", World.Namespace));
        Assert.Throws<ArgumentException>(() => new Lab("a/b", World.Namespace));
    }

    private static Lab Open(ulong seed = 1, string name = "t1", string? output = null)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "network namespaces are those of Linux");
        try
        {
            return new Lab(name, World.Namespace, seed, output);
        }
        catch (NetException exception) when (exception.Error == NetError.AccessDenied)
        {
            Assert.Skip("a network namespace needs CAP_SYS_ADMIN: run the tests as root");
            throw;
        }
    }

    private static Lab OpenPair(Link conditions, ulong seed = 1, string name = "t1")
    {
        var lab = Open(seed, name);
        lab.AddNode("a");
        lab.AddNode("b");
        lab.AddLink(new LabLinkOptions { Name = "lan", Members = ["a", "b"], Prefixes = ["10.0.0.0/24", "2001:db8::/64"], Conditions = conditions });
        return lab;
    }

    private static void SkipWithoutNft(Action action)
    {
        try
        {
            action();
        }
        catch (NetException exception) when (exception.Error == NetError.LibraryMissing)
        {
            Assert.Skip(exception.Message);
        }
    }

    private static async Task Succeeds(Lab lab, string node, string program, params string[] arguments)
    {
        var result = await lab.RunAsync(lab.FindNode(node)!, program, arguments, TimeSpan.FromSeconds(20), cancellationToken: Cancel);
        Assert.True(result.ExitCode == 0, $"{result.Node}: {result.Command}\n{string.Join('\n', [.. result.StandardOutput, .. result.StandardError])}");
    }

    private static async Task<string> Ip(Lab lab, string node, params string[] arguments) =>
        string.Join('\n', (await lab.RunAsync(lab.FindNode(node)!, "ip", arguments, cancellationToken: Cancel)).StandardOutput);

    private static async Task<string> LinkAddress(Lab lab, string node)
    {
        var words = (await Ip(lab, node, "link", "show", "eth0")).Split(' ');
        return words[Array.IndexOf(words, "link/ether") + 1];
    }

    /// <summary>How long an echo takes, in milliseconds; null when none comes.</summary>
    private static double? Ping(Lab lab, string node, string address, int timeout = 5000) => lab.FindNode(node)!.Namespace!.Run(() =>
    {
        using var ping = new Ping();
        var start = Stopwatch.GetTimestamp();
        var reply = ping.Send(address, timeout);
        return reply.Status == IPStatus.Success ? Stopwatch.GetElapsedTime(start).TotalMilliseconds : (double?)null;
    });

    private static void Reaches(Lab lab, string node, string address) => Assert.NotNull(Ping(lab, node, address));

    /// <summary>That of the second echo: the first has neighbours to find.</summary>
    private static double RoundTrip(Lab lab)
    {
        Reaches(lab, "a", "10.0.0.2");
        return Ping(lab, "a", "10.0.0.2")!.Value;
    }

    private static Socket Udp(Lab lab, string node, int port) => lab.FindNode(node)!.Namespace!.Run(() =>
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 5000 };
        socket.Bind(new IPEndPoint(IPAddress.Any, port));
        return socket;
    });

    private static int Transfer(Lab lab, int octets)
    {
        using var listener = lab.FindNode("b")!.Namespace!.Run(() => Listen(new IPEndPoint(IPAddress.Any, 7)));
        using var client = lab.FindNode("a")!.Namespace!.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        client.Connect(new IPEndPoint(IPAddress.Parse("10.0.0.2"), 7));
        using var accepted = listener.Accept();
        var sending = new Thread(() =>
        {
            client.Send(new byte[octets]);
            client.Shutdown(SocketShutdown.Send);
        });
        sending.Start();
        var buffer = new byte[1 << 16];
        var received = 0;
        for (int length; (length = accepted.Receive(buffer)) > 0;)
        {
            Assert.Equal(-1, buffer.AsSpan(0, length).IndexOfAnyExcept((byte)0));
            received += length;
        }

        sending.Join();
        return received;
    }

    private static Socket Listen(IPEndPoint where)
    {
        var listener = new Socket(where.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(where);
        listener.Listen();
        return listener;
    }

    private static HashSet<string> ThreadNamespaces() =>
        [.. Directory.EnumerateDirectories("/proc/self/task").Select(path => new FileInfo($"{path}/ns/net").LinkTarget ?? "").Where(target => target.Length > 0)];

    /// <summary>What this process has on the host outside its labs; other processes come and go.</summary>
    private static string HostState()
    {
        var own = $"dsmip-{Environment.ProcessId}.";
        return string.Join(
            '\n',
            [
                .. NetworkNamespace.Names().Where(name => name.StartsWith(own, StringComparison.Ordinal)),
                .. folders.Where(Directory.Exists).SelectMany(Directory.EnumerateFileSystemEntries).Where(path => path.Contains(own, StringComparison.Ordinal)),
                File.ReadAllText("/etc/resolv.conf"),
                .. File.ReadLines("/proc/self/mounts").Where(line => line.Contains(own, StringComparison.Ordinal)),
                .. File.ReadLines("/proc/net/dev").Select(line => line.Split(':')[0].Trim()).Where(name => !name.StartsWith("veth", StringComparison.Ordinal)),
                File.ReadAllText("/proc/sys/net/ipv4/ip_forward"),
            ]);
    }
}
