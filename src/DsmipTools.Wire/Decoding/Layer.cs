namespace DsmipTools.Wire.Decoding;

/// <summary>One structure of a decoded frame: a header, a message, an extension or an option.</summary>
public sealed record Layer
{
    /// <summary>The RFC's name of the structure.</summary>
    public required string Name { get; init; }

    /// <summary>Where the structure is defined; empty for plain data.</summary>
    public required string Rfc { get; init; }

    /// <summary>Offset in octets from the start of the frame.</summary>
    public required int Offset { get; init; }

    /// <summary>Length in octets, children included.</summary>
    public required int Length { get; init; }

    /// <summary>The fields in wire order; a structure that was cut has those that are whole.</summary>
    public ValueList<DecodedField> Fields { get; init; }

    /// <summary>The extensions or options, each a layer of its own.</summary>
    public ValueList<Layer> Children { get; init; }

    /// <summary>The field of a name, or null.</summary>
    public DecodedField? this[string name]
    {
        get
        {
            foreach (var field in Fields)
            {
                if (string.Equals(field.Name, name, StringComparison.OrdinalIgnoreCase))
                {
                    return field;
                }
            }

            return null;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
