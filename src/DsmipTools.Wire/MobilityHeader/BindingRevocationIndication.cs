using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobilityHeader;

/// <summary>Binding Revocation Indication, BRI (RFC 5846, 5.1).</summary>
public sealed record BindingRevocationIndication : MobilityMessage
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Binding Revocation Indication", "RFC 5846, 5.1");

        /// <summary>The fields of every Mobility Header.</summary>
        public static readonly MobilityHeaderFields Header = new(Layout);

        /// <summary>1, indication.</summary>
        public static readonly Field RevocationType = Layout.Code<BindingRevocationType>("RevocationType", 8, "1, indication");

        /// <summary>The event that made the initiator revoke.</summary>
        public static readonly Field Trigger = Layout.Code<RevocationTrigger>("Trigger", 8, "the event that made the initiator revoke");

        /// <summary>Matches the acknowledgement with the indication.</summary>
        public static readonly Field SequenceNumber = Layout.Number("SequenceNumber", 16, "matches the acknowledgement with the indication");

        /// <summary>P: the bindings are proxy bindings.</summary>
        public static readonly Field ProxyBinding = Layout.Flag("ProxyBinding", "P: the bindings are proxy bindings");

        /// <summary>V: the IPv4 home address binding only.</summary>
        public static readonly Field IPv4HomeAddressBindingOnly = Layout.Flag("IPv4HomeAddressBindingOnly", "V: the IPv4 home address binding only");

        /// <summary>G: bindings of several mobile nodes.</summary>
        public static readonly Field Global = Layout.Flag("Global", "G: bindings of several mobile nodes");

        /// <summary>Reserved bits.</summary>
        public static readonly Field ReservedFlags = Layout.Reserved(13, "ReservedFlags");
    }

    /// <summary>Makes a message to compose.</summary>
    public BindingRevocationIndication()
    {
    }

    private BindingRevocationIndication(MobilityHeaderView view)
        : base(view, Fields.Layout.Length)
    {
    }

    /// <summary>The event that made the initiator revoke.</summary>
    public RevocationTrigger Trigger { get; init; }

    /// <summary>Matches the acknowledgement with the indication.</summary>
    public ushort SequenceNumber { get; init; }

    /// <summary>P: the bindings are proxy bindings.</summary>
    public bool ProxyBinding { get; init; }

    /// <summary>V: the IPv4 home address binding only.</summary>
    public bool IPv4HomeAddressBindingOnly { get; init; }

    /// <summary>G: bindings of several mobile nodes.</summary>
    public bool Global { get; init; }

    /// <summary>Reserved bits, ignored by agents.</summary>
    public ushort ReservedFlags { get; init; }

    /// <inheritdoc/>
    public override MobilityHeaderType Type => MobilityHeaderType.BindingRevocation;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    /// <summary>Makes the record of a checked view.</summary>
    public static BindingRevocationIndication From(BindingRevocationIndicationView view) => new(view.Header)
    {
        Trigger = view.Trigger,
        SequenceNumber = view.SequenceNumber,
        ProxyBinding = view.ProxyBinding,
        IPv4HomeAddressBindingOnly = view.IPv4HomeAddressBindingOnly,
        Global = view.Global,
        ReservedFlags = view.ReservedFlags,
    };

    private protected override void WriteFields(Span<byte> message)
    {
        Fields.RevocationType.Write(message, (byte)BindingRevocationType.Indication);
        Fields.Trigger.Write(message, (byte)Trigger);
        Fields.SequenceNumber.Write(message, SequenceNumber);
        Fields.ProxyBinding.Write(message, ProxyBinding);
        Fields.IPv4HomeAddressBindingOnly.Write(message, IPv4HomeAddressBindingOnly);
        Fields.Global.Write(message, Global);
        Fields.ReservedFlags.Write(message, ReservedFlags);
    }
}
