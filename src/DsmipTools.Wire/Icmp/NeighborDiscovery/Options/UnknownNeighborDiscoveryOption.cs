using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp.NeighborDiscovery.Options;

/// <summary>An option that this library does not know, or whose length its type does not have; kept as it is (RFC 4861, 4.6).</summary>
public sealed record UnknownNeighborDiscoveryOption : NeighborDiscoveryOption
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Unknown Neighbor Discovery Option", "RFC 4861, 4.6");

        /// <summary>The fields of every option.</summary>
        public static readonly NeighborDiscoveryOptionFields Header = new(Layout);

        /// <summary>Option data.</summary>
        public static readonly Field OptionData = Layout.Rest("OptionData", "option data");
    }

    /// <summary>Option data.</summary>
    public Octets OptionData { get; init; }

    /// <summary>The type octet.</summary>
    public byte OptionType { get; init; }

    /// <inheritdoc/>
    public override NeighborDiscoveryOptionType Type => (NeighborDiscoveryOptionType)OptionType;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    private protected override Octets Tail => OptionData;

    internal static UnknownNeighborDiscoveryOption Read(ReadOnlySpan<byte> octets) => new()
    {
        OptionData = Octets.Create(Fields.OptionData.ReadRest(octets)),
        OptionType = Fields.Header.Type.ReadByte(octets),
    };

    private protected override void WriteFields(Span<byte> structure)
    {
    }
}
