using DsmipTools.Wire;
using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.Layouts;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Packets;

/// <summary>
/// Compares packets and messages field by field. What stands in one only is shown as such, and what follows it is compared with its
/// counterpart: an option more or less does not make everything behind it different.
/// </summary>
public static partial class PacketComparison
{
    private const string Equal = "==";
    private const string Differing = "<>";
    private const string OnlyReference = "<=";
    private const string OnlyDifference = "=>";

    /// <summary>Compares two packets.</summary>
    /// <param name="reference">The packet that is taken for right.</param>
    /// <param name="difference">The other one.</param>
    /// <param name="includeEqual">Gives the equal fields too.</param>
    /// <returns>The differences in the order of the octets; none when the packets are equal.</returns>
    public static IReadOnlyList<PacketDifference> Compare(DsmipPacket reference, DsmipPacket difference, bool includeEqual = false)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(difference);
        return
        [
            .. Compare(reference.Layers, difference.Layers, includeEqual)
                .Select(one => one with { ReferenceNumber = reference.Number, DifferenceNumber = difference.Number }),
        ];
    }

    /// <summary>Compares two messages, options, extensions or headers as they stand on the wire.</summary>
    /// <param name="reference">The one that is taken for right.</param>
    /// <param name="difference">The other one.</param>
    /// <param name="includeEqual">Gives the equal fields too.</param>
    /// <exception cref="ArgumentException">One of them cannot be composed.</exception>
    public static IReadOnlyList<PacketDifference> Compare(Structure reference, Structure difference, bool includeEqual = false)
    {
        var decoder = new PacketDecoder();
        return Compare(decoder.Decode(reference).Layers, decoder.Decode(difference).Layers, includeEqual);
    }

    /// <summary>Compares the message of a packet with a message alone; offsets are those in the packet.</summary>
    /// <param name="reference">The message that is taken for right.</param>
    /// <param name="difference">The packet.</param>
    /// <param name="includeEqual">Gives the equal fields too.</param>
    /// <exception cref="ArgumentException">The packet holds no message, or the other one cannot be composed.</exception>
    public static IReadOnlyList<PacketDifference> Compare(Structure reference, DsmipPacket difference, bool includeEqual = false) =>
    [
        .. Compare(new PacketDecoder().Decode(reference).Layers, MessageOf(difference), includeEqual)
            .Select(one => one with { DifferenceNumber = difference.Number }),
    ];

    /// <summary>Compares a message alone with the message of a packet; offsets are those in the packet.</summary>
    /// <param name="reference">The packet that is taken for right.</param>
    /// <param name="difference">The message.</param>
    /// <param name="includeEqual">Gives the equal fields too.</param>
    /// <exception cref="ArgumentException">The packet holds no message, or the other one cannot be composed.</exception>
    public static IReadOnlyList<PacketDifference> Compare(DsmipPacket reference, Structure difference, bool includeEqual = false) =>
    [
        .. Compare(MessageOf(reference), new PacketDecoder().Decode(difference).Layers, includeEqual)
            .Select(one => one with { ReferenceNumber = reference.Number }),
    ];

    /// <summary>Compares two packets or messages by their layers.</summary>
    /// <param name="reference">The layers of the one that is taken for right.</param>
    /// <param name="difference">The layers of the other one.</param>
    /// <param name="includeEqual">Gives the equal fields too.</param>
    public static IReadOnlyList<PacketDifference> Compare(IReadOnlyList<Layer> reference, IReadOnlyList<Layer> difference, bool includeEqual = false)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(difference);
        var found = new List<PacketDifference>();
        Compare(reference, difference, "", includeEqual, found);
        return found;
    }

    private static void Compare(
        IReadOnlyList<Layer> reference, IReadOnlyList<Layer> difference, string path, bool includeEqual, List<PacketDifference> found)
    {
        foreach (var (left, right) in Align(reference, difference))
        {
            if (left is null || right is null)
            {
                found.Add(Alone(left, right, path));
                continue;
            }

            if (includeEqual || !left.Span.SequenceEqual(right.Span))
            {
                CompareFields(left, right, path + left.Name, includeEqual, found);
                Compare(left.Children, right.Children, $"{path}{left.Name} / ", includeEqual, found);
            }
        }
    }

    /// <summary>Compares the fields of two structures of one table; of those that were cut, one may have more.</summary>
    private static void CompareFields(Layer reference, Layer difference, string name, bool includeEqual, List<PacketDifference> found)
    {
        ValueList<DecodedField> left = reference.Fields, right = difference.Fields;
        for (var number = 0; number < Math.Max(left.Count, right.Count); number++)
        {
            var (one, other) = (number < left.Count ? left[number] : null, number < right.Count ? right[number] : null);
            var side = one is null ? OnlyDifference : other is null ? OnlyReference : one.Value.Equals(other.Value) ? Equal : Differing;
            if (side != Equal || includeEqual)
            {
                found.Add(new PacketDifference
                {
                    Layer = name,
                    Field = (one ?? other)!.Name,
                    Reference = one?.Text,
                    Difference = other?.Text,
                    ReferenceValue = one?.Value,
                    DifferenceValue = other?.Value,
                    ReferenceOffset = one?.Offset,
                    DifferenceOffset = other?.Offset,
                    SideIndicator = side,
                });
            }
        }
    }

    /// <summary>A structure that only one of the packets has.</summary>
    private static PacketDifference Alone(Layer? reference, Layer? difference, string path) => new()
    {
        Layer = path + (reference ?? difference)!.Name,
        Reference = reference is null ? null : Text(reference),
        Difference = difference is null ? null : Text(difference),
        ReferenceValue = reference is null ? (object?)null : Octets.Create(reference.Span),
        DifferenceValue = difference is null ? (object?)null : Octets.Create(difference.Span),
        ReferenceOffset = reference?.Offset,
        DifferenceOffset = difference?.Offset,
        SideIndicator = reference is null ? OnlyDifference : OnlyReference,
    };

    /// <summary>The layer of a packet's message; one that stands in no layer of its own, such as tunnel data, is taken alone.</summary>
    private static ValueList<Layer> MessageOf(DsmipPacket packet)
    {
        ArgumentNullException.ThrowIfNull(packet);
        var message = packet.Message
            ?? throw new ArgumentException($"Packet {packet.Number} holds no message that could be compared with a message alone.");
        return packet.Layers.LastOrDefault(layer => ReferenceEquals(layer.Structure, message)) is { } layer ? [layer] : new PacketDecoder().Decode(message).Layers;
    }

    /// <summary>What a structure says, in one line: the summary of a message, else its fields, but not its type and lengths, nor reserved bits that are zero.</summary>
    private static string Text(Layer layer) => layer.Structure is MobileIPv4Message or MobilityMessage ? PacketText.Summary(layer.Structure) : string.Join(", ", layer.Table.Fields
        .Where(field => field.Kind is not FieldKind.Computed && field.Name != "Type" && field.FitsInto(layer.Length)
            && !(field.Kind == FieldKind.Reserved && field.ReadNumber(layer.Span) == 0))
        .Select(field => $"{field.Name} {layer[field.Name]!.Text}"));
}
