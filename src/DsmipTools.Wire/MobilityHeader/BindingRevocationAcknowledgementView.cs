using DsmipTools.Wire.MobilityHeader.Options;
using Fields = DsmipTools.Wire.MobilityHeader.BindingRevocationAcknowledgement.Fields;

namespace DsmipTools.Wire.MobilityHeader;

/// <summary>A checked Binding Revocation Acknowledgement where it stands (RFC 5846, 5.2).</summary>
public readonly ref struct BindingRevocationAcknowledgementView
{
    /// <summary>The view of a message that was checked already.</summary>
    internal BindingRevocationAcknowledgementView(MobilityHeaderView header) => Header = header;

    /// <summary>The Mobility Header that holds the message.</summary>
    public MobilityHeaderView Header { get; }

    /// <summary>The outcome: processed below 128.</summary>
    public RevocationStatus Status => (RevocationStatus)Fields.Status.ReadByte(Octets);

    /// <summary>Copied from the indication.</summary>
    public ushort SequenceNumber => Fields.SequenceNumber.ReadUInt16(Octets);

    /// <summary>P: the bindings are proxy bindings.</summary>
    public bool ProxyBinding => Fields.ProxyBinding.ReadFlag(Octets);

    /// <summary>V: the IPv4 home address binding only.</summary>
    public bool IPv4HomeAddressBindingOnly => Fields.IPv4HomeAddressBindingOnly.ReadFlag(Octets);

    /// <summary>G: bindings of several mobile nodes.</summary>
    public bool Global => Fields.Global.ReadFlag(Octets);

    /// <summary>Reserved bits, ignored by agents.</summary>
    public ushort ReservedFlags => (ushort)Fields.ReservedFlags.ReadNumber(Octets);

    /// <summary>The mobility options.</summary>
    public MobilityOptionSequence Options => new(Octets[Fields.Layout.Length..], Fields.Layout.Length);

    private ReadOnlySpan<byte> Octets => Header.Octets;

    /// <summary>Reads the message from a Mobility Header.</summary>
    public static bool TryParse(MobilityHeaderView header, out BindingRevocationAcknowledgementView view, out WireError error)
    {
        view = default;
        if (!(header.TryCheckMessage(MobilityHeaderType.BindingRevocation, Fields.Layout.Length, out error)
            && BindingRevocationTypes.TryCheck(header, BindingRevocationType.Acknowledgement, out error)))
        {
            return false;
        }

        view = new BindingRevocationAcknowledgementView(header);
        return true;
    }

    /// <summary>Reads the message from octets.</summary>
    public static bool TryParse(ReadOnlySpan<byte> octets, out BindingRevocationAcknowledgementView view, out WireError error)
    {
        view = default;
        return MobilityHeaderView.TryParse(octets, out var header, out error) && TryParse(header, out view, out error);
    }
}
