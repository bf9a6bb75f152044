using System.Net;
using System.Net.Sockets;
using DsmipTools.Net.RawPackets;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Tunneling;

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
    private const int PacketLength = 64;
    private const int UdpOverIPv6 = 48;
    private const int OuterIPv4 = 20;

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

    /// <summary>Packets of 64 octets, of UDP over IPv6.</summary>
    public static Load Packets(BenchHost from, Address source, BenchHost to, Address destination)
    {
        using var receiver = Receiver(to, destination);
        using var sender = from.Run(() => Bound(source, SocketType.Dgram));
        sender.Connect(receiver.LocalEndPoint!);
        var packet = new byte[PacketLength - UdpOverIPv6];
        return Count(receiver, () => sender.Send(packet));
    }

    /// <summary>The same, each of a flow of its own and in a header of protocol 41.</summary>
    /// <param name="from">The host that sends for all of them.</param>
    /// <param name="flows">The outer and the inner source of each.</param>
    /// <param name="to">The host that receives.</param>
    /// <param name="outside">Its address outside the tunnels.</param>
    /// <param name="inside">Its address inside.</param>
    public static Load Tunneled(BenchHost from, IReadOnlyList<(Address Outer, Address Inner)> flows, BenchHost to, Address outside, Address inside)
    {
        using var receiver = Receiver(to, inside);
        var port = (ushort)((IPEndPoint)receiver.LocalEndPoint!).Port;
        var packets = flows.Select((flow, at) =>
        {
            var packet = new byte[OuterIPv4 + PacketLength];
            var inner = TunnelFrame.WriteHeader(flow.Outer, outside, IpProtocol.IPv6, 0, false, (ushort)(at + 1), packet);
            var datagram = TunnelFrame.WriteHeader(flow.Inner, inside, IpProtocol.Udp, 0, false, 0, inner);
            TunnelFrame.WriteUdp(new Endpoint(flow.Inner, 9), new Endpoint(inside, port), datagram);
            return packet;
        }).ToArray();
        using var sender = from.Run(() => RawPacketTransport.OpenIP(isIPv4: true));
        var next = 0;
        return Count(receiver, () =>
        {
            sender.Send(packets[next]);
            next = next + 1 == packets.Length ? 0 : next + 1;
        });
    }

    private static Socket Receiver(BenchHost host, Address address)
    {
        var socket = host.Run(() => Bound(address, SocketType.Dgram));
        socket.ReceiveBufferSize = 4 << 20;
        socket.ReceiveTimeout = 1000;
        return socket;
    }

    private static Load Count(Socket receiver, Action send)
    {
        var received = new byte[PacketLength];
        return Measure(send, () => Math.Min(receiver.Receive(received), 1), () => { });
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
