using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Ip.ExtensionHeaders;
using DsmipTools.Wire.Layouts;
using DsmipTools.Wire.MobileIPv4;

namespace DsmipTools.Wire.Tunneling;

/// <summary>Puts a packet into the headers of a tunnel and takes it out again. Works on spans and does not allocate.</summary>
public static class TunnelFrame
{
    private const int KeyLength = 4;

    /// <summary>Octets that the headers of a tunnel add.</summary>
    /// <param name="ends">The tunnel.</param>
    /// <param name="hasKey">True with a GRE key.</param>
    public static int Overhead(in TunnelEnds ends, bool hasKey) => ends.Encapsulation == Encapsulation.Minimal
        ? MinimalFrame.Overhead
        : (ends.Local.Address.IsIPv4 ? IPv4Header.Fields.Layout.Length : IPv6Header.Fields.Layout.Length)
        + ends.Encapsulation switch
        {
            Encapsulation.Gre => GreHeader.Fields.Layout.Length + (hasKey ? KeyLength : 0),
            Encapsulation.Udp => UdpHeader.Fields.Layout.Length,
            Encapsulation.UdpMobileIPv4 => UdpHeader.Fields.Layout.Length + TunnelData.Fields.Layout.Length,
            _ => 0,
        };

    /// <summary>The encapsulation that a packet runs in: minimal encapsulation is for IPv4 packets that are no fragments (RFC 2004, 3), and IP in IP for the others.</summary>
    public static Encapsulation Choose(Encapsulation encapsulation, in IpPacketView packet) =>
        encapsulation == Encapsulation.Minimal && (!packet.IsIPv4 || packet.IsFragment) ? Encapsulation.IpInIp : encapsulation;

    /// <summary>
    /// Writes the headers of a tunnel in front of a packet that stands at their end already. DSCP and ECN of the packet are copied to the outer
    /// header (RFC 6040, 4.1; RFC 2983, 3). Over IPv4, DF is set when the packet sets it (RFC 2003, 3.1; RFC 4213, 3.2.1).
    /// With minimal encapsulation the packet's own header is the outer one, hop limit and DF as they are (RFC 2004, 3).
    /// </summary>
    /// <param name="ends">The tunnel.</param>
    /// <param name="key">The GRE key; null for none.</param>
    /// <param name="identification">The identification of an outer IPv4 header.</param>
    /// <param name="frame">Room for the headers, and behind it the packet.</param>
    /// <param name="hopLimit">The hop limit or TTL of the outer header.</param>
    /// <param name="dontFragment">Sets DF over IPv4, whatever the packet sets (RFC 4213, 3.2.2).</param>
    /// <exception cref="ArgumentException">The ends are not of one address family, or the whole is too long for IP.</exception>
    public static void Write(
        in TunnelEnds ends, uint? key, ushort identification, Span<byte> frame, byte hopLimit = PacketFrame.HopLimit, bool dontFragment = false)
    {
        if (frame.Length > ushort.MaxValue)
        {
            throw new ArgumentException($"A tunneled packet of {frame.Length} octets does not fit into an IP packet.", nameof(frame));
        }

        if (ends.Encapsulation == Encapsulation.Minimal)
        {
            MinimalFrame.Write(ends.Local.Address, ends.Remote.Address, frame);
            return;
        }

        var overhead = Overhead(ends, key is not null);
        _ = IpPacketView.TryParse(frame[overhead..], out var inner, out _);
        var isIPv4 = frame[overhead] >> 4 == 4;
        var trafficClass = inner.Octets.IsEmpty ? (byte)0 : inner.TrafficClass;
        dontFragment |= !inner.Octets.IsEmpty && inner.DontFragment;
        frame[..overhead].Clear();
        var protocol = ends.Encapsulation switch
        {
            Encapsulation.Gre => IpProtocol.Gre,
            Encapsulation.Udp or Encapsulation.UdpMobileIPv4 => IpProtocol.Udp,
            _ => isIPv4 ? IpProtocol.IPv4 : IpProtocol.IPv6,
        };
        var behind = WriteHeader(ends.Local.Address, ends.Remote.Address, protocol, trafficClass, dontFragment, identification, frame, hopLimit);
        switch (ends.Encapsulation)
        {
            case Encapsulation.Gre:
                GreHeader.Fields.KeyPresent.Write(behind, key is not null);
                GreHeader.Fields.ProtocolType.Write(behind, (ulong)(isIPv4 ? EtherType.IPv4 : EtherType.IPv6));
                if (key is { } value)
                {
                    GreKey.Fields.Key.Write(behind[GreHeader.Fields.Layout.Length..], value);
                }

                break;
            case Encapsulation.Udp:
                WriteUdp(ends.Local, ends.Remote, behind);
                break;
            case Encapsulation.UdpMobileIPv4:
                var message = behind[UdpHeader.Fields.Layout.Length..];
                TunnelData.Fields.Type.Write(message, (byte)MobileIPv4MessageType.TunnelData);
                TunnelData.Fields.NextHeader.Write(message, (byte)(isIPv4 ? IpProtocol.IPv4 : IpProtocol.IPv6));
                WriteUdp(ends.Local, ends.Remote, behind);
                break;
        }
    }

