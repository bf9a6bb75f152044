using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobilityHeader;

/// <summary>Care-of Test Init: asks a correspondent node for a care-of keygen token (RFC 6275, 6.1.4).</summary>
public sealed record CareOfTestInit : MobilityMessage
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Care-of Test Init", "RFC 6275, 6.1.4");

        /// <summary>The fields of every Mobility Header.</summary>
        public static readonly MobilityHeaderFields Header = new(Layout);

        /// <summary>Reserved bits, ignored by the receiver.</summary>
        public static readonly Field MessageReserved = Layout.Reserved(16, "MessageReserved");

        /// <summary>The care-of init cookie: a random value, which the answer brings back.</summary>
        public static readonly Field CareOfInitCookie = Layout.Number("CareOfInitCookie", 64, "a random value, which the answer brings back");
    }

    /// <summary>Makes a message to compose.</summary>
    public CareOfTestInit()
    {
    }

    internal CareOfTestInit(MobilityHeaderView view)
        : base(view, Fields.Layout.Length)
    {
        MessageReserved = Fields.MessageReserved.ReadUInt16(view.Octets);
        CareOfInitCookie = Fields.CareOfInitCookie.ReadUInt64(view.Octets);
    }

    /// <summary>Reserved bits, ignored by the receiver.</summary>
    public ushort MessageReserved { get; init; }

    /// <summary>The care-of init cookie: a random value, which the answer brings back.</summary>
    public ulong CareOfInitCookie { get; init; }

    /// <inheritdoc/>
    public override MobilityHeaderType Type => MobilityHeaderType.CareOfTestInit;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    private protected override void WriteFields(Span<byte> message)
    {
        Fields.MessageReserved.Write(message, MessageReserved);
        Fields.CareOfInitCookie.Write(message, CareOfInitCookie);
    }
}
