using DsmipTools.Wire.Ip;

namespace DsmipTools.Net;

/// <summary>An error of the network that a UDP transport survived.</summary>
/// <param name="Error">What it is.</param>
/// <param name="Errno">The error number of the operating system.</param>
/// <param name="Peer">Where the datagram concerned went; null where the operating system does not tell.</param>
/// <param name="Reporter">The router or host that reported it by ICMP; null where it came from this host.</param>
public readonly record struct UdpFault(NetError Error, int Errno, Endpoint? Peer, Address? Reporter)
{
    /// <summary>The error as an exception, for those who cannot go on without an answer.</summary>
    /// <param name="destination">Where the datagram went, as far as <see cref="Peer"/> does not tell.</param>
    public NetException ToException(Endpoint destination)
    {
        var peer = Peer ?? destination;
        var reporter = Reporter is { } address && address != peer.Address ? $"{address}" : "it";
        var message = Error switch
        {
            NetError.ConnectionRefused => $"Nobody listens at {peer}: {reporter} answered with ICMP port unreachable.",
            NetError.NetworkUnreachable or NetError.HostUnreachable => Reporter is { } router
                ? $"{peer} cannot be reached: {router} answered with ICMP destination unreachable."
                : $"{peer} cannot be reached: this host has no route to it, or nobody there answers.",
            NetError.MessageTooLong => $"The message is too long for the path to {peer}.",
            NetError.AccessDenied => $"The operating system does not allow to send to {peer}: it is a broadcast address, or a rule of a firewall forbids it.",
            _ => $"{peer} cannot be sent to ({Error}).",
        };
        return new NetException(Error, Errno, peer, message);
    }
}
