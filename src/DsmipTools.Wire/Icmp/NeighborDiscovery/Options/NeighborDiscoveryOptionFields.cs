using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp.NeighborDiscovery.Options;

/// <summary>The fields that every neighbor discovery option begins with (RFC 4861, 4.6).</summary>
public sealed class NeighborDiscoveryOptionFields
{
    internal NeighborDiscoveryOptionFields(Layout layout)
    {
        Type = layout.Code<NeighborDiscoveryOptionType>("Type", 8, "the option type");
        Length = layout.Computed("Length", 8, "units of 8 octets, with type and length");
    }

    /// <summary>The shared instance for code that does not know the option yet.</summary>
    public static NeighborDiscoveryOptionFields Common { get; } = new(new Layout("Neighbor Discovery Option", "RFC 4861, 4.6"));

    /// <summary>Type.</summary>
    public Field Type { get; }

    /// <summary>Length.</summary>
    public Field Length { get; }
}
