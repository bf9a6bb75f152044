using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobileIPv4.Extensions;

/// <summary>Critical Vendor/Organization Specific Extension, CVSE (RFC 3115, 2.1): who does not know it refuses the message.</summary>
public sealed record CriticalVendorOrganizationSpecificExtension : LongExtension
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

        /// <summary>Vendor/Org-ID.</summary>
        public static readonly Field VendorOrganizationId = Layout.Number("VendorOrganizationId", 32, "the private enterprise number of IANA, the high octet zero");

        /// <summary>Vendor-CVSE-Type.</summary>
        public static readonly Field VendorType = Layout.Number("VendorType", 16, "the vendor's own type");

        /// <summary>Vendor-CVSE-Value.</summary>
        public static readonly Field VendorValue = Layout.Rest("VendorValue", "the vendor's own data");
    }

    /// <summary>The reserved bits.</summary>
    public byte Reserved { get; init; }

    /// <summary>The vendor's or organization's private enterprise number of IANA; its high octet is zero.</summary>
    public required uint VendorOrganizationId { get; init; }

    /// <summary>The vendor's own type.</summary>
    public required ushort VendorType { get; init; }

    /// <summary>The vendor's own data.</summary>
    public Octets VendorValue { get; init; }

    /// <inheritdoc/>
    public override ExtensionType Type => ExtensionType.CriticalVendorOrganizationSpecific;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    /// <inheritdoc/>
    public override int GetLength() => Fields.Layout.Length + VendorValue.Length;

    internal static CriticalVendorOrganizationSpecificExtension? Read(ExtensionView view) =>
        view.Holds(ExtensionType.CriticalVendorOrganizationSpecific, Fields.Layout)
            ? new CriticalVendorOrganizationSpecificExtension
            {
                Reserved = Fields.Reserved.ReadByte(view.Octets),
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
