using DsmipTools.Wire;
using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Packets;

/// <summary>
/// A mobility message without headers before it, to be put into a packet. Its octets stay as they are, with one exception: the checksum of a
/// Mobility Header that is left to be computed (null in a record, zero in octets) is filled in as the envelope demands.
/// </summary>
public sealed record BareMessage
{
    private BareMessage(Octets octets, PacketForm form, bool hasChecksum)
    {
        Octets = octets;
        Form = form;
        HasChecksum = hasChecksum;
    }

    /// <summary>The octets.</summary>
    public Octets Octets { get; }

    /// <summary>What they are: <see cref="PacketForm.MobileIPv4"/> or <see cref="PacketForm.MobilityHeader"/>.</summary>
    public PacketForm Form { get; }

    /// <summary>True when the checksum stands as it is, however wrong.</summary>
    public bool HasChecksum { get; private init; }

    /// <summary>Takes a record; a checksum that it gives stands.</summary>
    /// <exception cref="ArgumentException">It is no mobility message, or cannot be written.</exception>
    public static BareMessage From(Structure message) => message switch
    {
        MobileIPv4Message => new BareMessage(message.ToOctets(), PacketForm.MobileIPv4, hasChecksum: true),
        MobilityMessage mobility => new BareMessage(message.ToOctets(), PacketForm.MobilityHeader, mobility.Checksum is not null),
        null => throw new ArgumentNullException(nameof(message)),
        _ => throw new ArgumentException($"{message.Table.Name} is no mobility message; it goes into a packet as a layer (PacketComposer)."),
    };

    /// <summary>Takes octets; a checksum that is not zero stands.</summary>
    /// <param name="octets">The octets.</param>
    /// <param name="form">What they are; null finds out as <see cref="DsmipPacket.FormOf"/> says.</param>
    /// <exception cref="ArgumentException">They are a packet already, or too few.</exception>
    public static BareMessage From(Octets octets, PacketForm? form = null)
    {
        switch (form ?? DsmipPacket.FormOf(octets.Span))
        {
            case PacketForm.MobileIPv4:
                return new BareMessage(octets, PacketForm.MobileIPv4, hasChecksum: true);
            case PacketForm.MobilityHeader:
                var checksum = MobilityHeaderFields.Common.Checksum;
                return checksum.FitsInto(octets.Length)
                    ? new BareMessage(octets, PacketForm.MobilityHeader, checksum.ReadUInt16(octets.Span) != 0)
                    : throw new ArgumentException($"{octets.Length} octets are too few for a Mobility Header.");
            default:
                throw new ArgumentException("These octets are a packet already; -Source and -Destination put a message without headers into one.");
        }
    }

    /// <summary>Takes the message out of a packet; its checksum is to be computed anew, because it depends on the addresses.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static BareMessage From(DsmipPacket packet)
    {
        ArgumentNullException.ThrowIfNull(packet);
        return packet.Form != PacketForm.Packet ? From(packet.Octets, packet.Form)
            : packet.Message is MobileIPv4Message or MobilityMessage ? From(packet.Message) with { HasChecksum = packet.Message is MobileIPv4Message }
            : throw new ArgumentException($"Packet {packet.Number} holds no mobility message to put into another packet.");
    }

    /// <summary>The packet of the message in an envelope.</summary>
    /// <exception cref="ArgumentException">The envelope does not fit, or the packet is too long for IP.</exception>
    public DsmipPacket Enclose(Envelope envelope)
    {
        var message = Octets.ToArray();
        if (!HasChecksum)
        {
            envelope.Seal(message);
        }

        var octets = new byte[PacketFrame.Overhead(envelope) + message.Length];
        PacketFrame.Write(envelope, message, octets);
        return DsmipPacket.From(Octets.Create(octets), new PacketDecoder(PortsOf(envelope)), PacketForm.Packet);
    }

    /// <summary>The ports that mean the envelope's protocol: those that are assigned, and those that the envelope names.</summary>
    internal static PacketDecoderOptions PortsOf(Envelope envelope)
    {
        return PacketDecoderOptions.Naming(Named(Transport.MobileIPv4Udp), Named(Transport.ProxyMobileIPv6Udp), Named(Transport.DualStackMobileIPv6Udp));

        ushort[] Named(Transport transport) => transport == envelope.Transport ? [envelope.Source.Port, envelope.Destination.Port] : [];
    }
}
