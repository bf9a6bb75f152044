using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DsmipTools.Wire.Ip;

/// <summary>The Internet checksum (RFC 1071) and its pseudo-headers.</summary>
public static class InternetChecksum
{
    // For less, it costs more to begin with vectors than they save.
    private const int LongEnoughForVectors = 128;

    /// <summary>The one's complement sum of octets, not yet inverted; add sums of parts of even length to each other.</summary>
    /// <remarks>Summing in host order and swapping once at the end gives the same result (RFC 1071, 2 (B)).</remarks>
    public static uint Sum(ReadOnlySpan<byte> octets)
    {
        // Words of 32 bits into a sum of 64: no carry is lost in anything that a span can hold, and none has to be waited for.
        ulong sum = 0;
        ref var start = ref MemoryMarshal.GetReference(octets);
        var at = 0;
        if (octets.Length >= LongEnoughForVectors)
        {
            sum = SumVectors(ref start, octets.Length, out at);
        }

        for (; at + 8 <= octets.Length; at += 8)
        {
            var words = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, at));
            sum += (uint)words + (words >> 32);
        }

        if ((octets.Length & 4) != 0)
        {
            sum += Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref start, at));
            at += 4;
        }

        if ((octets.Length & 2) != 0)
        {
            sum += Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref start, at));
            at += 2;
        }

        if ((octets.Length & 1) != 0)
        {
            // As if a zero octet followed it (RFC 1071, 1).
            sum += BitConverter.IsLittleEndian ? octets[at] : (uint)octets[at] << 8;
        }

        var folded = (sum & 0xFFFFFFFF) + (sum >> 32);
        folded = (folded & 0xFFFF) + ((folded >> 16) & 0xFFFF) + (folded >> 32);
        folded = (folded & 0xFFFF) + (folded >> 16);
        var host = (ushort)folded;
        return BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(host) : host;
    }

    /// <summary>Folds and inverts a sum: the value of a checksum field.</summary>
    public static ushort Finish(uint sum)
    {
        sum = (sum & 0xFFFF) + (sum >> 16);
        sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)~sum;
    }

    /// <summary>The sum of the pseudo-header of UDP over IPv4 (RFC 768), UDP over IPv6 (RFC 8200, 8.1) or the Mobility Header (RFC 6275, 6.1.1).</summary>
    /// <param name="source">The source address.</param>
    /// <param name="destination">The destination address, of the same family.</param>
    /// <param name="protocol">The protocol or next header value.</param>
    /// <param name="length">Length of the upper-layer packet in octets.</param>
    public static uint PseudoHeader(Address source, Address destination, byte protocol, int length)
    {
        // Adding the folded 16-bit words of both addresses equals adding the pseudo-header's words one by one.
        return Fold(source.Value) + Fold(destination.Value) + protocol + (uint)(length & 0xFFFF) + (uint)(length >> 16);
    }

    /// <summary>True when octets that include their checksum field sum up with a pseudo-header to all ones.</summary>
    public static bool Verify(uint pseudoHeader, ReadOnlySpan<byte> octets) => Finish(pseudoHeader + Sum(octets)) == 0;

    /// <summary>The sum of the same words, four at a time: not yet of the last octets, fewer than a vector has.</summary>
    private static ulong SumVectors(ref byte start, int length, out int at)
    {
        var words = Vector256<ulong>.Zero;
        var mask = Vector256.Create((ulong)uint.MaxValue);
        for (at = 0; at + Vector256<byte>.Count <= length; at += Vector256<byte>.Count)
        {
            var next = Vector256.LoadUnsafe(ref start, (nuint)at).AsUInt64();
            words += (next & mask) + (next >> 32);
        }

        return Vector256.Sum(words);
    }

    private static uint Fold(UInt128 value)
    {
        ulong high = (ulong)(value >> 64), low = (ulong)value;
        var sum = (high & 0xFFFFFFFF) + (high >> 32) + (low & 0xFFFFFFFF) + (low >> 32);
        sum = (sum & 0xFFFF) + ((sum >> 16) & 0xFFFF) + (sum >> 32);
        return (uint)((sum & 0xFFFF) + (sum >> 16));
    }
}
