using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Net;

/// <summary>UDP by the base class library alone: Select on the socket and on a loopback socket that wakes it up.</summary>
internal sealed class PortableUdpTransport : UdpTransport
{
    private const int IPv4AddressAt = 4;
    private const int IPv6AddressAt = 8;
    private static readonly TimeSpan longestSelect = TimeSpan.FromMinutes(30);

    private readonly Socket wakeUp;
    private readonly List<Socket> watched = new(2);
    private readonly SocketAddress peer;
    private readonly byte[] wakeUps = new byte[64];

    public PortableUdpTransport(Socket socket)
        : base(socket)
    {
        peer = new SocketAddress(socket.AddressFamily);
        socket.Blocking = false;
        if (OperatingSystem.IsWindows())
        {
            // SIO_UDP_CONNRESET: without it an ICMP error ends every later receive with WSAECONNRESET.
            socket.IOControl(unchecked((int)0x9800000C), [0, 0, 0, 0], null);
        }

        wakeUp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            wakeUp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            wakeUp.Connect(wakeUp.LocalEndPoint!);
            wakeUp.Blocking = false;
        }
        catch (SocketException exception)
        {
            wakeUp.Dispose();
            socket.Dispose();
            throw NetException.FromBind(Local, exception);
        }
    }

    public override WaitResult Wait(TimeSpan timeout)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            var left = timeout == Timeout.InfiniteTimeSpan ? longestSelect : timeout - Stopwatch.GetElapsedTime(start);
            left = left < TimeSpan.Zero ? TimeSpan.Zero : left < longestSelect ? left : longestSelect;
            watched.Clear();
            watched.Add(Socket);
            watched.Add(wakeUp);
            Socket.Select(watched, null, null, (int)Math.Ceiling(left.TotalMicroseconds));
            var result = WaitResult.TimedOut;
            if (watched.Contains(wakeUp))
            {
                TakeWakeUps();
                result |= WaitResult.Woken;
            }

            if (watched.Contains(Socket))
            {
                result |= WaitResult.Data;
            }

            if (result != WaitResult.TimedOut || (timeout != Timeout.InfiniteTimeSpan && Stopwatch.GetElapsedTime(start) >= timeout))
            {
                return result;
            }
        }
    }

    public override bool TryReceive(Span<byte> buffer, out int length, out Endpoint source)
    {
        // Asking first is cheaper than the exception that says that nothing is there.
        while (Socket.Poll(0, SelectMode.SelectRead))
        {
            try
            {
                length = Socket.ReceiveFrom(buffer, SocketFlags.None, peer);
                CountReceived();
                source = ReadPeer();
                return true;
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.MessageSize)
            {
                CountTruncated();
            }
            catch (SocketException exception) when (exception.SocketErrorCode is SocketError.WouldBlock or SocketError.Interrupted)
            {
                break;
            }
            catch (SocketException exception)
            {
                Report(new UdpFault(NetException.ErrorOf(exception.SocketErrorCode), exception.NativeErrorCode, null, null));
            }
        }

        length = 0;
        source = default;
        return false;
    }

    public override bool Send(Endpoint destination, ReadOnlySpan<byte> message)
    {
        for (var waited = false; ; waited = true)
        {
            try
            {
                WritePeer(destination);
                Socket.SendTo(message, SocketFlags.None, peer);
                CountSent();
                return true;
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.WouldBlock && !waited)
            {
                Socket.Poll(SendPatienceMilliseconds * 1000, SelectMode.SelectWrite);
            }
            catch (Exception exception) when (exception is SocketException or ArgumentException)
            {
                var socketError = exception as SocketException;
                Report(new UdpFault(
                    socketError is null ? NetError.NotSupported : NetException.ErrorOf(socketError.SocketErrorCode), socketError?.NativeErrorCode ?? 0, destination, null));
                CountSendLost();
                return false;
            }
        }
    }

    public override void Wake()
    {
        try
        {
            wakeUp.Send([1]);
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.WouldBlock or SocketError.NoBufferSpaceAvailable)
        {
            // The buffer is full of wake-ups.
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            wakeUp.Dispose();
        }

        base.Dispose(disposing);
    }

    private void TakeWakeUps()
    {
        while (wakeUp.Available > 0)
        {
            wakeUp.Receive(wakeUps);
        }
    }

    private Endpoint ReadPeer()
    {
        var octets = peer.Buffer.Span;
        return new Endpoint(
            peer.Family == AddressFamily.InterNetwork
                ? Address.FromOctets(octets.Slice(IPv4AddressAt, 4))
                : Address.FromOctets(octets.Slice(IPv6AddressAt, 16)),
            BinaryPrimitives.ReadUInt16BigEndian(octets[2..]));
    }

    private void WritePeer(Endpoint destination)
    {
        if (destination.Address.IsIPv4 != (Socket.AddressFamily == AddressFamily.InterNetwork))
        {
            throw new ArgumentException($"{destination} is not of the address family of the socket.");
        }

        peer.Size = SocketAddress.GetMaximumAddressSize(Socket.AddressFamily);
        var octets = peer.Buffer.Span;
        octets[2..].Clear();
        BinaryPrimitives.WriteUInt16BigEndian(octets[2..], destination.Port);
        destination.Address.Write(octets[(destination.Address.IsIPv4 ? IPv4AddressAt : IPv6AddressAt)..]);
    }
}
