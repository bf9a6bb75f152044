using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobileIPv4.Extensions;

/// <summary>Encapsulating Delivery Style extension (RFC 3024, 3.3): the mobile node tunnels to the foreign agent.</summary>
public sealed record EncapsulatingDeliveryStyleExtension : Extension
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Encapsulating Delivery Style", "RFC 3024, 3.3");

        /// <summary>Type.</summary>
        public static readonly Field Type = Layout.Code<ExtensionType>("Type", 8, "130");

        /// <summary>Length.</summary>
        public static readonly Field Length = Layout.Computed("Length", 8, "0");
    }

    /// <inheritdoc/>
    public override ExtensionType Type => ExtensionType.EncapsulatingDeliveryStyle;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    internal static EncapsulatingDeliveryStyleExtension? Read(ExtensionView view) =>
        view.Is(ExtensionType.EncapsulatingDeliveryStyle, Fields.Layout) ? new EncapsulatingDeliveryStyleExtension() : null;

    private protected override void WriteFields(Span<byte> extension)
    {
    }
}
