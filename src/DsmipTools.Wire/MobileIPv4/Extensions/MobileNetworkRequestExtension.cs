using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobileIPv4.Extensions;

/// <summary>Mobile Network Request extension (RFC 5177): a mobile router asks for a network behind it.</summary>
public sealed record MobileNetworkRequestExtension : MobileNetworkExtension
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Mobile Network Request", "RFC 5177");

        /// <summary>Type.</summary>
        public static readonly Field Type = Layout.Code<ExtensionType>("Type", 8, "148");

        /// <summary>Length.</summary>
        public static readonly Field Length = Layout.Computed("Length", 8, "6");

        /// <summary>Subtype.</summary>
        public static readonly Field Subtype = Layout.Code<MobileNetworkSubtype>("Subtype", 8, "0");

        /// <summary>Prefix length.</summary>
        public static readonly Field PrefixLength = Layout.Number("PrefixLength", 8, "length of the prefix in bits");

        /// <summary>Prefix.</summary>
        public static readonly Field Prefix = Layout.IPv4("Prefix", "the network behind the mobile router");
    }

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    internal static MobileNetworkRequestExtension? ReadRequest(ExtensionView view) => view.Is(ExtensionType.MobileNetwork, Fields.Layout)
        ? new MobileNetworkRequestExtension
        {
            PrefixLength = Fields.PrefixLength.ReadByte(view.Octets),
            Prefix = Fields.Prefix.ReadAddress(view.Octets),
        }
        : null;

    private protected override void WriteFields(Span<byte> extension)
    {
        Fields.Subtype.Write(extension, (byte)MobileNetworkSubtype.Request);
        Fields.PrefixLength.Write(extension, PrefixLength);
        Fields.Prefix.Write(extension, Prefix);
    }
}
