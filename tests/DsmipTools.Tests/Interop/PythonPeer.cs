using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;

namespace DsmipTools.Tests.Interop;

/// <summary>One of the independent peers of tests/Peers as a child process; it speaks in JSON lines.</summary>
internal sealed class PythonPeer : IAsyncDisposable
{
    private readonly Process process;
    private readonly Channel<JsonElement> events = Channel.CreateUnbounded<JsonElement>();
    private readonly List<JsonElement> seen = [];

    private PythonPeer(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null)
            {
                events.Writer.TryComplete();
            }
            else
            {
                events.Writer.TryWrite(JsonDocument.Parse(line.Data).RootElement);
            }
        };
        process.BeginOutputReadLine();
    }

    /// <summary>The UDP port that the peer is bound to.</summary>
    public ushort Port { get; private set; }

    /// <summary>Everything the peer has said and a test has read.</summary>
    public IReadOnlyList<JsonElement> Seen => seen;

    /// <summary>Starts a peer and waits until it is bound.</summary>
    public static async Task<PythonPeer> Start(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo("python3") { RedirectStandardOutput = true, RedirectStandardInput = true };
        start.ArgumentList.Add(Path.Combine(Folder(), script));
        foreach (var argument in (string[])[.. arguments, "--until-eof"])
        {
            start.ArgumentList.Add(argument);
        }

        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("python3 is not installed.");
            throw;
        }

        var peer = new PythonPeer(process);
        var ready = await peer.Next("ready");
        peer.Port = ready.GetProperty("port").GetUInt16();
        return peer;
    }

    /// <summary>The next event of a kind; those before it are kept in <see cref="Seen"/>.</summary>
    public async Task<JsonElement> Next(string kind, Func<JsonElement, bool>? condition = null)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await events.Reader.WaitToReadAsync(patience.Token))
        {
            while (events.Reader.TryRead(out var happened))
            {
                seen.Add(happened);
                if (happened.GetProperty("event").GetString() == kind && (condition is null || condition(happened)))
                {
                    return happened;
                }
            }
        }

        throw new InvalidOperationException($"The peer ended before it said '{kind}'.");
    }

    /// <summary>Tells the peer something.</summary>
    public Task Say(string command) => process.StandardInput.WriteLineAsync(command);

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
        }

        process.Dispose();
    }

    public static string Folder([CallerFilePath] string file = "")
    {
        foreach (var start in new[] { Path.GetDirectoryName(file)!, AppContext.BaseDirectory })
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                var peers = Path.Combine(folder.FullName, "tests", "Peers");
                if (Directory.Exists(peers))
                {
                    return peers;
                }
            }
        }

        throw new DirectoryNotFoundException("tests/Peers was not found.");
    }
}
