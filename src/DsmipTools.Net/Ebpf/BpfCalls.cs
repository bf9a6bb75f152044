using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace DsmipTools.Net.Ebpf;

/// <summary>A descriptor of a map, a program or a link from bpf(2).</summary>
internal sealed class SafeBpfDescriptor : SafeDescriptor;

/// <summary>The system call bpf(2), with what it takes (include/uapi/linux/bpf.h).</summary>
[SuppressMessage("Interoperability", "CA5392:Use DefaultDllImportSearchPaths attribute for P/Invokes", Justification = "libc is loaded already.")]
internal static unsafe partial class BpfCalls
{
    public const int CreateMap = 0;
    public const int LookupElement = 1;
    public const int UpdateElement = 2;
    public const int DeleteElement = 3;
    public const int LoadProgram = 5;
    public const int TestProgram = 10;
    public const int QueryPrograms = 16;
    public const int CreateLink = 28;
    public const int DetachLink = 34;

    public const uint TrafficControlProgram = 3;

    public const int NoSuchElement = 2;
    public const int Again = 11;

    /// <summary>The number of bpf(2); -1 on an architecture where it is not known here.</summary>
    private static nint Number => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 321,
        Architecture.Arm64 or Architecture.RiscV64 or Architecture.LoongArch64 => 280,
        Architecture.Arm => 386,
        Architecture.X86 => 357,
        Architecture.S390x => 351,
        Architecture.Ppc64le => 361,
        _ => -1,
    };

    /// <summary>Carries a command out; what it gives back, or -1 with the error number of the last call.</summary>
    public static nint Call<T>(int command, ref T attributes)
        where T : unmanaged
    {
        fixed (T* start = &attributes)
        {
            return Call(Number, command, start, sizeof(T));
        }
    }

    /// <summary>Carries a command out that makes a descriptor.</summary>
    /// <param name="command">The command.</param>
    /// <param name="attributes">What it takes.</param>
    /// <param name="what">What it is for, at the start of a sentence.</param>
    /// <exception cref="NetException">The kernel refused.</exception>
    public static SafeBpfDescriptor Make<T>(int command, ref T attributes, string what)
        where T : unmanaged
    {
        var result = Call(command, ref attributes);
        if (result < 0)
        {
            throw Failure(what, Marshal.GetLastPInvokeError());
        }

        var descriptor = new SafeBpfDescriptor();
        Marshal.InitHandle(descriptor, result);
        return descriptor;
    }

    /// <summary>What the kernel refused.</summary>
    public static NetException Failure(string what, int errno) => errno switch
    {
        1 => new NetException(NetError.AccessDenied, errno, NetException.NeedsCapability(what, "CAP_BPF", 0).Message + " In a user namespace no capability is enough."),
        38 => new NetException(NetError.NotSupported, errno, $"{what} needs a kernel with CONFIG_BPF_SYSCALL."),
        _ => new NetException(Linux.ErrorOf(errno), errno, $"{what} failed."),
    };

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Call(nint number, nint command, void* attributes, nint size);

    [StructLayout(LayoutKind.Sequential)]
    public struct Map
    {
        public uint Type;
        public uint KeySize;
        public uint ValueSize;
        public uint MaximumEntries;
        public uint Flags;
        public uint InnerMap;
        public uint NumaNode;
        public fixed byte Name[16];
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Element
    {
        public uint Map;
        public uint Padding;
        public ulong Key;
        public ulong Value;
        public ulong Flags;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Program
    {
        public uint Type;
        public uint Count;
        public ulong Instructions;
        public ulong Licence;
        public uint LogLevel;
        public uint LogSize;
        public ulong Log;
        public uint KernelVersion;
        public uint Flags;
        public fixed byte Name[16];
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Test
    {
        public uint Program;
        public uint Result;
        public uint LengthIn;
        public uint LengthOut;
        public ulong DataIn;
        public ulong DataOut;
        public uint Repeat;
        public uint Duration;
        public uint ContextLengthIn;
        public uint ContextLengthOut;
        public ulong ContextIn;
        public ulong ContextOut;
        public uint Flags;
        public uint Processor;
        public uint BatchSize;
        public uint Padding;
    }

    [StructLayout(LayoutKind.Sequential, Size = 64)]
    public struct Query
    {
        public uint Interface;
        public uint AttachType;
        public uint Flags;
        public uint AttachFlags;
        public ulong Programs;
        public uint Count;
    }

    [StructLayout(LayoutKind.Sequential, Size = 64)]
    public struct Link
    {
        public uint ProgramOrLink;
        public uint Interface;
        public uint AttachType;
        public uint Flags;
    }
}
