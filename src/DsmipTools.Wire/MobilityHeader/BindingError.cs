using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobilityHeader;

/// <summary>Binding Error: a correspondent node cannot use a home address, or does not know a message (RFC 6275, 6.1.9).</summary>
public sealed record BindingError : MobilityMessage
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Binding Error", "RFC 6275, 6.1.9");

        /// <summary>The fields of every Mobility Header.</summary>
        public static readonly MobilityHeaderFields Header = new(Layout);

        /// <summary>The reason of the message.</summary>
        public static readonly Field Status = Layout.Code<BindingErrorStatus>("Status", 8, "the reason of the message");

        /// <summary>Reserved bits, ignored by the receiver.</summary>
        public static readonly Field MessageReserved = Layout.Reserved(8, "MessageReserved");

        /// <summary>The home address of the packet that caused the error, IPv6; unspecified when it had none.</summary>
        public static readonly Field HomeAddress = Layout.IPv6("HomeAddress", "the home address of the packet that caused the error");
    }

    /// <summary>Makes a message to compose.</summary>
    public BindingError()
    {
    }

    internal BindingError(MobilityHeaderView view)
        : base(view, Fields.Layout.Length)
    {
        Status = (BindingErrorStatus)Fields.Status.ReadByte(view.Octets);
        MessageReserved = Fields.MessageReserved.ReadByte(view.Octets);
        HomeAddress = Fields.HomeAddress.ReadAddress(view.Octets);
    }

    /// <summary>The reason of the message.</summary>
    public BindingErrorStatus Status { get; init; }

    /// <summary>Reserved bits, ignored by the receiver.</summary>
    public byte MessageReserved { get; init; }

    /// <summary>The home address of the packet that caused the error, IPv6; unspecified when it had none.</summary>
    public Address HomeAddress { get; init; }

    /// <inheritdoc/>
    public override MobilityHeaderType Type => MobilityHeaderType.BindingError;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    private protected override void WriteFields(Span<byte> message)
    {
        Fields.Status.Write(message, (byte)Status);
        Fields.MessageReserved.Write(message, MessageReserved);
        Fields.HomeAddress.Write(message, HomeAddress);
    }
}
