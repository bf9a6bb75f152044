using DsmipTools.Wire.Ip;
using Fields = DsmipTools.Wire.Icmp.MulticastListenerDiscovery.MulticastAddressRecord.Fields;

namespace DsmipTools.Wire.Icmp.MulticastListenerDiscovery;

/// <summary>One multicast address record where it stands in a report (RFC 3810, 5.2.4).</summary>
public readonly ref struct MulticastAddressRecordView
{
    internal MulticastAddressRecordView(ReadOnlySpan<byte> octets) => Octets = octets;

    /// <summary>The whole record.</summary>
    public ReadOnlySpan<byte> Octets { get; }

    /// <summary>What the record says of the sources.</summary>
    public MulticastAddressRecordType RecordType => (MulticastAddressRecordType)Fields.RecordType.ReadByte(Octets);

    /// <summary>The address that is listened to.</summary>
    public Address MulticastAddress => Fields.MulticastAddress.ReadAddress(Octets);

    /// <summary>The source addresses.</summary>
    public SourceAddressSequence SourceAddresses => new(Octets[Fields.Layout.Length..AuxiliaryOffset]);

    /// <summary>Auxiliary data; none in MLDv2.</summary>
    public ReadOnlySpan<byte> AuxiliaryData => Octets[AuxiliaryOffset..];

    private int AuxiliaryOffset => Fields.Layout.Length + (Fields.NumberOfSources.ReadUInt16(Octets) * Fields.SourceAddress.Length);
}
