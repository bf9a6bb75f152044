using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DsmipTools.Net.Tunnels;

/// <summary>Values in memory that stays where it is as long as this is there: for system calls that are made again and again.</summary>
internal sealed unsafe class PinnedArray<T>
    where T : unmanaged
{
    private readonly T[] array;

    public PinnedArray(int count)
    {
        array = GC.AllocateArray<T>(count, pinned: true);
        Start = (T*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array));
    }

    public T* Start { get; }

    public ref T this[int at] => ref array[at];

    public Span<T> Slice(int start, int length) => array.AsSpan(start, length);
}
