using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace DsmipTools.Net.Tests.Support;

/// <summary>Runs code in a network namespace of its own, with a loopback interface and a pair of Ethernet interfaces, a and b. All of it is gone with the thread and its descriptors.</summary>
internal static partial class NetworkNamespace
{
    private const int NewNetwork = 0x40000000;

    internal static void Run(Action test)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "network namespaces are those of Linux");
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                Assert.SkipUnless(Unshare(NewNetwork) == 0, "a network namespace needs CAP_SYS_ADMIN: run the tests as root");
                Ip("link set dev lo up");
                Ip("link add name a type veth peer name b");
                Ip("link set dev a up");
                Ip("link set dev b up");
                test();
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }
    }

    /// <summary>Runs ip(8) in the namespace of the thread and returns what it prints.</summary>
    internal static string Ip(string arguments)
    {
        var (code, output) = TryIp(arguments);
        Assert.True(code == 0, $"ip {arguments}: {output}");
        return output;
    }

    /// <summary>Gives the loopback interface of the namespace an address, and waits until the kernel has it in use: it does that on a thread of its own.</summary>
    internal static void AddAddress(string address)
    {
        var isIPv6 = address.Contains(':', StringComparison.Ordinal);
        Ip($"address add dev lo {address}{(isIPv6 ? "/128 nodad" : "/8")}");
        var clock = Stopwatch.StartNew();
        while (!Ip($"{(isIPv6 ? "-6 " : "")}route show table local").Contains($"local {address} ", StringComparison.Ordinal))
        {
            Assert.True(clock.Elapsed < TimeSpan.FromMinutes(1), $"{address} did not come into use");
        }
    }

    /// <summary>Runs ip(8), which may fail, and returns its exit code and what it prints or complains of.</summary>
    internal static (int Code, string Output) TryIp(string arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            // A process does not dispose of what was read from, and its pipes would stay open until the next collection.
            using var standardOutput = process.StandardOutput;
            using var standardError = process.StandardError;
            var output = standardOutput.ReadToEnd();
            var error = standardError.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, process.ExitCode == 0 ? output : error);
        }
        catch (Win32Exception)
        {
            Assert.Skip("ip(8) is not installed");
            throw;
        }
    }

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int Unshare(int flags);
}
