using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Net.Tunnels;

/// <summary>
/// A packet with its <see cref="Followers"/>: a long packet of the host that is taken apart, or packets of one flow that are joined. The first one is
/// a packet like any other; of the others only payloads are kept, where they stand, and their headers are made from those of the first when they
/// are needed. Nothing is copied, nothing is allocated.
/// </summary>
internal sealed unsafe class PacketTrain
{
    /// <summary>The longest packet of IP.</summary>
    public const int LongestPacket = 65_535;

    /// <summary>What the headers of a packet need at most: IPv4 with options or IPv6 with extension headers, and TCP.</summary>
    public const int LongestHeaders = 512;

    // As many as the kernel takes in one write (IOV_MAX), and segments in one datagram of UDP (UDP_MAX_SEGMENTS).
    private const int MostJoined = 1000;
    private const int MostJoinedUdp = 64;
    private const int Capacity = 2048;

    private const int IPv4Length = 20;
    private const int IPv6Length = 40;
    private const int TcpLength = 20;
    private const int UdpLength = 8;

    private const int SequenceAt = 4;
    private const int DataOffsetAt = 12;
    private const int FlagsAt = 13;
    private const int TcpChecksumAt = 16;
    private const int UdpChecksumAt = 6;
    private const byte Fin = 1;
    private const byte Push = 8;
    private const byte Acknowledge = 0x10;
    private const byte CongestionWindowReduced = 0x80;

    private readonly PinnedArray<Linux.Vector> payloads = new(Capacity);
    private int count;
    private int octets;
    private bool isIPv4;
    private bool isTcp;
    private int transport;
    private int headers;
    private int size;
    private ushort identification;
    private uint sequence;
    private byte flags;

    // The pseudo-header of the checksum but for the length.
    private uint addresses;

    // Of a train that is being joined.
    private byte* first;
    private bool isOpen;
    private bool isVerified;

    /// <summary>What follows the first packet.</summary>
    public Followers Followers => new(count, octets);

    /// <summary>Octets of IP and transport header of each packet.</summary>
    public int HeaderLength => headers;

    /// <summary>There are no followers from now on.</summary>
    public void Clear() => (count, octets, isOpen) = (0, 0, false);

    /// <summary>The payload of a follower, from 1.</summary>
    public Linux.Vector PayloadOf(int follower) => payloads[follower - 1];

    /// <summary>Takes a long packet apart, as its header from the host says.</summary>
    /// <param name="packet">The packet, in memory that stays where it is; its start becomes the first segment.</param>
    /// <param name="offload">The header.</param>
    /// <param name="length">Octets of the first segment.</param>
    /// <returns>False when the two do not fit each other.</returns>
    public bool TrySplit(Span<byte> packet, in OffloadHeader offload, out int length)
    {
        Clear();
        length = 0;
        isTcp = offload.IsTcp;
        transport = offload.ChecksumStart;
        isIPv4 = packet[0] >> 4 == 4;
        if (!(isTcp || offload.IsUdp) || (offload.Flags & OffloadHeader.NeedsChecksum) == 0 || packet.Length > LongestPacket
            || transport < (isIPv4 ? IPv4Length : IPv6Length) || transport + (isTcp ? TcpLength : UdpLength) > packet.Length)
        {
            return false;
        }

        headers = transport + (isTcp ? (packet[transport + DataOffsetAt] >> 4) * 4 : UdpLength);
        size = offload.SegmentSize;
        if (size == 0 || headers > LongestHeaders || headers > packet.Length || (packet.Length - headers) / size > Capacity)
        {
            return false;
        }

        Keep(packet);
        // The field has the sum of the pseudo-header with the length of the whole.
        addresses = (uint)BinaryPrimitives.ReadUInt16BigEndian(packet[(transport + ChecksumAt)..]) + (ushort)~(packet.Length - transport);
        var start = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(packet));
        for (var at = headers + size; at < packet.Length; at += size)
        {
            Add(start + at, Math.Min(size, packet.Length - at));
        }

