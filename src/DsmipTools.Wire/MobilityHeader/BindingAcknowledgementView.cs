using DsmipTools.Wire.MobilityHeader.Options;
using Fields = DsmipTools.Wire.MobilityHeader.BindingAcknowledgement.Fields;

namespace DsmipTools.Wire.MobilityHeader;

/// <summary>A checked Binding Acknowledgement where it stands (RFC 6275, 6.1.8).</summary>
public readonly ref struct BindingAcknowledgementView
{
    /// <summary>The view of a message that was checked already.</summary>
    internal BindingAcknowledgementView(MobilityHeaderView header) => Header = header;

    /// <summary>The Mobility Header that holds the message.</summary>
    public MobilityHeaderView Header { get; }

    /// <summary>The outcome: accepted below 128.</summary>
    public BindingStatus Status => (BindingStatus)Fields.Status.ReadByte(Octets);

    /// <summary>K: key management mobility capability.</summary>
    public bool KeyManagementMobility => Fields.KeyManagementMobility.ReadFlag(Octets);

    /// <summary>R: mobile router (RFC 3963).</summary>
    public bool MobileRouter => Fields.MobileRouter.ReadFlag(Octets);

    /// <summary>P: proxy registration (RFC 5213, 8.2).</summary>
    public bool ProxyRegistration => Fields.ProxyRegistration.ReadFlag(Octets);

    /// <summary>T: TLV-header format (RFC 5845).</summary>
    public bool TlvHeaderFormat => Fields.TlvHeaderFormat.ReadFlag(Octets);

    /// <summary>B: bulk binding update (RFC 6602).</summary>
    public bool BulkBindingUpdate => Fields.BulkBindingUpdate.ReadFlag(Octets);

    /// <summary>Reserved bits, ignored by agents.</summary>
    public byte ReservedFlags => Fields.ReservedFlags.ReadByte(Octets);

    /// <summary>The sequence number of the Binding Update.</summary>
    public ushort SequenceNumber => Fields.SequenceNumber.ReadUInt16(Octets);

    /// <summary>The granted lifetime in units of 4 seconds.</summary>
    public ushort Lifetime => Fields.Lifetime.ReadUInt16(Octets);

    /// <summary>The mobility options.</summary>
    public MobilityOptionSequence Options => new(Octets[Fields.Layout.Length..], Fields.Layout.Length);

    private ReadOnlySpan<byte> Octets => Header.Octets;

    /// <summary>Reads the message from a Mobility Header.</summary>
    public static bool TryParse(MobilityHeaderView header, out BindingAcknowledgementView view, out WireError error)
    {
        view = default;
        if (!(header.TryCheckMessage(MobilityHeaderType.BindingAcknowledgement, Fields.Layout.Length, out error)))
        {
            return false;
        }

        view = new BindingAcknowledgementView(header);
        return true;
    }

    /// <summary>Reads the message from octets.</summary>
    public static bool TryParse(ReadOnlySpan<byte> octets, out BindingAcknowledgementView view, out WireError error)
    {
        view = default;
        return MobilityHeaderView.TryParse(octets, out var header, out error) && TryParse(header, out view, out error);
    }
}
