using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp;

/// <summary>An ICMP or ICMPv6 message as an immutable value (RFC 792; RFC 4443, 2.1).</summary>
/// <remarks>Types and codes have different registries, and the checksums cover different things: see the two families that derive from this.</remarks>
public abstract record IcmpMessage : IcmpStructure
{
    /// <summary>The code; the registry that names it depends on the type and stands in the layout table.</summary>
    public byte Code { get; init; }

    /// <summary>The checksum as decoded, or an override; null has composing leave it zero until it is computed over the octets.</summary>
    public ushort? Checksum { get; init; }

    /// <summary>
    /// The octets behind the fields and what they list: the packet that an error message quotes, the data of an echo, additional data
    /// that a version of the protocol may define later (RFC 3810, 5.2.11); empty in most messages.
    /// </summary>
    public Octets Data { get; init; }

    private protected abstract byte TypeOctet { get; }

    /// <inheritdoc/>
    public sealed override IEnumerable<Structure> Parts => [.. Listed, .. AddressList.Rest(Data)];

    /// <summary>The options, extensions, records or addresses in wire order.</summary>
    private protected virtual IEnumerable<Structure> Listed => [];

    private protected sealed override void WriteHeader(Span<byte> structure)
    {
        IcmpHeaderFields.Common.Type.Write(structure, TypeOctet);
        IcmpHeaderFields.Common.Code.Write(structure, Code);
        IcmpHeaderFields.Common.Checksum.Write(structure, Checksum ?? 0u);
    }

    private protected override void WriteFields(Span<byte> structure)
    {
    }

    private protected static void WriteChecksum(Span<byte> message, uint pseudoHeader)
    {
        // What the field holds is taken out of the sum (its complement is added): clearing it first would have the sum wait for the store.
        var checksum = IcmpHeaderFields.Common.Checksum;
        var present = (ushort)~checksum.ReadUInt16(message);
        checksum.Write(message, InternetChecksum.Finish(pseudoHeader + InternetChecksum.Sum(message) + present));
    }

    /// <summary>Reads as much of a message as is right; the reader says where that ends.</summary>
    /// <param name="reader">The reader, behind the header.</param>
    /// <param name="reading">Table and reader of the message's type; null for an unknown one.</param>
    /// <param name="unknown">The record for an unknown type, and for a message that is too short for its type.</param>
    private protected static TMessage Read<TMessage>(
        ref IcmpReader reader, (Layout Table, Reading<TMessage> Read)? reading, TMessage unknown)
        where TMessage : IcmpMessage
    {
        var message = reading is { } known && reader.TryFixed(known.Table) ? known.Read(ref reader) : unknown;
        return reader.Error.IsError ? message : Filled(message, reader.Octets, reader.Rest());
    }

    /// <summary>Fills in what all messages have.</summary>
    private protected static TMessage Filled<TMessage>(TMessage message, ReadOnlySpan<byte> octets, Octets data)
        where TMessage : IcmpMessage => message with
        {
            Code = IcmpHeaderFields.Common.Code.ReadByte(octets),
            Checksum = IcmpHeaderFields.Common.Checksum.ReadUInt16(octets),
            Data = data,
        };

    private protected delegate TMessage Reading<TMessage>(ref IcmpReader reader)
        where TMessage : IcmpMessage;
}
