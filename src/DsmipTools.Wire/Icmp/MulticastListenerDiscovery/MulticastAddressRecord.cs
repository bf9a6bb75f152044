using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp.MulticastListenerDiscovery;

/// <summary>Multicast Address Record of MLDv2 (RFC 3810, 5.2.4).</summary>
public sealed record MulticastAddressRecord : IcmpStructure
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Multicast Address Record", "RFC 3810, 5.2.4");

        /// <summary>What the record says of the sources.</summary>
        public static readonly Field RecordType =
            Layout.Code<MulticastAddressRecordType>("RecordType", 8, "what the record says of the sources");

        /// <summary>Units of 4 octets.</summary>
        public static readonly Field AuxDataLen = Layout.Computed("AuxDataLen", 8, "units of 4 octets");

        /// <summary>Source addresses that follow.</summary>
        public static readonly Field NumberOfSources = Layout.Computed("NumberOfSources", 16, "source addresses that follow");

        /// <summary>The address that is listened to.</summary>
        public static readonly Field MulticastAddress = Layout.IPv6("MulticastAddress", "the address that is listened to");

        /// <summary>The table of one source address, which queries have too.</summary>
        public static readonly Layout SourceAddress =
            AddressList.OfIPv6("Source Address", "RFC 3810, 5.1.11 and 5.2.9", "SourceAddress", "a source of the multicast address");
    }

    /// <summary>What the record says of the sources.</summary>
    public MulticastAddressRecordType RecordType { get; init; }

    /// <summary>Overrides the length of the auxiliary data in units of 4 octets; null computes it.</summary>
    public byte? AuxDataLen { get; init; }

    /// <summary>Overrides the count of the source addresses; null computes it.</summary>
    public ushort? NumberOfSources { get; init; }

    /// <summary>The address that is listened to.</summary>
    public Address MulticastAddress { get; init; }

    /// <summary>The source addresses.</summary>
    public ValueList<Address> SourceAddresses { get; init; }

    /// <summary>Auxiliary data; none in MLDv2 (RFC 3810, 5.2.10). Composing pads it to 4 octets.</summary>
    public Octets AuxiliaryData { get; init; }

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    /// <inheritdoc/>
    public override IEnumerable<Structure> Parts =>
        [.. AddressList.Parts(Fields.SourceAddress, SourceAddresses), .. AddressList.Rest(AuxiliaryData)];

    internal static MulticastAddressRecord From(MulticastAddressRecordView view) => new()
    {
        RecordType = view.RecordType,
        MulticastAddress = view.MulticastAddress,
        SourceAddresses = view.SourceAddresses.ToList(),
        AuxiliaryData = Octets.Create(view.AuxiliaryData),
    };

    /// <inheritdoc/>
    public override int GetLength() => (base.GetLength() + 3) / 4 * 4;

    private protected override void WriteFields(Span<byte> structure)
    {
        Fields.RecordType.Write(structure, (byte)RecordType);
        Fields.AuxDataLen.WriteLength(structure, (AuxiliaryData.Length + 3) / 4, AuxDataLen);
        Fields.NumberOfSources.WriteLength(structure, SourceAddresses.Count, NumberOfSources);
        Fields.MulticastAddress.Write(structure, MulticastAddress);
    }
}
