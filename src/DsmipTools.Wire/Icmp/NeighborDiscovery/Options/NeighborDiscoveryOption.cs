using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp.NeighborDiscovery.Options;

/// <summary>A neighbor discovery option as an immutable value (RFC 4861, 4.6). Composing pads it to units of 8 octets.</summary>
public abstract record NeighborDiscoveryOption : IcmpStructure
{
    private const int Unit = NeighborDiscoveryOptionSequence.Unit;

    /// <summary>Overrides the length in units of 8 octets; null computes it.</summary>
    public byte? Length { get; init; }

    /// <summary>The option type.</summary>
    public abstract NeighborDiscoveryOptionType Type { get; }

    /// <inheritdoc/>
    public sealed override int GetLength() => (base.GetLength() + Unit - 1) / Unit * Unit;

    /// <summary>Makes the record of an option; one of an unknown type or of a length that its type does not have is kept as it is.</summary>
    public static NeighborDiscoveryOption From(NeighborDiscoveryOptionView view)
    {
        var octets = view.Octets;
        return view.Type switch
        {
            NeighborDiscoveryOptionType.SourceLinkLayerAddress => SourceLinkLayerAddressOption.Read(octets),
            NeighborDiscoveryOptionType.TargetLinkLayerAddress => TargetLinkLayerAddressOption.Read(octets),
            NeighborDiscoveryOptionType.PrefixInformation when HasLengthOf(PrefixInformationOption.Fields.Layout, octets) =>
                PrefixInformationOption.Read(octets),
            NeighborDiscoveryOptionType.RedirectedHeader => RedirectedHeaderOption.Read(octets),
            NeighborDiscoveryOptionType.Mtu when HasLengthOf(MtuOption.Fields.Layout, octets) => MtuOption.Read(octets),
            NeighborDiscoveryOptionType.AdvertisementInterval when HasLengthOf(AdvertisementIntervalOption.Fields.Layout, octets) =>
                AdvertisementIntervalOption.Read(octets),
            NeighborDiscoveryOptionType.HomeAgentInformation when HasLengthOf(HomeAgentInformationOption.Fields.Layout, octets) =>
                HomeAgentInformationOption.Read(octets),
            NeighborDiscoveryOptionType.RecursiveDnsServer when RecursiveDnsServerOption.Fits(octets.Length) =>
                RecursiveDnsServerOption.Read(octets),
            _ => UnknownNeighborDiscoveryOption.Read(octets),
        };
    }

    private protected sealed override void WriteHeader(Span<byte> structure)
    {
        var fields = NeighborDiscoveryOptionFields.Common;
        fields.Type.Write(structure, (byte)Type);
        fields.Length.WriteLength(structure, structure.Length / Unit, Length);
    }

    private static bool HasLengthOf(Layout table, ReadOnlySpan<byte> octets) => octets.Length == table.Length;
}
