using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Wire.Rules;

/// <summary>The packet whose structures are judged.</summary>
internal sealed class PacketUnderTest
{
    private readonly Surroundings[] surroundings;

    /// <param name="layers">The layers, the outermost first.</param>
    /// <param name="keys">Where keys come from; null verifies no authenticator.</param>
    /// <param name="isCut">True when the capture has not all octets of the frame: then no checksum and no length can be judged.</param>
    internal PacketUnderTest(IReadOnlyList<Layer> layers, RuleKeys? keys, bool isCut)
    {
        Layers = layers;
        Keys = keys;
        IsCut = isCut;
        surroundings = new Surroundings[layers.Count];
        Layer? before = null;
        for (var index = 0; index < surroundings.Length; index++)
        {
            var layer = layers[index];
            surroundings[index] = index == 0 ? Surroundings.Of(layer.Frame.Length) : surroundings[index];
            if (index + 1 < surroundings.Length)
            {
                surroundings[index + 1] = surroundings[index].Behind(layer, before);
            }

            before = layer;
        }
    }

    internal IReadOnlyList<Layer> Layers { get; }

    internal RuleKeys? Keys { get; }

    internal bool IsCut { get; }

    /// <summary>The addresses of the pseudo-header for the layer at a place; null outside of IP.</summary>
    internal PseudoAddresses? AddressesAt(int index) => surroundings[index].Addresses;

    /// <summary>Where the octets end that a layer has to itself and what it carries, by the length fields before it.</summary>
    internal int EndAt(int index) => surroundings[index].End;

    /// <summary>True when a header before a layer, as far as the nearest IP header, is or has something.</summary>
    internal bool Has(PassedHeaders header, int index) => (surroundings[index].Passed & header) != 0;

    /// <summary>True when the packet names a home address before a layer by an option (RFC 6275, 6.3).</summary>
    internal bool HasHomeAddressOption(int index) => Has(PassedHeaders.HomeAddressOption, index);

    /// <summary>The nearest IP header before a layer, where it stands directly in IPv6 and in no UDP (conformance list, 5846-7-06); else null.</summary>
    internal IPv6Header? NativeIPv6(int index) => surroundings[index].NativeIPv6;
}
