using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using DsmipTools.Net.Capture;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Net;

/// <summary>The addresses that the operating system sends from.</summary>
public static class SourceAddress
{
    // Any port: connecting a UDP socket sends nothing.
    private const int AnyPort = 9;
    private const int LevelSocket = 1;
    private const int BindToDevice = 25;

    /// <summary>The address that packets to a destination come from unless they say otherwise.</summary>
    /// <param name="destination">The destination.</param>
    /// <param name="interfaceName">The interface that they leave by; null for the one of the route.</param>
    /// <exception cref="NetException">There is no route, or no such interface.</exception>
    public static Address For(Address destination, string? interfaceName = null)
    {
        using var socket = new Socket(
            destination.IsIPv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
        var address = destination.ToIPAddress();
        try
        {
            if (interfaceName is not null)
            {
                var index = InterfaceIndex(interfaceName);
                if (destination.IsIPv6 && (destination.IsLinkLocal || destination.IsMulticast))
                {
                    address.ScopeId = index;
                }

                if (OperatingSystem.IsLinux())
                {
                    socket.SetRawSocketOption(LevelSocket, BindToDevice, Encoding.UTF8.GetBytes(interfaceName + '\0'));
                }
            }

            // Without it a broadcast address is refused.
            socket.EnableBroadcast = destination.IsIPv4;
            socket.Connect(new IPEndPoint(address, AnyPort));
            return Address.From(((IPEndPoint)socket.LocalEndPoint!).Address);
        }
        catch (SocketException exception)
        {
            throw new NetException(
                NetException.ErrorOf(exception.SocketErrorCode),
                exception.NativeErrorCode,
                new Endpoint(destination, 0),
                $"This host has no route to {destination}{(interfaceName is null ? "" : $" by {interfaceName}")}, or no address to send from: "
                    + "name a source" + (destination.IsLinkLocal && interfaceName is null ? " and an interface: the address is link-local." : "."),
                exception);
        }
    }

    /// <summary>The longest packet that the way to a destination takes as far as the host knows: the interface, the route, and what the path has told it.</summary>
    /// <returns>Octets; null where there is no route, or no system that tells.</returns>
    public static int? MtuTo(Address destination)
    {
        const int LevelIPv4 = 0, MtuIPv4 = 14, LevelIPv6 = 41, MtuIPv6 = 24;
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        using var socket = new Socket(
            destination.IsIPv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Connect(new IPEndPoint(destination.ToIPAddress(), AnyPort));
            Span<byte> value = stackalloc byte[sizeof(int)];
            socket.GetRawSocketOption(destination.IsIPv4 ? LevelIPv4 : LevelIPv6, destination.IsIPv4 ? MtuIPv4 : MtuIPv6, value);
            return BitConverter.ToInt32(value);
        }
        catch (SocketException)
        {
            return null;
        }
    }

    /// <summary>Does nothing for an address of this host.</summary>
    /// <exception cref="NetException">No interface has the address.</exception>
    public static void ThrowUnlessLocal(Address address)
    {
        using var socket = new Socket(address.IsIPv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Bind(new IPEndPoint(address.ToIPAddress(), 0));
        }
        catch (SocketException exception)
        {
            throw NetException.FromBind(new Endpoint(address, 0), exception);
        }
    }

    /// <summary>The number of an interface.</summary>
    /// <exception cref="NetException">There is none of this name.</exception>
    internal static int InterfaceIndex(string name)
    {
        if (OperatingSystem.IsWindows())
        {
            var found = Array.Find(NetworkInterface.GetAllNetworkInterfaces(), each => each.Name == name);
            return found?.GetIPProperties().GetIPv6Properties().Index ?? throw PacketSocketDevice.NoInterface(name, 0);
        }

        var index = PacketSocketCalls.InterfaceIndex(name);
        return index != 0 ? (int)index : throw PacketSocketDevice.NoInterface(name, PacketSocketCalls.NoSuchDevice);
    }
}
