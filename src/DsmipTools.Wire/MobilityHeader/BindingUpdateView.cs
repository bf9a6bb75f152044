using DsmipTools.Wire.MobilityHeader.Options;
using Fields = DsmipTools.Wire.MobilityHeader.BindingUpdate.Fields;

namespace DsmipTools.Wire.MobilityHeader;

/// <summary>A checked Binding Update where it stands (RFC 6275, 6.1.7).</summary>
public readonly ref struct BindingUpdateView
{
    /// <summary>The view of a message that was checked already.</summary>
    internal BindingUpdateView(MobilityHeaderView header) => Header = header;

    /// <summary>The Mobility Header that holds the message.</summary>
    public MobilityHeaderView Header { get; }

    /// <summary>The sequence number.</summary>
    public ushort SequenceNumber => Fields.SequenceNumber.ReadUInt16(Octets);

    /// <summary>A: an acknowledgement is requested.</summary>
    public bool Acknowledge => Fields.Acknowledge.ReadFlag(Octets);

    /// <summary>H: home registration.</summary>
    public bool HomeRegistration => Fields.HomeRegistration.ReadFlag(Octets);

    /// <summary>L: link-local address compatibility.</summary>
    public bool LinkLocalCompatibility => Fields.LinkLocalCompatibility.ReadFlag(Octets);

    /// <summary>K: key management mobility capability.</summary>
    public bool KeyManagementMobility => Fields.KeyManagementMobility.ReadFlag(Octets);

    /// <summary>M: MAP registration (RFC 5380).</summary>
    public bool MapRegistration => Fields.MapRegistration.ReadFlag(Octets);

    /// <summary>R: mobile router (RFC 3963).</summary>
    public bool MobileRouter => Fields.MobileRouter.ReadFlag(Octets);

    /// <summary>P: proxy registration (RFC 5213, 8.1).</summary>
    public bool ProxyRegistration => Fields.ProxyRegistration.ReadFlag(Octets);

    /// <summary>F: forcing UDP encapsulation (RFC 5555).</summary>
    public bool ForcingUdpEncapsulation => Fields.ForcingUdpEncapsulation.ReadFlag(Octets);

    /// <summary>T: TLV-header format (RFC 5845).</summary>
    public bool TlvHeaderFormat => Fields.TlvHeaderFormat.ReadFlag(Octets);

    /// <summary>B: bulk binding update (RFC 6602), in a proxy registration; O: overwrite (RFC 5648, 4.2) is the same bit.</summary>
    public bool BulkBindingUpdate => Fields.BulkBindingUpdate.ReadFlag(Octets);

    /// <summary>Reserved bits, ignored by agents.</summary>
    public byte ReservedFlags => Fields.ReservedFlags.ReadByte(Octets);

    /// <summary>The lifetime in units of 4 seconds, 0 de-registers, 65535 is infinity.</summary>
    public ushort Lifetime => Fields.Lifetime.ReadUInt16(Octets);

    /// <summary>The mobility options.</summary>
    public MobilityOptionSequence Options => new(Octets[Fields.Layout.Length..], Fields.Layout.Length);

    private ReadOnlySpan<byte> Octets => Header.Octets;

    /// <summary>Reads the message from a Mobility Header.</summary>
    public static bool TryParse(MobilityHeaderView header, out BindingUpdateView view, out WireError error)
    {
        view = default;
        if (!(header.TryCheckMessage(MobilityHeaderType.BindingUpdate, Fields.Layout.Length, out error)))
        {
            return false;
        }

        view = new BindingUpdateView(header);
        return true;
    }

    /// <summary>Reads the message from octets.</summary>
    public static bool TryParse(ReadOnlySpan<byte> octets, out BindingUpdateView view, out WireError error)
    {
        view = default;
        return MobilityHeaderView.TryParse(octets, out var header, out error) && TryParse(header, out view, out error);
    }
}
