namespace DsmipTools.Net.Capture;

/// <summary>Puts a filter program together. Jumps go forward to labels; the accumulator is A, the index register X.</summary>
internal sealed class FilterAssembler
{
    private const ushort Always = 0x05;

    private readonly List<(ushort Code, uint Operand, string? Target)> instructions = [];
    private readonly Dictionary<string, int> labels = [];

    /// <summary>Marks the next instruction.</summary>
    public void Label(string name) => labels.Add(name, instructions.Count);

    /// <summary>A = octet at an offset.</summary>
    public void LoadOctet(int offset) => Add(0x30, (uint)offset);

    /// <summary>A = 16 bits at an offset.</summary>
    public void LoadShort(int offset) => Add(0x28, (uint)offset);

    /// <summary>A = octet at X and an offset.</summary>
    public void LoadOctetAtIndex(int offset) => Add(0x50, (uint)offset);

    /// <summary>A = 16 bits at X and an offset.</summary>
    public void LoadShortAtIndex(int offset) => Add(0x48, (uint)offset);

    /// <summary>A = what was stored.</summary>
    public void Recall() => Add(0x60, 0);

    /// <summary>Stores A.</summary>
    public void Store() => Add(0x02, 0);

    /// <summary>X = a number.</summary>
    public void SetIndex(int value) => Add(0x01, (uint)value);

    /// <summary>X = A.</summary>
    public void ToIndex() => Add(0x07, 0);

    /// <summary>A = X.</summary>
    public void FromIndex() => Add(0x87, 0);

    /// <summary>A += a number.</summary>
    public void AddNumber(int value) => Add(0x04, (uint)value);

    /// <summary>A += X.</summary>
    public void AddIndex() => Add(0x0C, 0);

    /// <summary>A &amp;= a number.</summary>
    public void And(uint value) => Add(0x54, value);

    /// <summary>A is shifted to the left.</summary>
    public void ShiftLeft(int bits) => Add(0x64, (uint)bits);

    /// <summary>A is shifted to the right.</summary>
    public void ShiftRight(int bits) => Add(0x74, (uint)bits);

    /// <summary>Goes to a label.</summary>
    public void Jump(string label) => instructions.Add((Always, 0, label));

    /// <summary>Goes to a label when A is a number.</summary>
    public void JumpIfEqual(uint value, string label) => instructions.Add((0x15, value, label));

    /// <summary>Goes to a label when A has one of some bits.</summary>
    public void JumpIfAny(uint bits, string label) => instructions.Add((0x45, bits, label));

    /// <summary>Ends with the number of octets to keep; 0 drops the frame.</summary>
    public void Return(int octets) => Add(0x06, (uint)octets);

    /// <summary>The program.</summary>
    public FilterInstruction[] Assemble()
    {
        var program = new FilterInstruction[instructions.Count];
        for (var at = 0; at < program.Length; at++)
        {
            var (code, operand, target) = instructions[at];
            var distance = target is null ? 0 : labels[target] - at - 1;
            program[at] = code == Always
                ? new FilterInstruction(code, 0, 0, (uint)distance)
                : new FilterInstruction(code, checked((byte)distance), 0, operand);
        }

        return program;
    }

    private void Add(ushort code, uint operand) => instructions.Add((code, operand, null));
}
