using System.Buffers.Binary;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Net.Tunnels;

/// <summary>The headers of one packet, used again for others of its tunnel or flow.</summary>
internal static class IpHeaders
{
    private const int IPv6Length = 40;
    private const int TunnelEndsAt = 12;
    private const int TunnelDataType = 4;
    private const int TunnelDataLength = 4;

    /// <summary>Writes the length of a packet into its IP header, and keeps the checksum of IPv4 right.</summary>
    public static void WriteLength(Span<byte> packet, int length)
    {
        if (packet[0] >> 4 != 4)
        {
            BinaryPrimitives.WriteUInt16BigEndian(packet[4..], (ushort)(length - IPv6Length));
            return;
        }

        var header = packet[..((packet[0] & 15) * 4)];
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)length);
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], InternetChecksum.Finish(InternetChecksum.Sum(header)));
    }

    /// <summary>True when two packets stand behind headers that say the same of them: everything but length, checksum and identification.</summary>
    /// <param name="one">The headers of one.</param>
    /// <param name="other">Those of the other, of the same length.</param>
    public static bool AreAlike(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        if (one[0] >> 4 != 4)
        {
            return one[..4].SequenceEqual(other[..4]) && one[6..].SequenceEqual(other[6..]);
        }

        return one[..2].SequenceEqual(other[..2]) && one.Slice(6, 4).SequenceEqual(other.Slice(6, 4)) && one[TunnelEndsAt..].SequenceEqual(other[TunnelEndsAt..]);
    }

    /// <summary>Where the packet inside begins that comes in the headers of a tunnel; 0 where its neighbours cannot have the same ones.</summary>
    public static int InnerOffset(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < IPv6Length)
        {
            return 0;
        }

        var isIPv4 = frame[0] >> 4 == 4;
        var offset = isIPv4 ? (frame[0] & 15) * 4 : IPv6Length;
        var protocol = (IpProtocol)frame[isIPv4 ? 9 : 6];
        if (protocol == IpProtocol.DestinationOptions && offset + 8 <= frame.Length)
        {
            // A tunnel encapsulation limit (RFC 2473, 4.1.1).
            protocol = (IpProtocol)frame[offset];
            offset += (frame[offset + 1] + 1) * 8;
        }

        switch (protocol)
        {
            case IpProtocol.IPv4 or IpProtocol.IPv6:
                break;
            // With a checksum or a sequence number each packet has headers of its own.
            case IpProtocol.Gre when offset < frame.Length && (frame[offset] & 0x90) == 0:
                offset += (frame[offset] & 0x20) != 0 ? 8 : 4;
                break;
            case IpProtocol.Udp:
                offset += UdpHeader.Fields.Layout.Length;
                // Behind a MIP Tunnel Data message (RFC 3519, 3.3), whose type is no IP version.
                offset += offset < frame.Length && frame[offset] == TunnelDataType ? TunnelDataLength : 0;
                break;
            default:
                return 0;
        }

        return offset < frame.Length ? offset : 0;
    }
}
