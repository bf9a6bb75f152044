using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Tunneling;

/// <summary>The part of ESP before the payload (RFC 4303, 2.1 and 2.2).</summary>
public sealed record EncapsulatingSecurityPayloadHeader : Structure
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Encapsulating Security Payload", "RFC 4303, 2");

        /// <summary>SPI.</summary>
        public static readonly Field SecurityParametersIndex = Layout.Number("SecurityParametersIndex", 32, "names the security association; 0 is never sent");

        /// <summary>Sequence number.</summary>
        public static readonly Field SequenceNumber = Layout.Number("SequenceNumber", 32, "counts the packets of the association, the low 32 bits");
    }

    /// <summary>Names the security association.</summary>
    public uint SecurityParametersIndex { get; init; }

    /// <summary>Counts the packets of the association; the low 32 bits of an extended number.</summary>
    public uint SequenceNumber { get; init; }

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    internal override IpProtocol? ProtocolNumber => IpProtocol.EncapsulatingSecurityPayload;

    /// <inheritdoc/>
    public override int GetLength() => Fields.Layout.Length;

    /// <inheritdoc/>
    public override int Write(Span<byte> destination)
    {
        Fields.SecurityParametersIndex.Write(destination, SecurityParametersIndex);
        Fields.SequenceNumber.Write(destination, SequenceNumber);
        return GetLength();
    }

    internal static EncapsulatingSecurityPayloadHeader Read(ReadOnlySpan<byte> octets) => new()
    {
        SecurityParametersIndex = Fields.SecurityParametersIndex.ReadUInt32(octets),
        SequenceNumber = Fields.SequenceNumber.ReadUInt32(octets),
    };
}
