using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Tunneling;

/// <summary>The part of ESP behind the payload (RFC 4303, 2.4 to 2.8): padding, its length, next header, integrity check value.</summary>
/// <remarks>All but the integrity check value is encrypted on the wire; a cipher stands between this and a packet.</remarks>
public sealed record EncapsulatingSecurityPayloadTrailer : Structure
{
    /// <summary>The layout table of what follows the padding.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Encapsulating Security Payload Trailer", "RFC 4303, 2.5");

        /// <summary>Pad length.</summary>
        public static readonly Field PadLength = Layout.Computed("PadLength", 8, "octets of padding before this field");

        /// <summary>Next header.</summary>
        public static readonly Field NextHeader = Layout.Code<IpProtocol>("NextHeader", 8, "what the payload is");

        /// <summary>Integrity check value.</summary>
        public static readonly Field IntegrityCheckValue = Layout.Rest("IntegrityCheckValue", "over everything from the SPI to the next header");
    }

    /// <summary>The padding, at most 255 octets.</summary>
    public Octets Padding { get; init; }

    /// <summary>Octets of padding; null computes it.</summary>
    public byte? PadLength { get; init; }

    /// <summary>What the payload is.</summary>
    public IpProtocol NextHeader { get; init; } = IpProtocol.NoNextHeader;

    /// <summary>The integrity check value, as long as the algorithm makes it.</summary>
    public Octets IntegrityCheckValue { get; init; }

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    /// <inheritdoc/>
    public override int GetLength() => Padding.Length + Fields.Layout.Length + IntegrityCheckValue.Length;

    /// <summary>The padding that RFC 4303, 2.4 prescribes where the cipher asks for none of its own: 1, 2, 3, ...</summary>
    /// <param name="payloadLength">Octets of payload and, if it has one, initialization vector.</param>
    /// <param name="blockSize">The block size of the cipher, at least 4: next header ends on a multiple of it.</param>
    public static Octets PaddingFor(int payloadLength, int blockSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(payloadLength);
        ArgumentOutOfRangeException.ThrowIfLessThan(blockSize, 4);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(blockSize, 256);
        var padding = new byte[(blockSize - ((payloadLength + Fields.Layout.Length) % blockSize)) % blockSize];
        for (var at = 0; at < padding.Length; at++)
        {
            padding[at] = (byte)(at + 1);
        }

        return padding;
    }

    /// <inheritdoc/>
    public override int Write(Span<byte> destination)
    {
        Padding.Span.CopyTo(destination);
        var fields = destination[Padding.Length..];
        Fields.PadLength.WriteLength(fields, Padding.Length, PadLength);
        Fields.NextHeader.Write(fields, (ulong)NextHeader);
        IntegrityCheckValue.Span.CopyTo(fields[Fields.IntegrityCheckValue.Offset..]);
        return GetLength();
    }

    /// <summary>Takes the trailer off decrypted octets.</summary>
    /// <param name="octets">Payload and trailer, without the encryption.</param>
    /// <param name="integrityCheckValueLength">Octets of integrity check value at the end, which the algorithm says.</param>
    /// <param name="payload">The payload.</param>
    /// <param name="trailer">The trailer.</param>
    /// <param name="error">Why there is none.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> octets,
        int integrityCheckValueLength,
        out ReadOnlySpan<byte> payload,
        out EncapsulatingSecurityPayloadTrailer? trailer,
        out WireError error)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(integrityCheckValueLength);
        payload = default;
        trailer = null;
        var at = octets.Length - integrityCheckValueLength - Fields.Layout.Length;
        if (at < 0)
        {
            error = new WireError(Fields.PadLength.Name, 0, "there are fewer octets than a trailer has");
            return false;
        }

        var fields = octets[at..];
        var padLength = Fields.PadLength.ReadByte(fields);
        if (padLength > at)
        {
            error = new WireError(Fields.PadLength.Name, at, "says more padding than there is");
            return false;
        }

        payload = octets[..(at - padLength)];
        trailer = new EncapsulatingSecurityPayloadTrailer
        {
            Padding = Octets.Create(octets.Slice(at - padLength, padLength)),
            PadLength = padLength,
            NextHeader = (IpProtocol)Fields.NextHeader.ReadByte(fields),
            IntegrityCheckValue = Octets.Create(Fields.IntegrityCheckValue.ReadRest(fields)),
        };
        error = default;
        return true;
    }
}
