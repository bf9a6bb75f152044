using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobileIPv4.Extensions;

/// <summary>IPv6 Prefix Request extension (RFC 5454, 2.1).</summary>
public sealed record IPv6PrefixRequestExtension : DualStackExtension
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("IPv6 Prefix Request", "RFC 5454, 2.1");

        /// <summary>Type.</summary>
        public static readonly Field Type = Layout.Code<ExtensionType>("Type", 8, "152");

        /// <summary>Length.</summary>
        public static readonly Field Length = Layout.Computed("Length", 8, "18");

        /// <summary>Subtype.</summary>
        public static readonly Field Subtype = Layout.Code<DualStackSubtype>("Subtype", 8, "1");

        /// <summary>Prefix length.</summary>
        public static readonly Field PrefixLength = Layout.Number("PrefixLength", 8, "length of the prefix in bits; 255: a link-local address");

        /// <summary>Prefix.</summary>
        public static readonly Field MobileIPv6NetworkPrefix = Layout.IPv6("MobileIPv6NetworkPrefix", "the prefix; bits beyond its length are sent as zero and ignored");
    }

    /// <summary>The prefix; bits beyond its length and the raw length octet are kept.</summary>
    public required Prefix Prefix { get; init; }

    /// <summary>The length octet: 0 to 128, or 255 for a link-local address.</summary>
    public byte PrefixLength => Prefix.Length;

    /// <summary>The 16 octets of the prefix.</summary>
    public Address MobileIPv6NetworkPrefix => Prefix.Address;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    /// <summary>Reads the prefix; false when this is no IPv6 Prefix Request of length 18.</summary>
    public static bool TryRead(ExtensionView view, out Prefix prefix)
    {
        var fits = view.DualStackSubtype == DualStackSubtype.IPv6PrefixRequest && view.Octets.Length == Fields.Layout.Length;
        prefix = fits
            ? new Prefix(Fields.MobileIPv6NetworkPrefix.ReadUInt128(view.Octets), Fields.PrefixLength.ReadByte(view.Octets))
            : default;
        return fits;
    }

    private protected override void WriteFields(Span<byte> extension)
    {
        Fields.Subtype.Write(extension, (byte)DualStackSubtype.IPv6PrefixRequest);
        Fields.PrefixLength.Write(extension, Prefix.Length);
        Fields.MobileIPv6NetworkPrefix.Write(extension, Prefix.Bits);
    }
}
