using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobileIPv4.Extensions;

/// <summary>Normal Vendor/Organization Specific Extension, NVSE (RFC 3115, 2.2): who does not know it skips it.</summary>
public sealed record NormalVendorOrganizationSpecificExtension : Extension
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Normal Vendor/Organization Specific", "RFC 3115, 2.2");

        /// <summary>Type.</summary>
        public static readonly Field Type = Layout.Code<ExtensionType>("Type", 8, "134");

        /// <summary>Length.</summary>
        public static readonly Field Length = Layout.Computed("Length", 8, "octets after this field");

        /// <summary>Reserved.</summary>
        public static readonly Field Reserved = Layout.Reserved(16);

        /// <summary>Vendor/Org-ID.</summary>
        public static readonly Field VendorOrganizationId = Layout.Number("VendorOrganizationId", 32, "the private enterprise number of IANA, the high octet zero");

        /// <summary>Vendor-NVSE-Type.</summary>
        public static readonly Field VendorType = Layout.Number("VendorType", 16, "the vendor's own type");

        /// <summary>Vendor-NVSE-Value.</summary>
        public static readonly Field VendorValue = Layout.Rest("VendorValue", "the vendor's own data");
    }

    /// <summary>The reserved bits.</summary>
    public ushort Reserved { get; init; }

    /// <summary>The vendor's or organization's private enterprise number of IANA; its high octet is zero.</summary>
    public required uint VendorOrganizationId { get; init; }

    /// <summary>The vendor's own type.</summary>
    public required ushort VendorType { get; init; }

    /// <summary>The vendor's own data.</summary>
    public Octets VendorValue { get; init; }

    /// <inheritdoc/>
    public override ExtensionType Type => ExtensionType.NormalVendorOrganizationSpecific;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    /// <inheritdoc/>
    public override int GetLength() => Fields.Layout.Length + VendorValue.Length;

    internal static NormalVendorOrganizationSpecificExtension? Read(ExtensionView view) =>
        view.Holds(ExtensionType.NormalVendorOrganizationSpecific, Fields.Layout)
            ? new NormalVendorOrganizationSpecificExtension
            {
                Reserved = Fields.Reserved.ReadUInt16(view.Octets),
                VendorOrganizationId = Fields.VendorOrganizationId.ReadUInt32(view.Octets),
                VendorType = Fields.VendorType.ReadUInt16(view.Octets),
                VendorValue = Octets.Create(Fields.VendorValue.ReadRest(view.Octets)),
            }
            : null;

    private protected override void WriteFields(Span<byte> extension)
    {
        Fields.Reserved.Write(extension, Reserved);
        Fields.VendorOrganizationId.Write(extension, VendorOrganizationId);
        Fields.VendorType.Write(extension, VendorType);
        VendorValue.Span.CopyTo(extension[Fields.VendorValue.Offset..]);
    }
}
