using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp.AgentAdvertisement;

/// <summary>One-byte Padding extension (RFC 5944, 2.1.3).</summary>
public sealed record AgentAdvertisementPaddingExtension : AgentAdvertisementExtension
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("One-byte Padding (advertisement)", "RFC 5944, 2.1.3");

        /// <summary>Type.</summary>
        public static readonly Field Type = Layout.Code<AgentAdvertisementExtensionType>("Type", 8, "0");
    }

    /// <inheritdoc/>
    public override AgentAdvertisementExtensionType Type => AgentAdvertisementExtensionType.Padding;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    private protected override void WriteFields(Span<byte> structure)
    {
    }
}
