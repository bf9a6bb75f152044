using DsmipTools.Wire.Icmp.MobileIPv6;
using DsmipTools.Wire.Icmp.MulticastListenerDiscovery;
using DsmipTools.Wire.Icmp.NeighborDiscovery;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp.IcmpV6;

/// <summary>An ICMPv6 message as an immutable value (RFC 4443, 2.1).</summary>
public abstract record IcmpV6Message : IcmpMessage
{
    /// <summary>The message type.</summary>
    public abstract IcmpV6Type Type { get; }

    internal override IpProtocol? ProtocolNumber => IpProtocol.IcmpV6;

    private protected sealed override byte TypeOctet => (byte)Type;

    /// <summary>The message as octets; its checksum is computed for these addresses, unless <see cref="IcmpMessage.Checksum"/> overrides it.</summary>
    /// <param name="source">The source address of the packet.</param>
    /// <param name="destination">The address of its final destination.</param>
    public Octets ToOctets(Address source, Address destination)
    {
        var octets = new byte[GetLength()];
        Write(octets);
        if (Checksum is null)
        {
            WriteChecksum(octets, source, destination);
        }

        return octets;
    }

    /// <summary>Computes and writes the checksum of a whole message (RFC 4443, 2.3).</summary>
    public static void WriteChecksum(Span<byte> message, Address source, Address destination) =>
        WriteChecksum(message, PseudoHeader(message, source, destination));

    /// <summary>True when the checksum of a whole message is right for these addresses (RFC 4443, 2.3).</summary>
    public static bool VerifyChecksum(ReadOnlySpan<byte> message, Address source, Address destination) =>
        InternetChecksum.Verify(PseudoHeader(message, source, destination), message);

    internal override void Complete(Span<byte> octets, in PacketPlace place)
    {
        if (Checksum is null && place.Addresses is { } addresses)
        {
            WriteChecksum(octets, addresses.Source, addresses.Destination);
        }
    }

    /// <summary>
    /// Makes the record of a message; one of an unknown type, and one that does not have the form of its type, is kept whole.
    /// Null without the four octets that every message has.
    /// </summary>
    /// <param name="octets">The message, from its type to the end of the packet.</param>
    /// <param name="error">Why there is no message, or why one of a known type had to be kept whole; none otherwise.</param>
    public static IcmpV6Message? From(ReadOnlySpan<byte> octets, out WireError error)
    {
        var reader = new IcmpReader(octets);
        var message = ReadAny(ref reader);
        error = reader.Error;
        return message is not null && error.IsError ? Keep(octets) : message;
    }

    /// <summary>Reads as much of a message as is right; the reader says where that ends. Null without a header.</summary>
    internal static IcmpV6Message? ReadAny(ref IcmpReader reader)
    {
        if (!reader.TryFixed(UnknownIcmpV6Message.Fields.Layout))
        {
            return null;
        }

        var type = (IcmpV6Type)IcmpHeaderFields.Common.Type.ReadByte(reader.Octets);
        return Read(ref reader, ReadingOf(type, reader.Octets.Length), new UnknownIcmpV6Message { MessageType = (byte)type });
    }

    /// <summary>A whole message as it is.</summary>
    private static UnknownIcmpV6Message Keep(ReadOnlySpan<byte> octets) => Filled(
        new UnknownIcmpV6Message { MessageType = IcmpHeaderFields.Common.Type.ReadByte(octets) },
        octets,
        Octets.Create(octets[UnknownIcmpV6Message.Fields.Layout.Length..]));

    private static (Layout Table, Reading<IcmpV6Message> Read)? ReadingOf(IcmpV6Type type, int length) => type switch
    {
        IcmpV6Type.DestinationUnreachable => (IcmpV6DestinationUnreachable.Fields.Layout, IcmpV6DestinationUnreachable.Read),
        IcmpV6Type.PacketTooBig => (PacketTooBig.Fields.Layout, PacketTooBig.Read),
        IcmpV6Type.TimeExceeded => (IcmpV6TimeExceeded.Fields.Layout, IcmpV6TimeExceeded.Read),
        IcmpV6Type.ParameterProblem => (IcmpV6ParameterProblem.Fields.Layout, IcmpV6ParameterProblem.Read),
        IcmpV6Type.EchoRequest => (IcmpV6EchoRequest.Fields.Layout, IcmpV6EchoRequest.Read),
        IcmpV6Type.EchoReply => (IcmpV6EchoReply.Fields.Layout, IcmpV6EchoReply.Read),
        // RFC 3810, 8.1: the length tells the versions of a query apart; one of 25 to 27 octets is neither.
        IcmpV6Type.MulticastListenerQuery when length > MulticastListenerQuery.Fields.Layout.Length =>
            (MulticastListenerQueryV2.Fields.Layout, MulticastListenerQueryV2.Read),
        IcmpV6Type.MulticastListenerQuery => (MulticastListenerQuery.Fields.Layout, MulticastListenerQuery.Read),
        IcmpV6Type.MulticastListenerReport => (MulticastListenerReport.Fields.Layout, MulticastListenerReport.Read),
        IcmpV6Type.MulticastListenerDone => (MulticastListenerDone.Fields.Layout, MulticastListenerDone.Read),
        IcmpV6Type.RouterSolicitation => (RouterSolicitation.Fields.Layout, RouterSolicitation.Read),
        IcmpV6Type.RouterAdvertisement => (RouterAdvertisement.Fields.Layout, RouterAdvertisement.Read),
        IcmpV6Type.NeighborSolicitation => (NeighborSolicitation.Fields.Layout, NeighborSolicitation.Read),
        IcmpV6Type.NeighborAdvertisement => (NeighborAdvertisement.Fields.Layout, NeighborAdvertisement.Read),
        IcmpV6Type.Redirect => (Redirect.Fields.Layout, Redirect.Read),
        IcmpV6Type.MulticastListenerReportV2 => (MulticastListenerReportV2.Fields.Layout, MulticastListenerReportV2.Read),
        IcmpV6Type.HomeAgentAddressDiscoveryRequest =>
            (HomeAgentAddressDiscoveryRequest.Fields.Layout, HomeAgentAddressDiscoveryRequest.Read),
        IcmpV6Type.HomeAgentAddressDiscoveryReply =>
            (HomeAgentAddressDiscoveryReply.Fields.Layout, HomeAgentAddressDiscoveryReply.Read),
        IcmpV6Type.MobilePrefixSolicitation => (MobilePrefixSolicitation.Fields.Layout, MobilePrefixSolicitation.Read),
        IcmpV6Type.MobilePrefixAdvertisement => (MobilePrefixAdvertisement.Fields.Layout, MobilePrefixAdvertisement.Read),
        _ => null,
    };

    private static uint PseudoHeader(ReadOnlySpan<byte> message, Address source, Address destination) =>
        InternetChecksum.PseudoHeader(source, destination, (byte)IpProtocol.IcmpV6, message.Length);
}