    /// <summary>Reads the headers of a tunnel: its ends as the receiver sees them, where the packet inside begins, and the GRE key.</summary>
    /// <param name="outer">The packet as it came in.</param>
    /// <param name="ends">The tunnel that it belongs to.</param>
    /// <param name="innerOffset">Where the packet inside begins; <see cref="TryOpen"/> reads it.</param>
    /// <param name="key">The GRE key; null for none.</param>
    /// <param name="error">What is wrong with the headers.</param>
    /// <returns>False when the packet is none of a tunnel, or when there is an error.</returns>
    public static bool TryRead(in IpPacketView outer, out TunnelEnds ends, out int innerOffset, out uint? key, out WireError error)
    {
        key = null;
        error = default;
        if (!TryFindEnds(outer, out ends, out innerOffset))
        {
            return false;
        }

        var behind = outer.Octets[innerOffset..];
        switch (ends.Encapsulation)
        {
            case Encapsulation.IpInIp:
                error = Version(behind, ProtocolBefore(outer, innerOffset) == IpProtocol.IPv4 ? 4 : 6, innerOffset);
                break;
            case Encapsulation.Gre:
                error = ReadGre(behind, ref innerOffset, out key);
                break;
            case Encapsulation.Minimal:
                error = MinimalFrame.Check(outer, out innerOffset);
                break;
            default:
                error = CheckUdp(outer, behind, innerOffset);
                innerOffset += UdpHeader.Fields.Layout.Length;
                if (ends.Encapsulation == Encapsulation.UdpMobileIPv4 && !error.IsError)
                {
                    error = ReadTunnelData(outer.Octets[innerOffset..], ref innerOffset);
                }

                break;
        }

        return !error.IsError;
    }

    /// <summary>
    /// Reads the ends of a tunnel in a packet that this host has sent and that an ICMP error quotes: <see cref="TunnelEnds.Local"/> is its source.
    /// Nothing behind its first eight octets has to be there, and nothing is verified.
    /// </summary>
    /// <param name="sent">The packet, read by <see cref="IpPacketView.TryParseQuoted"/>.</param>
    /// <param name="ends">
    /// The tunnel. Where the packet ends before it can be told, <see cref="Encapsulation.Udp"/> stands for <see cref="Encapsulation.UdpMobileIPv4"/> too.
    /// </param>
    /// <param name="innerOffset">Where the packet inside begins, which may be beyond what is there.</param>
    /// <returns>False when the packet is none of a tunnel.</returns>
    public static bool TryReadQuoted(in IpPacketView sent, out TunnelEnds ends, out int innerOffset)
    {
        if (!TryFindEnds(sent, out ends, out innerOffset))
        {
            return false;
        }

        ends = new TunnelEnds(ends.Encapsulation, ends.Remote, ends.Local);
        var behind = sent.Octets[innerOffset..];
        innerOffset = ends.Encapsulation switch
        {
            Encapsulation.Gre => innerOffset + (behind.IsEmpty ? GreHeader.Fields.Layout.Length : GreHeader.LengthOf(behind)),
            Encapsulation.Udp => innerOffset + UdpHeader.Fields.Layout.Length,
            Encapsulation.UdpMobileIPv4 => innerOffset + UdpHeader.Fields.Layout.Length + TunnelData.Fields.Layout.Length,
            Encapsulation.Minimal => behind.Length < MinimalForwardingHeader.Fields.Layout.Length ? MinimalFrame.Overhead : MinimalForwardingHeader.LengthOf(behind),
            _ => innerOffset,
        };
        return true;
    }

