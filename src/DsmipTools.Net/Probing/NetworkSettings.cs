using System.Globalization;
using System.Net.NetworkInformation;
using System.Runtime.InteropServices;
using System.Text;
using DsmipTools.Net.Capture;

namespace DsmipTools.Net.Probing;

/// <summary>Settings of the network that the calling thread is in. Linux.</summary>
public static unsafe class NetworkSettings
{
    private const string Configuration = "/proc/sys/net/ipv4/conf";
    private const int IsLoopback = 8;

    /// <summary>A number of /proc/sys; null where there is none.</summary>
    /// <param name="path">What follows /proc/sys/, with slashes.</param>
    public static int? Read(string path)
    {
        try
        {
            return int.Parse(File.ReadAllText(Path.Combine("/proc/sys", path)), NumberStyles.Integer, CultureInfo.InvariantCulture);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            return null;
        }
    }

    /// <summary>The reverse path filter that counts on each interface, the greater of its own and that of "all" (RFC 3704): 0 none, 1 strict, 2 loose. "default" is for interfaces to come.</summary>
    public static IReadOnlyList<(string Interface, int Filter)> ReversePathFilters()
    {
        var all = Read("net/ipv4/conf/all/rp_filter") ?? 0;
        return !Directory.Exists(Configuration) ? [] :
        [
            .. Directory.EnumerateDirectories(Configuration)
                .Select(Path.GetFileName)
                .OfType<string>()
                .Where(name => name != "all")
                .Order(StringComparer.Ordinal)
                .Select(name => (name, Math.Max(all, Read($"net/ipv4/conf/{name}/rp_filter") ?? 0))),
        ];
    }

    /// <summary>The interfaces that are up, without loopback, with the longest packet in octets that each takes.</summary>
    public static IReadOnlyList<(string Interface, int Mtu)> Mtus()
    {
        using var socket = PacketSocketCalls.Socket(Linux.FamilyIPv4, PacketSocketCalls.TypeDatagram | PacketSocketCalls.CloseOnExec, 0);
        List<(string, int)> mtus = [];
        foreach (var name in NetworkInterface.GetAllNetworkInterfaces().Select(each => each.Name).Order(StringComparer.Ordinal))
        {
            // Not from /sys, which shows another network's where it was not mounted again.
            var flags = Ask(socket, name, PacketSocketCalls.GetFlags);
            if (flags is { } set && (set & PacketSocketCalls.IsUp) != 0 && (set & IsLoopback) == 0 && Ask(socket, name, ProbeCalls.GetMtu) is { } mtu)
            {
                mtus.Add((name, mtu));
            }
        }

        return mtus;
    }

    private static int? Ask(SafePacketSocket socket, string name, nuint what)
    {
        PacketSocketCalls.InterfaceRequest request = default;
        Encoding.UTF8.GetBytes(name, new Span<byte>(request.Name, 15));
        if (PacketSocketCalls.Control(socket, what, &request) != 0)
        {
            return null;
        }

        return what == ProbeCalls.GetMtu ? MemoryMarshal.Read<int>(new ReadOnlySpan<byte>(&request.Value, sizeof(int))) : request.Value;
    }
}
