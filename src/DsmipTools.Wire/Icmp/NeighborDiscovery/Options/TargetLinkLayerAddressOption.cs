using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp.NeighborDiscovery.Options;

/// <summary>Target Link-layer Address option (RFC 4861, 4.6.1).</summary>
public sealed record TargetLinkLayerAddressOption : NeighborDiscoveryOption
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Target Link-layer Address", "RFC 4861, 4.6.1");

        /// <summary>The fields of every option.</summary>
        public static readonly NeighborDiscoveryOptionFields Header = new(Layout);

        /// <summary>Link-layer address of the target, with padding where the link has any.</summary>
        public static readonly Field LinkLayerAddress =
            Layout.Rest("LinkLayerAddress", "link-layer address of the target, with padding where the link has any");
    }

    /// <summary>Link-layer address of the target, with padding where the link has any.</summary>
    public Octets LinkLayerAddress { get; init; }

    /// <inheritdoc/>
    public override NeighborDiscoveryOptionType Type => NeighborDiscoveryOptionType.TargetLinkLayerAddress;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    private protected override Octets Tail => LinkLayerAddress;

    internal static TargetLinkLayerAddressOption Read(ReadOnlySpan<byte> octets) =>
        new() { LinkLayerAddress = Octets.Create(Fields.LinkLayerAddress.ReadRest(octets)) };

    /// <summary>Reads the address, and the padding behind it on links that have any; false when the option is of another type.</summary>
    public static bool TryRead(NeighborDiscoveryOptionView view, out ReadOnlySpan<byte> linkLayerAddress)
    {
        var fits = view.Type == NeighborDiscoveryOptionType.TargetLinkLayerAddress;
        linkLayerAddress = fits ? Fields.LinkLayerAddress.ReadRest(view.Octets) : default;
        return fits;
    }

    private protected override void WriteFields(Span<byte> structure)
    {
    }
}
