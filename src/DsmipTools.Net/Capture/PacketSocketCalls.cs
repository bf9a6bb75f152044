using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace DsmipTools.Net.Capture;

/// <summary>A descriptor from socket(2).</summary>
internal sealed class SafePacketSocket : SafeDescriptor;

/// <summary>The system calls of packet sockets, with their constants (packet(7), include/uapi/linux/if_packet.h).</summary>
[SuppressMessage("Interoperability", "CA5392:Use DefaultDllImportSearchPaths attribute for P/Invokes", Justification = "libc is loaded already.")]
internal static unsafe partial class PacketSocketCalls
{
    public const int NoMemory = 12;
    public const int NoSuchDevice = 19;
    public const int DeviceGone = 6;
    public const int NetworkDown = 100;

    public const int FamilyPacket = 17;
    public const int TypeRaw = 3;
    public const int TypeDatagram = 2;
    public const int CloseOnExec = 0x80000;
    public const ushort AllProtocols = 3;

    public const int LevelSocket = 1;
    public const int LevelPacket = 263;
    public const int SocketError = 4;
    public const int AttachFilter = 26;
    public const int AddMembership = 1;
    public const int ReceiveRing = 5;
    public const int Counters = 6;
    public const int Version = 10;
    public const int IgnoreOutgoing = 23;
    public const int Version3 = 2;
    public const ushort MembershipPromiscuous = 1;

    public const int ReadWrite = 3;
    public const int Shared = 1;

    public const nuint GetFlags = 0x8913;
    public const nuint GetHardwareAddress = 0x8927;
    public const ushort IsUp = 1;

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    public static partial SafePacketSocket Socket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    public static partial nint ReceiveMessage(SafePacketSocket socket, Linux.MessageHeader* message, int flags);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    public static partial int Bind(SafePacketSocket socket, LinkAddress* address, uint length);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetOption(SafePacketSocket socket, int level, int option, void* value, uint length);

    [LibraryImport("libc", EntryPoint = "getsockopt", SetLastError = true)]
    public static partial int GetOption(SafePacketSocket socket, int level, int option, void* value, uint* length);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(SafePacketSocket socket, nuint request, InterfaceRequest* argument);

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    public static partial nint Map(nint address, nuint length, int protection, int flags, SafePacketSocket socket, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    public static partial int Unmap(nint address, nuint length);

    [LibraryImport("libc", EntryPoint = "if_nametoindex", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial uint InterfaceIndex(string name);

    /// <summary>sockaddr_ll.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct LinkAddress
    {
        public ushort Family;
        public ushort Protocol;
        public int Interface;
        public ushort HardwareType;
        public byte PacketType;
        public byte Length;
        public fixed byte Address[8];
    }

    /// <summary>ifreq, for a number and for a hardware address.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 40)]
    public struct InterfaceRequest
    {
        public fixed byte Name[16];
        public ushort Value;
        public fixed byte Address[22];
    }

    /// <summary>sock_fprog.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Program
    {
        public ushort Length;
        public FilterInstruction* Instructions;
    }

    /// <summary>packet_mreq.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Membership
    {
        public int Interface;
        public ushort Type;
        public ushort AddressLength;
        public fixed byte Address[8];
    }

    /// <summary>tpacket_req3.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct RingRequest
    {
        public uint BlockSize;
        public uint BlockCount;
        public uint FrameSize;
        public uint FrameCount;
        public uint RetireMilliseconds;
        public uint PrivateSize;
        public uint Features;
    }

    /// <summary>tpacket_stats_v3.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct RingCounters
    {
        public uint Packets;
        public uint Drops;
        public uint FreezeCount;
    }

    /// <summary>tpacket_block_desc, up to what is read of it.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Block
    {
        public uint Version;
        public uint PrivateOffset;
        public uint Status;
        public uint FrameCount;
        public uint FirstFrame;
        public uint Length;
    }

    /// <summary>tpacket3_hdr.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 48)]
    public struct RingFrame
    {
        public uint Next;
        public uint Seconds;
        public uint Nanoseconds;
        public uint Captured;
        public uint Length;
        public FrameStatus Status;
        public ushort LinkHeader;
        public ushort NetworkHeader;
        public uint Hash;
        public uint VlanTag;
        public ushort VlanProtocol;
    }

    /// <summary>TP_STATUS.</summary>
    [Flags]
    public enum FrameStatus : uint
    {
        OfUser = 1,
        ChecksumNotReady = 1 << 3,
        HasVlanTag = 1 << 4,
        HasVlanProtocol = 1 << 6,
        ChecksumValid = 1 << 7,
        IsTcpSegmentation = 1 << 8,
    }
}
