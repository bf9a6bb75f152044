using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp.NeighborDiscovery.Options;

/// <summary>One neighbor discovery option where it stands in a message.</summary>
public readonly ref struct NeighborDiscoveryOptionView
{
    internal NeighborDiscoveryOptionView(ReadOnlySpan<byte> octets, int offset)
    {
        Octets = octets;
        Offset = offset;
    }

    /// <summary>The whole option with its type and length octets: 8 octets or a multiple.</summary>
    public ReadOnlySpan<byte> Octets { get; }

    /// <summary>Offset from the start of the message.</summary>
    public int Offset { get; }

    /// <summary>The option type.</summary>
    public NeighborDiscoveryOptionType Type => (NeighborDiscoveryOptionType)Octets[0];

    /// <summary>True for an option of a type that has the length of its table.</summary>
    internal bool Is(NeighborDiscoveryOptionType type, Layout table) => Type == type && Octets.Length == table.Length;
}
