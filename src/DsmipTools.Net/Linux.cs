using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace DsmipTools.Net;

/// <summary>The system calls of Linux that UDP needs, with their constants (include/uapi/linux).</summary>
[SuppressMessage("Interoperability", "CA5392:Use DefaultDllImportSearchPaths attribute for P/Invokes", Justification = "libc is loaded already.")]
internal static unsafe partial class Linux
{
    public const int Interrupted = 4;
    public const int WouldBlock = 11;
    public const int NoBuffers = 105;

    public const int DoNotWait = 0x40;
    public const int FullLength = 0x20;
    public const int NoSignal = 0x4000;
    public const int ErrorQueue = 0x2000;

    public const short Readable = 1;
    public const short Writable = 4;
    public const short Error = 8;
    public const short Invalid = 0x20;

    public const int LevelIPv4 = 0;
    public const int LevelIPv6 = 41;
    public const int ReceiveErrorsIPv4 = 11;
    public const int ReceiveErrorsIPv6 = 25;

    public const ushort FamilyIPv4 = 2;
    public const ushort FamilyIPv6 = 10;

    public const int EventCloseOnExec = 0x80000;
    public const int EventNonBlocking = 0x800;

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollDescriptor* descriptors, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "recvfrom", SetLastError = true)]
    public static partial nint ReceiveFrom(SafeHandle socket, byte* buffer, nuint length, int flags, byte* address, uint* addressLength);

    [LibraryImport("libc", EntryPoint = "sendto", SetLastError = true)]
    public static partial nint SendTo(SafeHandle socket, byte* buffer, nuint length, int flags, byte* address, uint addressLength);

    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    public static partial nint ReceiveMessage(SafeHandle socket, MessageHeader* message, int flags);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    public static partial SafeEventDescriptor EventDescriptor(uint value, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(SafeEventDescriptor descriptor, ulong* value, nuint length);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(SafeEventDescriptor descriptor, ulong* value, nuint length);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(nint descriptor);

    public static NetError ErrorOf(int errno) => errno switch
    {
        1 or 13 => NetError.AccessDenied,
        17 => NetError.AlreadyExists,
        98 => NetError.AddressInUse,
        99 => NetError.AddressNotAvailable,
        100 or 101 => NetError.NetworkUnreachable,
        112 or 113 => NetError.HostUnreachable,
        104 or 111 => NetError.ConnectionRefused,
        90 => NetError.MessageTooLong,
        92 or 93 or 95 or 97 => NetError.NotSupported,
        12 or 23 or 24 or NoBuffers => NetError.NoResources,
        _ => NetError.Other,
    };

    [StructLayout(LayoutKind.Sequential)]
    public struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Vector
    {
        public byte* Start;
        public nuint Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct MessageHeader
    {
        public byte* Address;
        public uint AddressLength;
        public Vector* Vectors;
        public nuint VectorCount;
        public byte* Control;
        public nuint ControlLength;
        public int Flags;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct ControlHeader
    {
        public nuint Length;
        public int Level;
        public int Type;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct ExtendedError
    {
        public int Errno;
        public byte Origin;
        public byte Type;
        public byte Code;
        public byte Padding;
        public uint Information;
        public uint Data;
    }
}
