namespace DsmipTools.Net;

/// <summary>What a UDP transport has counted.</summary>
/// <param name="Received">Datagrams received.</param>
/// <param name="Sent">Datagrams handed to the operating system.</param>
/// <param name="SendLost">Datagrams that could not be sent: no room in time, no route, or too long.</param>
/// <param name="Truncated">Datagrams received that were longer than the buffer; they are skipped.</param>
/// <param name="Errors">Errors of the network: ICMP answers of peers and routers, and failures to send or receive.</param>
public readonly record struct UdpStatistics(long Received, long Sent, long SendLost, long Truncated, long Errors);
