using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace DsmipTools.Net.Ebpf;

/// <summary>What a map is.</summary>
internal enum BpfMapKind : uint
{
    Hash = 1,

    /// <summary>Each processor has a value of its own with a key.</summary>
    HashForEachProcessor = 5,

    /// <summary>The longest prefix is found. A key is the number of its bits, of 32 bits, and then those bits.</summary>
    LongestPrefix = 11,
}

/// <summary>A table that a program in the kernel and this process share; gone with its descriptor and the programs that use it.</summary>
internal sealed unsafe class BpfMap : IDisposable
{
    private const uint AllocateAsNeeded = 1;
    private const int MostProcessors = 8192;

    private readonly string name;
    private readonly int keySize;
    private readonly int valueSize;
    private readonly int values;
    private readonly SafeBpfDescriptor descriptor;

    /// <summary>Makes an empty map.</summary>
    /// <exception cref="NetException">The kernel refused.</exception>
    public BpfMap(string name, BpfMapKind kind, int keySize, int valueSize, int maximumEntries)
    {
        (this.name, this.keySize, this.valueSize) = (name, keySize, valueSize);
        values = kind == BpfMapKind.HashForEachProcessor ? Processors : 1;
        var map = new BpfCalls.Map
        {
            Type = (uint)kind, KeySize = (uint)keySize, ValueSize = (uint)valueSize, MaximumEntries = (uint)maximumEntries, Flags = AllocateAsNeeded,
        };
        Encoding.ASCII.GetBytes(name, new Span<byte>(map.Name, 15));
        descriptor = BpfCalls.Make(BpfCalls.CreateMap, ref map, "Making a table in the kernel");
    }

    /// <summary>How many values a map for each processor has with a key: one for each processor that there may ever be.</summary>
    public static int Processors { get; } = CountProcessors();

    /// <summary>The number of its descriptor, as it stands in programs.</summary>
    public int Number => (int)descriptor.DangerousGetHandle();

    /// <summary>Sets the value with a key; of a map for each processor, all of them one behind the other.</summary>
    /// <exception cref="NetException">There is no room.</exception>
    public void Set(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        Check(value.Length == valueSize * values);
        fixed (byte* start = value)
        {
            if (Call(BpfCalls.UpdateElement, key, start) < 0)
            {
                var errno = Marshal.GetLastPInvokeError();
                throw new NetException(NetError.NoResources, errno, $"The kernel's table {name} takes no more entries.");
            }
        }
    }

    /// <summary>Removes the value with a key, if there is one.</summary>
    public void Remove(ReadOnlySpan<byte> key) => Call(BpfCalls.DeleteElement, key, null);

    /// <summary>Sums the numbers of 64 bits in a value over all processors; zeros when there is no such value.</summary>
    public long[] Sum(ReadOnlySpan<byte> key)
    {
        var numbers = new long[valueSize / sizeof(long)];
        var all = new long[numbers.Length * values];
        fixed (long* start = all)
        {
            if (Call(BpfCalls.LookupElement, key, start) < 0)
            {
                return numbers;
            }
        }

        for (var at = 0; at < all.Length; at++)
        {
            numbers[at % numbers.Length] += all[at];
        }

        return numbers;
    }

    public void Dispose() => descriptor.Dispose();

    private nint Call(int command, ReadOnlySpan<byte> key, void* value)
    {
        Check(key.Length == keySize);
        var added = false;
        try
        {
            descriptor.DangerousAddRef(ref added);
            fixed (byte* start = key)
            {
                var element = new BpfCalls.Element { Map = (uint)Number, Key = (ulong)start, Value = (ulong)value };
                return BpfCalls.Call(command, ref element);
            }
        }
        finally
        {
            if (added)
            {
                descriptor.DangerousRelease();
            }
        }
    }

    /// <summary>The kernel reads and writes as many octets as it was told when the map was made.</summary>
    private void Check(bool fits)
    {
        if (!fits)
        {
            throw new ArgumentException($"A key or value does not have the size of those in {name}.");
        }
    }

    private static int CountProcessors()
    {
        try
        {
            // 0-3,8-11
            return File.ReadAllText("/sys/devices/system/cpu/possible").Trim().Split(',')
                .Select(range => range.Split('-').Select(number => int.Parse(number, CultureInfo.InvariantCulture)).ToArray())
                .Sum(ends => ends[^1] - ends[0] + 1);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            return MostProcessors;
        }
    }
}
