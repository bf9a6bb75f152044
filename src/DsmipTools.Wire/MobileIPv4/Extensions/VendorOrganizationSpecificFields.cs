using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobileIPv4.Extensions;

/// <summary>The fields that both Vendor/Organization Specific Extensions end with (RFC 3115, 2.1 and 2.2).</summary>
public sealed class VendorOrganizationSpecificFields
{
    internal VendorOrganizationSpecificFields(Layout layout)
    {
        VendorOrganizationId = layout.Number("VendorOrganizationId", 32, "the private enterprise number of IANA, the high octet zero");
        VendorType = layout.Number("VendorType", 16, "the vendor's own type");
        VendorValue = layout.Rest("VendorValue", "the vendor's own data");
    }

    /// <summary>Vendor/Org-ID.</summary>
    public Field VendorOrganizationId { get; }

    /// <summary>Vendor-CVSE-Type or Vendor-NVSE-Type.</summary>
    public Field VendorType { get; }

    /// <summary>Vendor-CVSE-Value or Vendor-NVSE-Value.</summary>
    public Field VendorValue { get; }
}
