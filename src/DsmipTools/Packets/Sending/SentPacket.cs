using System.Diagnostics;
using System.Runtime.CompilerServices;
using DsmipTools.Net;

namespace DsmipTools.Packets.Sending;

/// <summary>A packet that was sent, and the answers to it.</summary>
public sealed class SentPacket
{
    private readonly PacketLink link;

    internal SentPacket(DsmipPacket packet, PacketLink link)
    {
        Packet = packet;
        this.link = link;
    }

    /// <summary>The packet as it left, with the time.</summary>
    public DsmipPacket Packet { get; }

    /// <summary>
    /// The answers as they come, numbered from 1: over UDP all that comes to the socket, otherwise what the destination, or one who reports an
    /// error with the packet by ICMP, sends to the source. They are collected until the sender sends the next packet.
    /// </summary>
    /// <param name="waitFor">How long to collect, from now on; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <param name="maximum">After how many to stop.</param>
    /// <param name="cancellationToken">Stops at once.</param>
    /// <exception cref="NetException">The network says that no answer will come: nobody listens at the UDP port, or there is no route.</exception>
    public async IAsyncEnumerable<DsmipPacket> AnswersAsync(
        TimeSpan waitFor, int maximum = int.MaxValue, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var start = Stopwatch.GetTimestamp();
        using var registration = cancellationToken.Register(link.Wake);
        for (var number = 0; number < maximum;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (link.TryReceive(out var answer))
            {
                yield return answer with { Number = ++number };
                continue;
            }

            var left = waitFor == Timeout.InfiniteTimeSpan ? waitFor : waitFor - Stopwatch.GetElapsedTime(start);
            if (left <= TimeSpan.Zero && left != Timeout.InfiniteTimeSpan)
            {
                yield break;
            }

            // A thread of its own: waits are long, and the pool's threads are for what is short.
            await Task.Factory.StartNew(() => link.Wait(left), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
        }
    }
}
