using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobilityHeader;

/// <summary>Binding Refresh Request: asks a mobile node to update its binding (RFC 6275, 6.1.2).</summary>
public sealed record BindingRefreshRequest : MobilityMessage
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Binding Refresh Request", "RFC 6275, 6.1.2");

        /// <summary>The fields of every Mobility Header.</summary>
        public static readonly MobilityHeaderFields Header = new(Layout);

        /// <summary>Reserved bits, ignored by the receiver.</summary>
        public static readonly Field MessageReserved = Layout.Reserved(16, "MessageReserved");
    }

    /// <summary>Makes a message to compose.</summary>
    public BindingRefreshRequest()
    {
    }

    internal BindingRefreshRequest(MobilityHeaderView view)
        : base(view, Fields.Layout.Length)
    {
        MessageReserved = Fields.MessageReserved.ReadUInt16(view.Octets);
    }

    /// <summary>Reserved bits, ignored by the receiver.</summary>
    public ushort MessageReserved { get; init; }

    /// <inheritdoc/>
    public override MobilityHeaderType Type => MobilityHeaderType.BindingRefreshRequest;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    private protected override void WriteFields(Span<byte> message)
    {
        Fields.MessageReserved.Write(message, MessageReserved);
    }
}
