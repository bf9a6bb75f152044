using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Ip.ExtensionHeaders;
using DsmipTools.Wire.Ip.Options;
using DsmipTools.Wire.Tunneling;

namespace DsmipTools.Wire;

/// <summary>
/// Makes a packet of its layers, the outermost first. What a layer leaves null is computed: lengths, next protocols, checksums. What it
/// gives stands, however wrong, so that equipment can be tested with wrong packets.
/// </summary>
public static class PacketComposer
{
    /// <summary>Composes a packet.</summary>
    /// <param name="layers">Headers, then a message or <see cref="Data"/>.</param>
    /// <exception cref="ArgumentException">A length that is to be computed does not fit its field.</exception>
    public static Octets Compose(params ReadOnlySpan<Structure> layers)
    {
        var length = 0;
        foreach (var layer in layers)
        {
            length += layer.GetLength();
        }

        var packet = new byte[length];
        var starts = new (int Offset, PseudoAddresses? Addresses)[layers.Length];
        var at = 0;
        PseudoAddresses? addresses = null;
        for (var number = 0; number < layers.Length; number++)
        {
            starts[number] = (at, addresses);
            at += layers[number].Write(packet.AsSpan(at));
            addresses = AddressesComposedBehind(layers[number], addresses);
        }

        // From the innermost outwards: a checksum covers what is behind it.
        for (var number = layers.Length - 1; number >= 0; number--)
        {
            var place = new PacketPlace(
                number > 0 ? layers[number - 1] : null,
                number + 1 < layers.Length ? layers[number + 1] : null,
                starts[number].Addresses);
            layers[number].Complete(packet.AsSpan(starts[number].Offset), place);
        }

        return Octets.Own(packet);
    }

    /// <summary>
    /// The addresses that a checksum behind a layer covers: those of the innermost IP header, as the headers behind it change them. Null outside of IP, and
    /// behind a routing header that hides the final destination (RFC 8200, 8.1).
    /// </summary>
    /// <param name="layer">The layer.</param>
    /// <param name="addresses">The addresses that a checksum before it covers.</param>
    internal static PseudoAddresses? AddressesBehind(Structure layer, PseudoAddresses? addresses) =>
        layer is RoutingHeader { SegmentsLeft: > 0 } ? null : AddressesComposedBehind(layer, addresses);

    private static PseudoAddresses? AddressesComposedBehind(Structure layer, PseudoAddresses? addresses) => layer switch
    {
        IPv4Header header => new PseudoAddresses(header.Source, header.Destination),
        IPv6Header header => new PseudoAddresses(header.Source, header.Destination),
        Type2RoutingHeader { SegmentsLeft: > 0 } routing when addresses is { } known => known with { Destination = routing.HomeAddress },
        MinimalForwardingHeader minimal when addresses is { } known =>
            new PseudoAddresses(minimal.OriginalSourceAddress ?? known.Source, minimal.OriginalDestinationAddress),
        DestinationOptionsHeader options when addresses is { } known && HomeAddressIn(options) is { } home => known with { Source = home },
        _ => addresses,
    };

    private static Address? HomeAddressIn(DestinationOptionsHeader header)
    {
        foreach (var option in header.Options)
        {
            if (option is HomeAddressOption home)
            {
                return home.HomeAddress;
            }
        }

        return null;
    }
}
