using System.Diagnostics.CodeAnalysis;
using DsmipTools.Wire.Icmp;
using DsmipTools.Wire.Icmp.IcmpV4;
using DsmipTools.Wire.Icmp.IcmpV6;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Tunneling;

namespace DsmipTools.Engine.Forwarding;

/// <summary>
/// ICMP errors from the way to the other end of a tunnel, about packets that went into it (RFC 2003, 4 and 5; RFC 2473, 8; RFC 4213, 3.4). Pure
/// functions of the error and the tables; nothing here allocates.
/// </summary>
public static class PathError
{
    private const int HeaderLength = 8;

    /// <summary>The MTUs that paths have, for routers that tell none (RFC 1191, 7.1).</summary>
    private static ReadOnlySpan<int> Plateaus => [32000, 17914, 8166, 4352, 2002, 1492, 1006, 508, 296, PathMtu.MinimumIPv4];

    /// <summary>True for an ICMP error, whatever it is about.</summary>
    public static bool IsError(in IpPacketView packet) => packet.Protocol switch
    {
        IpProtocol.Icmp when packet.IsIPv4 && !packet.Payload.IsEmpty => (IcmpV4Type)packet.Payload[0] is
            IcmpV4Type.DestinationUnreachable or IcmpV4Type.TimeExceeded or IcmpV4Type.ParameterProblem,
        IpProtocol.IcmpV6 when !packet.IsIPv4 && !packet.Payload.IsEmpty => packet.Payload[0] < (byte)IcmpV6Type.EchoRequest,
        _ => false,
    };

    /// <summary>The path MTU that an error tells; null when it tells none, or one that it cannot mean (RFC 8201, 4).</summary>
    /// <param name="octets">The error, about which <see cref="Forwarder"/> has decided.</param>
    public static int? ReadMtu(ReadOnlySpan<byte> octets) =>
        IpPacketView.TryParse(octets, out var packet, out _) && IsTooBig(packet) && IpPacketView.TryParseQuoted(packet.Payload[HeaderLength..], out var sent)
            ? MtuOf(packet, sent)
            : null;

    /// <summary>What the source of the packet that went into the tunnel is told; false where the RFCs want it told nothing, or too little of its packet is there.</summary>
    /// <param name="octets">The error, about which <see cref="Forwarder"/> has decided.</param>
    /// <param name="table">The tunnels and routes.</param>
    /// <param name="error">What is told.</param>
    public static bool TryRelay(ReadOnlySpan<byte> octets, ForwardingTable table, out TunnelError error)
    {
        ArgumentNullException.ThrowIfNull(table);
        error = default;
        if (!IpPacketView.TryParse(octets, out var packet, out _) || !TryReadTunnel(packet, table, out var tunnel, out var ends, out var offset))
        {
            return false;
        }

        var start = packet.HeaderLength + HeaderLength;
        _ = IpPacketView.TryParseQuoted(octets[start..], out var sent);
        scoped var carrier = sent;
        var (before, encapsulation) = (0, ends.Encapsulation);
        Span<byte> header = stackalloc byte[60];
        while (true)
        {
            if (!TryOpen(carrier, encapsulation, offset, header, out var inner))
            {
                return false;
            }

            if (table.HasNested && TunnelFrame.TryReadQuoted(inner, out ends, out var next)
                && TryFind(ends, inner, table, out var nested) && nested.Over?.Tunnel.Id == tunnel.Id)
            {
                (tunnel, before, offset, encapsulation) = (nested, before + offset, next, ends.Encapsulation);
                carrier = inner;
                continue;
            }

            // Only what this end would have sent into the tunnel: anything else is forged.
            if (!table.TryFind(tunnel.End == TunnelEnd.Access ? inner.Source : inner.Destination, out var route) || route.Tunnel.Id != tunnel.Id
                || !TunnelError.MayBeTold(inner) || Translate(packet, sent, inner, before + offset) is not { } told)
            {
                return false;
            }

            error = told with { Start = start + before, Encapsulation = encapsulation, Offset = offset, Length = carrier.Octets.Length - offset };
            return true;
        }
    }

    /// <summary>Decides about an ICMP error that has come.</summary>
    internal static ForwardingDecision Decide(in IpPacketView packet, ForwardingTable table, in ForwardingDecision place)
    {
        if (packet.IsFragment || packet.Payload.Length < HeaderLength || !IpPacketView.TryParseQuoted(packet.Payload[HeaderLength..], out var sent)
            || !TunnelFrame.TryReadQuoted(sent, out var ends, out _))
        {
            return place with { Action = ForwardingAction.ToAgent };
        }

        var sum = packet.IsIPv4 ? 0 : InternetChecksum.PseudoHeader(packet.Source, packet.Destination, (byte)IpProtocol.IcmpV6, packet.Payload.Length);
        return !InternetChecksum.Verify(sum, packet.Payload) ? place with { Drop = ForwardingDrop.Malformed }
            : TryReadTunnel(packet, table, out var tunnel, out _, out _) ? place with { Action = ForwardingAction.Error, From = tunnel }
            // Any program may use UDP.
            : ends.Encapsulation == Encapsulation.Udp ? place with { Action = ForwardingAction.ToAgent }
            : place with { Drop = ForwardingDrop.ForeignError };
    }

