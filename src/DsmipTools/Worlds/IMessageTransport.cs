using DsmipTools.Net;
using DsmipTools.Net.RawPackets;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Worlds;

/// <summary>How the messages of an agent come and go on real sockets. One thread uses it; <see cref="Wake"/> alone may be called from any.</summary>
internal interface IMessageTransport : IDisposable
{
    /// <summary>Where messages come in.</summary>
    Endpoint Local { get; }

    /// <summary>Waits until a message has come, somebody has called <see cref="Wake"/>, or a time is over.</summary>
    WaitResult Wait(TimeSpan timeout);

    /// <summary>Receives a message, if one has come.</summary>
    bool TryReceive(Span<byte> buffer, out ReadOnlySpan<byte> message, out Envelope envelope);

    /// <summary>Sends a message; what goes wrong is counted and told as a fault.</summary>
    void Send(in Envelope envelope, ReadOnlySpan<byte> message);

    /// <summary>Ends the present or the next wait.</summary>
    void Wake();
}

/// <summary>Messages in UDP.</summary>
internal sealed class UdpMessages : IMessageTransport
{
    private readonly Transport transport;
    private readonly UdpTransport socket;

    /// <summary>Opens a socket.</summary>
    /// <param name="transport">How messages travel in it.</param>
    /// <param name="local">Its address and port.</param>
    /// <param name="fault">Told of each error that was survived.</param>
    /// <exception cref="NetException">The socket cannot be had.</exception>
    public UdpMessages(Transport transport, Endpoint local, Action<UdpFault> fault)
    {
        this.transport = transport;
        socket = UdpTransport.Open(local);
        socket.Fault = fault;
    }

    public Endpoint Local => socket.Local;

    public WaitResult Wait(TimeSpan timeout) => socket.Wait(timeout);

    public bool TryReceive(Span<byte> buffer, out ReadOnlySpan<byte> message, out Envelope envelope)
    {
        var isReceived = socket.TryReceive(buffer, out var length, out var source);
        message = isReceived ? buffer[..length] : default;
        envelope = isReceived ? new Envelope(transport, source, socket.Local) : default;
        return isReceived;
    }

    public void Send(in Envelope envelope, ReadOnlySpan<byte> message) => socket.Send(envelope.Destination, message);

    public void Wake() => socket.Wake();

    public void Dispose() => socket.Dispose();
}

/// <summary>Mobility Headers right behind IPv6.</summary>
internal sealed class IPv6Messages : IMessageTransport
{
    private readonly MobilityTransport sockets;

    /// <summary>Opens raw sockets.</summary>
    /// <param name="local">An IPv6 address of the host.</param>
    /// <param name="fault">Told of each error that was survived.</param>
    /// <exception cref="NetException">The sockets cannot be had.</exception>
    public IPv6Messages(Address local, Action<UdpFault> fault)
    {
        sockets = MobilityTransport.Open(local);
        sockets.Fault = fault;
    }

    public Endpoint Local => sockets.Local;

    /// <summary>Why the kernel may answer peers in its own way; null when it is kept from that.</summary>
    public NetException? NotQuiet => sockets.NotQuiet;

    public WaitResult Wait(TimeSpan timeout) => sockets.Wait(timeout);

    public bool TryReceive(Span<byte> buffer, out ReadOnlySpan<byte> message, out Envelope envelope) => sockets.TryReceive(buffer, out message, out envelope);

    public void Send(in Envelope envelope, ReadOnlySpan<byte> message) => sockets.Send(envelope, message);

    public void Wake() => sockets.Wake();

    public void Dispose() => sockets.Dispose();
}
