using System.ComponentModel;
using System.Diagnostics;

namespace DsmipTools.Net.Tests.Support;

/// <summary>Runs a test of this assembly again in a process without privileges, or with others.</summary>
internal static class Unprivileged
{
    private const string ChildMark = "DSMIPTOOLS_WITHOUT_PRIVILEGE";

    private static readonly string[] nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];

    /// <summary>True in the process that such a test runs in.</summary>
    internal static bool IsChild => Environment.GetEnvironmentVariable(ChildMark) is not null;

    /// <summary>The beginning of a command of an ordinary user.</summary>
    internal static IReadOnlyList<string> Nobody => nobody;

    internal static Task Run(Type type, string method)
    {
        Assert.SkipWhen(IsChild, "setpriv did not take the privileges away");
        return Run(type, method, [.. WithTunDevice("666"), .. nobody, "--inh-caps=-all", "--bounding-set=-all"]);
    }

    /// <summary>The beginning of a command that sees a TUN device with a mode: as most distributions have it, 666.</summary>
    internal static IReadOnlyList<string> WithTunDevice(string mode) =>
        ["unshare", "--mount", "sh", "-c", $"mount -t tmpfs none /dev/net && mknod -m {mode} /dev/net/tun c 10 200 && exec \"$@\"", "sh"];

    /// <summary>Runs a test in a child process.</summary>
    /// <param name="type">The class of the test.</param>
    /// <param name="method">Its name.</param>
    /// <param name="under">The command that starts the process: a program and its arguments, to which those of the process are added.</param>
    internal static async Task Run(Type type, string method, IReadOnlyList<string> under)
    {
        var assembly = type.Assembly.Location;
        var (readable, _) = await Start([.. under, "test", "-r", assembly]);
        Assert.SkipUnless(readable == 0, $"no child process by '{string.Join(' ', under)}': it does not work here, or an ordinary user cannot read {assembly}");
        var (started, _) = await Start([.. under, "dotnet", "--list-runtimes"]);
        Assert.SkipUnless(started == 0, "such a process cannot start dotnet here");
        var (code, output) = await Start([.. under, "dotnet", "exec", assembly, "-noLogo", "-method", $"{type.FullName}.{method}"]);
        Assert.True(code == 0 && output.Contains("Total: 1, Errors: 0, Failed: 0, Skipped: 0", StringComparison.Ordinal), output);
    }

    private static async Task<(int Code, string Output)> Start(string[] arguments)
    {
        var start = new ProcessStartInfo(arguments[0], arguments[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/tmp" };
        start.Environment[ChildMark] = "1";
        start.Environment["HOME"] = "/tmp";
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        try
        {
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return (process.ExitCode, output + await error);
        }
        catch (Win32Exception)
        {
            return (-1, "");
        }
    }
}
