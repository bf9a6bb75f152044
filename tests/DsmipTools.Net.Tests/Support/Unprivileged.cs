using System.ComponentModel;
using System.Diagnostics;

namespace DsmipTools.Net.Tests.Support;

/// <summary>Runs a test of this assembly again in a process without privileges.</summary>
internal static class Unprivileged
{
    private const string IsChild = "DSMIPTOOLS_WITHOUT_PRIVILEGE";

    internal static async Task Run(Type type, string method)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable(IsChild) is null, "setpriv did not take the privileges away");
        var assembly = type.Assembly.Location;
        string[] nobody = ["--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all", "--bounding-set=-all"];
        var (readable, _) = await Start([.. nobody, "test", "-r", assembly]);
        Assert.SkipUnless(readable == 0, $"no child process without privileges: setpriv is missing, or an ordinary user cannot read {assembly}");
        var (started, _) = await Start([.. nobody, "dotnet", "--list-runtimes"]);
        Assert.SkipUnless(started == 0, "an ordinary user cannot start dotnet here");
        var (code, output) = await Start([.. nobody, "dotnet", "exec", assembly, "-noLogo", "-method", $"{type.FullName}.{method}"]);
        Assert.True(code == 0 && output.Contains("Total: 1, Errors: 0, Failed: 0, Skipped: 0", StringComparison.Ordinal), output);
    }

    private static async Task<(int Code, string Output)> Start(string[] arguments)
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
