using System.Collections.Concurrent;
using DsmipTools.Net;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Worlds;

/// <summary>
/// A NAT on real sockets of this host: whoever sends UDP to its inside reaches a server behind it, which sees the outside address and a port that the
/// NAT chose. The inside speaks to the NAT's own address, because the packets of this host's programs cannot be turned away from their destination.
/// </summary>
public sealed class LoopbackNat : IDisposable
{
    private readonly Relay inside;
    private readonly ConcurrentDictionary<Endpoint, Relay> mappings = [];
    private readonly Endpoint server;
    private readonly Lock changing = new();
    private Address outside;
    private bool isDisposed;

    /// <summary>Opens a NAT.</summary>
    /// <param name="inside">Where the inside sends to: what a gateway has as the address of its anchor.</param>
    /// <param name="outside">The address by which the inside is known to the server.</param>
    /// <param name="server">The server: the anchor.</param>
    /// <exception cref="NetException">A socket cannot be had.</exception>
    public LoopbackNat(Endpoint inside, Address outside, Endpoint server)
    {
        this.outside = outside;
        this.server = server;
        this.inside = new Relay(inside, Leave);
    }

    /// <summary>Where the inside sends to.</summary>
    public Endpoint Inside => inside.Local;

    /// <summary>The places that the server sees, one for each that sends from inside.</summary>
    public IReadOnlyList<Endpoint> Outside => [.. mappings.Values.Select(relay => relay.Local).Order()];

    /// <summary>Forgets all mappings, as after a reboot: what the server sends is lost until the inside sends again, and the system chooses the port anew.</summary>
    /// <param name="newOutside">Another outside address; null keeps it.</param>
    public void Rebind(Address? newOutside = null)
    {
        lock (changing)
        {
            outside = newOutside ?? outside;
            var former = mappings.Values.ToArray();
            mappings.Clear();
            foreach (var relay in former)
            {
                relay.Dispose();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (changing)
        {
            isDisposed = true;
        }

        inside.Dispose();
        Rebind();
    }

    private void Leave(Endpoint client, ReadOnlySpan<byte> datagram)
    {
        lock (changing)
        {
            if (isDisposed)
            {
                return;
            }

            try
            {
                Map(client).Send(server, datagram);
            }
            catch (NetException)
            {
                // There is no port left outside: the datagram is lost, as in any NAT.
            }
        }
    }

    private Relay Map(Endpoint client)
    {
        if (!mappings.TryGetValue(client, out var mapping))
        {
            mapping = mappings[client] = new Relay(new Endpoint(outside, 0), (from, back) =>
            {
                if (from == server)
                {
                    inside.Send(client, back);
                }
            });
        }

        return mapping;
    }

    /// <summary>A socket and its thread. Others send through it too; they share nothing with the thread but counters that nobody reads.</summary>
    private sealed class Relay : IDisposable
    {
        private readonly UdpTransport transport;
        private readonly Lock sending = new();
        private readonly Received received;
        private readonly Thread thread;
        private volatile bool isOver;

        public Relay(Endpoint local, Received received)
        {
            this.received = received;
            transport = UdpTransport.Open(local);
            thread = new Thread(Run) { IsBackground = true, Name = "DsmipTools NAT" };
            thread.Start();
        }

        public delegate void Received(Endpoint from, ReadOnlySpan<byte> datagram);

        public Endpoint Local => transport.Local;

        public void Send(Endpoint to, ReadOnlySpan<byte> datagram)
        {
            lock (sending)
            {
                if (!isOver)
                {
                    transport.Send(to, datagram);
                }
            }
        }

        public void Dispose()
        {
            isOver = true;
            transport.Wake();
            thread.Join();
            lock (sending)
            {
                transport.Dispose();
            }
        }

        private void Run()
        {
            var buffer = new byte[UdpTransport.MaximumDatagram];
            while (!isOver)
            {
                transport.Wait(Timeout.InfiniteTimeSpan);
                while (!isOver && transport.TryReceive(buffer, out var length, out var source))
                {
                    received(source, buffer.AsSpan(0, length));
                }
            }
        }
    }
}
