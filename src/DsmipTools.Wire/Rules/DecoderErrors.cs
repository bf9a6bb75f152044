using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Ip.ExtensionHeaders;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Rules;

/// <summary>What stopped the decoder becomes a violation, unless a rule says the same already.</summary>
internal static class DecoderErrors
{
    internal static void Add(List<RuleViolation> found, IReadOnlyList<Layer> layers, WireError error, bool isCut)
    {
        if (found.Any(violation => violation.Offset == error.Offset && violation.Field == error.Field))
        {
            return;
        }

        var layer = At(layers, error.Offset);
        var field = layer is null ? null : FieldOf(layer, error);
        found.Add(new RuleViolation
        {
            // What is no structure at all is no IP packet either.
            Rule = layer?.Rfc ?? "RFC 791, 3.1",
            Severity = isCut || IsNoFault(layer, error) ? RuleSeverity.Information : RuleSeverity.Error,
            Structure = layer?.Name ?? error.Field,
            Field = field?.Name,
            Offset = error.Offset,
            Explanation = field is null && layer is not null && layer.Name != error.Field ? $"{error.Field}: {error.Reason}" : error.Reason,
        });
    }

    /// <summary>The field of an error; a decoder that does not know the table says whose length it is, as in ExtensionLength.</summary>
    private static Field? FieldOf(Layer layer, WireError error) => layer.Table.Fields.FirstOrDefault(field =>
        field.Name == error.Field || (layer.Offset + field.Offset == error.Offset && error.Field.EndsWith(field.Name, StringComparison.Ordinal)));

    /// <summary>A fragment is a good packet, only none that can be read alone; and so is a message of a type that is not decoded.</summary>
    private static bool IsNoFault(Layer? layer, WireError error) =>
        ((layer?.Table == IPv4Header.Fields.Layout || layer?.Table == FragmentHeader.Fields.Layout) && error.Field == IPv4Header.Fields.FragmentOffset.Name)
        || (layer is { Length: > 0 } && error.Reason.EndsWith("is not decoded", StringComparison.Ordinal));

    /// <summary>The innermost structure with a table of its own that an error belongs to; at its end, the one that ends there.</summary>
    private static Layer? At(IEnumerable<Layer> layers, int offset)
    {
        Layer? found = null;
        foreach (var layer in layers)
        {
            if (layer.Offset <= offset && offset <= layer.Offset + layer.Length && layer.Rfc.Length > 0
                && (found is null || offset < layer.Offset + layer.Length))
            {
                found = layer;
            }
        }

        return found is null ? null : At(found.Children, offset) ?? found;
    }
}
