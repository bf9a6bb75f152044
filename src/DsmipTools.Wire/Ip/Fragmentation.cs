using DsmipTools.Wire.Ip.ExtensionHeaders;

namespace DsmipTools.Wire.Ip;

/// <summary>
/// Takes a packet apart into fragments, as its source does, or for IPv4 a router as well (RFC 791, 3.2; RFC 8200, 4.5). For packets that this host makes: IPv4
/// options stand in every fragment, and IPv6 extension headers count as data. Works on spans and does not allocate.
/// </summary>
public static class Fragmentation
{
    /// <summary>Writes the next fragment.</summary>
    /// <param name="packet">The packet, which is no fragment.</param>
    /// <param name="mtu">The longest fragment in octets, which has room for the headers and eight octets.</param>
    /// <param name="identification">The same for all fragments of a packet, and another one for each packet; of IPv4 the low 16 bits.</param>
    /// <param name="done">Octets of data that have been written; 0 in the beginning.</param>
    /// <param name="destination">Where it is written to; room for as many octets as the MTU.</param>
    /// <returns>The length; 0 when all of the packet has been written.</returns>
    public static int Write(ReadOnlySpan<byte> packet, int mtu, uint identification, ref int done, Span<byte> destination)
    {
        var isIPv4 = packet[0] >> 4 == 4;
        var header = isIPv4 ? IPv4Header.Fields.HeaderLength.ReadByte(packet) * 4 : IPv6Header.Fields.Layout.Length;
        var headers = header + (isIPv4 ? 0 : FragmentHeader.Fields.Layout.Length);
        var rest = packet.Length - header - done;
        if (rest == 0)
        {
            return 0;
        }

        var isLast = headers + rest <= mtu;
        var length = isLast ? rest : (mtu - headers) / 8 * 8;
        var fragment = destination[..(headers + length)];
        packet[..header].CopyTo(fragment);
        packet.Slice(header + done, length).CopyTo(fragment[headers..]);
        if (isIPv4)
        {
            IPv4Header.Fields.TotalLength.Write(fragment, (ulong)fragment.Length);
            IPv4Header.Fields.Identification.Write(fragment, (ushort)identification);
            IPv4Header.Fields.MoreFragments.Write(fragment, !isLast);
            IPv4Header.Fields.FragmentOffset.Write(fragment, (ulong)done / 8);
            IpPacketView.WriteHeaderChecksum(fragment);
        }
        else
        {
            IPv6Header.Fields.PayloadLength.Write(fragment, (ulong)(fragment.Length - header));
            IPv6Header.Fields.NextHeader.Write(fragment, (byte)IpProtocol.Fragment);
            var own = fragment.Slice(header, FragmentHeader.Fields.Layout.Length);
            own.Clear();
            FragmentHeader.Fields.NextHeader.Write(own, IPv6Header.Fields.NextHeader.ReadByte(packet));
            FragmentHeader.Fields.FragmentOffset.Write(own, (ulong)done / 8);
            FragmentHeader.Fields.MoreFragments.Write(own, !isLast);
            FragmentHeader.Fields.Identification.Write(own, identification);
        }

        done += length;
        return fragment.Length;
    }
}
