using System.Diagnostics;

namespace DsmipTools.PowerShell.Tests;

/// <summary>
/// build.sh and .ci/run in a scratch folder whose PATH holds stand-ins for dotnet, pwsh and apt-get: which calls they make, what
/// they print and how they end. What build.ps1 does with real PowerShell is held by tests/Pester/Build.Tests.ps1.
/// </summary>
public sealed class BuildScriptTests : IDisposable
{
    // All that the scripts call besides what is stood in for. Nothing else is on PATH, so a pwsh of this machine is not found.
    private static readonly string[] Tools =
        ["bash", "env", "dirname", "tr", "cat", "cp", "grep", "awk", "rm", "mkdir", "timeout"];

    private const string RecordCall = "#!/bin/bash\nprintf '%s %s\\n' \"${0##*/}\" \"${*//$'\\n'/ }\" >>\"$CALLS\"\n";

    private const string DotNet = RecordCall + """
        case $1 in
        tool) exit "${TOOL_EXIT:-1}" ;;
        test) mkdir -p out/test-results; cp results/*.trx out/test-results 2>/dev/null; exit "${TEST_EXIT:-0}" ;;
        pwsh) exec "$TOOL_PWSH" "${@:2}" ;;
        esac
        """;

    private const string Pwsh = RecordCall + """
        case "$*" in
        *PSVersion*) exit "${VERSION_EXIT:-0}" ;;
        *"-File build.ps1"*) echo "from build.ps1"; exit "${BUILD_EXIT:-0}" ;;
        esac
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("dsmip-build-").FullName;
    private readonly Dictionary<string, string> environment = [];

    public BuildScriptTests()
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "no bash");
        var root = RepositoryRoot();
        File.Copy(Path.Combine(root, "build.sh"), At("build.sh"));
        Directory.CreateDirectory(At(".ci"));
        File.Copy(Path.Combine(root, ".ci/run"), At(".ci/run"));
        Directory.CreateDirectory(At("results"));
        Directory.CreateDirectory(At("tests/Pester"));
        File.WriteAllText(At("tests/Pester/One.Tests.ps1"), "Describe 'd' {\n    It 'is one' { }\n    It \"is two\" { }\n}\n# It is no test\n");
        Directory.CreateDirectory(At("bin"));
        foreach (var tool in Tools)
        {
            var target = Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(d => Path.Combine(d, tool)).FirstOrDefault(File.Exists);
            Assert.SkipWhen(target is null, $"no {tool}");
            File.CreateSymbolicLink(At("bin/" + tool), target);
        }

        StandIn("dotnet", DotNet);
        environment["PATH"] = At("bin");
        environment["CALLS"] = At("calls");
        environment["HOME"] = folder;
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void HandsOverToThePowerShellOnPath()
    {
        StandIn("pwsh", Pwsh);

        var run = Run("build.sh");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal("from build.ps1\n", run.Output);
        Assert.Empty(run.Error);
        Assert.Equal(2, run.Calls.Length);
        Assert.Equal("pwsh -NoProfile -NonInteractive -File build.ps1 build", run.Calls[^1]);
    }

    [Fact]
    public void LooksForPesterBeforeTheTestsOnlyAndPassesArgumentsOn()
    {
        StandIn("pwsh", Pwsh);

        var run = Run("build.sh", "TEST", "--filter", "Name~a b");

        Assert.Equal(3, run.Calls.Length);
        Assert.Contains("Install-PSResource Pester", run.Calls[1], StringComparison.Ordinal);
        Assert.Equal("pwsh -NoProfile -NonInteractive -File build.ps1 test --filter Name~a b", run.Calls[2]);
    }

    [Fact]
    public void PassesTheExitCodeOfTheTasksOn()
    {
        StandIn("pwsh", Pwsh);
        environment["BUILD_EXIT"] = "7";

        Assert.Equal(7, Run("build.sh", "test").ExitCode);
    }

    [Fact]
    public void UsesThePowerShellThatIsNamed()
    {
        StandIn("pwsh", Pwsh);
        StandIn("other-pwsh", Pwsh);
        environment["PWSH"] = At("bin/other-pwsh");

        var run = Run("build.sh", "clean");

        Assert.All(run.Calls, call => Assert.StartsWith("other-pwsh ", call, StringComparison.Ordinal));
        Assert.Equal(2, run.Calls.Length);
    }

    [Fact]
    public void InstallsPowerShellAsAToolWhereThatOnPathIsTooOld()
    {
        StandIn("pwsh", RecordCall + "exit 1");
        StandIn("tool-pwsh", Pwsh);
        environment["TOOL_PWSH"] = At("bin/tool-pwsh");
        environment["TOOL_EXIT"] = "0";

        var run = Run("build.sh", "package");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("dotnet tool restore", run.Calls);
        Assert.Contains("dotnet pwsh -NoProfile -NonInteractive -File build.ps1 package", run.Calls);
        Assert.Empty(run.Error);
    }

    [Fact]
    public void SaysInOneLineThatItGoesOnWithoutPowerShell()
    {
        var run = Run("build.sh", "build");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(["dotnet tool restore", "dotnet build DsmipTools.slnx -c Release"], run.Calls);
        Assert.StartsWith("build.sh: no PowerShell 7.6 here", run.Error, StringComparison.Ordinal);
        Assert.Equal(1, run.Error.Count(c => c == '\n'));
    }

    [Theory]
    [InlineData("build", "dotnet build DsmipTools.slnx -c Release")]
    [InlineData("demo", "dotnet run docs/examples/revocation-realm.cs")]
    [InlineData("package", "dotnet pack src/DsmipTools -c Release -o out")]
    [InlineData("bench", "dotnet run --project tests/Benchmarks -c Release --")]
    public void RunsTheSdkAloneWhereThePowerShellNamedIsNone(string task, string call)
    {
        StandIn("pwsh", Pwsh);
        environment["PWSH"] = "none";

        var run = Run("build.sh", task);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal([call], run.Calls);
    }

    [Fact]
    public void CleansUpWithoutPowerShell()
    {
        environment["PWSH"] = "none";
        foreach (var output in new[] { "out", "module/bin", "src/A/obj", "tests/B/bin" })
        {
            Directory.CreateDirectory(At(output));
        }

        Run("build.sh", "Clean");

        Assert.Equal(["A"], Directory.GetDirectories(At("src")).Select(Path.GetFileName));
        Assert.Empty(Directory.GetDirectories(At("src/A")));
        Assert.Empty(Directory.GetDirectories(At("tests/B")));
        Assert.False(Directory.Exists(At("out")) || Directory.Exists(At("module/bin")));
    }

    [Fact]
    public void CountsAllProjectsAndPesterAsSkipped()
    {
        environment["PWSH"] = "none";
        Results("a", ("A.Works", "Passed", null), ("A.Waits", "NotExecuted", "no tshark &lt;here&gt;\nsecond line"), ("A.Also", "Passed", null));
        Results("b", ("B.Works(x: &quot;outcome=&quot;)", "Passed", null), ("B.Silent", "NotExecuted", null));

        var run = Run("build.sh", "test");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            [
                "Skipped: A.Waits: no tshark <here>",
                "Skipped: B.Silent: no reason given",
                "Skipped: 2 Pester tests: no PowerShell",
                "Total: 3 passed, 0 failed, 4 skipped",
            ],
            run.Output.TrimEnd('\n').Split('\n'));
        Assert.Equal(["dotnet test DsmipTools.slnx -c Release --logger trx;LogFilePrefix=xunit --results-directory out/test-results"], run.Calls);
    }

    [Fact]
    public void FailsWithTheTestsThatFail()
    {
        environment["PWSH"] = "none";
        environment["TEST_EXIT"] = "1";
        Results("a", ("A.Works", "Passed", null), ("A.Fails", "Failed", "Assert.Equal() Failure"));

        var run = Run("build.sh", "test");

        Assert.Equal(1, run.ExitCode);
        Assert.EndsWith("\nTotal: 1 passed, 1 failed, 2 skipped\n", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("A.Fails", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void NeverCallsARunCleanThatBrokeOff()
    {
        environment["PWSH"] = "none";
        environment["TEST_EXIT"] = "134";
        Results("a", ("A.Works", "Passed", null));

        var run = Run("build.sh", "test");

        Assert.Equal(134, run.ExitCode);
        Assert.EndsWith("\nTotal: 1 passed, 1 failed, 2 skipped\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void FailsWhereNoTestRan()
    {
        environment["PWSH"] = "none";

        var run = Run("build.sh", "soak");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("No test ran.\nTotal: 0 passed, 0 failed, 0 skipped\n", run.Output);
        Assert.EndsWith("--filter Category=Soak", run.Calls[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void RefusesAnUnknownTask()
    {
        var run = Run("build.sh", "deploy");

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("build.sh: unknown task 'deploy'", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Calls);
    }

    [Theory]
    [InlineData("0", new[] { "apt-get update -qq", "apt-get install -y -qq --no-install-recommends tshark" })]
    [InlineData("1000", new string[0])]
    public void InstallsForCiWhatIsMissingWhereItMay(string user, string[] calls)
    {
        environment["PWSH"] = "none";
        Results("a", ("A.Works", "Passed", null));
        StandIn("id", $"#!/bin/bash\necho {user}");
        StandIn("apt-get", RecordCall);
        StandIn("dpkg-query", "#!/bin/bash\n[ \"${@: -1}\" = tshark ] && exit 1; echo 'install ok installed'");

        var run = Run(".ci/run");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(calls, run.Calls[..^1]);
        Assert.EndsWith("\nTotal: 1 passed, 0 failed, 2 skipped\n", run.Output, StringComparison.Ordinal);
    }

    private static string RepositoryRoot()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "DsmipTools.slnx")))
        {
            at = at.Parent;
        }

        Assert.SkipWhen(at is null, "the tests do not run inside a checkout");
        return at.FullName;
    }

    private string At(string path) => Path.Combine(folder, path);

    private void StandIn(string name, string script)
    {
        var path = At("bin/" + name);
        File.WriteAllText(path, script + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    // In the shape that VSTest writes: one line for a result, its message in an element of its own.
    private void Results(string name, params (string Test, string Outcome, string? Message)[] tests) =>
        File.WriteAllLines(
            At($"results/{name}.trx"),
            tests.Select(t => t.Message is null
                ? $"    <UnitTestResult executionId=\"1\" testName=\"{t.Test}\" outcome=\"{t.Outcome}\" testListId=\"2\" />"
                : $"    <UnitTestResult executionId=\"1\" testName=\"{t.Test}\" outcome=\"{t.Outcome}\" testListId=\"2\">\n"
                  + $"        <ErrorInfo>\n          <Message>{t.Message}</Message>\n        </ErrorInfo>\n    </UnitTestResult>")
                .Prepend("<?xml version=\"1.0\" encoding=\"utf-8\"?>")
                .Append($"    <Counters total=\"{tests.Length}\" />"));

    private (int ExitCode, string Output, string Error, string[] Calls) Run(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo("/bin/bash", [At(script), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.Environment.Clear();
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var calls = File.Exists(At("calls")) ? File.ReadAllLines(At("calls")) : [];
        return (process.ExitCode, output, error.GetAwaiter().GetResult(), calls);
    }
}
