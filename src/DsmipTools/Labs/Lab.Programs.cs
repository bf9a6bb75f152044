using System.ComponentModel;
using System.Diagnostics;
using DsmipTools.Net;

namespace DsmipTools.Labs;

/// <content>Programs in nodes.</content>
public sealed partial class Lab
{
    // What a program has left behind may hold its output open for ever.
    private static readonly TimeSpan LastLines = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Runs a program inside a node, as 'ip netns exec' does: with the node's interfaces and its /etc/resolv.conf, and without input. When it is cancelled, or its
    /// time is over, the program and its children are killed; what it has left running in the background is killed with the lab.
    /// </summary>
    /// <param name="node">The node.</param>
    /// <param name="program">The program: a path, or a name that is looked for in PATH.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="timeout">How long it may run; null for no limit.</param>
    /// <param name="folder">Where it starts; null for the folder of this process.</param>
    /// <param name="cancellationToken">Kills it.</param>
    /// <exception cref="NotSupportedException">The world has no namespaces.</exception>
    /// <exception cref="FileNotFoundException">There is no such program.</exception>
    /// <exception cref="NetException">A privilege is missing.</exception>
    public async Task<LabCommandResult> RunAsync(
        LabNode node,
        string program,
        IEnumerable<string>? arguments = null,
        TimeSpan? timeout = null,
        string? folder = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentException.ThrowIfNullOrEmpty(program);
        cancellationToken.ThrowIfCancellationRequested();
        var inside = node.Namespace
            ?? throw new NotSupportedException($"A node of the {World} world is no place for programs: there are no sockets in it. Use -World Namespace.");
        string[] all = [.. arguments ?? []];
        var start = Stopwatch.GetTimestamp();
        using var process = Start(
            inside,
            node.FilesFolder!,
            new ProcessStartInfo(program, all)
            {
                WorkingDirectory = folder ?? "", RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            });
        process.StandardInput.Close();
        List<string> output = [], errors = [];
        // The process does not dispose of what was read from.
        using StreamReader standardOutput = process.StandardOutput, standardError = process.StandardError;
        var reading = Task.WhenAll(Read(standardOutput, output), Read(standardError, errors));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (timeout is { } longest)
        {
            limit.CancelAfter(longest);
        }

        var timedOut = false;
        try
        {
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            timedOut = true;
        }

        var duration = Stopwatch.GetElapsedTime(start);
        await Task.WhenAny(reading, Task.Delay(LastLines, cancellationToken)).ConfigureAwait(false);
        return new LabCommandResult(node.Name, string.Join(' ', [program, .. all]), process.ExitCode, Lines(output), Lines(errors), duration, timedOut);
    }

    private static Process Start(Net.Namespaces.NetworkNamespace inside, string files, ProcessStartInfo start)
    {
        try
        {
            return inside.RunWithFiles(files, () => Process.Start(start)!);
        }
        catch (Win32Exception exception)
        {
            const int NoSuchFile = 2;
            throw exception.NativeErrorCode == NoSuchFile
                ? new FileNotFoundException($"There is no program '{start.FileName}' on this host.", start.FileName, exception)
                : new NetException(NetError.Other, exception.NativeErrorCode, $"The program '{start.FileName}' cannot be started.", exception);
        }
    }

    private static async Task Read(StreamReader reader, List<string> lines)
    {
        try
        {
            while (await reader.ReadLineAsync().ConfigureAwait(false) is { } line)
            {
                lock (lines)
                {
                    lines.Add(line);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The process object was disposed while something in the background still held the pipe.
        }
    }

    private static string[] Lines(List<string> lines)
    {
        lock (lines)
        {
            return [.. lines];
        }
    }
}
