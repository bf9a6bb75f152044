using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace DsmipTools.Net.Tunnels;

/// <summary>A descriptor of /dev/net/tun.</summary>
internal sealed class SafeTunDescriptor : SafeDescriptor;

/// <summary>The system calls of TUN devices, with their constants (include/uapi/linux/if_tun.h, virtio_net.h).</summary>
[SuppressMessage("Interoperability", "CA5392:Use DefaultDllImportSearchPaths attribute for P/Invokes", Justification = "libc is loaded already.")]
internal static unsafe partial class TunCalls
{
    public const int ReadWrite = 2;
    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;

    public const nuint SetInterface = 0x400454CA;
    public const nuint SetOffload = 0x400454D0;
    public const ushort Tun = 0x0001;
    public const ushort NoPacketInformation = 0x1000;
    public const ushort VirtualNetHeader = 0x4000;

    public const uint OffloadChecksum = 0x01;
    public const uint OffloadTcpIPv4 = 0x02;
    public const uint OffloadTcpIPv6 = 0x04;
    public const uint OffloadTcpCongestion = 0x08;
    public const uint OffloadUdpIPv4 = 0x20;
    public const uint OffloadUdpIPv6 = 0x40;

    public const int NoSuchFile = 2;
    public const int NoPermission = 13;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial SafeTunDescriptor Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(SafeTunDescriptor device, nuint request, Capture.PacketSocketCalls.InterfaceRequest* argument);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(SafeTunDescriptor device, byte* buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(SafeTunDescriptor device, nuint request, nuint argument);

    [LibraryImport("libc", EntryPoint = "writev", SetLastError = true)]
    public static partial nint Write(SafeTunDescriptor device, Linux.Vector* vectors, int count);
}
