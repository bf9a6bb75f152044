using System.Runtime.InteropServices;
using System.Text;
using System.Net.Sockets;

namespace DsmipTools.Tests.Tunnels;

/// <summary>Turns generic receive offload of an interface on, as hardware has it: TCP segments are joined before raw sockets see them (ethtool -K NAME gro on).</summary>
internal static unsafe partial class ReceiveOffload
{
    private const nuint Ethtool = 0x8946;
    private const uint SetReceiveOffload = 0x2C;

    public static void TurnOn(string name)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        var value = stackalloc uint[2] { SetReceiveOffload, 1 };
        var request = new Request { Data = value };
        Encoding.ASCII.GetBytes(name, new Span<byte>(request.Name, 16));
        Assert.SkipUnless(Control((int)socket.Handle, Ethtool, &request) == 0, $"{name} has no receive offload here");
    }

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(int socket, nuint request, Request* argument);

    [StructLayout(LayoutKind.Sequential, Size = 40)]
    private struct Request
    {
        public fixed byte Name[16];
        public uint* Data;
    }
}
