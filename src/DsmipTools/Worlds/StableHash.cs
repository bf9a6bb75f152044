using DsmipTools.Engine;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Worlds;

/// <summary>Hashes and random numbers that are the same in every process.</summary>
internal static class StableHash
{
    private const ulong Basis = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    /// <summary>The FNV-1a hash of a text's UTF-16 units.</summary>
    public static ulong Of(string text)
    {
        var hash = Basis;
        foreach (var unit in text)
        {
            hash = (((hash ^ (byte)unit) * Prime) ^ (byte)(unit >> 8)) * Prime;
        }

        return hash;
    }

    /// <summary>The FNV-1a hash of an address.</summary>
    public static ulong Of(Address address)
    {
        Span<byte> octets = stackalloc byte[16];
        var hash = Basis;
        foreach (var octet in octets[..address.Write(octets)])
        {
            hash = (hash ^ octet) * Prime;
        }

        return hash;
    }

    /// <summary>A random source of its own for each seed and pair of numbers.</summary>
    public static SeededRandom Random(ulong seed, ulong first, ulong second) => new(Mix(Mix(Mix(seed) ^ first) ^ second));

    /// <summary>A number from 0 up to, but not including, 1.</summary>
    public static double Fraction(this IRandomSource random) => (random.NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>True with a probability.</summary>
    public static bool Chance(this IRandomSource random, double rate) => random.Fraction() < rate;

    private static ulong Mix(ulong value) => new SeededRandom(value).NextUInt64();
}
