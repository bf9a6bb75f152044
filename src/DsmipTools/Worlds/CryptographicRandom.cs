using System.Runtime.InteropServices;
using System.Security.Cryptography;
using DsmipTools.Engine;

namespace DsmipTools.Worlds;

/// <summary>Random numbers of the operating system, fetched many at a time. For one thread.</summary>
public sealed class CryptographicRandom : IRandomSource
{
    private readonly ulong[] numbers = new ulong[32];
    private int used = 32;

    /// <inheritdoc/>
    public ulong NextUInt64()
    {
        if (used == numbers.Length)
        {
            RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(numbers.AsSpan()));
            used = 0;
        }

        var number = numbers[used];
        numbers[used++] = 0;
        return number;
    }
}