    private static bool TryReadTunnel(
        in IpPacketView packet, ForwardingTable table, [NotNullWhen(true)] out Tunnel? tunnel, out TunnelEnds ends, out int offset)
    {
        (tunnel, ends, offset) = (null, default, 0);
        return packet.Payload.Length > HeaderLength && IpPacketView.TryParseQuoted(packet.Payload[HeaderLength..], out var sent)
            && sent.Source == packet.Destination && TunnelFrame.TryReadQuoted(sent, out ends, out offset) && TryFind(ends, sent, table, out tunnel);
    }

    private static bool TryFind(in TunnelEnds ends, in IpPacketView sent, ForwardingTable table, [NotNullWhen(true)] out Tunnel? tunnel) =>
        table.TryFind(ends, out tunnel) || ends.Encapsulation switch
        {
            Encapsulation.IpInIp => table.TryFind(ends with { Encapsulation = Encapsulation.Minimal }, out tunnel),
            // The octet that tells them apart may be cut off.
            Encapsulation.Udp when sent.Payload.Length <= HeaderLength => table.TryFind(ends with { Encapsulation = Encapsulation.UdpMobileIPv4 }, out tunnel),
            _ => false,
        };

    private static bool TryOpen(scoped in IpPacketView carrier, Encapsulation encapsulation, int offset, Span<byte> header, out IpPacketView inner)
    {
        inner = default;
        return offset < carrier.Octets.Length && (encapsulation != Encapsulation.Minimal || carrier.Payload.Length >= offset)
            && (encapsulation == Encapsulation.Minimal
                ? TunnelFrame.TryOpen(carrier, encapsulation, offset, header, out inner)
                : IpPacketView.TryParseQuoted(carrier.Octets[offset..], out inner));
    }

    /// <summary>RFC 2003, 4 for IPv4 in IPv4, RFC 4213, 3.4 for IPv6 in IPv4, RFC 2473, 8.2 and 8.3 over IPv6.</summary>
    private static TunnelError? Translate(in IpPacketView packet, in IpPacketView sent, in IpPacketView inner, int headers)
    {
        if (IsTooBig(packet))
        {
            // What the path does not carry then is fragmented outside (RFC 2473, 7.1 and 7.2).
            return MtuOf(packet, sent) is not { } mtu || (inner.IsIPv4 ? !inner.DontFragment : inner.Length <= PathMtu.MinimumIPv6) ? null
                : TunnelError.TooBig(inner, inner.IsIPv4 ? Math.Max(mtu - headers, PathMtu.MinimumIPv4) : Math.Max(mtu - headers, PathMtu.MinimumIPv6));
        }

        var (type, code) = (IcmpHeaderFields.Common.Type.ReadByte(packet.Payload), IcmpHeaderFields.Common.Code.ReadByte(packet.Payload));
        return packet.IsIPv4
            ? ((IcmpV4Type)type, (IcmpV4DestinationUnreachableCode)code) switch
            {
                (IcmpV4Type.DestinationUnreachable, IcmpV4DestinationUnreachableCode.PortUnreachable or IcmpV4DestinationUnreachableCode.SourceRouteFailed) => null,
                (IcmpV4Type.DestinationUnreachable, IcmpV4DestinationUnreachableCode.NetUnreachable) =>
                    TunnelError.Unreachable(inner, IcmpV4DestinationUnreachableCode.NetUnreachable),
                (IcmpV4Type.DestinationUnreachable or IcmpV4Type.TimeExceeded, _) =>
                    TunnelError.Unreachable(inner, IcmpV4DestinationUnreachableCode.HostUnreachable),
                // Of a header that this end wrote.
                _ => null,
            }
            : ((IcmpV6Type)type, (IcmpV6DestinationUnreachableCode)code) switch
            {
                (IcmpV6Type.DestinationUnreachable, IcmpV6DestinationUnreachableCode.PortUnreachable) => null,
                (IcmpV6Type.DestinationUnreachable or IcmpV6Type.TimeExceeded, _) =>
                    TunnelError.Unreachable(inner, IcmpV4DestinationUnreachableCode.HostUnreachable),
                _ => null,
            };
    }

    private static bool IsTooBig(in IpPacketView packet) => packet.Payload.Length > HeaderLength && (packet.IsIPv4
        ? (IcmpV4Type)packet.Payload[0] == IcmpV4Type.DestinationUnreachable
            && (IcmpV4DestinationUnreachableCode)packet.Payload[1] == IcmpV4DestinationUnreachableCode.FragmentationNeeded
        : (IcmpV6Type)packet.Payload[0] == IcmpV6Type.PacketTooBig);

    private static int? MtuOf(in IpPacketView packet, in IpPacketView sent)
    {
        if (!packet.IsIPv4)
        {
            var told = PacketTooBig.Fields.MaximumTransmissionUnit.ReadUInt32(packet.Payload);
            return told >= PathMtu.MinimumIPv6 && told < sent.Length ? (int)told : null;
        }

        int mtu = IcmpV4DestinationUnreachable.Fields.NextHopMtu.ReadUInt16(packet.Payload);
        if (mtu == 0)
        {
            foreach (var plateau in Plateaus)
            {
                if (plateau < sent.Length)
                {
                    mtu = plateau;
                    break;
                }
            }
        }

        return mtu >= PathMtu.MinimumIPv4 && mtu < sent.Length ? mtu : null;
    }
}
