using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobileIPv4.Extensions;

/// <summary>One-byte padding (RFC 5944, 2.1.3).</summary>
public sealed record PaddingExtension : Extension
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("One-byte Padding", "RFC 5944, 2.1.3");

        /// <summary>Type.</summary>
        public static readonly Field Type = Layout.Code<ExtensionType>("Type", 8, "0");
    }

    /// <inheritdoc/>
    public override ExtensionType Type => ExtensionType.Padding;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    private protected override void WriteFields(Span<byte> extension)
    {
    }
}
