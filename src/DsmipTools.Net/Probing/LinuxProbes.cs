using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using DsmipTools.Net.Capture;
using DsmipTools.Net.Ebpf;
using DsmipTools.Wire.Ip;
using DsmipTools.Net.Tunnels;

namespace DsmipTools.Net.Probing;

/// <summary>
/// Finds out what this process may do on Linux by doing it. Each probe gives 0 or the error number, and leaves nothing: no interface, no
/// namespace, no descriptor, and no module of the kernel, which loads some when they are asked for.
/// </summary>
public static unsafe class LinuxProbes
{
    /// <summary>The device of TUN interfaces.</summary>
    public const string TunDevice = "/dev/net/tun";

    private const int NoSuchDevice = 19;
    private const int InvalidArgument = 22;
    private const int NotAvailable = 99;
    private const int NoAddressFamily = 97;

    /// <summary>
    /// Opens the TUN device and asks whether an interface would be allowed in the network of this process; where a network can be made for the
    /// purpose, one is really made there. A network manager sees nothing of it.
    /// </summary>
    public static TunProbe Tun()
    {
        // The kernel looks at privileges first, and then finds that the request names no kind of interface.
        var (opened, refused) = TryTun(flags: 0);
        if (opened != 0 || refused != InvalidArgument)
        {
            return new TunProbe(opened, refused, WasMade: false);
        }

        return InOwnNetwork(() => (opened, refused) = TryTun(TunCalls.Tun | TunCalls.NoPacketInformation)) == 0
            ? new TunProbe(opened, refused, WasMade: opened == 0 && refused == 0)
            : default;
    }

    /// <summary>Says whether the permissions of the TUN device allow opening it, without opening it.</summary>
    public static int TunPermissions() => ErrorOf(ProbeCalls.Access(TunDevice, ProbeCalls.ReadableAndWritable));

    /// <summary>Loads a program of two instructions into the kernel and lets go of it; asks for a tcx hook on an interface that cannot exist.</summary>
    public static EbpfProbe Ebpf()
    {
        var code = new BpfAssembler();
        code.Return(0);
        try
        {
            using var program = new BpfProgram("dsmip_probe", code.Assemble());
            return new EbpfProbe(0, HasTcx(program));
        }
        catch (NetException exception)
        {
            return new EbpfProbe(exception.Errno, HasTcx: false);
        }

        static bool HasTcx(BpfProgram program)
        {
            try
            {
                program.Attach(int.MaxValue, BpfHook.Ingress).Dispose();
                return true;
            }
            catch (NetException exception)
            {
                return exception.Errno == NoSuchDevice;
            }
        }
    }

    /// <summary>Makes a network namespace on a thread that ends, and the namespace with it.</summary>
    public static int NetworkNamespace() => InOwnNetwork(() => { });

    /// <summary>Opens a raw socket for a protocol. Of a packet that comes in this moment it gets a copy that nobody reads.</summary>
    /// <param name="isIPv4">False for IPv6.</param>
    /// <param name="protocol">The protocol behind the IP header.</param>
    public static int RawSocket(bool isIPv4, IpProtocol protocol) =>
        !isIPv4 && !File.Exists("/proc/thread-self/net/if_inet6")
            ? NoAddressFamily
            : OpenSocket(isIPv4 ? Linux.FamilyIPv4 : Linux.FamilyIPv6, PacketSocketCalls.TypeRaw, (byte)protocol);

    /// <summary>Opens a packet socket that receives nothing.</summary>
    /// <returns>The error number; EAFNOSUPPORT also where the kernel would have to load a module first.</returns>
    public static int PacketSocket() =>
        File.Exists("/proc/thread-self/net/packet") ? OpenSocket(PacketSocketCalls.FamilyPacket, PacketSocketCalls.TypeDatagram, 0) : NoAddressFamily;

    /// <summary>Binds a UDP socket to a port of an address of the loopback interface; a port that somebody has is allowed.</summary>
    public static int UdpPort(ushort port)
    {
        var error = Bind(new IPAddress([127, 255, 255, 254]));
        return error == NotAvailable ? Bind(IPAddress.Any) : error;

        int Bind(IPAddress address)
        {
            try
            {
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
                socket.Bind(new IPEndPoint(address, port));
                return 0;
            }
            catch (SocketException exception)
            {
                return exception.SocketErrorCode == SocketError.AddressAlreadyInUse ? 0 : exception.NativeErrorCode;
            }
        }
    }

    private static int ErrorOf(int result) => result < 0 ? Marshal.GetLastPInvokeError() : 0;

    private static (int OpenError, int InterfaceError) TryTun(ushort flags)
    {
        using var device = ProbeCalls.Open(TunDevice, TunCalls.ReadWrite | TunCalls.CloseOnExec);
        if (device.IsInvalid)
        {
            return (Marshal.GetLastPInvokeError(), 0);
        }

        var request = new PacketSocketCalls.InterfaceRequest { Value = flags };
        return (0, ErrorOf(ProbeCalls.Control(device, TunCalls.SetInterface, &request)));
    }

    private static int OpenSocket(int family, int type, int protocol)
    {
        using var socket = PacketSocketCalls.Socket(family, type | PacketSocketCalls.CloseOnExec, protocol);
        return socket.IsInvalid ? Marshal.GetLastPInvokeError() : 0;
    }

    private static int InOwnNetwork(Action action)
    {
        // A thread of the pool would take the namespace back there.
        var error = 0;
        var thread = new Thread(() =>
        {
            error = ErrorOf(ProbeCalls.Unshare(ProbeCalls.NewNetwork));
            if (error == 0)
            {
                action();
            }
        });
        thread.Start();
        thread.Join();
        return error;
    }
}
