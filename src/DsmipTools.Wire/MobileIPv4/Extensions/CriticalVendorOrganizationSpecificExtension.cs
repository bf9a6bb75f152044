using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobileIPv4.Extensions;

/// <summary>Critical Vendor/Organization Specific Extension, CVSE (RFC 3115, 2.1): who does not know it refuses the message.</summary>
public sealed record CriticalVendorOrganizationSpecificExtension : VendorOrganizationSpecificExtension
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Critical Vendor/Organization Specific", "RFC 3115, 2.1");

        /// <summary>Type.</summary>
        public static readonly Field Type = Layout.Code<ExtensionType>("Type", 8, "38");

        /// <summary>Reserved.</summary>
        public static readonly Field Reserved = Layout.Reserved(8);

        /// <summary>Length.</summary>
        public static readonly Field Length = Layout.Computed("Length", 16, "octets after this field");

        /// <summary>Vendor, type and value.</summary>
        public static readonly VendorOrganizationSpecificFields Vendor = new(Layout);
    }

    /// <summary>The reserved bits.</summary>
    public byte Reserved { get; init; }

    /// <inheritdoc/>
    public override ExtensionType Type => ExtensionType.CriticalVendorOrganizationSpecific;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    private protected override VendorOrganizationSpecificFields VendorFields => Fields.Vendor;

    internal static CriticalVendorOrganizationSpecificExtension? Read(ExtensionView view) =>
        view.Holds(ExtensionType.CriticalVendorOrganizationSpecific, Fields.Layout)
            ? new CriticalVendorOrganizationSpecificExtension
            {
                Reserved = Fields.Reserved.ReadByte(view.Octets),
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