        length = Math.Min(headers + size, packet.Length);
        WriteNumbers(packet[..headers], 0, packet[headers..length]);
        return true;
    }

    /// <summary>
    /// Takes apart what an interface joined as it received it (GRO), and finishes a checksum that it left open: raw sockets see such packets. How long
    /// the segments were is told to nobody; here they become as long as every tunnel carries them.
    /// </summary>
    /// <param name="packet">The packet, in memory that stays where it is; its start becomes the first segment.</param>
    /// <param name="longest">The longest segment, with its headers.</param>
    /// <param name="length">Octets of the first segment: of the packet, when there is nothing to take apart.</param>
    public void SplitUnfinished(Span<byte> packet, int longest, out int length)
    {
        Clear();
        length = packet.Length;
        if (!TryReadHeaders(packet) || !isTcp)
        {
            return;
        }

        var field = BinaryPrimitives.ReadUInt16BigEndian(packet[(transport + TcpChecksumAt)..]);
        if (field != (ushort)~InternetChecksum.Finish(addresses + (uint)(packet.Length - transport)))
        {
            return;
        }

        TrySplit(
            packet,
            new OffloadHeader
            {
                Flags = OffloadHeader.NeedsChecksum,
                Kind = isIPv4 ? OffloadHeader.SegmentsTcpIPv4 : OffloadHeader.SegmentsTcpIPv6,
                SegmentSize = (ushort)(packet.Length > longest ? longest - headers : LongestPacket),
                ChecksumStart = (ushort)transport,
            },
            out length);
    }

    /// <summary>Begins to join packets.</summary>
    /// <param name="packet">The first one, in memory that stays where it is.</param>
    /// <param name="joinsUdp">Whether datagrams of UDP are joined too.</param>
    public void Begin(ReadOnlySpan<byte> packet, bool joinsUdp)
    {
        Clear();
        isOpen = TryReadHeaders(packet) && size > 0 && (isTcp
            // No SYN, RST, URG or FIN, and none that says that congestion was answered: each of these is for itself.
            ? (flags & ~0x40) == Acknowledge
            : joinsUdp && BinaryPrimitives.ReadUInt16BigEndian(packet[(transport + UdpChecksumAt)..]) != 0);
        isVerified = false;
        first = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(packet));
    }

    /// <summary>Joins one more packet to the train, if it is the next of the flow and the result is what taking it apart would give again.</summary>
    public bool TryAdd(ReadOnlySpan<byte> packet)
    {
        if (!isOpen)
        {
            return false;
        }

        var length = packet.Length - headers;
        var before = new ReadOnlySpan<byte>(first, headers + size);
        if (length <= 0 || length > size || count == (isTcp ? MostJoined : MostJoinedUdp - 1) || headers + size + octets - (count * headers) + length > LongestPacket
            || !IsNext(before, packet) || !IsWhole(packet))
        {
            return false;
        }

        if (!isVerified)
        {
            if (!IsWhole(before))
            {
                return isOpen = false;
            }

            isVerified = true;
        }

        Add((byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(packet)) + headers, length);
        isOpen = length == size;
        if (isTcp && (packet[transport + FlagsAt] & Push) != 0)
        {
            flags |= Push;
            isOpen = false;
        }

        return true;
    }

    /// <summary>Writes the headers of a follower.</summary>
    /// <param name="header">Those of the first packet, as they leave.</param>
    /// <param name="follower">Which one, from 1.</param>
    /// <param name="destination">Room for them.</param>
    public void WriteHeader(ReadOnlySpan<byte> header, int follower, Span<byte> destination)
    {
        header[..headers].CopyTo(destination);
        var payload = PayloadOf(follower);
        WriteNumbers(destination[..headers], follower, new ReadOnlySpan<byte>(payload.Start, (int)payload.Length));
    }

    /// <summary>Turns the first packet into one with all payloads, for the host to take apart or not.</summary>
    /// <param name="packet">The first packet, as it leaves.</param>
    /// <param name="offload">What stands in front of it.</param>
    public void Join(Span<byte> packet, out OffloadHeader offload)
    {
        var length = packet.Length + octets - (count * headers);
        IpHeaders.WriteLength(packet, length);
        if (isTcp)
        {
            packet[transport + FlagsAt] = flags;
        }
        else
        {
            BinaryPrimitives.WriteUInt16BigEndian(packet[(transport + SequenceAt)..], (ushort)(length - transport));
        }

        BinaryPrimitives.WriteUInt16BigEndian(
            packet[(transport + ChecksumAt)..], (ushort)~InternetChecksum.Finish(addresses + (uint)(length - transport)));
        offload = new OffloadHeader
        {
            Flags = OffloadHeader.NeedsChecksum,
            Kind = (byte)((!isTcp ? OffloadHeader.SegmentsUdp : isIPv4 ? OffloadHeader.SegmentsTcpIPv4 : OffloadHeader.SegmentsTcpIPv6)
                | (isTcp && (flags & CongestionWindowReduced) != 0 ? OffloadHeader.WithCongestion : 0)),
            HeaderLength = (ushort)headers,
            SegmentSize = (ushort)(packet.Length - headers),
            ChecksumStart = (ushort)transport,
            ChecksumOffset = (ushort)ChecksumAt,
        };
    }

    private int ChecksumAt => isTcp ? TcpChecksumAt : UdpChecksumAt;

    private void Add(byte* start, int length)
    {
        payloads[count++] = new Linux.Vector { Start = start, Length = (nuint)length };
        octets += headers + length;
    }

    /// <summary>Keeps what the headers of the followers are counted from.</summary>
    private void Keep(ReadOnlySpan<byte> packet)
    {
        identification = isIPv4 ? IPv4Header.Fields.Identification.ReadUInt16(packet) : (ushort)0;
        sequence = isTcp ? BinaryPrimitives.ReadUInt32BigEndian(packet[(transport + SequenceAt)..]) : 0;
        flags = isTcp ? packet[transport + FlagsAt] : (byte)0;
    }

    /// <summary>Reads the headers of a packet that begins with IP, without options and extension headers, and TCP or UDP.</summary>
    private bool TryReadHeaders(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < IPv4Length + UdpLength)
        {
            return false;
        }

        isIPv4 = packet[0] == 0x45;
        if (!isIPv4 && (packet[0] >> 4 != 6 || packet.Length < IPv6Length + UdpLength))
        {
            return false;
        }

        transport = isIPv4 ? IPv4Length : IPv6Length;
        var protocol = (IpProtocol)packet[isIPv4 ? 9 : 6];
        isTcp = protocol == IpProtocol.Tcp;
        if (!(isTcp || protocol == IpProtocol.Udp) || packet.Length < transport + (isTcp ? TcpLength : UdpLength) || !HasLength(packet)
            || (isIPv4 && (BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) & 0x3FFF) != 0))
        {
            return false;
        }

        headers = transport + (isTcp ? (packet[transport + DataOffsetAt] >> 4) * 4 : UdpLength);
        size = packet.Length - headers;
        if (size < 0 || headers < transport + (isTcp ? TcpLength : UdpLength))
        {
            return false;
        }

        Keep(packet);
        addresses = InternetChecksum.Sum(isIPv4 ? packet.Slice(12, 8) : packet.Slice(8, 32)) + (uint)protocol;
        return true;
    }

    /// <summary>True when the headers continue the train: equal but for what counts on from packet to packet.</summary>
    private bool IsNext(ReadOnlySpan<byte> before, ReadOnlySpan<byte> packet)
    {
        if (isIPv4
            ? packet[..2].SequenceEqual(before[..2]) && packet.Slice(6, 4).SequenceEqual(before.Slice(6, 4)) && packet.Slice(12, 8).SequenceEqual(before.Slice(12, 8))
                // The identification of what nobody may fragment means nothing (RFC 6864, 4.1).
                && ((before[6] & 0x40) != 0 || IPv4Header.Fields.Identification.ReadUInt16(packet) == (ushort)(identification + count + 1))
            : packet[..4].SequenceEqual(before[..4]) && packet[6..IPv6Length].SequenceEqual(before[6..IPv6Length]))
        {
            var was = before[transport..headers];
            var now = packet[transport..headers];
            return now[..SequenceAt].SequenceEqual(was[..SequenceAt]) && (!isTcp || (
                BinaryPrimitives.ReadUInt32BigEndian(now[SequenceAt..]) == sequence + (uint)((count + 1) * size)
                && now[8..FlagsAt].SequenceEqual(was[8..FlagsAt])
                && (now[FlagsAt] & ~Push) == was[FlagsAt]
                && now[14..TcpChecksumAt].SequenceEqual(was[14..TcpChecksumAt])
                && now[18..].SequenceEqual(was[18..])));
        }

        return false;
    }

    /// <summary>True when lengths and checksums are right: what is joined gets new ones, and nothing must become valid by that.</summary>
    private bool IsWhole(ReadOnlySpan<byte> packet)
    {
        var upper = packet[transport..];
        return HasLength(packet)
            && (!isIPv4 || InternetChecksum.Verify(0, packet[..IPv4Length]))
            && (isTcp || (BinaryPrimitives.ReadUInt16BigEndian(upper[UdpChecksumAt..]) != 0 && BinaryPrimitives.ReadUInt16BigEndian(upper[SequenceAt..]) == upper.Length))
            && InternetChecksum.Verify(addresses + (uint)upper.Length, upper);
    }

    private bool HasLength(ReadOnlySpan<byte> packet) => (isIPv4
        ? IPv4Header.Fields.TotalLength.ReadUInt16(packet)
        : IPv6Header.Fields.PayloadLength.ReadUInt16(packet) + IPv6Length) == packet.Length;

    /// <summary>Writes what differs from packet to packet.</summary>
    private void WriteNumbers(Span<byte> header, int number, ReadOnlySpan<byte> payload)
    {
        var length = headers + payload.Length;
        if (isIPv4)
        {
            IPv4Header.Fields.Identification.Write(header, (ushort)(identification + number));
        }

        IpHeaders.WriteLength(header, length);
        var upper = header[transport..];
        if (isTcp)
        {
            BinaryPrimitives.WriteUInt32BigEndian(upper[SequenceAt..], sequence + (uint)(number * size));
            var own = flags;
            if (number > 0)
            {
                own &= unchecked((byte)~CongestionWindowReduced);
            }

            if (number < count)
            {
                own &= unchecked((byte)~(Fin | Push));
            }

            upper[FlagsAt] = own;
        }
        else
        {
            BinaryPrimitives.WriteUInt16BigEndian(upper[SequenceAt..], (ushort)(length - transport));
        }

        BinaryPrimitives.WriteUInt16BigEndian(upper[ChecksumAt..], 0);
        var checksum = InternetChecksum.Finish(addresses + (uint)(length - transport) + InternetChecksum.Sum(upper) + InternetChecksum.Sum(payload));
        BinaryPrimitives.WriteUInt16BigEndian(upper[ChecksumAt..], checksum == 0 && !isTcp ? ushort.MaxValue : checksum);
    }
}
