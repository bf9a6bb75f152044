using System.ComponentModel;
using System.Diagnostics;
using DsmipTools.Net;
using DsmipTools.Net.Namespaces;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Benchmarks;

/// <summary>A host of the bench: a network namespace without a name, which is gone with its descriptors.</summary>
internal sealed class BenchHost : IDisposable
{
    private readonly NetworkNamespace space = NetworkNamespace.Create();

    public BenchHost() => Ip("link set dev lo up");

    /// <summary>Why there can be no such hosts here; null where there can.</summary>
    public static string? Lack()
    {
        try
        {
            // The first program that is started must not be started in a namespace: the thread that waits for its end lives as long as the process.
            using var ip = Process.Start(new ProcessStartInfo("ip", "-V") { RedirectStandardOutput = true })!;
            ip.WaitForExit();
            NetworkNamespace.Create().Dispose();
            return null;
        }
        catch (Win32Exception)
        {
            return "skipped: ip(8) is not installed";
        }
        catch (NetException exception)
        {
            return "skipped: " + exception.Message;
        }
    }

    /// <summary>Runs something on a thread in the namespace.</summary>
    public T Run<T>(Func<T> function) => space.Run(function);

    /// <summary>Runs something on a thread in the namespace.</summary>
    public void Run(Action action) => space.Run(action);

    /// <summary>Runs ip(8).</summary>
    public void Ip(string arguments) => Run(() =>
    {
        using var process = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"ip {arguments}: {error}");
        }
    });

    /// <summary>Starts a program, which is to be ended by whoever asked for it; null where it is not installed.</summary>
    public Process? Start(string program, params string[] arguments) => Run(() =>
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true });
        }
        catch (Win32Exception)
        {
            return null;
        }
    });

    /// <summary>Joins two hosts by a pair of Ethernet interfaces.</summary>
    public static void Link(BenchHost one, string name, BenchHost other, string otherName)
    {
        one.Ip($"link add name {name} type veth peer name {otherName} netns {other.space.Path}");
        one.Ip($"link set dev {name} up");
        other.Ip($"link set dev {otherName} up");
    }

    /// <summary>Gives an interface an address that takes packets at once.</summary>
    public void Add(string name, Address address, int length)
    {
        Ip($"address add {address}/{length} dev {name}{(address.IsIPv4 ? "" : " nodad")}");
        Await(address);
    }

    /// <summary>Waits until the host has an address.</summary>
    public void Await(Address address) => Run(() =>
    {
        while (true)
        {
            try
            {
                SourceAddress.ThrowUnlessLocal(address);
                return;
            }
            catch (NetException)
            {
                Thread.Sleep(1);
            }
        }
    });

    public void Dispose() => space.Dispose();
}
