using DsmipTools.Hosting;
using DsmipTools.Net;
using DsmipTools.Net.Capture;
using DsmipTools.Net.Tests.Support;
using DsmipTools.Packets;
using DsmipTools.Packets.Sending;
using DsmipTools.Wire.Capture;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Tests.Packets;

/// <summary>The captures of a host, on the loopback interface of a network namespace.</summary>
public sealed class HostedCapturesTests : IDisposable
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(20);

    private readonly string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".pcapng");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => File.Delete(path);

    [Fact]
    public void Captures_have_names_of_their_own() => InHost(host =>
    {
        var first = host.Captures.Start("lo");
        var named = host.Captures.Start("lo", name: "Cap3");
        var second = host.Captures.Start("lo");
        var fourth = host.Captures.Start("lo");
        Assert.Equal(["cap1", "Cap3", "cap2", "cap4"], host.Captures.List().Select(capture => capture.Name));
        Assert.Same(named, host.Captures.Find("CAP3"));
        Assert.Throws<ArgumentException>(() => host.Captures.Start("lo", name: "CAP1"));
        Assert.Equal(NetError.InterfaceNotFound, Assert.Throws<NetException>(() => host.Captures.Start("nosuch0")).Error);
        Assert.Equal(4, host.Captures.List().Count);

        Wait(host.Captures.StopAsync(first));
        Assert.Null(host.Captures.Find("cap1"));
        Assert.Equal("cap1", host.Captures.Start("lo").Name);
        Assert.Equal((CaptureState.Stopped, CaptureState.Running), (first.State, second.State));
        Assert.Equal(CaptureState.Running, fourth.State);
    });

    [Fact]
    public void Packets_are_taken_once_as_they_come_and_after_the_end_too() => InHost(host =>
    {
        var capture = host.Captures.Start("lo", new LiveCaptureOptions
        {
            Path = path, Capture = new CaptureOptions { Filter = CaptureOptions.MobileIpFilterName },
        });
        Assert.Empty(Take(capture, TimeSpan.Zero));
        Assert.Empty(Take(capture, TimeSpan.FromMilliseconds(50)));
        Send(1, 2, 3);
        Assert.Equal([1, 2], Take(capture, patience, 2));
        Assert.Equal([3], Take(capture, Timeout.InfiniteTimeSpan, 1));
        Send(4, 5);
        Wait(host.Captures.StopAsync(capture));
        Assert.Equal((5, 5, 2, 0, 0), (capture.Received, capture.Written, capture.Waiting, capture.Dropped, capture.Discarded));
        Assert.Equal([4, 5], Take(capture, Timeout.InfiniteTimeSpan));
        Assert.Empty(Take(capture, Timeout.InfiniteTimeSpan));
        Assert.Equal(("lo", "mobile-ip", path), (capture.Interface, capture.Filter, capture.Path));
        using var reader = CaptureReader.Open(File.OpenRead(path));
        Assert.Equal(5, reader.ReadFrames().Count());
    });

    [Fact]
    public void A_reader_that_waits_can_be_cancelled_and_the_capture_goes_on() => InHost(host =>
    {
        var capture = host.Captures.Start("lo");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var reading = capture.TakeAsync(Timeout.InfiniteTimeSpan, cancellationToken: stop.Token).ToListAsync(Cancel).AsTask();
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => Wait(reading));
        Assert.Equal(CaptureState.Running, capture.State);
    });

    [Fact]
    public void A_capture_whose_interface_goes_away_has_failed() => InHost(host =>
    {
        var capture = host.Captures.Start("a");
        NetworkNamespace.Ip("link delete dev a");
        Assert.Throws<NetException>(() => Take(capture, patience));
        Assert.Equal(CaptureState.Failed, capture.State);
        Assert.Contains("The interface a was removed", capture.Failure!.Message, StringComparison.Ordinal);
        Assert.Same(capture, host.Captures.Find("cap1"));
    });

    [Fact]
    public void The_end_of_the_host_ends_them_and_completes_their_files()
    {
        HostedCapture? capture = null;
        InHost(host =>
        {
            capture = host.Captures.Start("lo", new LiveCaptureOptions { Path = path });
            Send(1);
        });
        Assert.Equal(CaptureState.Stopped, capture!.State);
        using var reader = CaptureReader.Open(File.OpenRead(path));
        Assert.NotEmpty(reader.ReadFrames());
    }

    private static void InHost(Action<DsmipHost> test) => NetworkNamespace.Run(() =>
    {
        var host = new DsmipHost(World.Loopback);
        try
        {
            test(host);
        }
        finally
        {
            Wait(host.DisposeAsync().AsTask());
        }
    });

    private static void Send(params ushort[] numbers)
    {
        using var sender = new PacketSender();
        foreach (var number in numbers)
        {
            sender.Send(BareMessage.From(new BindingUpdate { SequenceNumber = number }), new EnvelopeParameters { Destination = new("127.0.0.2", 0) });
        }
    }

    private static ushort[] Take(HostedCapture capture, TimeSpan waitFor, int maximum = int.MaxValue)
    {
        var taking = capture.TakeAsync(waitFor, maximum, Cancel).ToListAsync(Cancel).AsTask();
        Wait(taking);
        return [.. taking.Result.Select(packet => packet.Message).OfType<BindingUpdate>().Select(update => update.SequenceNumber)];
    }

    // The thread of a namespace must not be left.
    private static void Wait(Task task) => task.WaitAsync(patience + patience, Cancel).GetAwaiter().GetResult();
}
