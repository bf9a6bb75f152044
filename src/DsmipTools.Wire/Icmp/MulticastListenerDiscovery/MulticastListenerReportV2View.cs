using DsmipTools.Wire.Icmp.IcmpV6;
using Fields = DsmipTools.Wire.Icmp.MulticastListenerDiscovery.MulticastListenerReportV2.Fields;

namespace DsmipTools.Wire.Icmp.MulticastListenerDiscovery;

/// <summary>A checked Version 2 Multicast Listener Report where it stands (RFC 3810, 5.2).</summary>
public readonly ref struct MulticastListenerReportV2View
{
    private readonly int recordsLength;

    private MulticastListenerReportV2View(IcmpV6View header, int recordsLength)
    {
        Header = header;
        this.recordsLength = recordsLength;
    }

    /// <summary>The message with its header.</summary>
    public IcmpV6View Header { get; }

    /// <summary>Reserved octets.</summary>
    public ushort Reserved => Fields.Reserved.ReadUInt16(Octets);

    /// <summary>How many records follow.</summary>
    public ushort NumberOfMulticastAddressRecords => Fields.NumberOfMulticastAddressRecords.ReadUInt16(Octets);

    /// <summary>The multicast address records.</summary>
    public MulticastAddressRecordSequence MulticastAddressRecords => new(Octets.Slice(Fields.Layout.Length, recordsLength));

    private ReadOnlySpan<byte> Octets => Header.Octets;

    /// <summary>Reads the message from octets; its checksum is not verified here.</summary>
    public static bool TryParse(ReadOnlySpan<byte> octets, out MulticastListenerReportV2View view, out WireError error)
    {
        view = default;
        if (!IcmpV6View.TryParse(octets, out var header, out error)
            || !header.TryCheck(IcmpV6Type.MulticastListenerReportV2, Fields.Layout, out error))
        {
            return false;
        }

        var recordsLength = MulticastAddressRecordSequence.Check(
            octets[Fields.Layout.Length..], Fields.Layout.Length, Fields.NumberOfMulticastAddressRecords.ReadUInt16(octets), out error);
        if (error.IsError)
        {
            return false;
        }

        view = new MulticastListenerReportV2View(header, recordsLength);
        return true;
    }
}
