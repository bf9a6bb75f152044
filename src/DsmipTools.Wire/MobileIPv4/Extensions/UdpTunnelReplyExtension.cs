using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobileIPv4.Extensions;

/// <summary>UDP Tunnel Reply extension (RFC 3519, 3.2): whether UDP tunnelling is done.</summary>
public sealed record UdpTunnelReplyExtension : Extension
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("UDP Tunnel Reply", "RFC 3519, 3.2");

        /// <summary>Type.</summary>
        public static readonly Field Type = Layout.Code<ExtensionType>("Type", 8, "44");

        /// <summary>Length.</summary>
        public static readonly Field Length = Layout.Computed("Length", 8, "6");

        /// <summary>Subtype.</summary>
        public static readonly Field Subtype = Layout.Number("Subtype", 8, "0");

        /// <summary>Assent or refusal.</summary>
        public static readonly Field ReplyCode = Layout.Code<UdpTunnelReplyCode>("ReplyCode", 8, "assent or refusal");

        /// <summary>F: tunnelling is done because the request forced it.</summary>
        public static readonly Field Forced = Layout.Flag("Forced", "F: tunnelling is done because the request forced it");

        /// <summary>Reserved bits.</summary>
        public static readonly Field Reserved = Layout.Reserved(15);

        /// <summary>Seconds between keepalives.</summary>
        public static readonly Field KeepaliveInterval = Layout.Number("KeepaliveInterval", 16, "seconds between keepalives; 0 leaves it to the mobile node");
    }

    /// <summary>Assent or refusal.</summary>
    public UdpTunnelReplyCode ReplyCode { get; init; }

    /// <summary>F: tunnelling is done because the request forced it.</summary>
    public bool Forced { get; init; }

    /// <summary>15 reserved bits.</summary>
    public ushort Reserved { get; init; }

    /// <summary>Seconds between keepalives; 0 leaves it to the mobile node.</summary>
    public ushort KeepaliveInterval { get; init; }

    /// <inheritdoc/>
    public override ExtensionType Type => ExtensionType.UdpTunnelReply;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    internal static UdpTunnelReplyExtension? Read(ExtensionView view) => view.Is(ExtensionType.UdpTunnelReply, subtype: 0, Fields.Layout)
        ? new UdpTunnelReplyExtension
        {
            ReplyCode = (UdpTunnelReplyCode)Fields.ReplyCode.ReadByte(view.Octets),
            Forced = Fields.Forced.ReadFlag(view.Octets),
            Reserved = (ushort)Fields.Reserved.ReadNumber(view.Octets),
            KeepaliveInterval = Fields.KeepaliveInterval.ReadUInt16(view.Octets),
        }
        : null;

    private protected override void WriteFields(Span<byte> extension)
    {
        Fields.ReplyCode.Write(extension, (byte)ReplyCode);
        Fields.Forced.Write(extension, Forced);
        Fields.Reserved.Write(extension, Reserved);
        Fields.KeepaliveInterval.Write(extension, KeepaliveInterval);
    }
}
