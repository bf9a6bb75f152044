using System.Buffers.Binary;
using System.Runtime.InteropServices;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Net.Tunnels;

/// <summary>
/// What stands in front of each packet of a TUN device (struct virtio_net_hdr, include/uapi/linux/virtio_net.h): whether a checksum is still to be
/// finished, and how a long packet is to be taken apart.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct OffloadHeader
{
    /// <summary>Octets of the header.</summary>
    public const int Length = 10;

    public const byte NeedsChecksum = 1;
    public const byte SegmentsTcpIPv4 = 1;
    public const byte SegmentsTcpIPv6 = 4;
    public const byte SegmentsUdp = 5;
    public const byte WithCongestion = 0x80;

    /// <summary>NeedsChecksum, or nothing.</summary>
    public byte Flags;

    /// <summary>What the segments are; 0 for a packet that is to stay whole.</summary>
    public byte Kind;

    /// <summary>Octets of all headers.</summary>
    public ushort HeaderLength;

    /// <summary>Octets of the payload of a segment.</summary>
    public ushort SegmentSize;

    /// <summary>Where the header begins that has the checksum.</summary>
    public ushort ChecksumStart;

    /// <summary>Where the checksum stands in that header.</summary>
    public ushort ChecksumOffset;

    public readonly bool IsTcp => (Kind & ~WithCongestion) is SegmentsTcpIPv4 or SegmentsTcpIPv6;

    public readonly bool IsUdp => Kind == SegmentsUdp;

    public static OffloadHeader Read(ReadOnlySpan<byte> frame) => MemoryMarshal.Read<OffloadHeader>(frame);

    public readonly void Write(Span<byte> frame) => MemoryMarshal.Write(frame, this);

    /// <summary>Finishes a checksum: its field has the sum of the pseudo-header.</summary>
    /// <param name="packet">The packet.</param>
    /// <returns>False when the header does not fit the packet.</returns>
    public readonly bool TryFinishChecksum(Span<byte> packet)
    {
        if ((Flags & NeedsChecksum) == 0)
        {
            return true;
        }

        if (ChecksumStart + ChecksumOffset + sizeof(ushort) > packet.Length)
        {
            return false;
        }

        var covered = packet[ChecksumStart..];
        var checksum = InternetChecksum.Finish(InternetChecksum.Sum(covered));
        // RFC 768: UDP writes a computed zero as all ones; for TCP the two mean the same.
        BinaryPrimitives.WriteUInt16BigEndian(covered[ChecksumOffset..], checksum == 0 ? ushort.MaxValue : checksum);
        return true;
    }
}
