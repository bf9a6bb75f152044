using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Ip.ExtensionHeaders;
using DsmipTools.Wire.Ip.Options;

namespace DsmipTools.Wire.Rules;

/// <summary>
/// What the layers before a layer say about it. Each layer adds to what is known before it, so that one walk through a packet is enough for
/// all of its layers, however many there are.
/// </summary>
internal readonly record struct Surroundings
{
    /// <summary>The addresses of the pseudo-header; null outside of IP.</summary>
    internal PseudoAddresses? Addresses { get; private init; }

    /// <summary>Where the octets end that the layer has to itself and what it carries, by the length fields before it.</summary>
    internal int End { get; private init; }

    /// <summary>The nearest IP header, where the layer stands directly in IPv6 and in no UDP (conformance list, 5846-7-06); else null.</summary>
    internal IPv6Header? NativeIPv6 { get; private init; }

    /// <summary>What the headers since the nearest IP header have.</summary>
    internal PassedHeaders Passed { get; private init; }

    /// <summary>The surroundings of the first layer of a frame.</summary>
    internal static Surroundings Of(int frameLength) => new() { End = frameLength };

    /// <summary>The surroundings of the layer behind this one.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="before">The layer before it; null for the first.</param>
    internal Surroundings Behind(Layer layer, Layer? before)
    {
        var structure = layer.Structure;
        return new Surroundings
        {
            Addresses = structure is null ? Addresses : PacketComposer.AddressesBehind(structure, Addresses),
            End = Math.Min(End, layer.Offset + structure switch
            {
                IPv4Header { TotalLength: { } length } => length,
                IPv6Header { PayloadLength: { } length } => IPv6Header.Fields.Layout.Length + length,
                UdpHeader { Length: { } length } => length,
                _ => End,
            }),
            NativeIPv6 = structure switch
            {
                IPv6Header header => before?.Structure is UdpHeader ? null : header,
                IPv4Header or UdpHeader => null,
                _ => NativeIPv6,
            },
            Passed = structure is IPv4Header or IPv6Header ? PassedHeaders.None : Passed | Of(structure),
        };
    }

    private static PassedHeaders Of(Structure? header) => header switch
    {
        DestinationOptionsHeader options when Has<HomeAddressOption>(options) => PassedHeaders.HomeAddressOption,
        HopByHopOptionsHeader options when Has<RouterAlertOption>(options) => PassedHeaders.RouterAlertOption,
        Type2RoutingHeader => PassedHeaders.Type2RoutingHeader,
        FragmentHeader => PassedHeaders.FragmentHeader,
        _ => PassedHeaders.None,
    };

    private static bool Has<TOption>(OptionsHeader header)
        where TOption : IPv6Option
    {
        foreach (var option in header.Options)
        {
            if (option is TOption)
            {
                return true;
            }
        }

        return false;
    }
}
