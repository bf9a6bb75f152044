using System.Net;
using System.Net.Sockets;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Net;

/// <summary>
/// One UDP socket with an address of its own. It is made for a dedicated thread that waits, receives and sends; <see cref="Wake"/> alone
/// may be called from any thread. Nothing allocates per datagram on Linux. Errors of the network, ICMP answers included, are counted and
/// reported; they never end the loop.
/// </summary>
public abstract class UdpTransport : IDisposable
{
    /// <summary>The longest payload of a UDP datagram; a buffer of this length takes everything.</summary>
    public const int MaximumDatagram = 65_535;

    /// <summary>How long a datagram may wait for room in the send buffer before it counts as lost.</summary>
    private protected const int SendPatienceMilliseconds = 10;

    private const int ReceiveBufferSize = 4 << 20;

    private long received;
    private long sent;
    private long sendLost;
    private long truncated;
    private long errors;

    private protected UdpTransport(Socket socket)
    {
        Socket = socket;
        var bound = (IPEndPoint)socket.LocalEndPoint!;
        Local = new Endpoint(Address.From(bound.Address), (ushort)bound.Port);
    }

    /// <summary>The address and port of the socket.</summary>
    public Endpoint Local { get; }

    /// <summary>What has been counted.</summary>
    public UdpStatistics Statistics => new(
        Volatile.Read(ref received), Volatile.Read(ref sent), Volatile.Read(ref sendLost), Volatile.Read(ref truncated), Volatile.Read(ref errors));

    /// <summary>Called on the thread of the loop for each error that was survived.</summary>
    public Action<UdpFault>? Fault { get; set; }

    private protected Socket Socket { get; }

    /// <summary>Opens a socket. It is exclusive: an address and port that another socket has is an error.</summary>
    /// <param name="local">Its address and port; port 0 lets the operating system choose one.</param>
    /// <exception cref="NetException">The socket cannot be had.</exception>
    public static UdpTransport Open(Endpoint local) => OperatingSystem.IsLinux() ? new LinuxUdpTransport(Bind(local)) : OpenPortable(local);

    /// <summary>Waits until a datagram has come, somebody has called <see cref="Wake"/>, or a time is over.</summary>
    /// <param name="timeout">How long; zero or less looks once, <see cref="Timeout.InfiniteTimeSpan"/> waits for ever.</param>
    public abstract WaitResult Wait(TimeSpan timeout);

    /// <summary>Receives a datagram if one has come.</summary>
    /// <param name="buffer">Where to put it. On Linux and Windows a longer datagram is counted and skipped.</param>
    /// <param name="length">Its length.</param>
    /// <param name="source">Where it comes from.</param>
    public abstract bool TryReceive(Span<byte> buffer, out int length, out Endpoint source);

    /// <summary>Sends a datagram. False when it is lost for a reason that this host knows; it is counted and reported.</summary>
    public abstract bool Send(Endpoint destination, ReadOnlySpan<byte> message);

    /// <summary>Ends the present or the next wait; from any thread.</summary>
    public abstract void Wake();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>The fallback, on any system.</summary>
    internal static UdpTransport OpenPortable(Endpoint local) => new PortableUdpTransport(Bind(local));

    /// <summary>Frees the socket.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            Socket.Dispose();
        }
    }

    private protected void CountReceived() => received++;

    private protected void CountSent() => sent++;

    private protected void CountSendLost() => sendLost++;

    private protected void CountTruncated() => truncated++;

    private protected void Report(UdpFault fault)
    {
        errors++;
        Fault?.Invoke(fault);
    }

    private static Socket Bind(Endpoint local)
    {
        Socket? socket = null;
        try
        {
            socket = new Socket(local.Address.IsIPv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp)
            {
                ExclusiveAddressUse = true,
                ReceiveBufferSize = ReceiveBufferSize,
            };
            if (local.Address.IsIPv6)
            {
                socket.DualMode = false;
            }

            socket.Bind(new IPEndPoint(local.Address.ToIPAddress(), local.Port));
            return socket;
        }
        catch (SocketException exception)
        {
            socket?.Dispose();
            throw NetException.FromBind(local, exception);
        }
    }
}
