using DsmipTools.Wire.Icmp.IcmpV6;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp.MulticastListenerDiscovery;

/// <summary>Multicast Listener Query of MLDv2 (RFC 3810, 5.1).</summary>
public sealed record MulticastListenerQueryV2 : IcmpV6Message
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Multicast Listener Query, version 2", "RFC 3810, 5.1");

        /// <summary>The fields of every ICMP message.</summary>
        public static readonly IcmpHeaderFields Header = IcmpHeaderFields.OfIcmpV6(Layout);

        /// <summary>Tells the most milliseconds before a report.</summary>
        public static readonly Field MaximumResponseCode =
            Layout.Number("MaximumResponseCode", 16, "tells the most milliseconds before a report");

        /// <summary>Reserved octets.</summary>
        public static readonly Field Reserved = Layout.Reserved(16);

        /// <summary>The address that is asked for; :: asks for all.</summary>
        public static readonly Field MulticastAddress = Layout.IPv6("MulticastAddress", "the address that is asked for; :: asks for all");

        /// <summary>Reserved bits.</summary>
        public static readonly Field Resv = Layout.Reserved(4, "Resv");

        /// <summary>S: routers do not update their timers.</summary>
        public static readonly Field SuppressRouterSideProcessing =
            Layout.Flag("SuppressRouterSideProcessing", "S: routers do not update their timers");

        /// <summary>QRV: the robustness variable of the querier, 0 for more than 7.</summary>
        public static readonly Field QuerierRobustnessVariable =
            Layout.Number("QuerierRobustnessVariable", 3, "QRV: the robustness variable of the querier, 0 for more than 7");

        /// <summary>QQIC: tells the seconds between queries.</summary>
        public static readonly Field QuerierQueryIntervalCode =
            Layout.Number("QuerierQueryIntervalCode", 8, "QQIC: tells the seconds between queries");

        /// <summary>Source addresses that follow.</summary>
        public static readonly Field NumberOfSources = Layout.Computed("NumberOfSources", 16, "source addresses that follow");
    }

    /// <summary>Tells the most milliseconds before a report.</summary>
    public ushort MaximumResponseCode { get; init; }

    /// <summary>Reserved octets.</summary>
    public ushort Reserved { get; init; }

    /// <summary>The address that is asked for; :: asks for all.</summary>
    public Address MulticastAddress { get; init; }

    /// <summary>Reserved bits.</summary>
    public byte Resv { get; init; }

    /// <summary>S: routers do not update their timers.</summary>
    public bool SuppressRouterSideProcessing { get; init; }

    /// <summary>QRV: the robustness variable of the querier, 0 for more than 7.</summary>
    public byte QuerierRobustnessVariable { get; init; }

    /// <summary>QQIC: tells the seconds between queries.</summary>
    public byte QuerierQueryIntervalCode { get; init; }

    /// <summary>Overrides the count of the source addresses; null computes it.</summary>
    public ushort? NumberOfSources { get; init; }

    /// <summary>The source addresses.</summary>
    public ValueList<Address> SourceAddresses { get; init; }

    /// <summary>The maximum response code as milliseconds (RFC 3810, 5.1.3).</summary>
    public int MaximumResponseDelay => MaximumResponseCode < 0x8000
        ? MaximumResponseCode
        : ((MaximumResponseCode & 0xFFF) | 0x1000) << (((MaximumResponseCode >> 12) & 7) + 3);

    /// <summary>The querier's query interval code as seconds (RFC 3810, 5.1.9).</summary>
    public int QuerierQueryInterval => QuerierQueryIntervalCode < 0x80
        ? QuerierQueryIntervalCode
        : ((QuerierQueryIntervalCode & 0xF) | 0x10) << (((QuerierQueryIntervalCode >> 4) & 7) + 3);

    /// <inheritdoc/>
    public override IcmpV6Type Type => IcmpV6Type.MulticastListenerQuery;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    private protected override IEnumerable<Structure> Listed =>
        AddressList.Parts(MulticastAddressRecord.Fields.SourceAddress, SourceAddresses);

    internal static MulticastListenerQueryV2 Read(ref IcmpReader reader)
    {
        var octets = reader.Octets;
        return new MulticastListenerQueryV2
        {
            MaximumResponseCode = Fields.MaximumResponseCode.ReadUInt16(octets),
            Reserved = Fields.Reserved.ReadUInt16(octets),
            MulticastAddress = Fields.MulticastAddress.ReadAddress(octets),
            Resv = Fields.Resv.ReadByte(octets),
            SuppressRouterSideProcessing = Fields.SuppressRouterSideProcessing.ReadFlag(octets),
            QuerierRobustnessVariable = Fields.QuerierRobustnessVariable.ReadByte(octets),
            QuerierQueryIntervalCode = Fields.QuerierQueryIntervalCode.ReadByte(octets),
            SourceAddresses = reader.Addresses(MulticastAddressRecord.Fields.SourceAddress, Fields.NumberOfSources),
        };
    }

    private protected override void WriteFields(Span<byte> structure)
    {
        Fields.MaximumResponseCode.Write(structure, MaximumResponseCode);
        Fields.Reserved.Write(structure, Reserved);
        Fields.MulticastAddress.Write(structure, MulticastAddress);
        Fields.Resv.Write(structure, Resv);
        Fields.SuppressRouterSideProcessing.Write(structure, SuppressRouterSideProcessing);
        Fields.QuerierRobustnessVariable.Write(structure, QuerierRobustnessVariable);
        Fields.QuerierQueryIntervalCode.Write(structure, QuerierQueryIntervalCode);
        Fields.NumberOfSources.WriteLength(structure, SourceAddresses.Count, NumberOfSources);
    }
}
