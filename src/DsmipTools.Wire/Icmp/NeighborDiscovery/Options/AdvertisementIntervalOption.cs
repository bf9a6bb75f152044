using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp.NeighborDiscovery.Options;

/// <summary>Advertisement Interval option (RFC 6275, 7.3).</summary>
public sealed record AdvertisementIntervalOption : NeighborDiscoveryOption
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Advertisement Interval", "RFC 6275, 7.3");

        /// <summary>The fields of every option.</summary>
        public static readonly NeighborDiscoveryOptionFields Header = new(Layout);

        /// <summary>Reserved octets.</summary>
        public static readonly Field Reserved = Layout.Reserved(16);

        /// <summary>Most milliseconds between unsolicited router advertisements.</summary>
        public static readonly Field AdvertisementInterval =
            Layout.Number("AdvertisementInterval", 32, "most milliseconds between unsolicited router advertisements");
    }

    /// <summary>Reserved octets.</summary>
    public ushort Reserved { get; init; }

    /// <summary>Most milliseconds between unsolicited router advertisements.</summary>
    public uint AdvertisementInterval { get; init; }

    /// <inheritdoc/>
    public override NeighborDiscoveryOptionType Type => NeighborDiscoveryOptionType.AdvertisementInterval;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    internal static AdvertisementIntervalOption Read(ReadOnlySpan<byte> octets) => new()
    {
        Reserved = Fields.Reserved.ReadUInt16(octets),
        AdvertisementInterval = Fields.AdvertisementInterval.ReadUInt32(octets),
    };

    private protected override void WriteFields(Span<byte> structure)
    {
        Fields.Reserved.Write(structure, Reserved);
        Fields.AdvertisementInterval.Write(structure, AdvertisementInterval);
    }
}
