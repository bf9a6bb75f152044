using System.Runtime.InteropServices;
using System.Text;
using DsmipTools.Net.Capture;

namespace DsmipTools.Net.Tunnels;

/// <summary>
/// A TUN device: what the host routes to it is read here, and what is written here the host receives. It is gone with its descriptor, and so with
/// the process however that ends, and its addresses and routes with it.
/// </summary>
internal sealed unsafe class TunDevice : IDisposable
{
    /// <summary>What the names of our devices begin with.</summary>
    public const string NamePrefix = "dsmip";

    private const string Path = "/dev/net/tun";

    public TunDevice()
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new NetException(NetError.NotSupported, 0, $"Tunnels of this host need a TUN device, which is there on Linux only; this is {RuntimeInformation.OSDescription}.");
        }

        Descriptor = TunCalls.Open(Path, TunCalls.ReadWrite | TunCalls.NonBlocking | TunCalls.CloseOnExec);
        if (Descriptor.IsInvalid)
        {
            var errno = Marshal.GetLastPInvokeError();
            Descriptor.Dispose();
            throw errno switch
            {
                TunCalls.NoSuchFile => new NetException(
                    NetError.NotSupported, errno, $"There is no {Path}: load the module with 'modprobe tun', or give the container the device with '--device {Path}'."),
                TunCalls.NoPermission => new NetException(
                    NetError.AccessDenied, errno, $"This user may not open {Path}: run the process as root, or let everybody open it, as most distributions do, with 'chmod 0666 {Path}'; a device still needs the capability CAP_NET_ADMIN."),
                _ => Failure(errno),
            };
        }

        var request = default(PacketSocketCalls.InterfaceRequest);
        // The kernel puts the first number that is free in place of %d.
        Encoding.ASCII.GetBytes(NamePrefix + "%d", new Span<byte>(request.Name, 16));
        request.Value = TunCalls.Tun | TunCalls.NoPacketInformation | TunCalls.VirtualNetHeader;
        if (TunCalls.Control(Descriptor, TunCalls.SetInterface, &request) != 0)
        {
            var errno = Marshal.GetLastPInvokeError();
            Descriptor.Dispose();
            throw Failure(errno);
        }

        Name = Marshal.PtrToStringUTF8((nint)request.Name)!;
        Index = SourceAddress.InterfaceIndex(Name);

        // Long packets come whole, and unfinished; what the kernel does not know it does not give, and does itself.
        const uint tcp = TunCalls.OffloadChecksum | TunCalls.OffloadTcpIPv4 | TunCalls.OffloadTcpIPv6 | TunCalls.OffloadTcpCongestion;
        TakesUdpSegments = TunCalls.Control(Descriptor, TunCalls.SetOffload, tcp | TunCalls.OffloadUdpIPv4 | TunCalls.OffloadUdpIPv6) == 0;
        if (!TakesUdpSegments)
        {
            _ = TunCalls.Control(Descriptor, TunCalls.SetOffload, tcp);
        }
    }

    public SafeTunDescriptor Descriptor { get; }

    public string Name { get; }

    public int Index { get; }

    /// <summary>True when joined datagrams of UDP can be written.</summary>
    public bool TakesUdpSegments { get; }

    /// <summary>Reads a packet with its <see cref="OffloadHeader"/>, if there is one.</summary>
    /// <exception cref="NetException">The device is gone.</exception>
    public bool TryRead(Span<byte> buffer, out int length)
    {
        while (true)
        {
            nint result;
            fixed (byte* start = buffer)
            {
                result = TunCalls.Read(Descriptor, start, (nuint)buffer.Length);
            }

            if (result >= 0)
            {
                length = (int)result;
                return true;
            }

            length = 0;
            var errno = Marshal.GetLastPInvokeError();
            switch (errno)
            {
                case Linux.Interrupted:
                    continue;
                case Linux.WouldBlock:
                    return false;
                default:
                    throw new NetException(NetError.InterfaceNotFound, errno, $"The device {Name} is gone: somebody removed it.");
            }
        }
    }

    /// <summary>Writes a packet with its <see cref="OffloadHeader"/>, in parts; false when the host does not take it.</summary>
    public bool TryWrite(Linux.Vector* parts, int count)
    {
        while (true)
        {
            if (TunCalls.Write(Descriptor, parts, count) >= 0)
            {
                return true;
            }

            if (Marshal.GetLastPInvokeError() != Linux.Interrupted)
            {
                return false;
            }
        }
    }

    public void Dispose() => Descriptor.Dispose();

    private static NetException Failure(int errno) => Linux.ErrorOf(errno) == NetError.AccessDenied
        ? NetException.NeedsCapability("Making a TUN device", "CAP_NET_ADMIN", errno)
        : new NetException(Linux.ErrorOf(errno), errno, "No TUN device can be had.");
}
