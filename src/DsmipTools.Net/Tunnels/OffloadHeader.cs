using System.Buffers.Binary;
using System.Runtime.InteropServices;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Net.Tunnels;

/// <summary>
/// What stands in front of each packet of a TUN device (struct virtio_net_hdr). Where an interface joins TCP segments as it receives them (GRO),
/// a raw socket gets one long packet whose checksum is left to be finished: the kernel is told so here, and takes it apart again.
/// </summary>
internal static class OffloadHeader
{
    /// <summary>Octets of the header.</summary>
    public const int Length = 10;

    private const byte NeedsChecksum = 1;
    private const byte SegmentsIPv4 = 1;
    private const byte SegmentsIPv6 = 4;
    private const int TcpHeader = 20;
    private const int TcpDataOffsetAt = 12;
    private const int TcpChecksumAt = 16;

    /// <summary>Writes the header of a packet that goes to the host.</summary>
    /// <param name="header">Where it is written.</param>
    /// <param name="packet">The packet.</param>
    /// <param name="mtu">The longest packet that the device takes.</param>
    /// <returns>False when the packet is longer and is none that can be taken apart.</returns>
    public static bool TryWrite(Span<byte> header, ReadOnlySpan<byte> packet, int mtu)
    {
        header[..Length].Clear();
        var isLong = packet.Length > mtu;
        if (!IpPacketView.TryParse(packet, out var view, out _) || view.Protocol != IpProtocol.Tcp || view.IsFragment || view.Payload.Length < TcpHeader)
        {
            return !isLong;
        }

        var tcp = view.Payload;
        var unfinished = (ushort)~InternetChecksum.Finish(InternetChecksum.PseudoHeader(view.Source, view.Destination, (byte)IpProtocol.Tcp, tcp.Length));
        if (BinaryPrimitives.ReadUInt16BigEndian(tcp[TcpChecksumAt..]) != unfinished)
        {
            return !isLong;
        }

        header[0] = NeedsChecksum;
        MemoryMarshal.Write(header[6..], (ushort)view.HeaderLength);
        MemoryMarshal.Write(header[8..], (ushort)TcpChecksumAt);
        if (isLong)
        {
            var headers = view.HeaderLength + ((tcp[TcpDataOffsetAt] >> 4) * 4);
            header[1] = view.IsIPv4 ? SegmentsIPv4 : SegmentsIPv6;
            MemoryMarshal.Write(header[2..], (ushort)headers);
            MemoryMarshal.Write(header[4..], (ushort)(mtu - headers));
        }

        return true;
    }
}