    /// <summary>Reads the packet inside.</summary>
    /// <param name="outer">The packet as it came in.</param>
    /// <param name="encapsulation">What <see cref="TryRead"/> has found.</param>
    /// <param name="innerOffset">Where it begins.</param>
    /// <param name="header">Room for an IP header (60 octets), which minimal encapsulation does not leave in one place: of such a packet there is no more than that in the view.</param>
    /// <param name="inner">The packet inside.</param>
    public static bool TryOpen(
        scoped in IpPacketView outer, Encapsulation encapsulation, int innerOffset, Span<byte> header, out IpPacketView inner)
    {
        if (encapsulation != Encapsulation.Minimal)
        {
            return IpPacketView.TryParse(outer.Octets[innerOffset..], out inner, out _);
        }

        MinimalFrame.Restore(outer, innerOffset, header);
        return IpPacketView.TryParseQuoted(header[..outer.HeaderLength], out inner);
    }

    /// <summary>Copies the packet inside.</summary>
    /// <param name="outer">The packet as it came in.</param>
    /// <param name="encapsulation">What <see cref="TryRead"/> has found.</param>
    /// <param name="innerOffset">Where it begins.</param>
    /// <param name="destination">Where it is copied to, as long as it is.</param>
    public static void CopyInner(ReadOnlySpan<byte> outer, Encapsulation encapsulation, int innerOffset, Span<byte> destination)
    {
        outer.Slice(innerOffset, destination.Length).CopyTo(destination);
        if (encapsulation == Encapsulation.Minimal && IpPacketView.TryParseQuoted(outer, out var view))
        {
            MinimalFrame.Restore(view, innerOffset, destination);
        }
    }

    /// <summary>Writes an outer IP header at the start of a frame, over octets that are zero.</summary>
    /// <param name="source">The source.</param>
    /// <param name="destination">The destination, of the same family, which is that of the header.</param>
    /// <param name="protocol">What stands behind the header.</param>
    /// <param name="trafficClass">DSCP and ECN together.</param>
    /// <param name="dontFragment">Whether no router may fragment an IPv4 packet.</param>
    /// <param name="identification">The identification of an IPv4 header.</param>
    /// <param name="frame">The whole packet.</param>
    /// <param name="hopLimit">The hop limit or TTL.</param>
    /// <returns>What stands behind the header.</returns>
    public static Span<byte> WriteHeader(
        Address source, Address destination, IpProtocol protocol, byte trafficClass, bool dontFragment, ushort identification, Span<byte> frame,
        byte hopLimit = PacketFrame.HopLimit) => source.IsIPv4
        ? WriteIPv4(source, destination, protocol, trafficClass, dontFragment, identification, frame, hopLimit)
        : WriteIPv6(source, destination, protocol, trafficClass, frame, hopLimit);

    /// <summary>Writes a UDP header at the start of a datagram, over octets that are zero.</summary>
    /// <param name="source">The source.</param>
    /// <param name="destination">The destination.</param>
    /// <param name="datagram">The whole datagram.</param>
    public static void WriteUdp(Endpoint source, Endpoint destination, Span<byte> datagram)
    {
        UdpHeader.Fields.SourcePort.Write(datagram, source.Port);
        UdpHeader.Fields.DestinationPort.Write(datagram, destination.Port);
        UdpHeader.Fields.Length.Write(datagram, (ulong)datagram.Length);
        if (source.Address.IsIPv6)
        {
            // Over IPv4 none is needed: the packet inside has its own (RFC 768).
            UdpHeader.WriteChecksum(datagram, new PseudoAddresses(source.Address, destination.Address));
        }
    }

