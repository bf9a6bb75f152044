using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobilityHeader;

/// <summary>Binding Update (RFC 6275, 6.1.7); with P set, Proxy Binding Update (RFC 5213, 8.1).</summary>
public sealed record BindingUpdate : MobilityMessage
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Binding Update", "RFC 6275, 6.1.7");

        /// <summary>The fields of every Mobility Header.</summary>
        public static readonly MobilityHeaderFields Header = new(Layout);

        /// <summary>The sequence number.</summary>
        public static readonly Field SequenceNumber = Layout.Number("SequenceNumber", 16, "the sequence number");

        /// <summary>A: an acknowledgement is requested.</summary>
        public static readonly Field Acknowledge = Layout.Flag("Acknowledge", "A: an acknowledgement is requested");

        /// <summary>H: home registration.</summary>
        public static readonly Field HomeRegistration = Layout.Flag("HomeRegistration", "H: home registration");

        /// <summary>L: link-local address compatibility.</summary>
        public static readonly Field LinkLocalCompatibility = Layout.Flag("LinkLocalCompatibility", "L: link-local address compatibility");

        /// <summary>K: key management mobility capability.</summary>
        public static readonly Field KeyManagementMobility = Layout.Flag("KeyManagementMobility", "K: key management mobility capability");

        /// <summary>M: MAP registration (RFC 5380).</summary>
        public static readonly Field MapRegistration = Layout.Flag("MapRegistration", "M: MAP registration (RFC 5380)");

        /// <summary>R: mobile router (RFC 3963).</summary>
        public static readonly Field MobileRouter = Layout.Flag("MobileRouter", "R: mobile router (RFC 3963)");

        /// <summary>P: proxy registration (RFC 5213, 8.1).</summary>
        public static readonly Field ProxyRegistration = Layout.Flag("ProxyRegistration", "P: proxy registration (RFC 5213, 8.1)");

        /// <summary>F: forcing UDP encapsulation (RFC 5555).</summary>
        public static readonly Field ForcingUdpEncapsulation = Layout.Flag("ForcingUdpEncapsulation", "F: forcing UDP encapsulation (RFC 5555)");

        /// <summary>T: TLV-header format (RFC 5845).</summary>
        public static readonly Field TlvHeaderFormat = Layout.Flag("TlvHeaderFormat", "T: TLV-header format (RFC 5845)");

        /// <summary>B: bulk binding update (RFC 6602); O: overwrite (RFC 5648) is the same bit.</summary>
        public static readonly Field BulkBindingUpdate = Layout.Flag("BulkBindingUpdate", "B: bulk binding update (RFC 6602); O: overwrite (RFC 5648) is the same bit");

        /// <summary>Reserved bits.</summary>
        public static readonly Field ReservedFlags = Layout.Reserved(6, "ReservedFlags");

        /// <summary>The lifetime in units of 4 seconds, 0 de-registers, 65535 is infinity.</summary>
        public static readonly Field Lifetime = Layout.Number("Lifetime", 16, "the lifetime in units of 4 seconds, 0 de-registers, 65535 is infinity");
    }

    /// <summary>Makes a message to compose.</summary>
    public BindingUpdate()
    {
    }

    private BindingUpdate(MobilityHeaderView view)
        : base(view, Fields.Layout.Length)
    {
    }

    /// <summary>The sequence number.</summary>
    public ushort SequenceNumber { get; init; }

    /// <summary>A: an acknowledgement is requested.</summary>
    public bool Acknowledge { get; init; }

    /// <summary>H: home registration.</summary>
    public bool HomeRegistration { get; init; }

    /// <summary>L: link-local address compatibility.</summary>
    public bool LinkLocalCompatibility { get; init; }

    /// <summary>K: key management mobility capability.</summary>
    public bool KeyManagementMobility { get; init; }

    /// <summary>M: MAP registration (RFC 5380).</summary>
    public bool MapRegistration { get; init; }

    /// <summary>R: mobile router (RFC 3963).</summary>
    public bool MobileRouter { get; init; }

    /// <summary>P: proxy registration (RFC 5213, 8.1).</summary>
    public bool ProxyRegistration { get; init; }

    /// <summary>F: forcing UDP encapsulation (RFC 5555).</summary>
    public bool ForcingUdpEncapsulation { get; init; }

    /// <summary>T: TLV-header format (RFC 5845).</summary>
    public bool TlvHeaderFormat { get; init; }

    /// <summary>B: bulk binding update (RFC 6602), in a proxy registration.</summary>
    public bool BulkBindingUpdate { get; init; }

    /// <summary>
    /// O: the bindings of the mobile node are replaced by those of this message (RFC 5648, 4.2). IANA gave the bit to B later; it is the
    /// same as <see cref="BulkBindingUpdate"/>.
    /// </summary>
    public bool Overwrite
    {
        get => BulkBindingUpdate;
        init => BulkBindingUpdate = value;
    }

    /// <summary>Reserved bits, ignored by agents.</summary>
    public byte ReservedFlags { get; init; }

    /// <summary>The lifetime in units of 4 seconds, 0 de-registers, 65535 is infinity.</summary>
    public ushort Lifetime { get; init; }

    /// <inheritdoc/>
    public override MobilityHeaderType Type => MobilityHeaderType.BindingUpdate;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    /// <summary>Makes the record of a checked view.</summary>
    public static BindingUpdate From(BindingUpdateView view) => new(view.Header)
    {
        SequenceNumber = view.SequenceNumber,
        Acknowledge = view.Acknowledge,
        HomeRegistration = view.HomeRegistration,
        LinkLocalCompatibility = view.LinkLocalCompatibility,
        KeyManagementMobility = view.KeyManagementMobility,
        MapRegistration = view.MapRegistration,
        MobileRouter = view.MobileRouter,
        ProxyRegistration = view.ProxyRegistration,
        ForcingUdpEncapsulation = view.ForcingUdpEncapsulation,
        TlvHeaderFormat = view.TlvHeaderFormat,
        BulkBindingUpdate = view.BulkBindingUpdate,
        ReservedFlags = view.ReservedFlags,
        Lifetime = view.Lifetime,
    };

    private protected override void WriteFields(Span<byte> message)
    {
        Fields.SequenceNumber.Write(message, SequenceNumber);
        Fields.Acknowledge.Write(message, Acknowledge);
        Fields.HomeRegistration.Write(message, HomeRegistration);
        Fields.LinkLocalCompatibility.Write(message, LinkLocalCompatibility);
        Fields.KeyManagementMobility.Write(message, KeyManagementMobility);
        Fields.MapRegistration.Write(message, MapRegistration);
        Fields.MobileRouter.Write(message, MobileRouter);
        Fields.ProxyRegistration.Write(message, ProxyRegistration);
        Fields.ForcingUdpEncapsulation.Write(message, ForcingUdpEncapsulation);
        Fields.TlvHeaderFormat.Write(message, TlvHeaderFormat);
        Fields.BulkBindingUpdate.Write(message, BulkBindingUpdate);
        Fields.ReservedFlags.Write(message, ReservedFlags);
        Fields.Lifetime.Write(message, Lifetime);
    }
}
