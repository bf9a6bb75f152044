using System.Net;
using System.Net.Sockets;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Benchmarks;

/// <summary>What came through a network in a moment.</summary>
/// <param name="Count">Octets of TCP, or packets.</param>
/// <param name="Seconds">How long it was.</param>
/// <param name="Processor">Seconds of processor time of this process, which is all of the way: sender, both ends and receiver.</param>
/// <param name="Allocated">Octets that this process allocated meanwhile.</param>
internal readonly record struct Load(long Count, double Seconds, double Processor, long Allocated);

/// <summary>Sends as fast as it can from one host to another, and counts what arrives.</summary>
internal static class NetworkLoad
{
    private static readonly TimeSpan start = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan measured = TimeSpan.FromMilliseconds(400);

    /// <summary>Octets of one TCP connection.</summary>
    public static Load Tcp(BenchHost from, Address source, BenchHost to, Address destination)
    {
        using var listener = to.Run(() => Bound(destination, SocketType.Stream));
        listener.Listen();
        using var client = from.Run(() => Bound(source, SocketType.Stream));
        client.Connect(listener.LocalEndPoint!);
        using var server = listener.Accept();
        var block = new byte[128 << 10];
        return Measure(
            () => client.Send(block),
            () => server.Receive(block),
            () =>
            {
                // Both at once: a sender may wait for a receiver that reads no more.
                server.Dispose();
                client.Dispose();
            });
    }

    /// <summary>Packets of 64 octets, of UDP over IPv6: each socket sends its packet in turn.</summary>
    /// <param name="from">The host that sends.</param>
    /// <param name="to">The host that receives.</param>
    /// <param name="flows">The addresses of both, for each flow.</param>
    public static Load Packets(BenchHost from, BenchHost to, IReadOnlyList<(Address Source, Address Destination)> flows)
    {
        using var receiver = to.Run(() =>
        {
            var socket = Bound(flows.Count == 1 ? flows[0].Destination : default, SocketType.Dgram);
            socket.ReceiveBufferSize = 4 << 20;
            return socket;
        });
        var port = ((IPEndPoint)receiver.LocalEndPoint!).Port;
        var senders = from.Run(() => flows.Select(flow =>
        {
            var socket = Bound(flow.Source, SocketType.Dgram);
            socket.Connect(flow.Destination.ToIPAddress(), port);
            return socket;
        }).ToArray());
        var next = 0;
        var packet = new byte[64 - 48];
        var received = new byte[64];
        try
        {
            receiver.ReceiveTimeout = 1000;
            return Measure(
                () =>
                {
                    senders[next].Send(packet);
                    next = next + 1 == senders.Length ? 0 : next + 1;
                },
                () => Math.Min(receiver.Receive(received), 1),
                () => { });
        }
        finally
        {
            foreach (var sender in senders)
            {
                sender.Dispose();
            }
        }
    }

    private static Socket Bound(Address address, SocketType type)
    {
        var socket = new Socket(address.IsIPv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6, type, type == SocketType.Stream ? ProtocolType.Tcp : ProtocolType.Udp);
        socket.Bind(new IPEndPoint(address.ToIPAddress(), 0));
        return socket;
    }

    private static Load Measure(Action send, Func<int> receive, Action end)
    {
        var isOver = false;
        var sender = new Thread(() =>
        {
            while (!Volatile.Read(ref isOver))
            {
                try
                {
                    send();
                }
                catch (SocketException exception) when (exception.SocketErrorCode is SocketError.NoBufferSpaceAvailable or SocketError.ConnectionRefused)
                {
                    // The queue of the interface is full, or an error of ICMP was told: it goes on.
                }
                catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
                {
                    return;
                }
            }
        })
        {
            IsBackground = true,
        };
        sender.Start();
        try
        {
            Receive(receive, start);
            var before = GC.GetTotalAllocatedBytes(precise: true);
            var processor = Clock.Processor();
            var (count, time) = Receive(receive, measured);
            return new Load(count, time.TotalSeconds, (Clock.Processor() - processor).TotalSeconds, GC.GetTotalAllocatedBytes(precise: true) - before);
        }
        finally
        {
            Volatile.Write(ref isOver, true);
            end();
            sender.Join();
        }
    }

    private static (long Count, TimeSpan Time) Receive(Func<int> receive, TimeSpan atLeast)
    {
        var begun = Clock.Wall();
        long count = 0;
        var time = TimeSpan.Zero;
        while (time < atLeast)
        {
            for (var i = 0; i < 16; i++)
            {
                count += receive();
            }

            time = Clock.Wall() - begun;
        }

        return (count, time);
    }
}
