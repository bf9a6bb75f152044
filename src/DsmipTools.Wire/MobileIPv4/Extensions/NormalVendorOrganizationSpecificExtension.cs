using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobileIPv4.Extensions;

/// <summary>Normal Vendor/Organization Specific Extension, NVSE (RFC 3115, 2.2): who does not know it skips it.</summary>
public sealed record NormalVendorOrganizationSpecificExtension : VendorOrganizationSpecificExtension
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

        /// <summary>Vendor, type and value.</summary>
        public static readonly VendorOrganizationSpecificFields Vendor = new(Layout);
    }

    /// <summary>The reserved bits.</summary>
    public ushort Reserved { get; init; }

    /// <inheritdoc/>
    public override ExtensionType Type => ExtensionType.NormalVendorOrganizationSpecific;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    private protected override VendorOrganizationSpecificFields VendorFields => Fields.Vendor;

    internal static NormalVendorOrganizationSpecificExtension? Read(ExtensionView view) =>
        view.Holds(ExtensionType.NormalVendorOrganizationSpecific, Fields.Layout)
            ? new NormalVendorOrganizationSpecificExtension
            {
                Reserved = Fields.Reserved.ReadUInt16(view.Octets),
                VendorOrganizationId = Fields.Vendor.VendorOrganizationId.ReadUInt32(view.Octets),
                VendorType = Fields.Vendor.VendorType.ReadUInt16(view.Octets),
                VendorValue = Octets.Create(Fields.Vendor.VendorValue.ReadRest(view.Octets)),
            }
            : null;

    private protected override void WriteFields(Span<byte> extension)
    {
        Fields.Reserved.Write(extension, Reserved);
        base.WriteFields(extension);
    }
}
