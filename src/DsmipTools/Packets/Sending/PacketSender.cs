using DsmipTools.Net;
using DsmipTools.Net.RawPackets;
using DsmipTools.Wire;
using DsmipTools.Wire.Capture;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Packets.Sending;

/// <summary>
/// Sends exactly the messages and packets that it is given, one after the other, and collects answers. Messages in UDP leave by an ordinary
/// socket, all else raw (CAP_NET_RAW, Linux). One thread at a time uses it.
/// </summary>
public sealed class PacketSender : IDisposable
{
    private readonly Dictionary<Endpoint, UdpLink> udpLinks = [];
    private readonly Dictionary<LinkType, RawLink> rawLinks = [];

    /// <summary>Makes a sender; sockets are opened when they are needed.</summary>
    /// <param name="interfaceName">The interface that raw packets leave by; null for that of the route.</param>
    public PacketSender(string? interfaceName = null) => InterfaceName = interfaceName;

    /// <summary>The interface that raw packets leave by; null for that of the route.</summary>
    public string? InterfaceName { get; }

    /// <summary>Sends a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="parameters">Its envelope. A source that is not named, or is unspecified, is chosen by the operating system; a UDP source port of 0 too.</param>
    /// <exception cref="ArgumentException">The envelope does not fit together or does not fit the message.</exception>
    /// <exception cref="NetException">The operating system refuses; the message says what would help.</exception>
    public SentPacket Send(BareMessage message, EnvelopeParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(parameters);
        if (parameters.Destination is { } destination && parameters.Source is null or { Address.IsUnspecified: true })
        {
            parameters = parameters with { Source = new Endpoint(SourceAddress.For(destination.Address, InterfaceName), parameters.Source?.Port ?? 0) };
        }

        return Send(message, parameters.For(message.Form, keepSourcePort: true));
    }

    /// <summary>Sends a message in an envelope; a UDP source port of 0 lets the operating system choose one.</summary>
    /// <exception cref="ArgumentException">The envelope does not fit the message.</exception>
    /// <exception cref="NetException">The operating system refuses; the message says what would help.</exception>
    public SentPacket Send(BareMessage message, Envelope envelope)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (envelope.Transport == Transport.IPv6)
        {
            return Send(message.Enclose(envelope));
        }

        if (InterfaceName is not null)
        {
            throw new ArgumentException("Messages in UDP leave by an ordinary socket, whose interface is that of the route: choose the source address instead.");
        }

        if (!udpLinks.TryGetValue(envelope.Source, out var link))
        {
            link = new UdpLink(envelope.Source);
            udpLinks.Add(envelope.Source, link);
        }

        return new SentPacket(link.Send(message, envelope), link);
    }

    /// <summary>Sends a packet with all its headers.</summary>
    /// <exception cref="ArgumentException">It cannot be sent as it is.</exception>
    /// <exception cref="NetException">The operating system refuses; the message says what would help.</exception>
    public SentPacket Send(DsmipPacket packet)
    {
        ArgumentNullException.ThrowIfNull(packet);
        var linkType = packet.LinkType == LinkType.Ethernet ? LinkType.Ethernet
            : packet.Form != PacketForm.Packet || packet.LinkType is not (LinkType.Raw or LinkType.DataLinkRaw or LinkType.OpenBsdDataLinkRaw or LinkType.IPv4 or LinkType.IPv6)
                ? throw new ArgumentException($"What is sent raw begins with an IPv4, IPv6 or Ethernet header, and not with {(packet.Form != PacketForm.Packet ? packet.Form : packet.LinkType)}.")
            : packet.Octets.Length == 0 ? throw new ArgumentException("The packet is empty.")
            : (packet.Octets[0] >> 4) switch
            {
                4 => LinkType.IPv4,
                6 => LinkType.IPv6,
                var version => throw new ArgumentException($"The packet is of IP version {version}, and a raw socket of version 4 or 6. On an interface (-Interface) it can be sent behind an Ethernet header."),
            };
        var link = RawLinkFor(linkType);
        return new SentPacket(link.Send(packet), link);
    }

    /// <summary>Closes the sockets; nothing is collected any more.</summary>
    public void Dispose()
    {
        foreach (var link in udpLinks.Values)
        {
            link.Dispose();
        }

        foreach (var link in rawLinks.Values)
        {
            link.Dispose();
        }

        udpLinks.Clear();
        rawLinks.Clear();
    }

    private RawLink RawLinkFor(LinkType linkType)
    {
        if (!rawLinks.TryGetValue(linkType, out var link))
        {
            var transport = linkType != LinkType.Ethernet ? RawPacketTransport.OpenIP(linkType == LinkType.IPv4, InterfaceName)
                : RawPacketTransport.OpenEthernet(InterfaceName ?? throw new ArgumentException("A frame with an Ethernet header is sent on an interface: name it (-Interface)."));
            link = new RawLink(transport, InterfaceName);
            rawLinks.Add(linkType, link);
        }

        return link;
    }
}
