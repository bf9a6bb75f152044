using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace DsmipTools.Benchmarks;

/// <summary>What importing the module adds to the start of PowerShell.</summary>
internal static class ModuleImportBenchmarks
{
    private const string Name = "import of the module, beyond an empty pwsh";
    private const int Rounds = 9;

    public static IEnumerable<Benchmark> All => [new(Name, Import)];

    private static IEnumerable<Row> Import()
    {
        var target = new Row(Name, "") { Target = "300 ms" };
        if (Root() is not { } root || !File.Exists(Path.Combine(root, "module", "bin", "DsmipTools.PowerShell.dll")))
        {
            yield return target with { This = "skipped: the module is not built" };
            yield break;
        }

        if (PowerShell(root) is not { } shell)
        {
            yield return target with { This = "skipped: no PowerShell here" };
            yield break;
        }

        const string import = "Import-Module ./DsmipTools.psd1";
        if (Time(shell, root, $"$ErrorActionPreference = 'Stop'; {import}").Failure is { } failure)
        {
            yield return target with { This = "skipped: " + failure };
            yield break;
        }

        List<double> empty = [], more = [], processor = [];
        for (var round = 0; round < Rounds; round++)
        {
            var without = Time(shell, root, "1");
            var with = Time(shell, root, import);
            empty.Add(without.Elapsed);
            more.Add(with.Elapsed - without.Elapsed);
            processor.Add(with.Processor - without.Processor);
        }

        var median = Comparison.Median(more);
        yield return target with
        {
            This = $"{Row.Milliseconds(median)} ({Row.Milliseconds(Comparison.Median(processor))} of processors)",
            Baseline = $"empty pwsh: {Row.Milliseconds(Comparison.Median(empty))}",
            IsMet = median < 300,
        };
    }

    private static string? Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "DsmipTools.psd1")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName;
    }

    /// <summary>The PowerShell to use: as build.sh finds it, but nothing is installed for it.</summary>
    private static string[]? PowerShell(string root)
    {
        string[][] candidates = Environment.GetEnvironmentVariable("PWSH") is { Length: > 0 } named ? [[named]] : [["pwsh"], ["dotnet", "pwsh"]];
        return Array.Find(candidates, candidate => Time(candidate, root, "1").Failure is null);
    }

    /// <summary>Milliseconds from start to end, and those of processor time that PowerShell has taken when it has done the command.</summary>
    private static (double Elapsed, double Processor, string? Failure) Time(string[] shell, string root, string command)
    {
        command += "; [Environment]::CpuUsage.TotalTime.TotalMilliseconds.ToString([cultureinfo]::InvariantCulture)";
        var start = new ProcessStartInfo(shell[0], [.. shell.Skip(1), "-NoProfile", "-NonInteractive", "-Command", command])
        {
            WorkingDirectory = root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        start.Environment["POWERSHELL_UPDATECHECK"] = "Off";
        var begun = Stopwatch.GetTimestamp();
        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            var elapsed = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
            return process.ExitCode == 0
                ? (elapsed, double.Parse(output.Result.Trim().Split('\n')[^1], CultureInfo.InvariantCulture), null)
                : (elapsed, 0, errors.Split('\n').FirstOrDefault(line => line.Trim().Length > 0)?.Trim() ?? "it failed");
        }
        catch (Win32Exception exception)
        {
            return (0, 0, exception.Message);
        }
    }
}
