using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Ip.ExtensionHeaders;

/// <summary>The hop-by-hop options header (RFC 8200, 4.3).</summary>
public sealed record HopByHopOptionsHeader : OptionsHeader
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Hop-by-Hop Options", "RFC 8200, 4.3");

        /// <summary>Next header.</summary>
        public static readonly Field NextHeader = Layout.Code<IpProtocol>("NextHeader", 8, "what follows");

        /// <summary>Header length.</summary>
        public static readonly Field HeaderLength = Layout.Computed("HeaderLength", 8, "units of 8 octets, not counting the first 8");
    }

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    internal override IpProtocol? ProtocolNumber => IpProtocol.HopByHopOptions;

    private protected override Field NextHeaderField => Fields.NextHeader;

    private protected override Field HeaderLengthField => Fields.HeaderLength;

    /// <summary>Reads a header of exactly these octets, whose options have been checked.</summary>
    internal static HopByHopOptionsHeader Read(ReadOnlySpan<byte> octets) => new()
    {
        NextHeader = (IpProtocol)Fields.NextHeader.ReadByte(octets),
        HeaderLength = Fields.HeaderLength.ReadByte(octets),
        Options = ReadOptions(octets[FixedLength..]),
        Verbatim = true,
    };
}
