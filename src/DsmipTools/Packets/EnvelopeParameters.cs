using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;

namespace DsmipTools.Packets;

/// <summary>
/// What somebody says about the envelope of a message. What is null follows from the rest: the transport from the message and the
/// addresses, the ports from the transport.
/// </summary>
public sealed record EnvelopeParameters
{
    /// <summary>Where the packet comes from; port 0 stands for the one that IANA assigned.</summary>
    public Endpoint? Source { get; init; }

    /// <summary>Where the packet goes to; port 0 stands for the one that IANA assigned.</summary>
    public Endpoint? Destination { get; init; }

    /// <summary>
    /// How the message travels. Null means <see cref="Wire.Transport.MobileIPv4Udp"/> for a Mobile IPv4 message; for a Mobility Header
    /// <see cref="Wire.Transport.DualStackMobileIPv6Udp"/> with an inner address, <see cref="Wire.Transport.ProxyMobileIPv6Udp"/> over
    /// IPv4, and <see cref="Wire.Transport.IPv6"/> over IPv6.
    /// </summary>
    public Transport? Transport { get; init; }

    /// <summary>The home address in a Home Address option (RFC 6275, 6.3); over IPv6 alone.</summary>
    public Address? HomeAddress { get; init; }

    /// <summary>The home address in a type 2 routing header (RFC 6275, 6.4); over IPv6 alone.</summary>
    public Address? RoutingHeader { get; init; }

    /// <summary>The source of the inner IPv6 packet in UDP of Dual-Stack Mobile IPv6 (RFC 5555, 4.1).</summary>
    public Address? InnerSource { get; init; }

    /// <summary>The destination of the inner IPv6 packet in UDP of Dual-Stack Mobile IPv6 (RFC 5555, 4.1).</summary>
    public Address? InnerDestination { get; init; }

    /// <summary>True when nothing is said, so that a packet stays as it is.</summary>
    public bool IsEmpty => this == new EnvelopeParameters();

    /// <summary>The envelope of a message.</summary>
    /// <param name="form">What the message is.</param>
    /// <param name="keepSourcePort">True to leave a source port of 0 as it is, for the operating system to choose.</param>
    /// <exception cref="ArgumentException">An address is missing, or what is given does not fit together.</exception>
    public Envelope For(PacketForm form, bool keepSourcePort = false)
    {
        if (Source is not { } source || Destination is not { } destination)
        {
            throw new ArgumentException("A packet has a source and a destination: give both -Source and -Destination, or neither.");
        }

        var transport = TransportOf(form);
        var isIPv4 = transport != Wire.Transport.IPv6;
        if (source.Address.IsIPv4 != isIPv4 || destination.Address.IsIPv4 != isIPv4)
        {
            throw new ArgumentException($"{transport} needs {(isIPv4 ? "IPv4" : "IPv6")} addresses; these are {source.Address} and {destination.Address}.");
        }

        CheckInside(form, transport);
        return new Envelope(transport, keepSourcePort && isIPv4 ? source : WithPort(source, transport), WithPort(destination, transport))
        {
            InnerSource = HomeAddress ?? InnerSource,
            InnerDestination = RoutingHeader ?? InnerDestination,
        };
    }

    /// <summary>The transport of a message, as <see cref="Transport"/> says.</summary>
    public Transport TransportOf(PacketForm form) => Transport
        ?? (form == PacketForm.MobileIPv4 ? Wire.Transport.MobileIPv4Udp
            : InnerSource is not null || InnerDestination is not null ? Wire.Transport.DualStackMobileIPv6Udp
            : (Destination ?? Source) is { Address.IsIPv4: true } ? Wire.Transport.ProxyMobileIPv6Udp
            : Wire.Transport.IPv6);

    private static Endpoint WithPort(Endpoint endpoint, Transport transport) => transport switch
    {
        // Native Mobility Headers have no ports.
        Wire.Transport.IPv6 => endpoint with { Port = 0 },
        _ when endpoint.Port != 0 => endpoint,
        Wire.Transport.MobileIPv4Udp => endpoint with { Port = MobileIPv4Message.Port },
        Wire.Transport.DualStackMobileIPv6Udp => endpoint with { Port = Envelope.DualStackMobileIPv6Port },
        _ => endpoint with { Port = Envelope.ProxyMobileIPv6Port },
    };

    private void CheckInside(PacketForm form, Transport transport)
    {
        if (form == PacketForm.MobileIPv4 && transport is Wire.Transport.IPv6 or Wire.Transport.DualStackMobileIPv6Udp)
        {
            throw new ArgumentException($"{transport} carries a Mobility Header; a Mobile IPv4 message travels over {Wire.Transport.MobileIPv4Udp}.");
        }

        if ((HomeAddress ?? RoutingHeader) is not null && transport != Wire.Transport.IPv6)
        {
            throw new ArgumentException(
                $"A Home Address option (-HomeAddress) and a type 2 routing header (-RoutingHeader) are those of {Wire.Transport.IPv6}, not of {transport}.");
        }

        var isDualStack = transport == Wire.Transport.DualStackMobileIPv6Udp;
        if (InnerSource is null == isDualStack || InnerDestination is null == isDualStack)
        {
            throw new ArgumentException(isDualStack
                ? $"{transport} carries an IPv6 packet: give its addresses with -InnerSource and -InnerDestination."
                : $"{transport} carries no inner IPv6 packet: -InnerSource and -InnerDestination are for {Wire.Transport.DualStackMobileIPv6Udp}.");
        }

        foreach (var address in new[] { HomeAddress, RoutingHeader, InnerSource, InnerDestination })
        {
            if (address is { IsIPv4: true } or { IsUnspecified: true })
            {
                throw new ArgumentException($"{address} is no IPv6 address of a mobility entity.");
            }
        }
    }
}
