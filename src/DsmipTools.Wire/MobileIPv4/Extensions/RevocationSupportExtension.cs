using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobileIPv4.Extensions;

/// <summary>Revocation Support extension (RFC 3543, 3.2): the sender wants revocation messages for this binding.</summary>
public sealed record RevocationSupportExtension : Extension
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Revocation Support", "RFC 3543, 3.2");

        /// <summary>Type.</summary>
        public static readonly Field Type = Layout.Code<ExtensionType>("Type", 8, "137");

        /// <summary>Length.</summary>
        public static readonly Field Length = Layout.Computed("Length", 8, "6");

        /// <summary>I: the Inform bit of revocation messages is supported.</summary>
        public static readonly Field Inform = Layout.Flag("Inform", "I: the Inform bit of revocation messages is supported");

        /// <summary>Reserved bits.</summary>
        public static readonly Field Reserved = Layout.Reserved(15);

        /// <summary>Timestamp.</summary>
        public static readonly Field Timestamp = Layout.Number("Timestamp", 32, "the sender's clock, which orders registrations and revocations");
    }

    /// <summary>I: the Inform bit of revocation messages is supported.</summary>
    public bool Inform { get; init; }

    /// <summary>15 reserved bits.</summary>
    public ushort Reserved { get; init; }

    /// <summary>The sender's clock, which orders registrations and revocations; the RFC fixes no unit.</summary>
    public uint Timestamp { get; init; }

    /// <inheritdoc/>
    public override ExtensionType Type => ExtensionType.RevocationSupport;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    internal static RevocationSupportExtension? Read(ExtensionView view) => view.Is(ExtensionType.RevocationSupport, Fields.Layout)
        ? new RevocationSupportExtension
        {
            Inform = Fields.Inform.ReadFlag(view.Octets),
            Reserved = (ushort)Fields.Reserved.ReadNumber(view.Octets),
            Timestamp = Fields.Timestamp.ReadUInt32(view.Octets),
        }
        : null;

    private protected override void WriteFields(Span<byte> extension)
    {
        Fields.Inform.Write(extension, Inform);
        Fields.Reserved.Write(extension, Reserved);
        Fields.Timestamp.Write(extension, Timestamp);
    }
}
