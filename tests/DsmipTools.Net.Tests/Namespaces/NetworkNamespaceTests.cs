using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using DsmipTools.Net.Namespaces;
using DsmipTools.Net.Netlink;
using DsmipTools.Net.Tests.Support;

namespace DsmipTools.Net.Tests.Namespaces;

public sealed class NetworkNamespaceTests
{
    private static readonly string name = $"dsmip-test-{Environment.ProcessId}";

    [Fact]
    public void It_has_a_name_that_ip_sees_and_is_gone_when_it_is_disposed()
    {
        using (Create(name))
        {
            Assert.Contains(name, Support.NetworkNamespace.Ip("netns"), StringComparison.Ordinal);
            Assert.Contains(name, Net.Namespaces.NetworkNamespace.Names());
            Assert.Equal(NetError.AlreadyExists, Assert.Throws<NetException>(() => Net.Namespaces.NetworkNamespace.Create(name)).Error);
        }

        Assert.DoesNotContain(name, Support.NetworkNamespace.Ip("netns"), StringComparison.Ordinal);
        Assert.Equal(NetError.InterfaceNotFound, Assert.Throws<NetException>(() => Net.Namespaces.NetworkNamespace.Open(name)).Error);
    }

    [Fact]
    public void What_runs_inside_sees_its_interfaces_and_the_thread_that_asks_stays_where_it_is()
    {
        using var made = Create(null);
        var before = Interfaces();
        Assert.Equal(["lo"], made.Run(Interfaces));
        Assert.Equal(before, Interfaces());

        static string[] Interfaces()
        {
            using var network = new HostNetwork();
            return [.. network.Interfaces().Select(each => each.Name)];
        }
    }

    [Fact]
    public void A_socket_stays_in_the_namespace_where_it_was_opened()
    {
        using var made = Create(null);
        using var inside = made.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        Assert.Equal(SocketError.NetworkUnreachable, Assert.Throws<SocketException>(() => inside.SendTo([1], new IPEndPoint(IPAddress.Loopback, 9))).SocketErrorCode);
    }

    [Fact]
    public void What_is_thrown_inside_comes_out()
    {
        using var made = Create(null);
        Assert.Throws<FormatException>(() => made.Run(() => throw new FormatException()));
        made.Dispose();
        Assert.Throws<ObjectDisposedException>(() => made.Run(() => { }));
    }

    [Fact]
    public void Calls_may_come_from_inside_a_call_and_from_many_threads()
    {
        using var one = Create(null);
        using var other = Create(null);
        Assert.Equal(42, one.Run(() => other.Run(() => one.Run(() => 42))));
        Parallel.For(0, 64, number => Assert.Equal(number, one.Run(() => number)));
    }

    [Fact]
    public void Its_processes_are_known_however_it_was_opened()
    {
        using var made = Create(name + "p");
        using var opened = Net.Namespaces.NetworkNamespace.Open(name + "p");
        using var sleeping = made.Run(() => Process.Start("sleep", "1000"));
        Assert.Equal([sleeping.Id], Net.Namespaces.NetworkNamespace.ProcessesIn([made]));
        Assert.Equal([sleeping.Id], Net.Namespaces.NetworkNamespace.ProcessesIn([opened]));
        sleeping.Kill();
        sleeping.WaitForExit();
        Assert.Empty(Net.Namespaces.NetworkNamespace.ProcessesIn([made]));
    }

    [Fact]
    public Task Without_the_privilege_the_error_names_it() => Unprivileged.IsChild ? Refused() : Unprivileged.Run(GetType(), nameof(Without_the_privilege_the_error_names_it));

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a/b")]
    public void A_name_is_that_of_a_file(string wrong)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "network namespaces are those of Linux");
        Assert.ThrowsAny<ArgumentException>(() => Net.Namespaces.NetworkNamespace.Create(wrong));
    }

    internal static Net.Namespaces.NetworkNamespace Create(string? named)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "network namespaces are those of Linux");
        try
        {
            return Net.Namespaces.NetworkNamespace.Create(named);
        }
        catch (NetException exception) when (exception.Error == NetError.AccessDenied)
        {
            Assert.Skip("a network namespace needs CAP_SYS_ADMIN: run the tests as root");
            throw;
        }
    }

    private static Task Refused()
    {
        var refused = Assert.Throws<NetException>(() => Net.Namespaces.NetworkNamespace.Create());
        Assert.Equal(NetError.AccessDenied, refused.Error);
        Assert.Contains("CAP_SYS_ADMIN", refused.Message, StringComparison.Ordinal);
        return Task.CompletedTask;
    }
}
