using System.Runtime.InteropServices;
using System.Text;

namespace DsmipTools.Net.Ebpf;

/// <summary>Where a program is attached to an interface (tcx, Linux 6.6).</summary>
internal enum BpfHook : uint
{
    /// <summary>What the interface has received, before the host sees it.</summary>
    Ingress = 46,

    /// <summary>What the host sends by the interface, before it waits in a queue.</summary>
    Egress = 47,
}

/// <summary>A program in the kernel that sees packets of interfaces; gone with its descriptor and its links.</summary>
internal sealed unsafe class BpfProgram : IDisposable
{
    /// <summary>Results of programs: to the next program, or else to the host.</summary>
    public const int Next = -1;

    /// <summary>The packet is dropped.</summary>
    public const int Drop = 2;

    /// <summary>The packet goes where a call has said.</summary>
    public const int Redirected = 7;

    private const int LogSize = 1 << 20;
    private const int Room = 1 << 16;

    private readonly SafeBpfDescriptor descriptor;

    /// <summary>Loads a program.</summary>
    /// <exception cref="NetException">The kernel refused.</exception>
    public BpfProgram(string name, BpfInstruction[] instructions)
    {
        var what = "Loading a program into the kernel";
        fixed (BpfInstruction* first = instructions)
        fixed (byte* licence = "MIT\0"u8)
        {
            var program = new BpfCalls.Program
            {
                Type = BpfCalls.TrafficControlProgram, Count = (uint)instructions.Length, Instructions = (ulong)first, Licence = (ulong)licence,
            };
            Encoding.ASCII.GetBytes(name, new Span<byte>(program.Name, 15));
            var result = BpfCalls.Call(BpfCalls.LoadProgram, ref program);
            if (result < 0)
            {
                var failure = BpfCalls.Failure(what, Marshal.GetLastPInvokeError());
                // What its verifier says, which is written only when it is asked for.
                throw failure.Error is NetError.AccessDenied or NetError.NotSupported ? failure
                    : new NetException(failure.Error, failure.Errno, $"{what} failed.{LastWords(program)}");
            }

            descriptor = new SafeBpfDescriptor();
            Marshal.InitHandle(descriptor, result);
        }
    }

    /// <summary>Attaches the program to an interface of the network namespace of this thread.</summary>
    /// <returns>What keeps it there: it is detached when that is disposed, or when the process ends, however that ends.</returns>
    /// <exception cref="NetException">There is no such interface, or the kernel has no such hooks.</exception>
    public IDisposable Attach(int interfaceIndex, BpfHook hook)
    {
        var link = new BpfCalls.Link { ProgramOrLink = (uint)descriptor.DangerousGetHandle(), Interface = (uint)interfaceIndex, AttachType = (uint)hook };
        return new Attachment(BpfCalls.Make(BpfCalls.CreateLink, ref link, $"Attaching a program to interface {interfaceIndex} (tcx, Linux 6.6 or later)"));
    }

    /// <summary>How many programs are attached to an interface of the network namespace of this thread, whoever has attached them.</summary>
    public static int CountAttached(int interfaceIndex, BpfHook hook)
    {
        var query = new BpfCalls.Query { Interface = (uint)interfaceIndex, AttachType = (uint)hook };
        return BpfCalls.Call(BpfCalls.QueryPrograms, ref query) < 0
            ? throw BpfCalls.Failure("Counting programs at an interface", Marshal.GetLastPInvokeError())
            : (int)query.Count;
    }

    /// <summary>Runs the program once on a packet, of which no interface knows.</summary>
    /// <param name="frame">The packet behind an Ethernet header; becomes what the program has made of it.</param>
    /// <returns>The result of the program.</returns>
    public int Test(ref byte[] frame)
    {
        var output = new byte[Room];
        fixed (byte* from = frame, to = output)
        {
            var test = new BpfCalls.Test
            {
                Program = (uint)descriptor.DangerousGetHandle(),
                LengthIn = (uint)frame.Length,
                LengthOut = (uint)output.Length,
                DataIn = (ulong)from,
                DataOut = (ulong)to,
                Repeat = 1,
            };
            if (BpfCalls.Call(BpfCalls.TestProgram, ref test) < 0)
            {
                throw BpfCalls.Failure("Running a program of the kernel", Marshal.GetLastPInvokeError());
            }

            frame = output[..(int)test.LengthOut];
            return (int)test.Result;
        }
    }

    public void Dispose() => descriptor.Dispose();

    private static string LastWords(BpfCalls.Program program)
    {
        var log = new byte[LogSize];
        fixed (byte* start = log)
        {
            (program.LogLevel, program.LogSize, program.Log) = (1, LogSize, (ulong)start);
            var again = BpfCalls.Call(BpfCalls.LoadProgram, ref program);
            if (again >= 0)
            {
                _ = Linux.Close(again);
            }
        }

        var lines = Encoding.ASCII.GetString(log).TrimEnd('\0').Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return lines.Length == 0 ? "" : $" The kernel says: {string.Join("; ", lines[^Math.Min(lines.Length, 8)..])}";
    }

    private sealed class Attachment(SafeBpfDescriptor link) : IDisposable
    {
        public void Dispose()
        {
            if (!link.IsClosed)
            {
                // Closing is not enough while some thread starts a process: until that has begun, it has the descriptor too.
                var detach = new BpfCalls.Link { ProgramOrLink = (uint)link.DangerousGetHandle() };
                BpfCalls.Call(BpfCalls.DetachLink, ref detach);
                link.Dispose();
            }
        }
    }
}
