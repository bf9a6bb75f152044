using System.Diagnostics;

namespace DsmipTools.Wire.Tests.Support;

/// <summary>A program that judges what we write.</summary>
internal static class ExternalTool
{
    /// <summary>Runs a program and returns what it prints; the test is skipped where the program is missing.</summary>
    internal static string Run(string program, params IEnumerable<string> arguments)
    {
        Assert.SkipUnless(IsThere(program), $"{program} is not installed.");
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} failed: {errors.Result}");
        return output;
    }

    private static bool IsThere(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, program)));
}
