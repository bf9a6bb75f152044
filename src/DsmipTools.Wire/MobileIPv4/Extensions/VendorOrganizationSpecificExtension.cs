namespace DsmipTools.Wire.MobileIPv4.Extensions;

/// <summary>A Critical or Normal Vendor/Organization Specific Extension (RFC 3115).</summary>
public abstract record VendorOrganizationSpecificExtension : Extension
{
    /// <summary>The vendor's or organization's private enterprise number of IANA; its high octet is zero.</summary>
    public required uint VendorOrganizationId { get; init; }

    /// <summary>The vendor's own type.</summary>
    public required ushort VendorType { get; init; }

    /// <summary>The vendor's own data.</summary>
    public Octets VendorValue { get; init; }

    /// <inheritdoc/>
    public sealed override int GetLength() => Table.Length + VendorValue.Length;

    private protected abstract VendorOrganizationSpecificFields VendorFields { get; }

    private protected override void WriteFields(Span<byte> extension)
    {
        VendorFields.VendorOrganizationId.Write(extension, VendorOrganizationId);
        VendorFields.VendorType.Write(extension, VendorType);
        VendorValue.Span.CopyTo(extension[VendorFields.VendorValue.Offset..]);
    }
}
