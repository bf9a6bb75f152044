using DsmipTools.Wire.Ip;

namespace DsmipTools.Wire.Decoding;

/// <summary>What a frame holds, as far as it can be decoded.</summary>
public sealed record DecodedPacket
{
    private readonly Layer? message;

    internal DecodedPacket(Layer? message) => this.message = message;

    /// <summary>The layers, the outermost first.</summary>
    public ValueList<Layer> Layers { get; init; }

    /// <summary>
    /// The innermost message, a <see cref="MobileIPv4.MobileIPv4Message"/>, a <see cref="MobilityHeader.MobilityMessage"/> or an ICMP message; or
    /// null. Written again, it gives the octets that it was read from.
    /// </summary>
    public Structure? Message => message?.Structure;

    /// <summary>The first thing that is wrong with the frame, with its offset in the frame; null when nothing is.</summary>
    public WireError? Error { get; init; }

    /// <summary>Where the packet comes from, by the innermost IP header; null without one, port 0 without ports.</summary>
    public Endpoint? Source { get; init; }

    /// <summary>Where the packet goes to, by the innermost IP header; null without one, port 0 without ports.</summary>
    public Endpoint? Destination { get; init; }
}
