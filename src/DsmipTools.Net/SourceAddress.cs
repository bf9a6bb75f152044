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
