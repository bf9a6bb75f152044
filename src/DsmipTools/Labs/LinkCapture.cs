using System.Diagnostics.CodeAnalysis;
using DsmipTools.Net;
using DsmipTools.Net.Capture;
using DsmipTools.Net.Namespaces;
using DsmipTools.Wire.Capture;

namespace DsmipTools.Labs;

/// <summary>
/// Writes what the nodes of a link send to one pcapng file: each frame once, also one that the link loses, and with an interface for each node. Frames of
/// several nodes are put into the order of their times before they are written. Safe for use by several threads.
/// </summary>
internal sealed class LinkCapture : IDisposable
{
    private readonly Lock gate = new();
    private readonly PcapngWriter file;
    private readonly Dictionary<string, Source> sources = [];
    private readonly PriorityQueue<(int Interface, CapturedFrame Frame), DateTimeOffset> waiting = new();

    /// <summary>Begins a file.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The permission to write the file is missing.</exception>
    public LinkCapture(string path)
    {
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
        }

        file = new PcapngWriter(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16));
        file.Flush();
    }

    /// <summary>Captures what comes to an interface.</summary>
    /// <param name="name">What the file calls it.</param>
    /// <param name="interfaceName">Its name.</param>
    /// <param name="where">The namespace in which it is.</param>
    /// <exception cref="NetException">There is no such interface, or a privilege is missing.</exception>
    public void Add(string name, string interfaceName, NetworkNamespace where)
    {
        var device = where.Run(() => CaptureDevice.Open(interfaceName, new CaptureOptions { BufferSize = 4 << 20, IncomingOnly = true, Promiscuous = true }));
        lock (gate)
        {
            var number = file.AddInterface(device.Interface with { Name = name });
            sources.Add(interfaceName, new Source(this, device, number));
        }
    }

    /// <summary>Ends the capture on an interface.</summary>
    public void Remove(string interfaceName)
    {
        Source? removed;
        lock (gate)
        {
            sources.Remove(interfaceName, out removed);
        }

        removed?.Dispose();
    }

    public void Dispose()
    {
        foreach (var name in sources.Keys.ToArray())
        {
            Remove(name);
        }

        try
        {
            using (file)
            {
                Write(DateTimeOffset.MaxValue);
            }
        }
        catch (IOException)
        {
            // A full disk ends the capture, and must not keep the lab from its end.
        }
    }

    private void Keep(int number, CapturedFrame frame)
    {
        lock (gate)
        {
            waiting.Enqueue((number, frame), frame.Time);
        }
    }

    /// <summary>Writes what is so old that nothing older can come any more.</summary>
    private bool Write(DateTimeOffset before)
    {
        lock (gate)
        {
            var isWritten = false;
            while (waiting.TryPeek(out var next, out var time) && time < before)
            {
                waiting.Dequeue();
                file.Write(next.Interface, next.Frame);
                isWritten = true;
            }

            if (isWritten)
            {
                file.Flush();
            }

            return waiting.Count > 0;
        }
    }

    /// <summary>One interface, and the thread that takes its frames.</summary>
    private sealed class Source : IDisposable
    {
        private readonly LinkCapture capture;
        private readonly ICaptureDevice device;
        private readonly int number;
        private readonly Thread thread;
        private volatile bool isStopping;

        public Source(LinkCapture capture, ICaptureDevice device, int number)
        {
            this.capture = capture;
            this.device = device;
            this.number = number;
            thread = new Thread(Run) { IsBackground = true, Name = $"capture {device.Interface.Name}" };
            thread.UnsafeStart();
        }

        public void Dispose()
        {
            isStopping = true;
            device.Wake();
            thread.Join();
            device.Dispose();
        }

        [SuppressMessage("Design", "CA1031", Justification = "A full disk or a vanished interface ends the capture, not the lab.")]
        private void Run()
        {
            try
            {
                var hasMore = false;
                while (!isStopping)
                {
                    device.Wait(hasMore ? device.Latency : Timeout.InfiniteTimeSpan);
                    hasMore = Take();
                }

                // What came before the end may still be in the operating system.
                device.Wait(device.Latency);
                Take();
            }
            catch (Exception)
            {
                // What was written stands.
            }
        }

        private bool Take()
        {
            while (device.TryReceive(out var frame))
            {
                capture.Keep(number, frame);
            }

            return capture.Write(DateTimeOffset.UtcNow - (2 * device.Latency));
        }
    }
}
