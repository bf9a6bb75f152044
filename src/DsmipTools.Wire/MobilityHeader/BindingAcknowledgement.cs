using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobilityHeader;

/// <summary>Binding Acknowledgement (RFC 6275, 6.1.8); with P set, Proxy Binding Acknowledgement (RFC 5213, 8.2).</summary>
public sealed record BindingAcknowledgement : MobilityMessage
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Binding Acknowledgement", "RFC 6275, 6.1.8");

        /// <summary>The fields of every Mobility Header.</summary>
        public static readonly MobilityHeaderFields Header = new(Layout);

        /// <summary>The outcome: accepted below 128.</summary>
        public static readonly Field Status = Layout.Code<BindingStatus>("Status", 8, "the outcome: accepted below 128");

        /// <summary>K: key management mobility capability.</summary>
        public static readonly Field KeyManagementMobility = Layout.Flag("KeyManagementMobility", "K: key management mobility capability");

        /// <summary>R: mobile router (RFC 3963).</summary>
        public static readonly Field MobileRouter = Layout.Flag("MobileRouter", "R: mobile router (RFC 3963)");

        /// <summary>P: proxy registration (RFC 5213, 8.2).</summary>
        public static readonly Field ProxyRegistration = Layout.Flag("ProxyRegistration", "P: proxy registration (RFC 5213, 8.2)");

        /// <summary>T: TLV-header format (RFC 5845).</summary>
        public static readonly Field TlvHeaderFormat = Layout.Flag("TlvHeaderFormat", "T: TLV-header format (RFC 5845)");

        /// <summary>B: bulk binding update (RFC 6602).</summary>
        public static readonly Field BulkBindingUpdate = Layout.Flag("BulkBindingUpdate", "B: bulk binding update (RFC 6602)");

        /// <summary>Reserved bits.</summary>
        public static readonly Field ReservedFlags = Layout.Reserved(3, "ReservedFlags");

        /// <summary>The sequence number of the Binding Update.</summary>
        public static readonly Field SequenceNumber = Layout.Number("SequenceNumber", 16, "the sequence number of the Binding Update");

        /// <summary>The granted lifetime in units of 4 seconds.</summary>
        public static readonly Field Lifetime = Layout.Number("Lifetime", 16, "the granted lifetime in units of 4 seconds");
    }

    /// <summary>Makes a message to compose.</summary>
    public BindingAcknowledgement()
    {
    }

    private BindingAcknowledgement(MobilityHeaderView view)
        : base(view, Fields.Layout.Length)
    {
    }

    /// <summary>The outcome: accepted below 128.</summary>
    public BindingStatus Status { get; init; }

    /// <summary>K: key management mobility capability.</summary>
    public bool KeyManagementMobility { get; init; }

    /// <summary>R: mobile router (RFC 3963).</summary>
    public bool MobileRouter { get; init; }

    /// <summary>P: proxy registration (RFC 5213, 8.2).</summary>
    public bool ProxyRegistration { get; init; }

    /// <summary>T: TLV-header format (RFC 5845).</summary>
    public bool TlvHeaderFormat { get; init; }

    /// <summary>B: bulk binding update (RFC 6602).</summary>
    public bool BulkBindingUpdate { get; init; }

    /// <summary>Reserved bits, ignored by agents.</summary>
    public byte ReservedFlags { get; init; }

    /// <summary>The sequence number of the Binding Update.</summary>
    public ushort SequenceNumber { get; init; }

    /// <summary>The granted lifetime in units of 4 seconds.</summary>
    public ushort Lifetime { get; init; }

    /// <inheritdoc/>
    public override MobilityHeaderType Type => MobilityHeaderType.BindingAcknowledgement;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    /// <summary>Makes the record of a checked view.</summary>
    public static BindingAcknowledgement From(BindingAcknowledgementView view) => new(view.Header)
    {
        Status = view.Status,
        KeyManagementMobility = view.KeyManagementMobility,
        MobileRouter = view.MobileRouter,
        ProxyRegistration = view.ProxyRegistration,
        TlvHeaderFormat = view.TlvHeaderFormat,
        BulkBindingUpdate = view.BulkBindingUpdate,
        ReservedFlags = view.ReservedFlags,
        SequenceNumber = view.SequenceNumber,
        Lifetime = view.Lifetime,
    };

    private protected override void WriteFields(Span<byte> message)
    {
        Fields.Status.Write(message, (byte)Status);
        Fields.KeyManagementMobility.Write(message, KeyManagementMobility);
        Fields.MobileRouter.Write(message, MobileRouter);
        Fields.ProxyRegistration.Write(message, ProxyRegistration);
        Fields.TlvHeaderFormat.Write(message, TlvHeaderFormat);
        Fields.BulkBindingUpdate.Write(message, BulkBindingUpdate);
        Fields.ReservedFlags.Write(message, ReservedFlags);
        Fields.SequenceNumber.Write(message, SequenceNumber);
        Fields.Lifetime.Write(message, Lifetime);
    }
}