    private static Span<byte> WriteIPv4(
        Address source, Address destination, IpProtocol protocol, byte trafficClass, bool dontFragment, ushort identification, Span<byte> frame, byte hopLimit)
    {
        var header = frame[..IPv4Header.Fields.Layout.Length];
        IPv4Header.Fields.Version.Write(header, 4);
        IPv4Header.Fields.HeaderLength.Write(header, (ulong)header.Length / 4);
        header[1] = trafficClass;
        IPv4Header.Fields.TotalLength.Write(header, (ulong)frame.Length);
        IPv4Header.Fields.Identification.Write(header, identification);
        IPv4Header.Fields.DontFragment.Write(header, dontFragment);
        IPv4Header.Fields.TimeToLive.Write(header, hopLimit);
        IPv4Header.Fields.Protocol.Write(header, (byte)protocol);
        IPv4Header.Fields.Source.Write(header, source);
        IPv4Header.Fields.Destination.Write(header, destination);
        IPv4Header.Fields.HeaderChecksum.Write(header, InternetChecksum.Finish(InternetChecksum.Sum(header)));
        return frame[header.Length..];
    }

    private static Span<byte> WriteIPv6(
        Address source, Address destination, IpProtocol protocol, byte trafficClass, Span<byte> frame, byte hopLimit)
    {
        var behind = frame[IPv6Header.Fields.Layout.Length..];
        IPv6Header.Fields.Version.Write(frame, 6);
        IPv6Header.Fields.TrafficClass.Write(frame, trafficClass);
        IPv6Header.Fields.PayloadLength.Write(frame, (ulong)behind.Length);
        IPv6Header.Fields.NextHeader.Write(frame, (byte)protocol);
        IPv6Header.Fields.HopLimit.Write(frame, hopLimit);
        IPv6Header.Fields.Source.Write(frame, source);
        IPv6Header.Fields.Destination.Write(frame, destination);
        return behind;
    }

    /// <summary>The tunnel that a packet belongs to by its outer headers, as its receiver sees it, and where what is behind the IP headers begins.</summary>
    private static bool TryFindEnds(in IpPacketView outer, out TunnelEnds ends, out int offset)
    {
        ends = default;
        offset = outer.HeaderLength;
        var protocol = outer.Protocol;
        if (protocol == IpProtocol.DestinationOptions && !outer.IsIPv4)
        {
            // A tunnel encapsulation limit stands there (RFC 2473, 4.1.1), which Linux writes by default.
            var options = outer.Payload;
            if (options.Length < 8 || options.Length < (options[1] + 1) * 8)
            {
                return false;
            }

            protocol = (IpProtocol)DestinationOptionsHeader.Fields.NextHeader.ReadByte(options);
            offset += (options[1] + 1) * 8;
        }

        var behind = outer.Octets[offset..];
        var (local, remote) = (outer.Destination, outer.Source);
        Encapsulation? encapsulation = protocol switch
        {
            IpProtocol.IPv4 or IpProtocol.IPv6 => Encapsulation.IpInIp,
            IpProtocol.Gre => Encapsulation.Gre,
            IpProtocol.MinimalEncapsulation when outer.IsIPv4 => Encapsulation.Minimal,
            // No IP version, and the type of no other message of Mobile IPv4.
            IpProtocol.Udp when behind.Length > UdpHeader.Fields.Layout.Length => behind[UdpHeader.Fields.Layout.Length] == (byte)MobileIPv4MessageType.TunnelData
                ? Encapsulation.UdpMobileIPv4 : Encapsulation.Udp,
            IpProtocol.Udp when behind.Length == UdpHeader.Fields.Layout.Length => Encapsulation.Udp,
            _ => null,
        };
        if (encapsulation is not { } found)
        {
            return false;
        }

        ends = protocol == IpProtocol.Udp
            ? new TunnelEnds(
                found,
                new Endpoint(local, UdpHeader.Fields.DestinationPort.ReadUInt16(behind)),
                new Endpoint(remote, UdpHeader.Fields.SourcePort.ReadUInt16(behind)))
            : new TunnelEnds(found, local, remote);
        return true;
    }

