using System.Runtime.InteropServices;

namespace DsmipTools.Net.Ebpf;

/// <summary>An instruction as the kernel takes it (struct bpf_insn).</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct BpfInstruction(byte Code, byte Registers, short Offset, int Number)
{
    public BpfInstruction(int code, BpfRegister destination, BpfRegister source, int offset, int number)
        : this((byte)code, Pair((byte)destination, (byte)source), checked((short)offset), number)
    {
    }

    // Two bit fields of four bits, whose order is that of the processor.
    private static byte Pair(byte destination, byte source) => BitConverter.IsLittleEndian
        ? (byte)((source << 4) | destination)
        : (byte)((destination << 4) | source);
}
