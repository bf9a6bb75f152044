using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using DsmipTools.Net;
using DsmipTools.Net.Capture;
using DsmipTools.Wire.Capture;
using DsmipTools.Wire.Decoding;

namespace DsmipTools.Packets;

/// <summary>
/// A capture on an interface while it runs: a thread of its own takes the frames, writes them to a pcapng file if there is one, and lets them
/// wait for a reader, who gets them decoded. Memory is bounded: what waits too long for a reader is discarded and counted. Safe for use by
/// several threads.
/// </summary>
public sealed class LiveCapture : IAsyncDisposable, IDisposable
{
    private readonly ICaptureDevice device;
    private readonly PcapngWriter? file;
    private readonly PacketDecoder decoder;
    private readonly Channel<CapturedFrame>? waiting;
    private readonly long bufferedOctets;
    private readonly Thread thread;
    private readonly TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock gate = new();
    private long waitingOctets;
    private long written;
    private long discarded;
    private long stoppedAt = long.MaxValue;
    private CaptureStatistics? last;

    private LiveCapture(ICaptureDevice device, LiveCaptureOptions options)
    {
        this.device = device;
        Path = options.Path is null ? null : System.IO.Path.GetFullPath(options.Path);
        decoder = new PacketDecoder(options.Decoder);
        bufferedOctets = options.BufferedOctets;
        waiting = options.BufferedPackets == 0 ? null : Channel.CreateBounded<CapturedFrame>(options.BufferedPackets);
        file = Path is null ? null : new PcapngWriter(new FileStream(Path, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16));
        file?.AddInterface(Interface);
        file?.Flush();
        thread = new Thread(Run) { IsBackground = true, Name = $"capture {Interface.Name}" };
        thread.Start();
    }

    /// <summary>The interface, with its link type and filter.</summary>
    public CaptureInterface Interface => device.Interface;

    /// <summary>The file that the frames go to; null when there is none.</summary>
    public string? Path { get; }

    /// <summary>When the capture began.</summary>
    public DateTimeOffset Started { get; } = DateTimeOffset.UtcNow;

    /// <summary>False when the capture has ended and its file is complete.</summary>
    public bool IsRunning => !Completion.IsCompleted;

    /// <summary>Ends when the capture has ended and its file is complete; fails with what ended it.</summary>
    public Task Completion => completion.Task;

    /// <summary>What has been counted.</summary>
    public LiveCaptureStatistics Statistics
    {
        get
        {
            lock (gate)
            {
                var counted = last ?? device.Statistics;
                return new LiveCaptureStatistics(
                    counted.Received, counted.Dropped, Interlocked.Read(ref written), Interlocked.Read(ref discarded), waiting?.Reader.Count ?? 0);
            }
        }
    }

    private bool IsStopping => Volatile.Read(ref stoppedAt) != long.MaxValue;

    /// <summary>Starts a capture.</summary>
    /// <param name="interfaceName">The name of an interface, or <see cref="CaptureDevice.AnyInterface"/>.</param>
    /// <param name="options">What to capture, and where to put it; null for all packets and no file.</param>
    /// <exception cref="NetException">There is no such interface, a privilege or a library is missing, or the filter is wrong.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The permission to write the file is missing.</exception>
    public static LiveCapture Start(string interfaceName, LiveCaptureOptions? options = null)
    {
        options ??= new LiveCaptureOptions();
        return Start(CaptureDevice.Open(interfaceName, options.Capture), options);
    }

    /// <summary>Starts a capture on a device of another kind, which it takes over.</summary>
    public static LiveCapture Start(ICaptureDevice device, LiveCaptureOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(device);
        options ??= new LiveCaptureOptions();
        try
        {
            ArgumentOutOfRangeException.ThrowIfNegative(options.BufferedPackets, nameof(options));
            return new LiveCapture(device, options);
        }
        catch
        {
            device.Dispose();
            throw;
        }
    }

    /// <summary>Takes a packet that waits; false when none does.</summary>
    public bool TryRead([NotNullWhen(true)] out DsmipPacket? packet)
    {
        packet = waiting is not null && waiting.Reader.TryRead(out var frame) ? Decode(frame) : null;
        return packet is not null;
    }