    /// <summary>What the header in front of an offset says that stands there.</summary>
    private static IpProtocol ProtocolBefore(in IpPacketView outer, int offset) => offset == outer.HeaderLength
        ? outer.Protocol
        : (IpProtocol)DestinationOptionsHeader.Fields.NextHeader.ReadByte(outer.Payload);

    /// <summary>RFC 3519, 3.3: reserved octets are ignored, and another next header than those of the tunnel's mode is not taken.</summary>
    private static WireError ReadTunnelData(ReadOnlySpan<byte> message, ref int offset)
    {
        var start = offset;
        offset += TunnelData.Fields.Layout.Length;
        return message.Length < TunnelData.Fields.Layout.Length ? new WireError(TunnelData.Fields.Layout.Name, start + message.Length, "ends before its header")
            : (IpProtocol)TunnelData.Fields.NextHeader.ReadByte(message) switch
            {
                IpProtocol.IPv4 => Version(message[TunnelData.Fields.Layout.Length..], 4, offset),
                IpProtocol.IPv6 => Version(message[TunnelData.Fields.Layout.Length..], 6, offset),
                _ => new WireError(TunnelData.Fields.NextHeader.Name, start + TunnelData.Fields.NextHeader.Offset, "is neither IPv4 nor IPv6"),
            };
    }

    private static WireError ReadGre(ReadOnlySpan<byte> gre, ref int offset, out uint? key)
    {
        key = null;
        var start = offset;
        if (gre.Length < GreHeader.Fields.Layout.Length || gre.Length < GreHeader.LengthOf(gre))
        {
            return new WireError("GRE", start + gre.Length, "ends before its header");
        }

        // RFC 2784, 2.3: with bits 1 to 5 set, except for the key's, the packet is dropped unless the receiver knows them.
        if (GreHeader.Fields.ReservedBit.ReadFlag(gre) || GreHeader.Fields.Version.ReadByte(gre) != 0 || (gre[0] & 0x0C) != 0)
        {
            return new WireError(GreHeader.Fields.Version.Name, start, "version or reserved bits are not zero");
        }

        var hasChecksum = GreHeader.Fields.ChecksumPresent.ReadFlag(gre);
        if (hasChecksum && !InternetChecksum.Verify(0, gre))
        {
            return new WireError(GreChecksum.Fields.Checksum.Name, start + GreHeader.Fields.Layout.Length, "is wrong");
        }

        if (GreHeader.Fields.KeyPresent.ReadFlag(gre))
        {
            key = GreKey.Fields.Key.ReadUInt32(gre[(GreHeader.Fields.Layout.Length + (hasChecksum ? GreChecksum.Fields.Layout.Length : 0))..]);
        }

        offset += GreHeader.LengthOf(gre);
        return (EtherType)GreHeader.Fields.ProtocolType.ReadUInt16(gre) switch
        {
            EtherType.IPv4 => Version(gre[(offset - start)..], 4, offset),
            EtherType.IPv6 => Version(gre[(offset - start)..], 6, offset),
            _ => new WireError(GreHeader.Fields.ProtocolType.Name, start + GreHeader.Fields.ProtocolType.Offset, "is neither IPv4 nor IPv6"),
        };
    }

    private static WireError CheckUdp(in IpPacketView outer, ReadOnlySpan<byte> udp, int offset)
    {
        if (UdpHeader.Fields.Length.ReadUInt16(udp) != udp.Length)
        {
            return new WireError(UdpHeader.Fields.Length.Name, offset + UdpHeader.Fields.Length.Offset, "is not the length of the datagram");
        }

        var checksum = UdpHeader.Fields.Checksum.ReadUInt16(udp);
        var isRight = checksum == 0
            ? outer.IsIPv4
            : InternetChecksum.Verify(new PseudoAddresses(outer.Source, outer.Destination).Sum(IpProtocol.Udp, udp.Length), udp);
        return isRight ? default : new WireError(UdpHeader.Fields.Checksum.Name, offset + UdpHeader.Fields.Checksum.Offset, "is wrong");
    }

    private static WireError Version(ReadOnlySpan<byte> packet, int expected, int offset) =>
        !packet.IsEmpty && packet[0] >> 4 == expected
            ? default
            : new WireError("Version", offset, $"is not the {expected} that the header before it says");
}
