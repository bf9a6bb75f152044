using DsmipTools.Abilities;
using DsmipTools.Hosting;
using DsmipTools.Net.Tests.Support;
using DsmipTools.Packets;
using DsmipTools.Packets.Sending;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Tests.Abilities;

/// <summary>What Test-DsmipEnvironment says, in processes with all rights, some and none.</summary>
public sealed class HostAbilitiesTests
{
    private static readonly string[] sockets = ["RawIPv4-4", "RawIPv4-41", "RawIPv4-47", "RawIPv4-55", "RawIPv6-135", "PacketSockets"];
    private static readonly string[] capabilities = ["CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_SYS_ADMIN", "CAP_BPF"];

    [Fact]
    public void What_is_missing_says_what_it_prevents_and_what_helps_and_nothing_else_does()
    {
        var found = HostAbilities.Test().ToArray();

        Assert.Equal(HostAbilities.Names, found.Select(ability => ability.Name));
        Assert.Equal(found.Length, HostAbilities.Names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(found, ability => Assert.NotEmpty(ability.Detail));
        Assert.All(found, ability => Assert.Equal(ability.IsAvailable, ability.Prevents is null));
        Assert.All(found, ability => Assert.Equal(ability.IsAvailable, ability.Fix is null));
    }

    [Fact]
    public void Only_what_is_wanted_is_tested() =>
        Assert.Equal(["Tun", "Mtu"], HostAbilities.Test(name => name is "Mtu" or "Tun").Select(ability => ability.Name));

    [Fact]
    public Task Root_can_do_all_that_the_kernel_has() => As(["unshare", "--net"], nameof(Root_can_do_all_that_the_kernel_has), () =>
    {
        Assert.All(capabilities.Concat(sockets), name => Assert.Null(Of(name).Fix));
        Assert.Null(Of("NetworkNamespaces").Fix);
        Assert.Null(Of("Port434").Fix);
        Assert.SkipUnless(File.Exists("/dev/net/tun"), "there is no /dev/net/tun here");
        Assert.Equal("one was made in a network apart, and is gone", Of("Tun").Detail);
        Assert.SkipUnless(Version.Parse(Environment.OSVersion.Version.ToString(2)) >= new Version(6, 6), "tcx needs Linux 6.6");
        Assert.Null(Of("Ebpf").Fix);
    });

    [Fact]
    public Task An_ordinary_user_is_told_which_capability_each_needs() =>
        As(Unprivileged.Nobody, nameof(An_ordinary_user_is_told_which_capability_each_needs), () =>
        {
            Assert.All(capabilities, name => Assert.Contains($"setcap {name.ToLowerInvariant()}=+ep {Environment.ProcessPath}", Of(name).Fix, StringComparison.Ordinal));
            Assert.All(sockets, name => Assert.Contains("setcap cap_net_raw=+ep", Of(name).Fix, StringComparison.Ordinal));
            Assert.Equal("not permitted without CAP_SYS_ADMIN", Of("NetworkNamespaces").Detail);
            Assert.Equal("not permitted without CAP_BPF", Of("Ebpf").Detail);
            Assert.False(Of("Tun").IsAvailable);
            // What needs no right is as it is for root.
            Assert.DoesNotContain("cannot be read", Of("KernelSit").Detail, StringComparison.Ordinal);
            Assert.NotEmpty(Of("Mtu").Detail);
            var first = int.Parse(File.ReadAllText("/proc/sys/net/ipv4/ip_unprivileged_port_start"), System.Globalization.CultureInfo.InvariantCulture);
            Assert.SkipUnless(first > 434, "port 434 needs no privilege here");
            Assert.StartsWith("sysctl -w net.ipv4.ip_unprivileged_port_start=434; ", Of("Port434").Fix, StringComparison.Ordinal);
        });

    [Fact]
    public Task A_user_with_some_capabilities_can_do_what_they_allow() => As(
        [.. Unprivileged.Nobody, "--inh-caps=+net_raw,+net_bind_service", "--ambient-caps=+net_raw,+net_bind_service"],
        nameof(A_user_with_some_capabilities_can_do_what_they_allow),
        () =>
        {
            Assert.All(sockets.Append("CAP_NET_RAW").Append("Port434"), name => Assert.Null(Of(name).Fix));
            Assert.All(["CAP_NET_ADMIN", "CAP_SYS_ADMIN", "NetworkNamespaces", "Tun", "Ebpf"], name => Assert.False(Of(name).IsAvailable));
        });

    [Fact]
    public Task Root_without_a_capability_is_told_of_the_bounding_set() =>
        As(["setpriv", "--bounding-set=-net_admin,-net_raw"], nameof(Root_without_a_capability_is_told_of_the_bounding_set), () =>
        {
            Assert.All(sockets.Append("CAP_NET_RAW"), name => Assert.Contains("--cap-add=NET_RAW", Of(name).Fix, StringComparison.Ordinal));
            Assert.Contains("--cap-add=NET_ADMIN", Of("CAP_NET_ADMIN").Fix, StringComparison.Ordinal);
            Assert.Null(Of("CAP_SYS_ADMIN").Fix);
            Assert.Null(Of("NetworkNamespaces").Fix);
            Assert.SkipUnless(File.Exists("/dev/net/tun"), "there is no /dev/net/tun here");
            Assert.Equal("an interface needs CAP_NET_ADMIN in this network", Of("Tun").Detail);
        });

    [Fact]
    public Task In_a_user_namespace_with_a_network_all_works_but_eBPF() =>
        As([.. Unprivileged.Nobody, "unshare", "-Urnm"], nameof(In_a_user_namespace_with_a_network_all_works_but_eBPF), () =>
        {
            Assert.All(capabilities, name => Assert.Equal("effective, in a user namespace: for what that owns", Of(name).Detail));
            Assert.All(sockets.Append("NetworkNamespaces").Append("Port434"), name => Assert.Null(Of(name).Fix));
            Assert.Equal("not permitted in a user namespace", Of("Ebpf").Detail);
            Assert.Equal("no interface is up but loopback", Of("Mtu").Detail);
        });

    [Fact]
    public Task In_a_user_namespace_without_a_network_its_capabilities_count_for_nothing() =>
        As(["unshare", "-Ur"], nameof(In_a_user_namespace_without_a_network_its_capabilities_count_for_nothing), () =>
        {
            // A network namespace that it makes is its own, the one that it is in is not: nothing may be concluded from the one about the other.
            Assert.Null(Of("NetworkNamespaces").Fix);
            Assert.All(sockets, name => Assert.EndsWith("unshare -Urnm pwsh", Of(name).Fix, StringComparison.Ordinal));
            Assert.SkipUnless(File.Exists("/dev/net/tun"), "there is no /dev/net/tun here");
            Assert.EndsWith("unshare -Urnm pwsh", Of("Tun").Fix, StringComparison.Ordinal);
        });

    [Fact]
    public Task The_limit_of_namespaces_is_told_from_a_missing_right() =>
        As(["unshare", "-Urnm", "sh", "-c", "echo 0 > /proc/sys/user/max_net_namespaces; exec \"$@\"", "sh"], nameof(The_limit_of_namespaces_is_told_from_a_missing_right), () =>
        {
            Assert.Equal("the limit of namespaces is reached", Of("NetworkNamespaces").Detail);
            Assert.Equal("sysctl -w user.max_net_namespaces=1000", Of("NetworkNamespaces").Fix);
            Assert.SkipUnless(File.Exists("/dev/net/tun"), "there is no /dev/net/tun here");
            Assert.True(Of("Tun").IsAvailable);
        });

    [Fact]
    public Task A_missing_device_gets_the_command_that_makes_it() =>
        As(["unshare", "--mount", "sh", "-c", "mount -t tmpfs none /dev/net; exec \"$@\"", "sh"], nameof(A_missing_device_gets_the_command_that_makes_it), () =>
        {
            Assert.Equal("there is no /dev/net/tun", Of("Tun").Detail);
            Assert.Contains("mknod -m 0666 /dev/net/tun c 10 200", Of("Tun").Fix, StringComparison.Ordinal);
        });

    [Fact]
    public void Settings_are_those_of_the_network_of_the_thread() => NetworkNamespace.Run(() =>
    {
        Set("ipv4/conf/all/rp_filter", 0);
        Set("ipv4/conf/default/rp_filter", 0);
        Set("ipv4/conf/a/rp_filter", 1);
        Set("ipv4/conf/b/rp_filter", 2);
        Set("ipv4/ip_forward", 0);
        Set("ipv6/conf/all/forwarding", 1);
        NetworkNamespace.Ip("link set dev a mtu 1300");
        Assert.Equal("strict on a", Of("ReversePathFilter").Detail);
        Assert.Equal("off", Of("IPv4Forwarding").Detail);
        Assert.Equal("on", Of("IPv6Forwarding").Detail);
        Assert.Equal("a 1300, b 1500", Of("Mtu").Detail);
        Assert.Equal("ip link set dev a mtu 1500", Of("Mtu").Fix);

        // What is offered as a fix is one.
        Set("ipv4/conf/all/rp_filter", 2);
        Set("ipv4/ip_forward", 1);
        NetworkNamespace.Ip(Of("Mtu").Fix![3..]);
        Assert.All(["ReversePathFilter", "IPv4Forwarding", "IPv6Forwarding", "Mtu"], name => Assert.Null(Of(name).Fix));

        Set("ipv4/conf/all/rp_filter", 1);
        Set("ipv4/conf/b/rp_filter", 0);
        Set("ipv6/conf/all/forwarding", 0);
        NetworkNamespace.Ip("link set dev a down");
        Assert.Equal("strict on a, b, default, lo", Of("ReversePathFilter").Detail);
        Assert.Equal("sysctl -w net.ipv6.conf.all.forwarding=1", Of("IPv6Forwarding").Fix![..40]);
        Assert.Equal("b 1500", Of("Mtu").Detail);
    });

    [Theory]
    [InlineData("KernelSit", "sit")]
    [InlineData("KernelIpip", "ipip")]
    [InlineData("KernelGre", "gre")]
    [InlineData("KernelIp6Tnl", "ip6tnl")]
    [InlineData("KernelIp6Gre", "ip6gre")]
    public void A_kernel_tunnel_is_there_when_one_can_be_made(string name, string type)
    {
        Assert.SkipWhen(File.Exists("/proc/modules"), "this kernel would load a module");
        NetworkNamespace.Run(() =>
        {
            var (code, _) = NetworkNamespace.TryIp($"link add name probe type {type}");
            Assert.Equal(code == 0, Of(name).IsAvailable);
        });
    }

    [Fact]
    public void ESP_is_there_when_a_state_can_be_made()
    {
        Assert.SkipWhen(File.Exists("/proc/modules"), "this kernel would load a module");
        NetworkNamespace.Run(() =>
        {
            var states = KernelIPsec.StateCommands("2001:db8::1", "2001:db8::2")
                .Select((command, index) => command["ip ".Length..].Replace("SPI", $"{256 + index}", StringComparison.Ordinal)
                    .Replace("KEY", "0x" + new string('a', 64), StringComparison.Ordinal).Replace('\'', '"'));
            Assert.Equal(states.All(state => NetworkNamespace.TryIp(state).Code == 0), Of("KernelEsp").IsAvailable);
        });
    }

    [Fact]
    public void Without_Mobile_IPv6_in_the_kernel_it_answers_home_addresses_with_parameter_problems() => NetworkNamespace.Run(() =>
    {
        Assert.SkipWhen(Of("KernelMip6").IsAvailable, "this kernel has Mobile IPv6");
        NetworkNamespace.Ip("address add 2001:db8::1/128 dev lo nodad");
        using var sender = new PacketSender();
        sender.Send(
            BareMessage.From(new BindingRevocationIndication { SequenceNumber = 1 }),
            new EnvelopeParameters { Source = new("2001:db8::1", 0), Destination = new("2001:db8::1", 0), HomeAddress = "2001:db8:9::8" });
        Assert.True(SpinWait.SpinUntil(
            () => File.ReadLines("/proc/thread-self/net/snmp6").Any(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is ["Icmp6OutParmProblems", "1"]),
            TimeSpan.FromSeconds(20)));
    });

    [Fact]
    public Task It_leaves_the_host_as_it_was() => As(["unshare", "--net"], nameof(It_leaves_the_host_as_it_was), () =>
    {
        NetworkNamespace.Ip("link add name a type veth peer name b");
        _ = HostAbilities.Test().Count();
        // The threads of the first call, and what the runtime opened for it, are on their way out for a moment.
        Assert.True(SpinWait.SpinUntil(() => Namespaces() == 1, TimeSpan.FromSeconds(20)), "a thread stays in another namespace");
        var (before, descriptors) = (State(), Descriptors());

        _ = HostAbilities.Test().Count();
        Assert.True(SpinWait.SpinUntil(() => Namespaces() == 1, TimeSpan.FromSeconds(20)), "a thread stays in another namespace");
        Assert.Equal(before, State());
        Assert.True(SpinWait.SpinUntil(() => Descriptors() <= descriptors, TimeSpan.FromSeconds(20)), $"{Descriptors()} descriptors, {descriptors} before");

        // Indexes are given one after the other: an interface that came and went would show.
        NetworkNamespace.Ip("link add name c type veth peer name d");
        Assert.Equal([2, 3, 4, 5], Indexes());
    });

    private static HostAbility Of(string name) => Assert.Single(HostAbilities.Test(each => each == name));

    private static void Set(string setting, int value) => File.WriteAllText($"/proc/sys/net/{setting}", $"{value}\n");

    private static IEnumerable<int> Indexes() => NetworkNamespace.Ip("-o link show type veth")
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => int.Parse(line[..line.IndexOf(':', StringComparison.Ordinal)], System.Globalization.CultureInfo.InvariantCulture))
        .Order();

    /// <summary>Interfaces, addresses, rules and modules.</summary>
    private static string State() => string.Join('\n', [
        NetworkNamespace.Ip("-o address"), NetworkNamespace.Ip("-o link"), NetworkNamespace.Ip("rule"),
        string.Join(' ', Directory.GetDirectories("/sys/module").Order(StringComparer.Ordinal))]);

    /// <summary>In how many network namespaces the threads of this process are.</summary>
    private static int Namespaces() => Directory.GetDirectories("/proc/self/task")
        .Select(task => new FileInfo(task + "/ns/net").LinkTarget ?? "").Where(link => link.Length > 0).Distinct().Count();

    private static int Descriptors() => Directory.GetFiles("/proc/self/fd").Length;

    /// <summary>Runs what follows in a child process that a command starts.</summary>
    private static async Task As(IReadOnlyList<string> command, string method, Action test)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "capabilities and namespaces are those of Linux");
        if (Unprivileged.IsChild)
        {
            test();
            return;
        }

        Assert.SkipUnless(Environment.IsPrivilegedProcess, "run the tests as root");
        await Unprivileged.Run(typeof(HostAbilitiesTests), method, command);
    }
}
