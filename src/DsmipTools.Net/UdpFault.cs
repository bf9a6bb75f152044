using DsmipTools.Wire.Ip;

namespace DsmipTools.Net;

/// <summary>An error of the network that a UDP transport survived.</summary>
/// <param name="Error">What it is.</param>
/// <param name="Errno">The error number of the operating system.</param>
/// <param name="Peer">Where the datagram concerned went; null where the operating system does not tell.</param>
/// <param name="Reporter">The router or host that reported it by ICMP; null where it came from this host.</param>
public readonly record struct UdpFault(NetError Error, int Errno, Endpoint? Peer, Address? Reporter);
