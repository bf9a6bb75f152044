using System.Runtime.InteropServices;
using DsmipTools.Net.Capture;
using DsmipTools.Net.RawPackets;

namespace DsmipTools.Net.Tunnels;

/// <summary>Lets ICMP errors alone into a raw socket, so that other ICMP messages of the host wake nobody (struct icmp_filter, struct icmp6_filter: bits of what is kept out).</summary>
internal static unsafe class ErrorFilter
{
    private const int LevelRaw = 255;
    private const int LevelIcmpV6 = 58;
    private const int Filter = 1;

    // Unreachable, time exceeded, parameter problem.
    private const uint ErrorsIPv4 = (1 << 3) | (1 << 11) | (1 << 12);

    // Types below 128 are errors (RFC 4443, 2.1); these four are defined.
    private const uint ErrorsIPv6 = (1 << 1) | (1 << 2) | (1 << 3) | (1 << 4);

    /// <exception cref="NetException">The kernel does not take it.</exception>
    public static void Set(SafePacketSocket socket, bool isIPv4)
    {
        var blocked = stackalloc uint[8];
        new Span<uint>(blocked, 8).Fill(uint.MaxValue);
        blocked[0] = ~(isIPv4 ? ErrorsIPv4 : ErrorsIPv6);
        if (PacketSocketCalls.SetOption(socket, isIPv4 ? LevelRaw : LevelIcmpV6, Filter, blocked, isIPv4 ? sizeof(uint) : 8 * (uint)sizeof(uint)) != 0)
        {
            throw PacketSocketDevice.Failure(Marshal.GetLastPInvokeError(), "The raw socket does not take a filter of ICMP types.");
        }
    }
}
