using System.ComponentModel;
using System.Diagnostics;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Net.Tests;

/// <summary>A port that needs a privilege, asked for by a process that has none.</summary>
public sealed class PrivilegedPortTests
{
    private const string IsChild = "DSMIPTOOLS_WITHOUT_PRIVILEGE";

    [Fact]
    public async Task A_privileged_port_names_the_capability_and_the_alternatives()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "capabilities are those of Linux");
        var first = int.Parse(
            await File.ReadAllTextAsync("/proc/sys/net/ipv4/ip_unprivileged_port_start", TestContext.Current.CancellationToken),
            System.Globalization.CultureInfo.InvariantCulture);
        Assert.SkipUnless(first > 434, $"port 434 needs no privilege here: ip_unprivileged_port_start is {first}");
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsNobody();
            return;
        }

        var exception = Assert.Throws<NetException>(() => UdpTransport.Open(new Endpoint("127.0.0.2", 434)));
        Assert.Equal(NetError.AccessDenied, exception.Error);
        Assert.Equal(13, exception.Errno);
        Assert.Contains("CAP_NET_BIND_SERVICE", exception.Message, StringComparison.Ordinal);
        Assert.Contains($"from {first} up (-Port)", exception.Message, StringComparison.Ordinal);
        Assert.Contains("ip_unprivileged_port_start=434", exception.Message, StringComparison.Ordinal);
    }

    private static async Task RunAsNobody()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable(IsChild) is null, "setpriv did not take the privileges away");
        var assembly = typeof(PrivilegedPortTests).Assembly.Location;
        string[] nobody = ["--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all", "--bounding-set=-all"];
        var (readable, _) = await Run([.. nobody, "test", "-r", assembly]);
        Assert.SkipUnless(readable == 0, $"no child process without privileges: setpriv is missing, or an ordinary user cannot read {assembly}");
        var (started, _) = await Run([.. nobody, "dotnet", "--list-runtimes"]);
        Assert.SkipUnless(started == 0, "an ordinary user cannot start dotnet here");
        var (code, output) = await Run([
            .. nobody, "dotnet", "exec", assembly, "-noLogo", "-method",
            $"{typeof(PrivilegedPortTests).FullName}.{nameof(A_privileged_port_names_the_capability_and_the_alternatives)}",
        ]);
        Assert.True(code == 0 && output.Contains("Total: 1, Errors: 0, Failed: 0, Skipped: 0", StringComparison.Ordinal), output);
    }

    private static async Task<(int Code, string Output)> Run(string[] arguments)
    {
        var start = new ProcessStartInfo("setpriv", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/tmp" };
        start.Environment[IsChild] = "1";
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
