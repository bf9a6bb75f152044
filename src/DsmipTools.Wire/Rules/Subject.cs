using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Rules;

/// <summary>What a rule looks at: one structure where it stands, with what is around it; and where the rule says what it found.</summary>
internal sealed class Subject
{
    private readonly List<RuleViolation> found;
    private Dictionary<Func<Layer, bool>, (Layer? First, Layer? Last)>? ends;
    private IReadOnlyList<Layer>? parts;

    internal Subject(Layer layer, Subject? parent, PacketUnderTest packet, int index, List<RuleViolation> found)
    {
        Layer = layer;
        Parent = parent;
        Packet = packet;
        Index = index;
        this.found = found;
    }

    /// <summary>The structure as it was decoded.</summary>
    internal Layer Layer { get; }

    /// <summary>The message or header that this option or extension stands in; null for a layer of the packet.</summary>
    internal Subject? Parent { get; }

    /// <summary>The packet around it.</summary>
    internal PacketUnderTest Packet { get; }

    /// <summary>Where the layer stands among those of the packet.</summary>
    internal int Index { get; }

    /// <summary>The layer before this one; null for the first.</summary>
    internal Layer? Before => Index > 0 ? Packet.Layers[Index - 1] : null;

    /// <summary>The layer behind this one; null for the last.</summary>
    internal Layer? After => Index + 1 < Packet.Layers.Count ? Packet.Layers[Index + 1] : null;

    /// <summary>The addresses of the pseudo-header; null outside of IP.</summary>
    internal PseudoAddresses? Addresses => Packet.AddressesAt(Index);

    /// <summary>The options, extensions or other parts in wire order.</summary>
    internal IReadOnlyList<Layer> Parts
    {
        get => parts ??= [.. Layer.Children];
        init => parts = value;
    }

    /// <summary>The rule that is judging.</summary>
    internal string Rule { private get; set; } = "";

    /// <summary>How grave it is to break that rule.</summary>
    internal RuleSeverity Severity { private get; set; }

    /// <summary>The parts of a type, with where they stand.</summary>
    internal IEnumerable<(TPart Value, Layer Layer)> All<TPart>()
        where TPart : Structure
    {
        foreach (var part in Parts)
        {
            if (part.Structure is TPart value)
            {
                yield return (value, part);
            }
        }
    }

    /// <summary>True when there is a part of a type.</summary>
    internal bool Has<TPart>()
        where TPart : Structure => All<TPart>().Any();

    /// <summary>The first and the last part of a kind; sought once, however many parts ask for what is before or behind them.</summary>
    /// <param name="isOfKind">Always the same instance for one kind.</param>
    internal (Layer? First, Layer? Last) Ends(Func<Layer, bool> isOfKind)
    {
        ends ??= [];
        if (!ends.TryGetValue(isOfKind, out var found))
        {
            foreach (var part in Parts.Where(isOfKind))
            {
                found = (found.First ?? part, part);
            }

            ends.Add(isOfKind, found);
        }

        return found;
    }

    /// <summary>The field of a name that several tables have; null where this one has none.</summary>
    internal Field? Field(string name) => Layer.Table.Fields.FirstOrDefault(field => field.Name == name);

    /// <summary>A part as a subject of its own.</summary>
    internal Subject Part(Layer part) => new(part, this, Packet, Index, found);

    /// <summary>The structure is broken as a whole, or something is missing in it.</summary>
    internal void Break(string explanation) => Break(Layer, null, explanation);

    /// <summary>A field of the structure is broken.</summary>
    internal void Break(Field field, string explanation) => Break(Layer, field, explanation);

    /// <summary>A part is broken, or one of its fields.</summary>
    internal void Break(Layer part, Field? field, string explanation) =>
        Break(part.Name, field?.Name, part.Offset + (field?.Offset ?? 0), explanation);

    /// <summary>Something is broken that no field describes.</summary>
    internal void Break(string structure, string? field, int offset, string explanation) => found.Add(new RuleViolation
    {
        Rule = Rule,
        Severity = Severity,
        Structure = structure,
        Field = field,
        Offset = offset,
        Explanation = explanation,
    });
}
