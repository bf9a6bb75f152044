using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobilityHeader;

/// <summary>Home Test Init: asks a correspondent node for a home keygen token (RFC 6275, 6.1.3).</summary>
public sealed record HomeTestInit : MobilityMessage
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Home Test Init", "RFC 6275, 6.1.3");

        /// <summary>The fields of every Mobility Header.</summary>
        public static readonly MobilityHeaderFields Header = new(Layout);

        /// <summary>Reserved bits, ignored by the receiver.</summary>
        public static readonly Field MessageReserved = Layout.Reserved(16, "MessageReserved");

        /// <summary>The home init cookie: a random value, which the answer brings back.</summary>
        public static readonly Field HomeInitCookie = Layout.Number("HomeInitCookie", 64, "a random value, which the answer brings back");
    }

    /// <summary>Makes a message to compose.</summary>
    public HomeTestInit()
    {
    }

    internal HomeTestInit(MobilityHeaderView view)
        : base(view, Fields.Layout.Length)
    {
        MessageReserved = Fields.MessageReserved.ReadUInt16(view.Octets);
        HomeInitCookie = Fields.HomeInitCookie.ReadUInt64(view.Octets);
    }

    /// <summary>Reserved bits, ignored by the receiver.</summary>
    public ushort MessageReserved { get; init; }

    /// <summary>The home init cookie: a random value, which the answer brings back.</summary>
    public ulong HomeInitCookie { get; init; }

    /// <inheritdoc/>
    public override MobilityHeaderType Type => MobilityHeaderType.HomeTestInit;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    private protected override void WriteFields(Span<byte> message)
    {
        Fields.MessageReserved.Write(message, MessageReserved);
        Fields.HomeInitCookie.Write(message, HomeInitCookie);
    }
}
