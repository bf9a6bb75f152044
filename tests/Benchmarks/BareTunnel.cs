using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Tunneling;
using Microsoft.Win32.SafeHandles;

namespace DsmipTools.Benchmarks;

/// <summary>
/// The least that a tunnel of protocol 41 can be in C#: one thread that carries packets between a TUN device and a raw socket, one at a time, with
/// one constant header in front. No table, no check, no counter.
/// </summary>
[SuppressMessage("Interoperability", "CA5392:Use DefaultDllImportSearchPaths attribute for P/Invokes", Justification = "libc is loaded already.")]
internal sealed unsafe partial class BareTunnel : IDisposable
{
    private const int ReadWriteNonBlocking = 2 | 0x800;
    private const nuint SetInterface = 0x400454CA;
    private const ushort TunWithoutPacketInformation = 0x1001;
    private const int FamilyIPv4 = 2;
    private const int RawNonBlocking = 3 | 0x800;
    private const int ProtocolRaw = 255;
    private const int BufferSize = 4 << 20;
    private const int Header = 20;
    private const int Batch = 64;

    private readonly SafeFileHandle device;
    private readonly SafeFileHandle receiver;
    private readonly SafeFileHandle sender;
    private readonly Thread thread;
    private volatile bool isOver;

    /// <summary>Makes it, in the namespace of this thread.</summary>
    public BareTunnel(Address local, Address remote)
    {
        device = new SafeFileHandle(Checked(Open("/dev/net/tun", ReadWriteNonBlocking)), ownsHandle: true);
        var request = stackalloc byte[40];
        new Span<byte>(request, 40).Clear();
        Encoding.ASCII.GetBytes("bare%d", new Span<byte>(request, 16));
        *(ushort*)(request + 16) = TunWithoutPacketInformation;
        Checked(Control(device, SetInterface, request));
        Name = Marshal.PtrToStringUTF8((nint)request)!;
        receiver = new SafeFileHandle(Checked(OpenSocket(FamilyIPv4, RawNonBlocking, (int)IpProtocol.IPv6)), ownsHandle: true);
        sender = new SafeFileHandle(Checked(OpenSocket(FamilyIPv4, RawNonBlocking, ProtocolRaw)), ownsHandle: true);
        const int levelSocket = 1, sendForced = 32, receiveForced = 33;
        var size = BufferSize;
        Checked(SetOption(receiver, levelSocket, receiveForced, &size, sizeof(int)));
        Checked(SetOption(sender, levelSocket, sendForced, &size, sizeof(int)));
        thread = new Thread(() => Carry(local, remote)) { IsBackground = true };
        thread.Start();
    }

    public string Name { get; }

    public void Dispose()
    {
        isOver = true;
        thread.Join();
        device.Dispose();
        receiver.Dispose();
        sender.Dispose();
    }

    private static int Checked(int result) => result >= 0 ? result : throw new InvalidOperationException(Marshal.GetLastPInvokeErrorMessage());

    private void Carry(Address local, Address remote)
    {
        var buffer = GC.AllocateArray<byte>(Header + 65_536, pinned: true);
        var address = stackalloc byte[16];
        new Span<byte>(address, 16).Clear();
        *(ushort*)address = FamilyIPv4;
        remote.Write(new Span<byte>(address + 4, 4));
        var descriptors = stackalloc Poll[2];
        descriptors[0] = new Poll { Descriptor = (int)device.DangerousGetHandle(), Events = 1 };
        descriptors[1] = new Poll { Descriptor = (int)receiver.DangerousGetHandle(), Events = 1 };
        fixed (byte* start = buffer)
        {
            while (!isOver)
            {
                if (Wait(descriptors, 2, 100) <= 0)
                {
                    continue;
                }

                nint length;
                for (var i = 0; i < Batch && (length = Read(device, start + Header, 65_536)) > 0; i++)
                {
                    var frame = buffer.AsSpan(0, Header + (int)length);
                    TunnelFrame.WriteHeader(local, remote, IpProtocol.IPv6, 0, false, 0, frame);
                    SendTo(sender, start, (nuint)frame.Length, 0, address, 16);
                }

                for (var i = 0; i < Batch && (length = Receive(receiver, start, 65_536, 0)) > Header; i++)
                {
                    Write(device, start + Header, (nuint)length - Header);
                }
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(SafeFileHandle device, nuint request, byte* argument);

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int OpenSocket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    private static partial int SetOption(SafeFileHandle socket, int level, int option, void* value, uint length);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Wait(Poll* descriptors, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint Read(SafeFileHandle device, byte* buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(SafeFileHandle device, byte* buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "recv")]
    private static partial nint Receive(SafeFileHandle socket, byte* buffer, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "sendto")]
    private static partial nint SendTo(SafeFileHandle socket, byte* buffer, nuint length, int flags, byte* address, uint addressLength);

    [StructLayout(LayoutKind.Sequential)]
    private struct Poll
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
