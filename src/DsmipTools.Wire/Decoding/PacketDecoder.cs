using System.Runtime.CompilerServices;
using DsmipTools.Wire.Capture;
using DsmipTools.Wire.Ip.ExtensionHeaders;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Wire.Decoding;

/// <summary>
/// Decodes frames and messages to layers, fields and the message record. Nothing throws: what cannot be decoded has an error that
/// says where and why, and the layers up to there stand. Safe for use by several threads.
/// </summary>
public sealed class PacketDecoder
{
    private readonly PacketDecoderOptions options;

    /// <summary>Makes a decoder.</summary>
    /// <param name="options">The ports; null for those that IANA assigned.</param>
    public PacketDecoder(PacketDecoderOptions? options = null) => this.options = options ?? new PacketDecoderOptions();

    /// <summary>Decodes a frame of a capture. A UDP checksum that the network interface was still to fill in is not judged.</summary>
    public DecodedPacket Decode(CapturedFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        var dissection = new Dissection(frame.Octets, options, hasUdpChecksums: (frame.Flags & CapturedFrameFlags.ChecksumNotReady) == 0);
        dissection.Frame(frame.LinkType);
        return dissection.Packet;
    }

    /// <summary>Decodes a frame.</summary>
    /// <param name="octets">The frame.</param>
    /// <param name="linkType">What it begins with; an IP header unless said otherwise.</param>
    [OverloadResolutionPriority(1)]
    public DecodedPacket Decode(Octets octets, LinkType linkType = LinkType.Raw)
    {
        var dissection = new Dissection(octets, options);
        dissection.Frame(linkType);
        return dissection.Packet;
    }

    /// <summary>Decodes a copy of octets.</summary>
    public DecodedPacket Decode(ReadOnlySpan<byte> octets, LinkType linkType = LinkType.Raw) => Decode(Octets.Create(octets), linkType);

    /// <summary>
    /// Composes a structure and decodes it as it will stand on the wire, with the lengths, padding and checksums that composing fills in.
    /// </summary>
    /// <param name="structure">A message, or an option, an extension or a header alone.</param>
    /// <exception cref="ArgumentException">It cannot be composed: a part is longer than its length field can say.</exception>
    public DecodedPacket Decode(Structure structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        var composed = PacketComposer.Compose(structure);
        return structure switch
        {
            MobilityMessage => DecodeMobilityHeader(composed),
            MobileIPv4Message => DecodeMobileIPv4(composed),
            // Options that were composed have padding between them.
            HopByHopOptionsHeader => Alone(HopByHopOptionsHeader.Read(composed.Span), composed),
            DestinationOptionsHeader => Alone(DestinationOptionsHeader.Read(composed.Span), composed),
            _ => Alone(structure, composed),
        };
    }

    /// <summary>Decodes a copy of a Mobile IPv4 message without its headers.</summary>
    public DecodedPacket DecodeMobileIPv4(ReadOnlySpan<byte> octets) => DecodeMobileIPv4(Octets.Create(octets));

    /// <summary>Decodes a copy of a Mobility Header without the headers before it.</summary>
    public DecodedPacket DecodeMobilityHeader(ReadOnlySpan<byte> octets) => DecodeMobilityHeader(Octets.Create(octets));

    /// <summary>Decodes a Mobile IPv4 message without its headers, as it stands in UDP.</summary>
    [OverloadResolutionPriority(1)]
    public DecodedPacket DecodeMobileIPv4(Octets octets)
    {
        var dissection = new Dissection(octets, options);
        dissection.MobileIPv4(0, octets.Length);
        return dissection.Packet;
    }

    /// <summary>Decodes a Mobility Header without the headers before it; its checksum is not verified, because that needs the addresses.</summary>
    [OverloadResolutionPriority(1)]
    public DecodedPacket DecodeMobilityHeader(Octets octets)
    {
        var dissection = new Dissection(octets, options);
        dissection.MobilityHeader(0, octets.Length, checksumCounts: false);
        return dissection.Packet;
    }

    private static DecodedPacket Alone(Structure structure, Octets octets)
    {
        var layer = new Layer(octets, structure, 0);
        return new DecodedPacket(layer) { Layers = [layer] };
    }
}
