using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using DsmipTools.Net.Capture;

namespace DsmipTools.Net.Probing;

/// <summary>A descriptor from open(2).</summary>
internal sealed class SafeProbeDescriptor : SafeDescriptor;

/// <summary>The system calls that probes make, with their constants (include/uapi/linux).</summary>
[SuppressMessage("Interoperability", "CA5392:Use DefaultDllImportSearchPaths attribute for P/Invokes", Justification = "libc is loaded already.")]
internal static unsafe partial class ProbeCalls
{
    public const int ReadableAndWritable = 6;
    public const int NewNetwork = 0x40000000;

    public const nuint GetMtu = 0x8921;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial SafeProbeDescriptor Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Access(string path, int mode);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(SafeProbeDescriptor descriptor, nuint request, PacketSocketCalls.InterfaceRequest* argument);

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    public static partial int Unshare(int flags);
}
