using System.Globalization;
using System.Runtime.InteropServices;

namespace DsmipTools.Hosting;

/// <summary>
/// Something that is done before this process ends by itself, or because it is told to: SIGTERM and SIGHUP end it without its exit being announced. What was
/// asked for first is done first, so that owners take down what they own. Nothing is done after SIGKILL; what is left then is found by the next process.
/// </summary>
internal sealed class ProcessEnd : IDisposable
{
    private const string SignalsIgnored = "SigIgn:";

    private static readonly TimeSpan longest = TimeSpan.FromSeconds(10);
    private static readonly Lock gate = new();
    private static readonly List<ProcessEnd> waiting = [];

    // What is to happen to the process happens after all of it.
    private static readonly PosixSignalRegistration[] signals = Listen();

    private readonly Func<Task> action;

    /// <summary>Waits for the end.</summary>
    /// <param name="action">What is to be done then; it has ten seconds.</param>
    public ProcessEnd(Func<Task> action)
    {
        this.action = action;
        lock (gate)
        {
            waiting.Add(this);
        }
    }

    /// <summary>It need not be done any more.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            waiting.Remove(this);
        }
    }

    private static PosixSignalRegistration[] Listen()
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Come();
        return [.. new[] { PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Where(signal => !IsIgnored(signal)).Select(signal => PosixSignalRegistration.Create(signal, _ => Come()))];
    }

    /// <summary>What nohup(1) started lives on without its terminal.</summary>
    private static bool IsIgnored(PosixSignal signal)
    {
        const int Hangup = 1;
        return signal == PosixSignal.SIGHUP && OperatingSystem.IsLinux()
            && File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(SignalsIgnored, StringComparison.Ordinal)) is { } line
            && (ulong.Parse(line.AsSpan(SignalsIgnored.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & (1ul << (Hangup - 1))) != 0;
    }

    private static void Come()
    {
        while (Next() is { } next)
        {
            try
            {
                Task.Run(next.action).Wait(longest);
            }
            catch (AggregateException)
            {
                // What it leaves is found as after a crash.
            }
        }
    }

    private static ProcessEnd? Next()
    {
        lock (gate)
        {
            var next = waiting.FirstOrDefault();
            _ = next is not null && waiting.Remove(next);
            return next;
        }
    }
}
