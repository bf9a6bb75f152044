using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobileIPv4.Extensions;

/// <summary>Mobile Network Acknowledgement extension (RFC 5177): what the home agent says of a network behind a mobile router.</summary>
public sealed record MobileNetworkAcknowledgementExtension : MobileNetworkExtension
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Mobile Network Acknowledgement", "RFC 5177");

        /// <summary>Type.</summary>
        public static readonly Field Type = Layout.Code<ExtensionType>("Type", 8, "148");

        /// <summary>Length.</summary>
        public static readonly Field Length = Layout.Computed("Length", 8, "8");

        /// <summary>Subtype.</summary>
        public static readonly Field Subtype = Layout.Code<MobileNetworkSubtype>("Subtype", 8, "1 explicit, 2 implicit mode");

        /// <summary>Code.</summary>
        public static readonly Field Code = Layout.Code<MobileNetworkCode>("Code", 8, "the outcome for this network");

        /// <summary>Prefix length.</summary>
        public static readonly Field PrefixLength = Layout.Number("PrefixLength", 8, "length of the prefix in bits");

        /// <summary>Reserved.</summary>
        public static readonly Field Reserved = Layout.Reserved(8);

        /// <summary>Prefix.</summary>
        public static readonly Field Prefix = Layout.IPv4("Prefix", "the network behind the mobile router");
    }

    /// <summary>Explicit mode, which answers a request, or implicit mode; an extension with another subtype is kept as unknown.</summary>
    public required MobileNetworkSubtype Subtype { get; init; }

    /// <summary>The outcome for this network.</summary>
    public required MobileNetworkCode Code { get; init; }

    /// <summary>The reserved octet.</summary>
    public byte Reserved { get; init; }

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    internal static MobileNetworkAcknowledgementExtension? ReadAcknowledgement(ExtensionView view) =>
        view.Is(ExtensionType.MobileNetwork, Fields.Layout)
            ? new MobileNetworkAcknowledgementExtension
            {
                Subtype = (MobileNetworkSubtype)view.Subtype,
                Code = (MobileNetworkCode)Fields.Code.ReadByte(view.Octets),
                PrefixLength = Fields.PrefixLength.ReadByte(view.Octets),
                Reserved = Fields.Reserved.ReadByte(view.Octets),
                Prefix = Fields.Prefix.ReadAddress(view.Octets),
            }
            : null;

    private protected override void WriteFields(Span<byte> extension)
    {
        Fields.Subtype.Write(extension, (byte)Subtype);
        Fields.Code.Write(extension, (byte)Code);
        Fields.PrefixLength.Write(extension, PrefixLength);
        Fields.Reserved.Write(extension, Reserved);
        Fields.Prefix.Write(extension, Prefix);
    }
}
