using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using DsmipTools.Wire.Capture;

namespace DsmipTools.Net.Capture;

/// <summary>A handle from pcap_create or pcap_open_dead.</summary>
internal sealed class SafePcapHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public SafePcapHandle()
        : base(true)
    {
    }

    protected override bool ReleaseHandle()
    {
        PcapLibrary.Close(handle);
        return true;
    }
}

/// <summary>The calls of libpcap, which Npcap has too. The library is looked for when it is first needed.</summary>
internal static unsafe partial class PcapLibrary
{
    public const int ErrorBufferSize = 256;
    public const int NanosecondPrecision = 1;
    public const int BreakLoopResult = -2;
    public const int NoSuchDevice = -5;
    public const int PermissionDenied = -8;
    public const int InterfaceNotUp = -9;
    public const int PromiscuousPermissionDenied = -11;

    private const string Name = "pcap";
    private const uint UnknownNetmask = uint.MaxValue;
    private const int DataLinkRaw = 12;
    private const int DataLinkRawOnOpenBsd = 14;
    private const uint DeviceIsLoopback = 1;
    private const uint DeviceIsUp = 2;

    private static readonly Lazy<nint> library = new(() => Load(Candidates()));
    private static readonly Lock compiling = new();

    static PcapLibrary() => NativeLibrary.SetDllImportResolver(typeof(PcapLibrary).Assembly, Resolve);

    /// <summary>True when the library is there.</summary>
    public static bool IsAvailable => library.Value != 0;

    /// <summary>Throws when the library is missing, and says how to get it.</summary>
    public static void Require(string purpose)
    {
        if (!IsAvailable)
        {
            throw Missing(purpose);
        }
    }

    public static NetException Missing(string purpose) => new(
        NetError.LibraryMissing,
        0,
        $"{purpose} needs " + (OperatingSystem.IsWindows()
            ? "Npcap, which is not installed (npcap.com)."
            : "libpcap, which is not installed ('apt install libpcap0.8', 'dnf install libpcap', or 'apk add libpcap')."));

    public static nint Load(IEnumerable<string> candidates) =>
        candidates.Select(each => NativeLibrary.TryLoad(each, out var loaded) ? loaded : 0).FirstOrDefault(loaded => loaded != 0);

    /// <summary>Compiles a filter for a link type without a device.</summary>
    public static FilterInstruction[] Compile(string filter, LinkType linkType, int snapLength)
    {
        Require($"The filter '{filter}'");
        var dataLink = linkType == LinkType.Raw ? DataLinkRaw : (int)linkType;
        using var dead = OpenDead(dataLink, snapLength);
        var program = Compile(dead, filter);
        try
        {
            return new ReadOnlySpan<FilterInstruction>(program.Instructions, (int)program.Length).ToArray();
        }
        finally
        {
            FreeCode(&program);
        }
    }

    /// <summary>Compiles a filter for a device; the program has to be freed.</summary>
    public static Program Compile(SafePcapHandle handle, string filter)
    {
        // Old versions of the library keep the compiler's state in variables of the process.
        lock (compiling)
        {
            Program program;
            return Compile(handle, &program, filter, 1, UnknownNetmask) == 0
                ? program
                : throw new NetException(NetError.FilterNotUnderstood, 0, $"The filter '{filter}' is not understood: {ErrorOf(handle)}. 'man pcap-filter' has the language.");
        }
    }

    /// <summary>What libpcap says of the last failure of a handle.</summary>
    public static string ErrorOf(SafePcapHandle handle) => Marshal.PtrToStringUTF8(GetError(handle))?.TrimEnd('.') ?? "";

    /// <summary>The link type of files for what a device calls its frames.</summary>
    public static LinkType LinkTypeOf(int dataLink) => dataLink is DataLinkRaw or DataLinkRawOnOpenBsd ? LinkType.Raw : (LinkType)dataLink;

    /// <summary>The interfaces that the library can open.</summary>
    public static IReadOnlyList<CapturableInterface> Devices()
    {
        var message = stackalloc byte[ErrorBufferSize];
        Device* first;
        if (FindDevices(&first, message) != 0)
        {
            throw new NetException(NetError.Other, 0, $"libpcap cannot list the interfaces: {Marshal.PtrToStringUTF8((nint)message)}.");
        }

        try
        {
            var devices = new List<CapturableInterface>();
            for (var device = first; device is not null; device = device->Next)
            {
                devices.Add(new CapturableInterface(
                    Marshal.PtrToStringUTF8(device->Name) ?? "",
                    Marshal.PtrToStringUTF8(device->Description) ?? "",
                    (device->Flags & DeviceIsUp) != 0,
                    (device->Flags & DeviceIsLoopback) != 0,
                    []));
            }

            return devices;
        }
        finally
        {
            FreeDevices(first);
        }
    }

