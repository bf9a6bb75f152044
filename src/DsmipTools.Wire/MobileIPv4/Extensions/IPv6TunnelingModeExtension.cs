using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobileIPv4.Extensions;

/// <summary>IPv6 Tunneling Mode extension (RFC 5454, 2.3): IPv6 may be tunneled to the care-of address.</summary>
public sealed record IPv6TunnelingModeExtension : DualStackExtension
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("IPv6 Tunneling Mode", "RFC 5454, 2.3");

        /// <summary>Type.</summary>
        public static readonly Field Type = Layout.Code<ExtensionType>("Type", 8, "152");

        /// <summary>Length.</summary>
        public static readonly Field Length = Layout.Computed("Length", 8, "2");

        /// <summary>Subtype.</summary>
        public static readonly Field Subtype = Layout.Code<DualStackSubtype>("Subtype", 8, "3");

        /// <summary>Reserved.</summary>
        public static readonly Field Reserved = Layout.Reserved(8);
    }

    /// <summary>The reserved octet.</summary>
    public byte Reserved { get; init; }

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    /// <summary>True when this is an IPv6 Tunneling Mode extension of length 2.</summary>
    public static bool IsOne(ExtensionView view) =>
        view.DualStackSubtype == DualStackSubtype.IPv6TunnelingMode && view.Octets.Length == Fields.Layout.Length;

    private protected override void WriteFields(Span<byte> extension)
    {
        Fields.Subtype.Write(extension, (byte)DualStackSubtype.IPv6TunnelingMode);
        Fields.Reserved.Write(extension, Reserved);
    }
}