    /// <summary>Waits until a packet can be taken; false when the capture has ended and all are taken.</summary>
    /// <exception cref="NetException">The interface is gone, and all packets are taken.</exception>
    public ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default) =>
        waiting?.Reader.WaitToReadAsync(cancellationToken) ?? ValueTask.FromResult(false);

    /// <summary>The packets as they come, each to one reader, until the capture has ended.</summary>
    /// <exception cref="NetException">The interface is gone, and all packets are taken.</exception>
    public async IAsyncEnumerable<DsmipPacket> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (await WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            while (TryRead(out var packet))
            {
                yield return packet;
            }
        }
    }

    /// <summary>Ends the capture; what came before is still taken. It returns at once: <see cref="Completion"/> tells when all is written.</summary>
    public void Stop()
    {
        lock (gate)
        {
            if (!IsStopping && last is null)
            {
                Volatile.Write(ref stoppedAt, DateTimeOffset.UtcNow.UtcTicks);
                device.Wake();
            }
        }
    }

    /// <summary>Ends the capture and waits until its file is complete. Packets that wait can still be read.</summary>
    public async Task StopAsync()
    {
        Stop();
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Ends the capture and waits until its file is complete.</summary>
    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);

    /// <summary>Ends the capture and waits until its file is complete.</summary>
    public void Dispose()
    {
        Stop();
        thread.Join();
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever ends the thread is handed to those who wait for packets or for the end.")]
    private void Run()
    {
        Exception? failure = null;
        try
        {
            var goesOn = true;
            while (goesOn && !IsStopping)
            {
                device.Wait(Timeout.InfiniteTimeSpan);
                goesOn = TakeFrames();
            }

            if (goesOn)
            {
                TakeTheLast();
            }
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        failure = End(failure);
        waiting?.Writer.Complete(failure);
        if (failure is null)
        {
            completion.SetResult();
        }
        else
        {
            completion.SetException(failure);
        }
    }

    /// <summary>Takes what there is; false when a frame is from after the end.</summary>
    private bool TakeFrames()
    {
        while (device.TryReceive(out var frame))
        {
            if (frame.Time.UtcTicks > Volatile.Read(ref stoppedAt))
            {
                return false;
            }

            Keep(frame);
        }

        file?.Flush();
        return true;
    }

    /// <summary>What came before the end may still be in the operating system.</summary>
    private void TakeTheLast()
    {
        var start = Stopwatch.GetTimestamp();
        TimeSpan left;
        do
        {
            left = device.Latency - Stopwatch.GetElapsedTime(start);
            device.Wait(left);
        }
        while (TakeFrames() && left > TimeSpan.Zero);
    }

    private void Keep(CapturedFrame frame)
    {
        if (file is not null)
        {
            file.Write(0, frame);
            Interlocked.Increment(ref written);
        }

        if (waiting is not null)
        {
            var length = frame.Octets.Length;
            if (Interlocked.Add(ref waitingOctets, length) > bufferedOctets || !waiting.Writer.TryWrite(frame))
            {
                Interlocked.Add(ref waitingOctets, -length);
                Interlocked.Increment(ref discarded);
            }
        }
    }

    private DsmipPacket Decode(CapturedFrame frame)
    {
        Interlocked.Add(ref waitingOctets, -frame.Octets.Length);
        return DsmipPacket.From(frame, decoder);
    }

    /// <summary>Completes the file and gives the device back; the first failure counts.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "A failure is handed on, after all has been given back.")]
    private Exception? End(Exception? failure)
    {
        lock (gate)
        {
            try
            {
                last = device.Statistics;
                using (file)
                {
                    file?.WriteStatistics(0, DateTimeOffset.UtcNow, (ulong)last.Value.Received, (ulong)last.Value.Dropped);
                }
            }
            catch (Exception exception)
            {
                failure ??= exception;
            }

            last ??= default(CaptureStatistics);
            device.Dispose();
        }

        return failure;
    }
}
