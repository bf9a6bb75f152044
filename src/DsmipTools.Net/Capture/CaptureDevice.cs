using System.Net.NetworkInformation;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Net.Capture;

/// <summary>The interfaces of this host, and captures on them.</summary>
public static class CaptureDevice
{
    /// <summary>The name that stands for all interfaces on Linux.</summary>
    public const string AnyInterface = "any";

    /// <summary>True when libpcap, or Npcap, is installed.</summary>
    public static bool HasLibpcap => PcapLibrary.IsAvailable;

    /// <summary>Starts a capture.</summary>
    /// <param name="interfaceName">The name of an interface, or <see cref="AnyInterface"/>.</param>
    /// <param name="options">How; null for all frames.</param>
    /// <exception cref="NetException">There is no such interface, a privilege or a library is missing, or the filter is wrong.</exception>
    public static ICaptureDevice Open(string interfaceName, CaptureOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(interfaceName);
        options ??= new CaptureOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.SnapLength, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.SnapLength, CaptureOptions.MaximumSnapLength, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BufferSize, 1, nameof(options));
        var backend = options.Backend != CaptureBackend.Automatic ? options.Backend
            : OperatingSystem.IsLinux() && !FilterProgram.NeedsDevice(options.Filter) ? CaptureBackend.PacketSocket
            : CaptureBackend.Pcap;
        if (backend == CaptureBackend.Pcap)
        {
            return new PcapDevice(interfaceName, options);
        }

        return OperatingSystem.IsLinux()
            ? new PacketSocketDevice(interfaceName, options)
            : throw new NetException(NetError.NotSupported, 0, "Packet sockets exist on Linux only. Capture with libpcap (Npcap on Windows) here.");
    }

    /// <summary>The interfaces that can be named, in the order of the operating system.</summary>
    public static IReadOnlyList<CapturableInterface> Interfaces() => OperatingSystem.IsLinux() || !PcapLibrary.IsAvailable
        ? [.. NetworkInterface.GetAllNetworkInterfaces().Select(Describe), .. OperatingSystem.IsLinux() ? [Any] : Array.Empty<CapturableInterface>()]
        : PcapLibrary.Devices();

    private static CapturableInterface Any => new(AnyInterface, "all interfaces", true, false, []);

    private static CapturableInterface Describe(NetworkInterface each) => new(
        each.Name,
        each.Description == each.Name ? "" : each.Description,
        each.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown,
        each.NetworkInterfaceType == NetworkInterfaceType.Loopback,
        ValueList.From(each.GetIPProperties().UnicastAddresses.Select(address => Address.From(address.Address))));
}
