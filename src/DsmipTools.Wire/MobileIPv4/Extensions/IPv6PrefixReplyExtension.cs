using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobileIPv4.Extensions;

/// <summary>IPv6 Prefix Reply extension (RFC 5454, 2.2).</summary>
public sealed record IPv6PrefixReplyExtension : DualStackExtension
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("IPv6 Prefix Reply", "RFC 5454, 2.2");

        /// <summary>Type.</summary>
        public static readonly Field Type = Layout.Code<ExtensionType>("Type", 8, "152");

        /// <summary>Length.</summary>
        public static readonly Field Length = Layout.Computed("Length", 8, "20");

        /// <summary>Subtype.</summary>
        public static readonly Field Subtype = Layout.Code<DualStackSubtype>("Subtype", 8, "2");

        /// <summary>Code.</summary>
        public static readonly Field Code = Layout.Code<PrefixReplyCode>("Code", 8, "the outcome for this prefix");

        /// <summary>Prefix length.</summary>
        public static readonly Field PrefixLength = Layout.Number("PrefixLength", 8, "length of the prefix in bits; 255: a link-local address");

        /// <summary>Reserved.</summary>
        public static readonly Field Reserved = Layout.Reserved(8);

        /// <summary>Prefix.</summary>
        public static readonly Field MobileIPv6NetworkPrefix = Layout.IPv6("MobileIPv6NetworkPrefix", "the prefix; bits beyond its length are sent as zero and ignored");
    }

    /// <summary>The outcome for this prefix.</summary>
    public required PrefixReplyCode Code { get; init; }

    /// <summary>The reserved octet.</summary>
    public byte Reserved { get; init; }

    /// <summary>The prefix; bits beyond its length and the raw length octet are kept.</summary>
    public required Prefix Prefix { get; init; }

    /// <summary>The length octet: 0 to 128, or 255 for a link-local address.</summary>
    public byte PrefixLength => Prefix.Length;

    /// <summary>The 16 octets of the prefix.</summary>
    public Address MobileIPv6NetworkPrefix => Prefix.Address;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    /// <summary>Reads code and prefix; false when this is no IPv6 Prefix Reply of length 20.</summary>
    public static bool TryRead(ExtensionView view, out PrefixReplyCode code, out Prefix prefix)
    {
        var fits = view.DualStackSubtype == DualStackSubtype.IPv6PrefixReply && view.Octets.Length == Fields.Layout.Length;
        code = fits ? (PrefixReplyCode)Fields.Code.ReadByte(view.Octets) : default;
        prefix = fits
            ? new Prefix(Fields.MobileIPv6NetworkPrefix.ReadUInt128(view.Octets), Fields.PrefixLength.ReadByte(view.Octets))
            : default;
        return fits;
    }

    /// <summary>Writes an extension without making a record of it; returns the octets written.</summary>
    public static int Write(Span<byte> destination, PrefixReplyCode code, Prefix prefix)
    {
        var target = destination[..Fields.Layout.Length];
        target[0] = (byte)ExtensionType.DualStackMobileIPv4;
        target[1] = (byte)(target.Length - 2);
        Fields.Subtype.Write(target, (byte)DualStackSubtype.IPv6PrefixReply);
        Fields.Code.Write(target, (byte)code);
        Fields.PrefixLength.Write(target, prefix.Length);
        Fields.Reserved.Write(target, 0);
        Fields.MobileIPv6NetworkPrefix.Write(target, prefix.Bits);
        return target.Length;
    }

    private protected override void WriteFields(Span<byte> extension)
    {
        Fields.Subtype.Write(extension, (byte)DualStackSubtype.IPv6PrefixReply);
        Fields.Code.Write(extension, (byte)Code);
        Fields.PrefixLength.Write(extension, Prefix.Length);
        Fields.Reserved.Write(extension, Reserved);
        Fields.MobileIPv6NetworkPrefix.Write(extension, Prefix.Bits);
    }
}
