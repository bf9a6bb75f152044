using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace DsmipTools.Net.Links;

/// <summary>The system calls of link elements.</summary>
[SuppressMessage("Interoperability", "CA5392:Use DefaultDllImportSearchPaths attribute for P/Invokes", Justification = "libc is loaded already.")]
internal static unsafe partial class LinkCalls
{
    [LibraryImport("libc", EntryPoint = "ppoll", SetLastError = true)]
    public static partial int Poll(Linux.PollDescriptor* descriptors, nuint count, Time* time, void* signals);

    /// <summary>timespec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Time
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
