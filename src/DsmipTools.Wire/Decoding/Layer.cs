using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Decoding;

/// <summary>Makes the value of a structure from exactly its octets, which have been checked.</summary>
internal delegate Structure StructureReader(ReadOnlySpan<byte> octets);

/// <summary>One structure of a decoded frame: a header, a message, an extension or an option.</summary>
/// <remarks>
/// Fields, children and value are read from the frame when they are asked for: whoever looks for one message in a capture pays for no other. Fields and
/// children are made anew each time. Several threads may ask at once: at worst an equal value is made twice.
/// </remarks>
public sealed class Layer : IEquatable<Layer>
{
    private readonly Octets frame;
    private readonly StructureReader? reader;
    private readonly Layer[]? given;
    private Structure? structure;

    /// <param name="frame">The whole frame.</param>
    /// <param name="table">The table of the structure.</param>
    /// <param name="start">The first octet.</param>
    /// <param name="end">The octet behind the last.</param>
    /// <param name="reader">What makes the value; null where the octets are no whole structure.</param>
    /// <param name="children">The children of what is no whole structure; of others they follow from the value.</param>
    internal Layer(Octets frame, Layout table, int start, int end, StructureReader? reader = null, Layer[]? children = null)
    {
        this.frame = frame;
        this.reader = reader;
        given = children;
        Table = table;
        Offset = start;
        Length = end - start;
    }

    /// <param name="frame">The whole frame.</param>
    /// <param name="structure">The value, which gives the octets at that place when it is written.</param>
    /// <param name="start">The first octet.</param>
    internal Layer(Octets frame, Structure structure, int start)
        : this(frame, structure.Table, start, start + structure.GetLength()) => this.structure = structure;

    /// <summary>The RFC's name of the structure.</summary>
    public string Name => Table.Name;

    /// <summary>Where the structure is defined; empty for plain data.</summary>
    public string Rfc => Table.Rfc;

    /// <summary>The layout table of the structure.</summary>
    public Layout Table { get; }

    /// <summary>Offset in octets from the start of the frame.</summary>
    public int Offset { get; }

    /// <summary>Length in octets, children included.</summary>
    public int Length { get; }

    /// <summary>The fields in wire order; a structure that was cut has those that are whole.</summary>
    public ValueList<DecodedField> Fields => LayerReader.Fields(Table, Span, Offset);

    /// <summary>The extensions, options or optional fields, each a layer of its own.</summary>
    public ValueList<Layer> Children => ValueList.From(given ?? Parts());

    /// <summary>The structure as a value, which gives the same octets when it is written; null where the octets are no whole structure.</summary>
    public Structure? Structure => structure ??= reader?.Invoke(Span);

    /// <summary>The octets of the structure.</summary>
    public ReadOnlySpan<byte> Span => frame.Span.Slice(Offset, Length);

    /// <summary>The whole frame.</summary>
    internal ReadOnlySpan<byte> Frame => frame.Span;

    /// <summary>The field of a name, whatever its case; or null.</summary>
    public DecodedField? this[string name]
    {
        get
        {
            foreach (var field in Table.Fields)
            {
                if (string.Equals(field.Name, name, StringComparison.OrdinalIgnoreCase) && field.FitsInto(Length))
                {
                    return LayerReader.Read(field, Span, Offset);
                }
            }

            return null;
        }
    }

    /// <summary>True for a layer of the same table with the same octets at the same place.</summary>
    public bool Equals(Layer? other) =>
        other is not null && Table == other.Table && Offset == other.Offset && Span.SequenceEqual(other.Span) && Structure == other.Structure;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Layer);

    /// <inheritdoc/>
    public override int GetHashCode() => (Offset * 31) + Length;

    /// <inheritdoc/>
    public override string ToString() => Name;

    private IEnumerable<Layer> Parts()
    {
        var at = Offset + Table.Length;
        foreach (var part in Structure?.Parts ?? [])
        {
            var layer = new Layer(frame, part, at);
            yield return layer;
            at += layer.Length;
        }
    }
}
