using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace DsmipTools.Net.Namespaces;

/// <summary>A descriptor of a namespace.</summary>
internal sealed class SafeNamespaceDescriptor : SafeDescriptor;

/// <summary>The system calls of namespaces, with their constants (include/uapi/linux/sched.h, mount.h).</summary>
[SuppressMessage("Interoperability", "CA5392:Use DefaultDllImportSearchPaths attribute for P/Invokes", Justification = "libc is loaded already.")]
internal static unsafe partial class NamespaceCalls
{
    public const int NewNetwork = 0x40000000;
    public const int NewMounts = 0x00020000;

    public const int CloseOnExec = 0x80000;

    public const nuint Bind = 0x1000;
    public const nuint Recursive = 0x4000;
    public const nuint Slave = 1 << 19;
    public const nuint Shared = 1 << 20;
    public const int Detach = 2;

    public const int Exists = 17;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial SafeNamespaceDescriptor Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    public static partial int Unshare(int flags);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    public static partial int Enter(SafeNamespaceDescriptor descriptor, int kind);

    [LibraryImport("libc", EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Mount(string source, string target, string type, nuint flags, void* data);

    [LibraryImport("libc", EntryPoint = "umount2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Unmount(string target, int flags);
}
