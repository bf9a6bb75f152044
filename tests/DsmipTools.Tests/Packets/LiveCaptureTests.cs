using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using DsmipTools.Net;
using DsmipTools.Net.Capture;
using DsmipTools.Packets;
using DsmipTools.Wire.Capture;

namespace DsmipTools.Tests.Packets;

/// <summary>A capture while it runs, on a device that the test plays.</summary>
public sealed class LiveCaptureTests : IDisposable
{
    private readonly string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".pcapng");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => File.Delete(path);

    [Fact]
    public async Task Packets_come_decoded_and_the_file_has_them_too()
    {
        var device = new Device();
        await using var capture = LiveCapture.Start(device, new LiveCaptureOptions { Path = path });
        Assert.Equal(("played", path, true), (capture.Interface.Name, capture.Path, capture.IsRunning));
        device.Come(3);
        await foreach (var packet in capture.ReadAllAsync(Cancel))
        {
            Assert.Equal("IPv4", packet.Layers[0].Name);
            Assert.NotNull(packet.Time);
            if (packet.Number == 3)
            {
                capture.Stop();
            }
        }

        await capture.Completion;
        Assert.False(capture.IsRunning);
        Assert.True(device.IsDisposed);
        Assert.Equal(new LiveCaptureStatistics(3, 7, 3, 0, 0), capture.Statistics);
        using var reader = CaptureReader.Open(File.OpenRead(path));
        var frames = reader.ReadFrames().ToArray();
        Assert.Equal([1, 2, 3], frames.Select(frame => frame.Number));
        Assert.All(frames, frame => Assert.Equal(device.Interface, frame.Interface));
        Assert.All(frames, frame => Assert.Equal(CapturedFrameFlags.Inbound, frame.Flags));
    }

    [Fact]
    public async Task The_file_can_be_read_while_it_grows()
    {
        var device = new Device();
        await using var capture = LiveCapture.Start(device, new LiveCaptureOptions { Path = path });
        device.Come(2);
        Assert.True(await capture.WaitToReadAsync(Cancel));
        await device.Idle();
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = CaptureReader.Open(file);
        Assert.Equal(2, reader.ReadFrames().Count());
    }

    [Fact]
    public async Task What_came_before_the_end_is_taken_and_what_came_after_is_not()
    {
        var device = new Device();
        var capture = LiveCapture.Start(device);
        await device.Idle();
        device.AtWake = () =>
        {
            device.Come(1, DateTimeOffset.UtcNow.AddHours(-1));
            device.Come(1, DateTimeOffset.UtcNow.AddHours(1));
            device.Come(1, DateTimeOffset.UtcNow.AddHours(-1));
        };
        await capture.StopAsync();
        Assert.True(capture.TryRead(out var packet));
        Assert.Equal(1, packet.Number);
        Assert.False(capture.TryRead(out _));
        Assert.False(await capture.WaitToReadAsync(Cancel));
        capture.Stop();
        capture.Dispose();
    }

    [Theory]
    [InlineData(10, long.MaxValue)]
    [InlineData(1000, 200)]
    public async Task What_nobody_reads_is_discarded_and_counted_and_the_file_has_it(int packets, long octets)
    {
        var device = new Device();
        await using var capture = LiveCapture.Start(device, new LiveCaptureOptions { BufferedPackets = packets, BufferedOctets = octets, Path = path });
        device.Come(50);
        await device.Idle();
        Assert.Equal(new LiveCaptureStatistics(50, 7, 50, 40, 10), capture.Statistics);
        Assert.True(capture.TryRead(out _));
        device.Come(2);
        await device.Idle();
        Assert.Equal(new LiveCaptureStatistics(52, 7, 52, 41, 10), capture.Statistics);
    }

    [Fact]
    public async Task Without_a_reader_nothing_waits()
    {
        var device = new Device();
        await using var capture = LiveCapture.Start(device, new LiveCaptureOptions { BufferedPackets = 0 });
        device.Come(50);
        await device.Idle();
        Assert.Equal(new LiveCaptureStatistics(50, 7, 0, 0, 0), capture.Statistics);
        Assert.False(capture.TryRead(out _));
        Assert.False(await capture.WaitToReadAsync(Cancel));
    }

    [Fact]
    public async Task A_failure_comes_after_the_packets_before_it()
    {
        var device = new Device();
        await using var capture = LiveCapture.Start(device, new LiveCaptureOptions { Path = path });
        device.Come(1);
        await device.Idle();
        device.Failure = new NetException(NetError.InterfaceNotFound, 0, "gone");
        device.Wake();
        var packets = 0;
        var exception = await Assert.ThrowsAsync<NetException>(async () =>
        {
            await foreach (var _ in capture.ReadAllAsync(Cancel))
            {
                packets++;
            }
        });
        Assert.Equal(("gone", 1), (exception.Message, packets));
        Assert.Same(exception, await Assert.ThrowsAsync<NetException>(() => capture.Completion));
        Assert.True(device.IsDisposed);
        using var reader = CaptureReader.Open(File.OpenRead(path));
        Assert.Single(reader.ReadFrames());
    }

    [Fact]
    public async Task What_was_sent_before_the_end_is_there()
    {
        using var listener = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)listener.Client.LocalEndPoint!).Port;
        await using var capture = StartOrSkip($"udp dst port {port}");
        using var sender = new UdpClient();
        for (byte number = 0; number < 20; number++)
        {
            await sender.SendAsync(new[] { number }, "127.0.0.1", port, Cancel);
        }

        await capture.StopAsync();
        Assert.Equal(new LiveCaptureStatistics(20, 0, 20, 0, 20), capture.Statistics);
        for (byte number = 0; number < 20; number++)
        {
            Assert.True(capture.TryRead(out var packet));
            Assert.Equal((number + 1, number, "UDP"), (packet.Number, packet.Octets.Span[^1], packet.Layers[2].Name));
        }
    }

    private LiveCapture StartOrSkip(string filter)
    {
        try
        {
            return LiveCapture.Start(OperatingSystem.IsLinux() ? "lo" : "lo0", new LiveCaptureOptions { Capture = new CaptureOptions { Filter = filter }, Path = path });
        }
        catch (NetException exception) when (exception.Error is NetError.AccessDenied or NetError.LibraryMissing or NetError.NotSupported)
        {
            Assert.Skip(exception.Message);
            throw;
        }
    }

    [Fact]
    public void A_file_that_cannot_be_written_gives_the_device_back()
    {
        var device = new Device();
        Assert.ThrowsAny<IOException>(() => LiveCapture.Start(device, new LiveCaptureOptions { Path = Path.Combine(path, "missing", "file") }));
        Assert.True(device.IsDisposed);
        device = new Device();
        Assert.Throws<ArgumentOutOfRangeException>(() => LiveCapture.Start(device, new LiveCaptureOptions { BufferedPackets = -1 }));
        Assert.True(device.IsDisposed);
    }

    /// <summary>A device whose frames come when the test says so.</summary>
    private sealed class Device : ICaptureDevice
    {
        private static readonly byte[] Packet = [0x45, 0, 0, 20, 0, 0, 0, 0, 64, 59, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2];

        private readonly ConcurrentQueue<CapturedFrame> frames = new();
        private readonly SemaphoreSlim changed = new(0);
        private int number;
        private int received;
        private TaskCompletionSource idle = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public CaptureInterface Interface { get; } = new() { Name = "played", LinkType = LinkType.Raw, Filter = "mobile-ip", SnapLength = 1000 };

        public CaptureStatistics Statistics => new(Volatile.Read(ref received), 7);

        public TimeSpan Latency => TimeSpan.FromMilliseconds(1);

        public bool IsDisposed { get; private set; }

        public Exception? Failure { get; set; }

        public Action? AtWake { get; set; }

        public void Come(int count, DateTimeOffset? time = null)
        {
            lock (frames)
            {
                idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                for (; count > 0; count--)
                {
                    frames.Enqueue(new CapturedFrame
                    {
                        Number = ++number, Time = time ?? DateTimeOffset.UnixEpoch.AddDays(1), Interface = Interface, Octets = Packet, OriginalLength = Packet.Length,
                        Flags = CapturedFrameFlags.Inbound,
                    });
                }
            }

            changed.Release();
        }

        /// <summary>Ends when all has been taken and the next wait has begun.</summary>
        public Task Idle()
        {
            lock (frames)
            {
                return idle.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
            }
        }

        public WaitResult Wait(TimeSpan timeout)
        {
            lock (frames)
            {
                if (frames.IsEmpty)
                {
                    idle.TrySetResult();
                }
            }

            var woken = changed.Wait(timeout < TimeSpan.Zero && timeout != Timeout.InfiniteTimeSpan ? TimeSpan.Zero : timeout);
            return Failure is null ? woken ? WaitResult.Woken : WaitResult.TimedOut : throw Failure;
        }

        public bool TryReceive([NotNullWhen(true)] out CapturedFrame? frame)
        {
            ObjectDisposedException.ThrowIf(IsDisposed, this);
            if (!frames.TryDequeue(out frame))
            {
                return false;
            }

            Interlocked.Increment(ref received);
            return true;
        }

        public void Wake()
        {
            ObjectDisposedException.ThrowIf(IsDisposed, this);
            AtWake?.Invoke();
            changed.Release();
        }

        public void Dispose() => IsDisposed = true;
    }
}
