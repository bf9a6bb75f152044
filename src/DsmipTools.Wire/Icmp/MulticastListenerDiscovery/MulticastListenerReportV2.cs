using DsmipTools.Wire.Icmp.IcmpV6;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp.MulticastListenerDiscovery;

/// <summary>Version 2 Multicast Listener Report (RFC 3810, 5.2).</summary>
public sealed record MulticastListenerReportV2 : IcmpV6Message
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Version 2 Multicast Listener Report", "RFC 3810, 5.2");

        /// <summary>The fields of every ICMP message.</summary>
        public static readonly IcmpHeaderFields Header = IcmpHeaderFields.OfIcmpV6(Layout);

        /// <summary>Reserved octets.</summary>
        public static readonly Field Reserved = Layout.Reserved(16);

        /// <summary>Records that follow.</summary>
        public static readonly Field NumberOfMulticastAddressRecords =
            Layout.Computed("NumberOfMulticastAddressRecords", 16, "records that follow");
    }

    /// <summary>Reserved octets.</summary>
    public ushort Reserved { get; init; }

    /// <summary>Overrides the count of the records; null computes it.</summary>
    public ushort? NumberOfMulticastAddressRecords { get; init; }

    /// <summary>The multicast address records.</summary>
    public ValueList<MulticastAddressRecord> MulticastAddressRecords { get; init; }

    /// <inheritdoc/>
    public override IcmpV6Type Type => IcmpV6Type.MulticastListenerReportV2;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    private protected override IEnumerable<Structure> Listed => MulticastAddressRecords;

    internal static MulticastListenerReportV2 Read(ref IcmpReader reader)
    {
        var octets = reader.Octets;
        return new MulticastListenerReportV2
        {
            Reserved = Fields.Reserved.ReadUInt16(octets),
            MulticastAddressRecords = reader.MulticastAddressRecords(Fields.NumberOfMulticastAddressRecords.ReadUInt16(octets)),
        };
    }

    private protected override void WriteFields(Span<byte> structure)
    {
        Fields.Reserved.Write(structure, Reserved);
        Fields.NumberOfMulticastAddressRecords.WriteLength(structure, MulticastAddressRecords.Count, NumberOfMulticastAddressRecords);
    }
}
