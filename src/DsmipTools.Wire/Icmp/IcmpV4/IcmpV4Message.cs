using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp.IcmpV4;

/// <summary>An ICMP message of IPv4 as an immutable value (RFC 792).</summary>
public abstract record IcmpV4Message : IcmpMessage
{
    /// <summary>The message type.</summary>
    public abstract IcmpV4Type Type { get; }

    internal override IpProtocol? ProtocolNumber => IpProtocol.Icmp;

    private protected sealed override byte TypeOctet => (byte)Type;

    /// <summary>The message as octets; its checksum is computed, unless <see cref="IcmpMessage.Checksum"/> overrides it.</summary>
    public Octets ToOctetsWithChecksum()
    {
        var octets = new byte[GetLength()];
        Write(octets);
        if (Checksum is null)
        {
            WriteChecksum(octets);
        }

        return octets;
    }

    /// <summary>Computes and writes the checksum of a whole message (RFC 792).</summary>
    public static void WriteChecksum(Span<byte> message) => WriteChecksum(message, 0);

    /// <summary>True when the checksum of a whole message is right (RFC 792).</summary>
    public static bool VerifyChecksum(ReadOnlySpan<byte> message) => InternetChecksum.Verify(0, message);

    internal override void Complete(Span<byte> octets, in PacketPlace place)
    {
        if (Checksum is null)
        {
            WriteChecksum(octets);
        }
    }

    /// <summary>
    /// Makes the record of a message; one of an unknown type, and one that does not have the form of its type, is kept whole.
    /// Null without the four octets that every message has.
    /// </summary>
    /// <param name="octets">The message, from its type to the end of the packet.</param>
    /// <param name="error">Why there is no message, or why one of a known type had to be kept whole; none otherwise.</param>
    public static IcmpV4Message? From(ReadOnlySpan<byte> octets, out WireError error)
    {
        var reader = new IcmpReader(octets);
        var message = ReadAny(ref reader);
        error = reader.Error;
        return message is not null && error.IsError ? Keep(octets) : message;
    }

    /// <summary>Reads as much of a message as is right; the reader says where that ends. Null without a header.</summary>
    internal static IcmpV4Message? ReadAny(ref IcmpReader reader)
    {
        if (!reader.TryFixed(UnknownIcmpV4Message.Fields.Layout))
        {
            return null;
        }

        var type = (IcmpV4Type)IcmpHeaderFields.Common.Type.ReadByte(reader.Octets);
        return Read(ref reader, ReadingOf(type), new UnknownIcmpV4Message { MessageType = (byte)type });
    }

    /// <summary>A whole message as it is.</summary>
    private static UnknownIcmpV4Message Keep(ReadOnlySpan<byte> octets) => Filled(
        new UnknownIcmpV4Message { MessageType = IcmpHeaderFields.Common.Type.ReadByte(octets) },
        octets,
        Octets.Create(octets[UnknownIcmpV4Message.Fields.Layout.Length..]));

    private static (Layout Table, Reading<IcmpV4Message> Read)? ReadingOf(IcmpV4Type type) => type switch
    {
        IcmpV4Type.EchoReply => (IcmpV4EchoReply.Fields.Layout, IcmpV4EchoReply.Read),
        IcmpV4Type.DestinationUnreachable => (IcmpV4DestinationUnreachable.Fields.Layout, IcmpV4DestinationUnreachable.Read),
        IcmpV4Type.Redirect => (IcmpV4Redirect.Fields.Layout, IcmpV4Redirect.Read),
        IcmpV4Type.EchoRequest => (IcmpV4EchoRequest.Fields.Layout, IcmpV4EchoRequest.Read),
        IcmpV4Type.RouterAdvertisement => (IcmpV4RouterAdvertisement.Fields.Layout, IcmpV4RouterAdvertisement.Read),
        IcmpV4Type.RouterSolicitation => (IcmpV4RouterSolicitation.Fields.Layout, IcmpV4RouterSolicitation.Read),
        IcmpV4Type.TimeExceeded => (IcmpV4TimeExceeded.Fields.Layout, IcmpV4TimeExceeded.Read),
        IcmpV4Type.ParameterProblem => (IcmpV4ParameterProblem.Fields.Layout, IcmpV4ParameterProblem.Read),
        _ => null,
    };
}
