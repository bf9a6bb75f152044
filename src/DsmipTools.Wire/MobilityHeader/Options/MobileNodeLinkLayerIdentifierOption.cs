using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobilityHeader.Options;

/// <summary>Mobile Node Link-layer Identifier option (RFC 5213, 8.6); it is aligned by the size of the identifier.</summary>
public sealed record MobileNodeLinkLayerIdentifierOption : MobilityOption
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Mobile Node Link-layer Identifier", "RFC 5213, 8.6");

        /// <summary>Type and length.</summary>
        public static readonly MobilityOptionForm Form = new(Layout, MobilityOptionType.MobileNodeLinkLayerIdentifier, From) { AlignmentByLength = AlignmentOf };

        /// <summary>Reserved bits, ignored on receipt.</summary>
        public static readonly Field Reserved = Layout.Reserved(16);

        /// <summary>The link-layer identifier, at most 251 octets; 6 for Ethernet.</summary>
        public static readonly Field LinkLayerIdentifier = Layout.Rest("LinkLayerIdentifier", "the link-layer address of the mobile node, as Neighbor Discovery writes it");
    }

    /// <summary>Reserved bits, ignored on receipt.</summary>
    public ushort Reserved { get; init; }

    /// <summary>The link-layer identifier, at most 251 octets; 6 for Ethernet.</summary>
    public required Octets LinkLayerIdentifier { get; init; }

    private protected override MobilityOptionForm Form => Fields.Form;

    /// <inheritdoc/>
    public override int GetLength() => Fields.Layout.Length + LinkLayerIdentifier.Length;

    /// <summary>Reads the identifier; false when the option is of another type or its length does not fit.</summary>
    public static bool TryRead(MobilityOptionView view, out ReadOnlySpan<byte> identifier)
    {
        var fits = Fields.Form.Matches(view);
        identifier = fits ? Fields.LinkLayerIdentifier.ReadRest(view.Octets) : default;
        return fits;
    }

    private static MobileNodeLinkLayerIdentifierOption From(ReadOnlySpan<byte> option) => new()
    {
        Reserved = Fields.Reserved.ReadUInt16(option),
        LinkLayerIdentifier = Octets.Create(Fields.LinkLayerIdentifier.ReadRest(option)),
    };

    /// <summary>An identifier of 4 or 8 octets stands at a multiple of its width (RFC 6275, 6.2.1); so does the reserved field, which has 2.</summary>
    private static (int Multiple, int Remainder) AlignmentOf(int length) => (length - Fields.LinkLayerIdentifier.Offset) switch
    {
        > 0 and var octets when octets % 8 == 0 => (8, 4),
        > 0 and var octets when octets % 4 == 0 => (4, 0),
        _ => (2, 0),
    };

    private protected override void WriteFields(Span<byte> option)
    {
        Fields.Reserved.Write(option, Reserved);
        LinkLayerIdentifier.Span.CopyTo(option[Fields.LinkLayerIdentifier.Offset..]);
    }
}
