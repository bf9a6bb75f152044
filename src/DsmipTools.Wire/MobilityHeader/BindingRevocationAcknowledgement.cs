using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobilityHeader;

/// <summary>Binding Revocation Acknowledgement, BRA (RFC 5846, 5.2).</summary>
public sealed record BindingRevocationAcknowledgement : MobilityMessage
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Binding Revocation Acknowledgement", "RFC 5846, 5.2");

        /// <summary>The fields of every Mobility Header.</summary>
        public static readonly MobilityHeaderFields Header = new(Layout);

        /// <summary>2, acknowledgement.</summary>
        public static readonly Field RevocationType = Layout.Code<BindingRevocationType>("RevocationType", 8, "2, acknowledgement");

        /// <summary>The outcome: processed below 128.</summary>
        public static readonly Field Status = Layout.Code<RevocationStatus>("Status", 8, "the outcome: processed below 128");

        /// <summary>Copied from the indication.</summary>
        public static readonly Field SequenceNumber = Layout.Number("SequenceNumber", 16, "copied from the indication");

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
    public BindingRevocationAcknowledgement()
    {
    }

    private BindingRevocationAcknowledgement(MobilityHeaderView view)
        : base(view, Fields.Layout.Length)
    {
    }

    /// <summary>The outcome: processed below 128.</summary>
    public RevocationStatus Status { get; init; }

    /// <summary>Copied from the indication.</summary>
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
    public static BindingRevocationAcknowledgement From(BindingRevocationAcknowledgementView view) => new(view.Header)
    {
        Status = view.Status,
        SequenceNumber = view.SequenceNumber,
        ProxyBinding = view.ProxyBinding,
        IPv4HomeAddressBindingOnly = view.IPv4HomeAddressBindingOnly,
        Global = view.Global,
        ReservedFlags = view.ReservedFlags,
    };

    private protected override void WriteFields(Span<byte> message)
    {
        Fields.RevocationType.Write(message, (byte)BindingRevocationType.Acknowledgement);
        Fields.Status.Write(message, (byte)Status);
        Fields.SequenceNumber.Write(message, SequenceNumber);
        Fields.ProxyBinding.Write(message, ProxyBinding);
        Fields.IPv4HomeAddressBindingOnly.Write(message, IPv4HomeAddressBindingOnly);
        Fields.Global.Write(message, Global);
        Fields.ReservedFlags.Write(message, ReservedFlags);
    }
}
