using DsmipTools.Wire;
using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Ip.ExtensionHeaders;
using DsmipTools.Wire.Ip.Options;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Packets;

/// <summary>Puts structures into packets.</summary>
public static class PacketLayers
{
    /// <summary>
    /// The packet of a message or another structure that IP carries, such as an ICMP message. What a record gives stands, however wrong; the
    /// checksum of a decoded Mobility Header is that of another packet, and is computed anew.
    /// </summary>
    /// <exception cref="ArgumentException">The envelope does not fit, or the packet is too long for IP.</exception>
    public static DsmipPacket Enclose(Structure structure, EnvelopeParameters envelope)
    {
        ArgumentNullException.ThrowIfNull(structure);
        ArgumentNullException.ThrowIfNull(envelope);
        switch (structure)
        {
            case MobilityMessage { Verbatim: true, HeaderLength: not null, Checksum: not null } decoded:
                return Enclose(decoded with { Checksum = null }, envelope);
            case MobileIPv4Message or MobilityMessage:
                var message = BareMessage.From(structure);
                return message.Enclose(envelope.For(message.Form));
            default:
                return DsmipPacket.Compose([.. Headers(structure, envelope), structure]);
        }
    }

    /// <summary>The packet of a decoded one's message in another envelope.</summary>
    /// <exception cref="ArgumentException">It holds no message, or the envelope does not fit.</exception>
    public static DsmipPacket Enclose(DsmipPacket packet, EnvelopeParameters envelope)
    {
        ArgumentNullException.ThrowIfNull(packet);
        ArgumentNullException.ThrowIfNull(envelope);
        if (packet.Message is not (null or MobileIPv4Message or MobilityMessage))
        {
            return Enclose(packet.Message, envelope);
        }

        var message = BareMessage.From(packet);
        return message.Enclose(envelope.For(message.Form));
    }

    /// <summary>The IP header, and the headers with home addresses, before a structure that IP carries itself.</summary>
    private static IEnumerable<Structure> Headers(Structure structure, EnvelopeParameters envelope)
    {
        if (envelope is not { Source: { } source, Destination: { } destination })
        {
            throw new ArgumentException("A packet has a source and a destination: give both -Source and -Destination, or neither.");
        }

        if (source.Address.IsIPv4 != destination.Address.IsIPv4)
        {
            throw new ArgumentException($"Source and destination are of one IP version; these are {source.Address} and {destination.Address}.");
        }

        if (envelope.Transport is not null || envelope.InnerSource is not null || envelope.InnerDestination is not null)
        {
            throw new ArgumentException($"{structure.Table.Name} stands behind an IP header: -Transport, -InnerSource and -InnerDestination are for mobility messages.");
        }

        if (source.Address.IsIPv4)
        {
            if ((envelope.HomeAddress ?? envelope.RoutingHeader) is not null)
            {
                throw new ArgumentException("A Home Address option (-HomeAddress) and a type 2 routing header (-RoutingHeader) stand behind an IPv6 header.");
            }

            yield return new IPv4Header { Source = source.Address, Destination = destination.Address };
            yield break;
        }

        yield return new IPv6Header { Source = source.Address, Destination = destination.Address };
        if (envelope.RoutingHeader is { } routed)
        {
            yield return new Type2RoutingHeader { HomeAddress = routed };
        }

        if (envelope.HomeAddress is { } home)
        {
            yield return new DestinationOptionsHeader { Options = [new HomeAddressOption { HomeAddress = home }] };
        }
    }
}
