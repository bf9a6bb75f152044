using DsmipTools.Engine.Diagnostics;
using DsmipTools.Wire;
using DsmipTools.Wire.Icmp.IcmpV6;
using DsmipTools.Wire.Icmp.NeighborDiscovery;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.AccessLinks;

/// <summary>A message of Neighbor Discovery from a neighbour, checked as RFC 4861, 6.1.1 and 7.1 want it.</summary>
/// <param name="Kind">What it is; <see cref="MessageKind.Unknown"/> for other traffic, which is not looked at.</param>
/// <param name="Drop">Why it is dropped.</param>
/// <param name="Source">Whom it comes from; unspecified while an address is being tried.</param>
/// <param name="Target">The address that is asked for or advertised.</param>
/// <param name="IsSolicited">True for an advertisement that answers a solicitation.</param>
internal readonly record struct NeighbourMessage(MessageKind Kind, DropReason Drop, Address Source, Address Target, bool IsSolicited)
{
    /// <summary>Reads a packet from a link.</summary>
    public static NeighbourMessage Read(ReadOnlySpan<byte> packet)
    {
        var fields = IPv6Header.Fields.Layout.Length;
        if (packet.Length < fields || packet[0] >> 4 != 6)
        {
            return default;
        }

        var source = IPv6Header.Fields.Source.ReadAddress(packet);
        var message = packet[fields..];
        if (IPv6Header.Fields.NextHeader.ReadByte(packet) != (byte)IpProtocol.IcmpV6 || !IcmpV6View.TryParse(message, out var header, out _))
        {
            return default;
        }

        var kind = header.Type switch
        {
            IcmpV6Type.RouterSolicitation => MessageKind.RouterSolicitation,
            IcmpV6Type.NeighborSolicitation => MessageKind.NeighborSolicitation,
            IcmpV6Type.NeighborAdvertisement => MessageKind.NeighborAdvertisement,
            _ => MessageKind.Unknown,
        };
        if (kind == MessageKind.Unknown)
        {
            return default;
        }

        var destination = IPv6Header.Fields.Destination.ReadAddress(packet);
        var target = default(Address);
        var isWhole = IPv6Header.Fields.PayloadLength.ReadUInt16(packet) == message.Length && IsWhole(kind, message, out target);
        var isSolicited = isWhole && kind == MessageKind.NeighborAdvertisement && NeighborAdvertisement.Fields.Solicited.ReadFlag(message);
        var drop = !isWhole || (isSolicited && destination.IsMulticast) || header.Code != 0 || IPv6Header.Fields.HopLimit.ReadByte(packet) != RouterMessages.HopLimit ? DropReason.Malformed
            : !header.VerifyChecksum(source, destination) ? DropReason.BadChecksum
            : source.IsMulticast || (source.IsUnspecified && kind == MessageKind.NeighborAdvertisement) ? DropReason.NonUnicastSource
            : DropReason.None;
        return new NeighbourMessage(kind, drop, source, target, isSolicited);
    }

    private static bool IsWhole(MessageKind kind, ReadOnlySpan<byte> message, out Address target)
    {
        target = default;
        switch (kind)
        {
            case MessageKind.RouterSolicitation:
                return RouterSolicitationView.TryParse(message, out _, out _);
            case MessageKind.NeighborSolicitation when NeighborSolicitationView.TryParse(message, out var solicitation, out _):
                target = solicitation.TargetAddress;
                return target.IsUnicast;
            case MessageKind.NeighborAdvertisement when NeighborAdvertisementView.TryParse(message, out var advertisement, out _):
                target = advertisement.TargetAddress;
                return target.IsUnicast;
            default:
                return false;
        }
    }
}
