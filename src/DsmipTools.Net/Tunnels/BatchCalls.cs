using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using DsmipTools.Net.Capture;

namespace DsmipTools.Net.Tunnels;

/// <summary>The system calls that take many packets at once, with their constants (recvmmsg(2), sendmmsg(2), udp(7)).</summary>
[SuppressMessage("Interoperability", "CA5392:Use DefaultDllImportSearchPaths attribute for P/Invokes", Justification = "libc is loaded already.")]
internal static unsafe partial class BatchCalls
{
    public const int LevelUdp = 17;
    public const int UdpSegment = 103;
    public const int UdpReceiveOffload = 104;

    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    public static partial int Receive(SafePacketSocket socket, Message* messages, uint count, int flags, nint timeout);

    [LibraryImport("libc", EntryPoint = "sendmmsg", SetLastError = true)]
    public static partial int Send(SafePacketSocket socket, Message* messages, uint count, int flags);

    /// <summary>mmsghdr.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Message
    {
        public Linux.MessageHeader Header;
        public uint Length;
    }
}
