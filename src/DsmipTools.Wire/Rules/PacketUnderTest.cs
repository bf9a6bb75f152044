using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Ip.ExtensionHeaders;
using DsmipTools.Wire.Ip.Options;

namespace DsmipTools.Wire.Rules;

/// <summary>The packet whose structures are judged.</summary>
/// <param name="layers">The layers, the outermost first.</param>
/// <param name="keys">Where keys come from; null verifies no authenticator.</param>
/// <param name="isCut">True when the capture has not all octets of the frame: then no checksum and no length can be judged.</param>
internal sealed class PacketUnderTest(IReadOnlyList<Layer> layers, RuleKeys? keys, bool isCut)
{
    private readonly Structure[] structures = [.. layers.Select(layer => layer.Structure ?? new Data())];

    internal IReadOnlyList<Layer> Layers { get; } = layers;

    internal RuleKeys? Keys { get; } = keys;

    internal bool IsCut { get; } = isCut;

    /// <summary>The addresses of the pseudo-header for the layer at a place; null outside of IP.</summary>
    internal PseudoAddresses? AddressesAt(int index) => PacketComposer.AddressesBefore(structures.AsSpan(0, index));

    /// <summary>Where the octets end that a layer has to itself and what it carries, by the length fields before it.</summary>
    internal int EndAt(int index)
    {
        var end = Layers.Count == 0 ? 0 : Layers[0].Frame.Length;
        for (var number = 0; number < index; number++)
        {
            end = Math.Min(end, Layers[number].Offset + structures[number] switch
            {
                IPv4Header { TotalLength: { } length } => length,
                IPv6Header { PayloadLength: { } length } => IPv6Header.Fields.Layout.Length + length,
                UdpHeader { Length: { } length } => length,
                _ => end,
            });
        }

        return end;
    }

    /// <summary>The headers before a layer up to the nearest IP header, that included, the nearest first.</summary>
    internal IEnumerable<Structure> HeadersOfPacket(int index)
    {
        for (var number = index - 1; number >= 0; number--)
        {
            yield return structures[number];
            if (structures[number] is IPv4Header or IPv6Header)
            {
                yield break;
            }
        }
    }

    /// <summary>True when the packet names a home address before a layer by an option (RFC 6275, 6.3).</summary>
    internal bool HasHomeAddressOption(int index) => HeadersOfPacket(index)
        .Any(header => header is DestinationOptionsHeader options && options.Options.Any(option => option is HomeAddressOption));

    /// <summary>The nearest IP header before a layer, where it stands directly in IPv6 and in no UDP (conformance list, 5846-7-06); else null.</summary>
    internal IPv6Header? NativeIPv6(int index)
    {
        for (var number = index - 1; number >= 0; number--)
        {
            if (structures[number] is IPv6Header header)
            {
                return number > 0 && structures[number - 1] is UdpHeader ? null : header;
            }

            if (structures[number] is IPv4Header or UdpHeader)
            {
                return null;
            }
        }

        return null;
    }
}
