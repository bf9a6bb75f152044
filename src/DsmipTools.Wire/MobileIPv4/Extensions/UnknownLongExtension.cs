using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobileIPv4.Extensions;

/// <summary>An extension of the long form that this library does not know, or whose data its type does not have; kept as it is.</summary>
public sealed record UnknownLongExtension : Extension
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Unknown Long Extension", "RFC 5944, 1.10");

        /// <summary>Type.</summary>
        public static readonly Field Type = Layout.Code<ExtensionType>("Type", 8, "the extension type");

        /// <summary>Subtype.</summary>
        public static readonly Field Subtype = Layout.Number("Subtype", 8, "the subtype, or a reserved octet");

        /// <summary>Length.</summary>
        public static readonly Field Length = Layout.Computed("Length", 16, "octets after this field");

        /// <summary>Data.</summary>
        public static readonly Field Data = Layout.Rest("Data", "extension data");
    }

    /// <summary>The type octet; 36, 38 and 47 are read back in this form, all others in the short one.</summary>
    public byte ExtensionType { get; init; }

    /// <summary>The octet after the type.</summary>
    public byte Subtype { get; init; }

    /// <summary>The data, at most 65535 octets.</summary>
    public Octets Data { get; init; }

    /// <inheritdoc/>
    public override ExtensionType Type => (ExtensionType)ExtensionType;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    /// <inheritdoc/>
    public override int GetLength() => Fields.Layout.Length + Data.Length;

    internal static UnknownLongExtension Read(ExtensionView view) => new()
    {
        ExtensionType = (byte)view.Type,
        Subtype = view.Subtype,
        Data = Octets.Create(view.Data),
    };

    private protected override bool IsLong => true;

    private protected override void WriteFields(Span<byte> extension)
    {
        Fields.Subtype.Write(extension, Subtype);
        Data.Span.CopyTo(extension[Fields.Data.Offset..]);
    }
}
