using DsmipTools.Wire.Icmp;
using DsmipTools.Wire.Icmp.IcmpV4;
using DsmipTools.Wire.Icmp.IcmpV6;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Tunneling;

namespace DsmipTools.Engine.Forwarding;

/// <summary>
/// An ICMP error that the entry of a tunnel sends to the source of a packet: one that was dropped here, or one that somebody on the way to the tunnel's
/// other end has dropped (<see cref="PathError"/>). A value; nothing here allocates. How many are sent is the caller's to limit (<see cref="ErrorRate"/>).
/// </summary>
public readonly record struct TunnelError
{
    /// <summary>The longest error, in octets: what every IPv6 link carries (RFC 4443, 2.4).</summary>
    public const int MaximumLength = PathMtu.MinimumIPv6;

    // RFC 1812, 4.3.2.3.
    private const int MaximumLengthIPv4 = 576;
    private const int HeaderLength = 8;

    /// <summary>The type of the ICMP or ICMPv6 message.</summary>
    public byte Type { get; init; }

    /// <summary>Its code.</summary>
    public byte Code { get; init; }

    /// <summary>The MTU that it tells; 0 for none.</summary>
    public int Mtu { get; init; }

    /// <summary>Whom it goes to: the source of the packet.</summary>
    public Address Destination { get; init; }

    /// <summary>Where the packet that was dropped begins, with the headers of the tunnel that it came out of.</summary>
    internal int Start { get; init; }

    internal Encapsulation Encapsulation { get; init; }

    /// <summary>Octets of these headers.</summary>
    internal int Offset { get; init; }

    /// <summary>Octets of the packet that are there.</summary>
    internal int Length { get; init; }

    /// <summary>The answer to a packet that was too big or had no hops left; false where nobody is told (RFC 4443, 2.4; RFC 1812, 4.3.2.7).</summary>
    /// <param name="octets">The packet that was decided about.</param>
    /// <param name="dropped">The decision to drop it.</param>
    /// <param name="error">The answer.</param>
    /// <param name="mtu">The longest packet that would have gone in; 0 for that of the route.</param>
    public static bool TryAnswer(ReadOnlySpan<byte> octets, in ForwardingDecision dropped, out TunnelError error, int mtu = 0)
    {
        error = default;
        if (dropped is not { Action: ForwardingAction.Drop, Drop: ForwardingDrop.TooBig or ForwardingDrop.HopLimitExceeded })
        {
            return false;
        }

        Span<byte> header = stackalloc byte[60];
        scoped IpPacketView packet;
        if (dropped.CameIn != Encapsulation.Minimal)
        {
            _ = IpPacketView.TryParse(octets[dropped.Offset..], out packet, out _);
        }
        else
        {
            _ = IpPacketView.TryParse(octets, out var whole, out _);
            _ = TunnelFrame.TryOpen(whole, dropped.CameIn, dropped.Offset, header, out packet);
        }

        var isTooBig = dropped.Drop == ForwardingDrop.TooBig;
        if (!MayBeTold(packet) || (isTooBig && packet.IsIPv4 && !packet.DontFragment))
        {
            return false;
        }

        error = (isTooBig ? TooBig(packet, mtu != 0 ? mtu : dropped.Route!.MtuFor(packet.IsIPv4)) : TimeExceeded(packet)) with
        {
            Encapsulation = dropped.CameIn, Offset = dropped.Offset, Length = dropped.Length,
        };
        return true;
    }

    /// <summary>Writes the error, with as much of the packet as fits.</summary>
    /// <param name="octets">What it was made of: the packet that was dropped, or the error that came.</param>
    /// <param name="source">The address of this host or agent that it comes from, of the family of <see cref="Destination"/>.</param>
    /// <param name="destination">Where it is written to; room for <see cref="MaximumLength"/>.</param>
    /// <returns>The length.</returns>
    public int Write(ReadOnlySpan<byte> octets, Address source, Span<byte> destination)
    {
        var headers = HeaderLength + (source.IsIPv4 ? IPv4Header.Fields.Layout.Length : IPv6Header.Fields.Layout.Length);
        var quoted = Math.Min(Length, (source.IsIPv4 ? MaximumLengthIPv4 : MaximumLength) - headers);
        var frame = destination[..(headers + quoted)];
        frame[..headers].Clear();
        TunnelFrame.CopyInner(octets[Start..], Encapsulation, Offset, frame[headers..]);
        var protocol = source.IsIPv4 ? IpProtocol.Icmp : IpProtocol.IcmpV6;
        var message = TunnelFrame.WriteHeader(source, Destination, protocol, 0, false, 0, frame);
        IcmpHeaderFields.Common.Type.Write(message, Type);
        IcmpHeaderFields.Common.Code.Write(message, Code);
        if (source.IsIPv4)
        {
            IcmpV4DestinationUnreachable.Fields.NextHopMtu.Write(message, (ulong)Mtu);
        }
        else
        {
            PacketTooBig.Fields.MaximumTransmissionUnit.Write(message, (ulong)Mtu);
        }

        var sum = source.IsIPv4 ? 0 : InternetChecksum.PseudoHeader(source, Destination, (byte)protocol, message.Length);
        IcmpHeaderFields.Common.Checksum.Write(message, InternetChecksum.Finish(sum + InternetChecksum.Sum(message)));
        return frame.Length;
    }

    internal static TunnelError TooBig(in IpPacketView packet, int mtu) => packet.IsIPv4
        ? Of(packet, (byte)IcmpV4Type.DestinationUnreachable, (byte)IcmpV4DestinationUnreachableCode.FragmentationNeeded, mtu)
        : Of(packet, (byte)IcmpV6Type.PacketTooBig, 0, mtu);

    internal static TunnelError Unreachable(in IpPacketView packet, IcmpV4DestinationUnreachableCode code) => packet.IsIPv4
        ? Of(packet, (byte)IcmpV4Type.DestinationUnreachable, (byte)code)
        : Of(packet, (byte)IcmpV6Type.DestinationUnreachable, (byte)IcmpV6DestinationUnreachableCode.AddressUnreachable);

    private static TunnelError TimeExceeded(in IpPacketView packet) => packet.IsIPv4
        ? Of(packet, (byte)IcmpV4Type.TimeExceeded, 0)
        : Of(packet, (byte)IcmpV6Type.TimeExceeded, 0);

    /// <summary>No error is about an error, a redirect, a later fragment, or what went to or came from a group or nobody.</summary>
    internal static bool MayBeTold(in IpPacketView packet)
    {
        if (!packet.Source.IsUnicast || packet.Source.IsLoopback || !packet.Destination.IsUnicast)
        {
            return false;
        }

        if (packet.IsIPv4)
        {
            return IPv4Header.Fields.FragmentOffset.ReadNumber(packet.Octets) == 0
                && (packet.Protocol != IpProtocol.Icmp
                    || (!packet.Payload.IsEmpty && (IcmpV4Type)packet.Payload[0] is IcmpV4Type.EchoRequest or IcmpV4Type.EchoReply));
        }

        return !TryFindUpperLayer(packet.Octets, out var protocol, out var payload)
            || protocol != IpProtocol.IcmpV6
            || (!payload.IsEmpty && payload[0] >= (byte)IcmpV6Type.EchoRequest && (IcmpV6Type)payload[0] != IcmpV6Type.Redirect);
    }

    /// <summary>Walks over the extension headers of an IPv6 packet, as far as it is there; false where they cannot be followed.</summary>
    private static bool TryFindUpperLayer(ReadOnlySpan<byte> packet, out IpProtocol protocol, out ReadOnlySpan<byte> payload)
    {
        protocol = (IpProtocol)IPv6Header.Fields.NextHeader.ReadByte(packet);
        payload = packet[IPv6Header.Fields.Layout.Length..];
        while (protocol is IpProtocol.HopByHopOptions or IpProtocol.DestinationOptions or IpProtocol.Routing or IpProtocol.Fragment)
        {
            var length = payload.Length < 8 ? int.MaxValue : protocol == IpProtocol.Fragment ? 8 : (payload[1] + 1) * 8;
            if (length > payload.Length)
            {
                return false;
            }

            protocol = (IpProtocol)payload[0];
            payload = payload[length..];
        }

        return true;
    }

    private static TunnelError Of(in IpPacketView packet, byte type, byte code, int mtu = 0) =>
        new() { Type = type, Code = code, Mtu = mtu, Destination = packet.Source };
}
