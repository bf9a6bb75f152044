using System.Diagnostics;

namespace DsmipTools.Tests.Examples;

/// <summary>The examples in C# as a user runs them: with dotnet run, from a checkout.</summary>
public sealed class ExampleTests
{
    // Restoring and building are most of it, on a machine that does other things too.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task RevocationOfARealmDoesTheSameInBothWorlds()
    {
        var (exitCode, output) = await Run("revocation-realm.cs");

        Assert.True(exitCode == 0, output);
        foreach (var (world, folder) in new[] { ("Simulated, seed 42", "simulated"), ("Loopback", "loopback") })
        {
            var part = output[output.IndexOf(world, StringComparison.Ordinal)..];
            Assert.Contains("bindings before: 150 of example.com, 102 of example.org, 48 of sub.example.com\n", part, StringComparison.Ordinal);
            Assert.Contains("bindings after:  102 of example.org, 48 of sub.example.com\n", part, StringComparison.Ordinal);
            var capture = Path.Combine(RepositoryRoot(), "out", "demo", folder, "revocation-realm.pcapng");
            Assert.Contains($"capture: {capture}\n", part, StringComparison.Ordinal);
            Assert.True(File.Exists(capture));
        }

        Assert.Equal(6, output.Split('\n').Count(line => line.Contains(": Acknowledged, 50 bindings revoked", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task RegistrationGetsThePrefixThatItMayHave()
    {
        var (exitCode, output) = await Run("registration.cs");

        Assert.True(exitCode == 0, output);
        Assert.Contains("Accepted, code Accepted, for 00:05:00, in 10 ms\n", output, StringComparison.Ordinal);
        Assert.Contains("  2001:db8:7:1::/64 AcceptedCareOfAddress\n  2001:db8:ffff::/64 RejectedProhibited\n", output, StringComparison.Ordinal);
        Assert.Contains("after an hour: 1 binding, ", output, StringComparison.Ordinal);
        Assert.Contains("after de-registration: 0 bindings\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void ExamplesFitOnAScreen()
    {
        foreach (var example in Directory.EnumerateFiles(Path.Combine(RepositoryRoot(), "docs", "examples"), "*.cs"))
        {
            Assert.InRange(File.ReadLines(example).Count(), 1, 59);
        }
    }

    private static async Task<(int ExitCode, string Output)> Run(string example)
    {
        var cancel = TestContext.Current.CancellationToken;
        var start = new ProcessStartInfo("dotnet", ["run", "--configuration", "Release", Path.Combine(RepositoryRoot(), "docs", "examples", example)])
        {
            WorkingDirectory = RepositoryRoot(),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = start.Environment["DOTNET_NOLOGO"] = "1";
        // A build server that outlives the test would hold on to its output.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            var said = await output + await errors;
            Assert.SkipWhen(said.Contains("NU1301", StringComparison.Ordinal), "no package registry can be reached, and dotnet run restores");
            return (process.ExitCode, said);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static string RepositoryRoot()
    {
        for (var folder = AppContext.BaseDirectory; ; folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("no DsmipTools.slnx above the tests"))
        {
            if (File.Exists(Path.Combine(folder, "DsmipTools.slnx")))
            {
                return folder;
            }
        }
    }
}
