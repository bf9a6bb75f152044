using DsmipTools.Wire.Ip;

namespace DsmipTools.Wire;

/// <summary>
/// The packet envelope of a mobility message. A binding remembers the envelope of its last accepted update; answers and revocations
/// travel in the same one, turned round (RFC 5846, 4).
/// </summary>
/// <param name="Transport">How the message travels.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="Destination">Where it goes to.</param>
public readonly record struct Envelope(Transport Transport, Endpoint Source, Endpoint Destination)
{
    /// <summary>The UDP port of Proxy Mobile IPv6 over IPv4 (RFC 5844, 4.1.3).</summary>
    public const ushort ProxyMobileIPv6Port = 5436;

    /// <summary>The same envelope in the opposite direction: ports and addresses swapped.</summary>
    public Envelope Reversed => this with { Source = Destination, Destination = Source };

    /// <summary>Fills in the Mobility Header checksum where this envelope wants one; where it does not, the checksum is zero (RFC 5844, 4.1.3.1).</summary>
    public void Seal(Span<byte> message)
    {
        if (Transport == Transport.IPv6)
        {
            MobilityHeader.MobilityHeaderView.WriteChecksum(message, Source.Address, Destination.Address);
        }
        else if (Transport == Transport.ProxyMobileIPv6Udp)
        {
            // A message that was sealed for another envelope, or decoded, may carry a checksum.
            MobilityHeader.MobilityHeaderFields.Common.Checksum.Write(message, 0);
        }
    }

    /// <summary>True when the message's own checksum is right, or when another one protects it in this envelope.</summary>
    public bool IsChecksumRight(MobilityHeader.MobilityHeaderView message) =>
        Transport != Transport.IPv6 || message.VerifyChecksum(Source.Address, Destination.Address);

    /// <inheritdoc/>
    public override string ToString() => $"{Transport} {Source} > {Destination}";
}
