using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp.NeighborDiscovery.Options;

/// <summary>MTU option (RFC 4861, 4.6.4).</summary>
public sealed record MtuOption : NeighborDiscoveryOption
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("MTU", "RFC 4861, 4.6.4");

        /// <summary>The fields of every option.</summary>
        public static readonly NeighborDiscoveryOptionFields Header = new(Layout);

        /// <summary>Reserved octets.</summary>
        public static readonly Field Reserved = Layout.Reserved(16);

        /// <summary>MTU of the link in octets.</summary>
        public static readonly Field MaximumTransmissionUnit = Layout.Number("MaximumTransmissionUnit", 32, "MTU of the link in octets");
    }

    /// <summary>Reserved octets.</summary>
    public ushort Reserved { get; init; }

    /// <summary>MTU of the link in octets.</summary>
    public uint MaximumTransmissionUnit { get; init; }

    /// <inheritdoc/>
    public override NeighborDiscoveryOptionType Type => NeighborDiscoveryOptionType.Mtu;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    internal static MtuOption Read(ReadOnlySpan<byte> octets) => new()
    {
        Reserved = Fields.Reserved.ReadUInt16(octets),
        MaximumTransmissionUnit = Fields.MaximumTransmissionUnit.ReadUInt32(octets),
    };

    private protected override void WriteFields(Span<byte> structure)
    {
        Fields.Reserved.Write(structure, Reserved);
        Fields.MaximumTransmissionUnit.Write(structure, MaximumTransmissionUnit);
    }
}
