using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace DsmipTools.Benchmarks;

/// <summary>A PowerShell that runs a command in a process of its own, in the root of the checkout.</summary>
internal sealed class PowerShellProcess
{
    private readonly string[] shell;

    private PowerShellProcess(string root, string[] shell)
    {
        Root = root;
        this.shell = shell;
    }

    /// <summary>The root of the checkout.</summary>
    public string Root { get; }

    /// <summary>Finds the PowerShell as build.sh does, but installs none; says why there is none, or why the module cannot be imported.</summary>
    public static PowerShellProcess? Find(out string failure)
    {
        failure = "";
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "DsmipTools.psd1")))
        {
            folder = folder.Parent;
        }

        if (folder is null || !File.Exists(Path.Combine(folder.FullName, "module", "bin", "DsmipTools.PowerShell.dll")))
        {
            failure = "skipped: the module is not built";
            return null;
        }

        string[][] candidates = Environment.GetEnvironmentVariable("PWSH") is { Length: > 0 } named ? [[named]] : [["pwsh"], ["dotnet", "pwsh"]];
        var found = candidates.Select(candidate => new PowerShellProcess(folder.FullName, candidate)).FirstOrDefault(candidate => candidate.Run("1").Failure is null);
        if (found is null)
        {
            failure = "skipped: no PowerShell here";
        }
        else if (found.Run("$ErrorActionPreference = 'Stop'; Import-Module ./DsmipTools.psd1").Failure is { } reason)
        {
            failure = "skipped: " + reason;
            return null;
        }

        return found;
    }

    /// <summary>Runs a command.</summary>
    /// <returns>Milliseconds from start to end, those of processor time when the command is done, and what it printed.</returns>
    public (double Elapsed, double Processor, string Output, string? Failure) Run(string command)
    {
        command += "; [Environment]::CpuUsage.TotalTime.TotalMilliseconds.ToString([cultureinfo]::InvariantCulture)";
        var start = new ProcessStartInfo(shell[0], [.. shell.Skip(1), "-NoProfile", "-NonInteractive", "-Command", command])
        {
            WorkingDirectory = Root,
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
            var lines = output.Result.Trim().Split('\n');
            return process.ExitCode == 0
                ? (elapsed, double.Parse(lines[^1], CultureInfo.InvariantCulture), string.Join('\n', lines[..^1]).Trim(), null)
                : (elapsed, 0, "", errors.Split('\n').FirstOrDefault(line => line.Trim().Length > 0)?.Trim() ?? "it failed");
        }
        catch (Win32Exception exception)
        {
            return (0, 0, "", exception.Message);
        }
    }
}
