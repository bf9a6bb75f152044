using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using DsmipTools.Net.Capture;

namespace DsmipTools.Net.Probing;

/// <summary>A descriptor from open(2) or bpf(2).</summary>
internal sealed class SafeProbeDescriptor : SafeDescriptor;

/// <summary>The system calls that probes make, with their constants (include/uapi/linux).</summary>
[SuppressMessage("Interoperability", "CA5392:Use DefaultDllImportSearchPaths attribute for P/Invokes", Justification = "libc is loaded already.")]
internal static unsafe partial class ProbeCalls
{
    public const int ReadableAndWritable = 6;
    public const int NewNetwork = 0x40000000;

    public const nuint GetMtu = 0x8921;

    public const int LoadProgram = 5;
    public const int CreateLink = 28;
    public const uint TrafficControlProgram = 3;
    public const uint TcxIngress = 46;

    /// <summary>The number of bpf(2); -1 on an architecture where it is not known here.</summary>
    public static nint BpfNumber => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 321,
        Architecture.Arm64 or Architecture.RiscV64 or Architecture.LoongArch64 => 280,
        Architecture.Arm => 386,
        Architecture.X86 => 357,
        Architecture.S390x => 351,
        Architecture.Ppc64le => 361,
        _ => -1,
    };

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial SafeProbeDescriptor Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Access(string path, int mode);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(SafeProbeDescriptor descriptor, nuint request, PacketSocketCalls.InterfaceRequest* argument);

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    public static partial int Unshare(int flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial nint Bpf(nint number, nint command, void* attributes, nint size);

    /// <summary>What bpf(2) takes to load a program, up to the length of a log that is not wanted.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 64)]
    public struct ProgramToLoad
    {
        public uint Type;
        public uint Count;
        public ulong Instructions;
        public ulong Licence;
    }

    /// <summary>What bpf(2) takes to attach a program to an interface.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 64)]
    public struct LinkToCreate
    {
        public uint Program;
        public uint Interface;
        public uint AttachType;
        public uint Flags;
    }
}
