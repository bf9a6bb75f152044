using DsmipTools.Wire.Ip;

namespace DsmipTools.Net.Netfilter;

/// <summary>
/// Keeps the kernel from answering with ICMPv6 Parameter Problem what came for a Mobile IPv6 agent in a header that the kernel does not know:
/// a peer would take the agent for a node without mobility (RFC 6275, 9.3.1 and 11.3.5). It covers one address and the named headers alone, and
/// is gone with the process.
/// </summary>
internal sealed class ParameterProblemFilter : IDisposable
{
    private const byte ParameterProblem = 4;
    private const uint QuotedPacketAt = 8;
    private const uint QuotedNextHeaderAt = QuotedPacketAt + 6;
    private const uint QuotedDestinationAt = QuotedPacketAt + 24;

    private readonly FilterTable table;

    /// <summary>Puts the filter in place.</summary>
    /// <param name="local">The agent's address: only what came to it stays unanswered.</param>
    /// <param name="nextHeaders">The headers right behind the IPv6 header of what came.</param>
    /// <exception cref="NetException">The privilege is missing, or the kernel has no such filters.</exception>
    public ParameterProblemFilter(Address local, params IpProtocol[] nextHeaders)
    {
        var address = new byte[16];
        local.Write(address);
        table = new FilterTable(
            FilterHook.IPv6,
            FilterHook.Leaving,
            nextHeaders.Select(nextHeader => new FilterRule()
                .IsProtocol((byte)IpProtocol.IcmpV6)
                .HasBehindIP(0, [ParameterProblem])
                .HasBehindIP(QuotedNextHeaderAt, [(byte)nextHeader])
                .HasBehindIP(QuotedDestinationAt, address)
                .ThenDrop()),
            "Keeping the kernel from answering Mobility Headers with ICMPv6");
    }

    /// <summary>Takes the filter away.</summary>
    public void Dispose() => table.Dispose();
}
