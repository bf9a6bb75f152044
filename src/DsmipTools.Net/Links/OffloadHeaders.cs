using System.Buffers.Binary;
using System.Runtime.InteropServices;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Net.Links;

/// <summary>What the header in front of a frame leaves to be done (struct virtio_net_hdr).</summary>
internal static class OffloadHeaders
{
    private const byte NeedsChecksum = 1;
    private const int ChecksumStartAt = 6;
    private const int ChecksumOffsetAt = 8;

    /// <summary>Computes the checksum that a frame lacks; of a frame that is still to be taken apart, it is left.</summary>
    public static void FinishChecksum(Span<byte> frame)
    {
        var header = frame[..LinkPort.HeaderLength];
        var octets = frame[LinkPort.HeaderLength..];
        int start = MemoryMarshal.Read<ushort>(header[ChecksumStartAt..]), at = start + MemoryMarshal.Read<ushort>(header[ChecksumOffsetAt..]);
        if ((header[0] & NeedsChecksum) == 0 || header[1] != 0 || at + sizeof(ushort) > octets.Length)
        {
            return;
        }

        // The field holds the sum of the pseudo-header.
        var sum = InternetChecksum.Finish(InternetChecksum.Sum(octets[start..]));
        BinaryPrimitives.WriteUInt16BigEndian(octets[at..], sum == 0 ? (ushort)0xFFFF : sum);
        header[0] = 0;
        header[ChecksumStartAt..].Clear();
    }
}
