using System.Runtime.InteropServices;

namespace DsmipTools.Net.Capture;

/// <summary>An instruction of the classic Berkeley packet filter, as the kernel and libpcap take it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct FilterInstruction(ushort Code, byte IfTrue, byte IfFalse, uint Operand);
