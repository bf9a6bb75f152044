using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using DsmipTools.Net.Capture;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Net.RawPackets;

/// <summary>Raw and packet sockets by socket(2): the base class library opens none for most protocols.</summary>
internal static unsafe class RawSockets
{
    public const int SendBuffer = 7;
    public const int SendBufferForced = 32;
    public const int ReceiveBuffer = 8;
    public const int ReceiveBufferForced = 33;

    private const int BufferSize = 4 << 20;
    private const int ProtocolRaw = 255;
    private const int HeaderIncludedIPv4 = 3;
    private const int HeaderIncludedIPv6 = 36;
    private const int Broadcast = 6;
    private const int BindToDevice = 25;
    private const int LongestAddress = 28;

    /// <summary>Opens a socket.</summary>
    /// <exception cref="NetException">The privilege is missing, or the kernel has no such sockets.</exception>
    public static SafePacketSocket Open(int family, int type, int protocol)
    {
        var opened = PacketSocketCalls.Socket(family, type | PacketSocketCalls.CloseOnExec, protocol);
        if (!opened.IsInvalid)
        {
            return opened;
        }

        var errno = Marshal.GetLastPInvokeError();
        opened.Dispose();
        throw Linux.ErrorOf(errno) == NetError.AccessDenied
            ? PacketSocketDevice.NeedsRight("Sending packets with all their headers", errno)
            : PacketSocketDevice.Failure(errno, "No raw socket can be had.");
    }

    /// <summary>Opens a socket that sends packets with their IP headers.</summary>
    /// <param name="isIPv4">True for IPv4, false for IPv6.</param>
    /// <param name="interfaceName">The interface that they leave by; null for the one of the route.</param>
    /// <exception cref="NetException">The privilege is missing, or there is no such interface.</exception>
    public static SafePacketSocket OpenHeaderIncluded(bool isIPv4, string? interfaceName)
    {
        var socket = Open(isIPv4 ? Linux.FamilyIPv4 : Linux.FamilyIPv6, PacketSocketCalls.TypeRaw, ProtocolRaw);
        try
        {
            SetNumber(socket, isIPv4 ? Linux.LevelIPv4 : Linux.LevelIPv6, isIPv4 ? HeaderIncludedIPv4 : HeaderIncludedIPv6, 1);
            SetNumber(socket, PacketSocketCalls.LevelSocket, Broadcast, 1);
            if (interfaceName is not null)
            {
                fixed (byte* name = Encoding.UTF8.GetBytes(interfaceName + '\0'))
                {
                    if (PacketSocketCalls.SetOption(socket, PacketSocketCalls.LevelSocket, BindToDevice, name, (uint)Encoding.UTF8.GetByteCount(interfaceName) + 1) != 0)
                    {
                        throw PacketSocketDevice.Failure(Marshal.GetLastPInvokeError(), $"The raw socket cannot be bound to {interfaceName}.");
                    }
                }
            }

            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Gives a socket an address of this host; port 0 where the socket has none.</summary>
    /// <exception cref="NetException">The address is none of this host's, or the port is in use.</exception>
    public static void Bind(SafePacketSocket socket, Endpoint local)
    {
        var address = stackalloc byte[LongestAddress];
        var length = LinuxUdpTransport.WriteAddress(local, new Span<byte>(address, LongestAddress));
        if (PacketSocketCalls.Bind(socket, (PacketSocketCalls.LinkAddress*)address, length) == 0)
        {
            return;
        }

        // The base class library knows what each errno means for a socket.
        throw NetException.FromBind(local, new SocketException((int)(Marshal.GetLastPInvokeError() switch
        {
            98 => SocketError.AddressAlreadyInUse,
            99 => SocketError.AddressNotAvailable,
            1 or 13 => SocketError.AccessDenied,
            _ => SocketError.SocketError,
        })));
    }

    /// <summary>Makes a buffer of a socket large: beyond the limit of the host where the privilege is there, else up to it.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="option">The buffer.</param>
    /// <param name="forced">The option that sets it with the privilege.</param>
    public static void SetBuffer(SafePacketSocket socket, int option, int forced)
    {
        var size = BufferSize;
        if (PacketSocketCalls.SetOption(socket, PacketSocketCalls.LevelSocket, forced, &size, sizeof(int)) != 0)
        {
            SetNumber(socket, PacketSocketCalls.LevelSocket, option, size);
        }
    }

    /// <summary>Sets an option that is a number.</summary>
    /// <exception cref="NetException">The kernel does not know it.</exception>
    public static void SetNumber(SafePacketSocket socket, int level, int option, int value)
    {
        if (PacketSocketCalls.SetOption(socket, level, option, &value, sizeof(int)) != 0)
        {
            throw PacketSocketDevice.Failure(Marshal.GetLastPInvokeError(), $"The raw socket does not take the option {option}.");
        }
    }
}
