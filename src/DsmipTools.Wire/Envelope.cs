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

    /// <summary>The UDP port of what Proxy Mobile IPv6 over IPv4 tunnels (RFC 5844, 4.1.4 and 6): whole IP packets; RFC 5845, 7.1 puts GRE into it.</summary>
    public const ushort ProxyMobileIPv6DataPort = 5437;

    /// <summary>The UDP port of Dual-Stack Mobile IPv6 (RFC 5555, 8).</summary>
    public const ushort DualStackMobileIPv6Port = 4191;

    // The unspecified address stands for none: envelopes are kept with bindings, a million of them.
    private readonly Address innerSource;
    private readonly Address innerDestination;

    /// <summary>
    /// Whom the message comes from inside the outer addresses: over IPv6 the home address in a Home Address option (RFC 6275, 6.3), over
    /// <see cref="Transport.DualStackMobileIPv6Udp"/> the source of the inner packet. Null where there is none.
    /// </summary>
    public Address? InnerSource
    {
        get => Known(innerSource);
        init => innerSource = value.GetValueOrDefault();
    }

    /// <summary>
    /// Whom the message goes to inside the outer addresses: over IPv6 the home address in a type 2 routing header (RFC 6275, 6.4), over
    /// <see cref="Transport.DualStackMobileIPv6Udp"/> the destination of the inner packet. Null where there is none.
    /// </summary>
    public Address? InnerDestination
    {
        get => Known(innerDestination);
        init => innerDestination = value.GetValueOrDefault();
    }

    /// <summary>
    /// True when ESP protects the message in transport mode (RFC 5213, 4; RFC 5844, 4.3). The packet then shows no more than addresses: the ports
    /// of UDP stand inside.
    /// </summary>
    public bool IsProtected { get; init; }

    /// <summary>The same envelope in the opposite direction: ports and addresses swapped; who was named by an option is now routed to.</summary>
    public Envelope Reversed => new(Transport, Destination, Source) { InnerSource = InnerDestination, InnerDestination = InnerSource, IsProtected = IsProtected };

    /// <summary>True where the Mobility Header checksum counts.</summary>
    private bool HasChecksum => Transport is Transport.IPv6 or Transport.DualStackMobileIPv6Udp;

    /// <summary>The addresses of the pseudo-header: those that the mobility entities know each other by (RFC 6275, 6.1.1 and 11.3.1).</summary>
    private PseudoAddresses Addresses => new(
        innerSource.IsUnspecified ? Source.Address : innerSource, innerDestination.IsUnspecified ? Destination.Address : innerDestination);

    /// <summary>Fills in the Mobility Header checksum where this envelope wants one; where it does not, the checksum is zero (RFC 5844, 4.1.3.1).</summary>
    public void Seal(Span<byte> message)
    {
        if (HasChecksum)
        {
            var (from, to) = Addresses;
            MobilityHeader.MobilityHeaderView.WriteChecksum(message, from, to);
        }
        else if (Transport == Transport.ProxyMobileIPv6Udp)
        {
            // A message that was sealed for another envelope, or decoded, may carry a checksum.
            MobilityHeader.MobilityHeaderFields.Common.Checksum.Write(message, 0);
        }
    }

    /// <summary>True when the message's own checksum is right, or when another one protects it in this envelope.</summary>
    public bool IsChecksumRight(MobilityHeader.MobilityHeaderView message)
    {
        if (!HasChecksum)
        {
            return true;
        }

        var (from, to) = Addresses;
        return message.VerifyChecksum(from, to);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Transport}{(IsProtected ? " ESP" : "")} {Source}{Inner(InnerSource)} > {Destination}{Inner(InnerDestination)}";

    private static Address? Known(Address address) => address.IsUnspecified ? (Address?)null : address;

    private static string Inner(Address? address) => address is { } known ? $" ({known})" : "";
}
