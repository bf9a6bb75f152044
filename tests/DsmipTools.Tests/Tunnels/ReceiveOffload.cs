using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace DsmipTools.Tests.Tunnels;

/// <summary>
/// Makes an interface of a pair join TCP segments before raw sockets see them, as network cards do: generic receive offload on, waiting for more
/// segments, and segmentation offload off at the sender, without which the pair does not join any.
/// </summary>
internal static unsafe partial class ReceiveOffload
{
    private const nuint Ethtool = 0x8946;
    private const uint SetReceiveOffload = 0x2C;
    private const uint SetSegmentationOffload = 0x1F;
    private const uint SetChecksumOffload = 0x17;

    public static void TurnOn(string name)
    {
        Set(name, SetReceiveOffload, 1);
        Set(name, SetSegmentationOffload, 0);
        // Of the network namespace of this thread, which the /sys of the process does not show.
        var folder = $"/sys/class/net/{name}";
        string[] arguments = ["-m", "sh", "-c", $"mount -t sysfs sysfs /sys && echo 5 > {folder}/napi_defer_hard_irqs && echo 200000 > {folder}/gro_flush_timeout"];
        using var process = Process.Start(new ProcessStartInfo("unshare", arguments) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.SkipUnless(process.ExitCode == 0, $"{name} cannot be made to wait for segments: {error}");
    }

    /// <summary>Makes an interface send each segment and datagram as it is on a wire, with all its checksums.</summary>
    public static void TurnOffSending(string name)
    {
        Set(name, SetSegmentationOffload, 0);
        Set(name, SetChecksumOffload, 0);
        Net.Tests.Support.NetworkNamespace.Ip($"link set dev {name} gso_max_segs 1");
    }

    private static void Set(string name, uint command, uint value)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        var change = stackalloc uint[2] { command, value };
        var request = new Request { Data = change };
        Encoding.ASCII.GetBytes(name, new Span<byte>(request.Name, 16));
        Assert.SkipUnless(Control((int)socket.Handle, Ethtool, &request) == 0, $"the offloads of {name} cannot be set here");
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
