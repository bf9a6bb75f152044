using System.Buffers.Binary;
using static DsmipTools.Net.Ebpf.BpfRegister;

namespace DsmipTools.Net.Ebpf;

/// <summary>Puts a program for the kernel together (RFC 9669). Jumps go forward to labels; arithmetic has 64 bits, and comparisons are unsigned.</summary>
internal sealed class BpfAssembler
{
    private const int ByRegister = 0x08;

    private readonly List<(BpfInstruction Instruction, string? Target)> instructions = [];
    private readonly Dictionary<string, int> labels = [];

    /// <summary>A number of 16 bits as it stands in a packet, read as one of the processor.</summary>
    public static ushort Network(ushort value) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;

    /// <summary>Marks the next instruction.</summary>
    public void Label(string name) => labels.Add(name, instructions.Count);

    public void Move(BpfRegister destination, int number) => Add(0xB7, destination, default, 0, number);

    public void Move(BpfRegister destination, BpfRegister source) => Add(0xB7 | ByRegister, destination, source, 0, 0);

    public void Add(BpfRegister destination, int number) => Add(0x07, destination, default, 0, number);

    public void Add(BpfRegister destination, BpfRegister source) => Add(0x07 | ByRegister, destination, source, 0, 0);

    public void Subtract(BpfRegister destination, BpfRegister source) => Add(0x17 | ByRegister, destination, source, 0, 0);

    public void And(BpfRegister destination, int bits) => Add(0x57, destination, default, 0, bits);

    public void Or(BpfRegister destination, int bits) => Add(0x47, destination, default, 0, bits);

    public void ExclusiveOr(BpfRegister destination, int bits) => Add(0xA7, destination, default, 0, bits);

    public void ShiftLeft(BpfRegister destination, int bits) => Add(0x67, destination, default, 0, bits);

    public void ShiftRight(BpfRegister destination, int bits) => Add(0x77, destination, default, 0, bits);

    /// <summary>Turns a number of the processor into one as in packets, or back; of 16, 32 or 64 bits, what is above them becomes zero.</summary>
    public void SwapToNetwork(BpfRegister register, int bits) => Add(0xDC, register, default, 0, bits);

    /// <summary>Loads from memory.</summary>
    public void Load(BpfWidth width, BpfRegister destination, BpfRegister source, int offset) => Add(0x61 | (int)width, destination, source, offset, 0);

    /// <summary>Stores a register in memory.</summary>
    public void Store(BpfWidth width, BpfRegister destination, int offset, BpfRegister source) => Add(0x63 | (int)width, destination, source, offset, 0);

    /// <summary>Stores a number in memory.</summary>
    public void Store(BpfWidth width, BpfRegister destination, int offset, int number) => Add(0x62 | (int)width, destination, default, offset, number);

    public void Jump(string label) => Add(0x05, default, default, 0, 0, label);

    public void JumpIfEqual(BpfRegister register, int number, string label) => Add(0x15, register, default, 0, number, label);

    public void JumpIfNotEqual(BpfRegister register, int number, string label) => Add(0x55, register, default, 0, number, label);

    public void JumpIfNotEqual(BpfRegister register, BpfRegister other, string label) => Add(0x55 | ByRegister, register, other, 0, 0, label);

    public void JumpIfGreater(BpfRegister register, int number, string label) => Add(0x25, register, default, 0, number, label);

    public void JumpIfGreater(BpfRegister register, BpfRegister other, string label) => Add(0x25 | ByRegister, register, other, 0, 0, label);

    public void JumpIfLess(BpfRegister register, int number, string label) => Add(0xA5, register, default, 0, number, label);

    /// <summary>Goes to a label when a register has one of some bits.</summary>
    public void JumpIfAny(BpfRegister register, int bits, string label) => Add(0x45, register, default, 0, bits, label);

    /// <summary>Calls a function of the kernel.</summary>
    public void Call(BpfHelper helper) => Add(0x85, default, default, 0, (int)helper);

    /// <summary>Ends with R0.</summary>
    public void Exit() => Add(0x95, default, default, 0, 0);

    /// <summary>Ends with a number.</summary>
    public void Return(int number)
    {
        Move(R0, number);
        Exit();
    }

    /// <summary>R0 = the value of a map with a key on the stack; 0 when there is none.</summary>
    public void Lookup(BpfMap map, int keyOffset)
    {
        const BpfRegister MapByDescriptor = R1;
        Add(0x18, R1, MapByDescriptor, 0, map.Number);
        Add(0x00, default, default, 0, 0);
        Address(R2, keyOffset);
        Call(BpfHelper.MapLookup);
    }

    /// <summary>A register = the address of a place on the stack.</summary>
    public void Address(BpfRegister destination, int stackOffset)
    {
        Move(destination, Frame);
        Add(destination, stackOffset);
    }

    /// <summary>True when something goes to a label; the kernel takes no instructions that are never reached.</summary>
    public bool Reaches(string label) => instructions.Exists(each => each.Target == label);

    /// <summary>The program.</summary>
    public BpfInstruction[] Assemble() =>
        [.. instructions.Select((each, at) => each.Target is { } target ? each.Instruction with { Offset = checked((short)(labels[target] - at - 1)) } : each.Instruction)];

    private void Add(int code, BpfRegister destination, BpfRegister source, int offset, int number, string? target = null) =>
        instructions.Add((new BpfInstruction(code, destination, source, offset, number), target));
}