    [LibraryImport(Name, EntryPoint = "pcap_create", StringMarshalling = StringMarshalling.Utf8)]
    public static partial SafePcapHandle Create(string device, byte* error);

    [LibraryImport(Name, EntryPoint = "pcap_set_snaplen")]
    public static partial int SetSnapLength(SafePcapHandle handle, int octets);

    [LibraryImport(Name, EntryPoint = "pcap_set_promisc")]
    public static partial int SetPromiscuous(SafePcapHandle handle, int value);

    [LibraryImport(Name, EntryPoint = "pcap_set_timeout")]
    public static partial int SetTimeout(SafePcapHandle handle, int milliseconds);

    [LibraryImport(Name, EntryPoint = "pcap_set_buffer_size")]
    public static partial int SetBufferSize(SafePcapHandle handle, int octets);

    [LibraryImport(Name, EntryPoint = "pcap_set_immediate_mode")]
    public static partial int SetImmediateMode(SafePcapHandle handle, int value);

    [LibraryImport(Name, EntryPoint = "pcap_set_tstamp_precision")]
    public static partial int SetPrecision(SafePcapHandle handle, int precision);

    [LibraryImport(Name, EntryPoint = "pcap_get_tstamp_precision")]
    public static partial int GetPrecision(SafePcapHandle handle);

    [LibraryImport(Name, EntryPoint = "pcap_activate")]
    public static partial int Activate(SafePcapHandle handle);

    [LibraryImport(Name, EntryPoint = "pcap_setnonblock")]
    public static partial int SetNonBlocking(SafePcapHandle handle, int value, byte* error);

    [LibraryImport(Name, EntryPoint = "pcap_datalink")]
    public static partial int DataLink(SafePcapHandle handle);

    [LibraryImport(Name, EntryPoint = "pcap_setfilter")]
    public static partial int SetFilter(SafePcapHandle handle, Program* program);

    [LibraryImport(Name, EntryPoint = "pcap_freecode")]
    public static partial void FreeCode(Program* program);

    [LibraryImport(Name, EntryPoint = "pcap_next_ex")]
    public static partial int Next(SafePcapHandle handle, FrameHeader** header, byte** octets);

    [LibraryImport(Name, EntryPoint = "pcap_breakloop")]
    public static partial void BreakLoop(SafePcapHandle handle);

    [LibraryImport(Name, EntryPoint = "pcap_get_selectable_fd")]
    public static partial int SelectableDescriptor(SafePcapHandle handle);

    [LibraryImport(Name, EntryPoint = "pcap_stats")]
    public static partial int Statistics(SafePcapHandle handle, Counters* counters);

    [LibraryImport(Name, EntryPoint = "pcap_offline_filter")]
    public static partial int OfflineFilter(Program* program, FrameHeader* header, byte* octets);

    [LibraryImport(Name, EntryPoint = "pcap_close")]
    public static partial void Close(nint handle);

    [LibraryImport(Name, EntryPoint = "pcap_open_dead")]
    private static partial SafePcapHandle OpenDead(int dataLink, int snapLength);

    [LibraryImport(Name, EntryPoint = "pcap_compile", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Compile(SafePcapHandle handle, Program* program, string filter, int optimize, uint netmask);

    [LibraryImport(Name, EntryPoint = "pcap_geterr")]
    private static partial nint GetError(SafePcapHandle handle);

    [LibraryImport(Name, EntryPoint = "pcap_findalldevs")]
    private static partial int FindDevices(Device** first, byte* error);

    [LibraryImport(Name, EntryPoint = "pcap_freealldevs")]
    private static partial void FreeDevices(Device* first);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => name == Name ? library.Value : 0;

    private static string[] Candidates() =>
        OperatingSystem.IsWindows() ? [Path.Combine(Environment.SystemDirectory, "Npcap", "wpcap.dll"), "wpcap.dll"]
        : OperatingSystem.IsMacOS() ? ["libpcap.A.dylib", "libpcap.dylib"]
        : ["libpcap.so.0.8", "libpcap.so.1", "libpcap.so"];

    /// <summary>bpf_program.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Program
    {
        public uint Length;
        public FilterInstruction* Instructions;
    }

    /// <summary>pcap_stat; Npcap has more fields behind.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 64)]
    public struct Counters
    {
        public uint Received;
        public uint Dropped;
        public uint DroppedByInterface;
    }

    /// <summary>pcap_pkthdr: its time has the width of a C long, which on Windows is 32 bits.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct FrameHeader
    {
        public CLong Seconds;
        public CLong Fraction;
        public uint Captured;
        public uint Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Device
    {
        public Device* Next;
        public nint Name;
        public nint Description;
        public nint Addresses;
        public uint Flags;
    }
}
