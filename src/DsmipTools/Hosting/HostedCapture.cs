using System.Runtime.CompilerServices;
using DsmipTools.Packets;

namespace DsmipTools.Hosting;

/// <summary>A capture of a host: it has a name, and ends with the host. Its packets can be taken after its end too. Safe for use by several threads.</summary>
public sealed class HostedCapture
{
    private readonly LiveCapture capture;

    internal HostedCapture(string name, LiveCapture capture)
    {
        Name = name;
        this.capture = capture;
    }

    /// <summary>The name, unique in its host without regard to case.</summary>
    public string Name { get; }

    /// <summary>The interface.</summary>
    public string Interface => capture.Interface.Name;

    /// <summary>The filter; empty for all frames.</summary>
    public string Filter => capture.Interface.Filter;

    /// <summary>Whether it runs.</summary>
    public CaptureState State => capture.IsRunning ? CaptureState.Running : Failure is null ? CaptureState.Stopped : CaptureState.Failed;

    /// <summary>When it began.</summary>
    public DateTimeOffset StartedAt => capture.Started;

    /// <summary>Frames that passed the filter and were received.</summary>
    public long Received => capture.Statistics.Received;

    /// <summary>Frames that the operating system lost, because its buffer was full.</summary>
    public long Dropped => capture.Statistics.Dropped;

    /// <summary>Frames written to the file.</summary>
    public long Written => capture.Statistics.Written;

    /// <summary>Packets that wait to be taken.</summary>
    public long Waiting => capture.Statistics.Waiting;

    /// <summary>Packets that nobody will take, because too many waited; the file has them.</summary>
    public long Discarded => capture.Statistics.Discarded;

    /// <summary>The pcapng file; null when there is none.</summary>
    public string? Path => capture.Path;

    /// <summary>What ended it, where it was not stopped; null otherwise.</summary>
    public Exception? Failure => capture.Completion.Exception?.InnerException;

    /// <summary>Takes packets in the order in which they came, decoded; each packet can be taken once.</summary>
    /// <param name="waitFor">How long to wait for more when all are taken; zero not at all, <see cref="Timeout.InfiniteTimeSpan"/> until the capture ends.</param>
    /// <param name="maximum">After how many to stop.</param>
    /// <param name="cancellationToken">Stops at once.</param>
    /// <exception cref="Net.NetException">The interface is gone, and all packets are taken.</exception>
    public async IAsyncEnumerable<DsmipPacket> TakeAsync(
        TimeSpan waitFor, int maximum = int.MaxValue, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (waitFor != TimeSpan.Zero)
        {
            limit.CancelAfter(waitFor);
        }

        for (var taken = 0; taken < maximum;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (capture.TryRead(out var packet))
            {
                taken++;
                yield return packet;
            }
            else if (waitFor == TimeSpan.Zero || !await WaitAsync(limit.Token, cancellationToken).ConfigureAwait(false))
            {
                yield break;
            }
        }
    }

    /// <summary>Ends the capture and waits until its file is complete. Does nothing when it has ended.</summary>
    public Task StopAsync() => capture.StopAsync();

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>Waits for a packet; false when none will come, or not in time.</summary>
    private async ValueTask<bool> WaitAsync(CancellationToken limit, CancellationToken cancellationToken)
    {
        try
        {
            return await capture.WaitToReadAsync(limit).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
