using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobilityHeader;

/// <summary>A Mobility Header message that this library does not know, or that is too short for its type; kept whole.</summary>
public sealed record UnknownMobilityMessage : MobilityMessage
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Mobility Header", "RFC 6275, 6.1.1");

        /// <summary>The common fields.</summary>
        public static readonly MobilityHeaderFields Header = new(Layout);

        /// <summary>Message data.</summary>
        public static readonly Field MessageData = Layout.Rest("MessageData", "everything after the checksum");
    }

    /// <summary>Makes a message to compose.</summary>
    public UnknownMobilityMessage()
    {
    }

    internal UnknownMobilityMessage(MobilityHeaderView view)
        : base(view, view.Octets.Length)
    {
        MessageType = (byte)view.Type;
        MessageData = Octets.Create(view.Octets[Fields.Layout.Length..]);
    }

    /// <summary>The message type octet.</summary>
    public byte MessageType { get; init; }

    /// <summary>Everything after the checksum; its length is 8n + 2.</summary>
    public Octets MessageData { get; init; }

    /// <inheritdoc/>
    public override MobilityHeaderType Type => (MobilityHeaderType)MessageType;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    private protected override int FixedLength => Table.Length + MessageData.Length;

    private protected override void WriteFields(Span<byte> message) => MessageData.Span.CopyTo(message[Table.Length..]);
}
