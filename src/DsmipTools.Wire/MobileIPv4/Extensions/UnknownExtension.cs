using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobileIPv4.Extensions;

/// <summary>An extension that this library does not know, or whose length its type does not have; kept as it is.</summary>
public sealed record UnknownExtension : Extension
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Unknown Extension", "RFC 5944, 1.9");

        /// <summary>Type.</summary>
        public static readonly Field Type = Layout.Code<ExtensionType>("Type", 8, "the extension type");

        /// <summary>Length.</summary>
        public static readonly Field Length = Layout.Computed("Length", 8, "octets after this field");

        /// <summary>Data.</summary>
        public static readonly Field Data = Layout.Rest("Data", "extension data");
    }

    /// <summary>The type octet, 1 to 255; a type of the long form is written in the short one all the same.</summary>
    public byte ExtensionType { get; init; }

    /// <summary>The data, at most 255 octets.</summary>
    public Octets Data { get; init; }

    /// <inheritdoc/>
    public override ExtensionType Type => (ExtensionType)ExtensionType;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    /// <inheritdoc/>
    public override int GetLength() => Fields.Layout.Length + Data.Length;

    internal static UnknownExtension Read(ExtensionView view) => new() { ExtensionType = (byte)view.Type, Data = Octets.Create(view.Data) };

    private protected override bool IsLong => false;

    private protected override void WriteFields(Span<byte> extension) => Data.Span.CopyTo(extension[Fields.Data.Offset..]);
}
