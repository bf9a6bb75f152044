namespace DsmipTools.Wire.Decoding;

/// <summary>One field of a decoded layer, as its layout table describes it.</summary>
public sealed record DecodedField
{
    /// <summary>The name in the layout table.</summary>
    public required string Name { get; init; }

    /// <summary>A bool, a value of the registry's enum where it is defined there and else a number, an Address, or Octets.</summary>
    public required object Value { get; init; }

    /// <summary>Offset in octets of the first octet that the field touches, from the start of the frame.</summary>
    public required int Offset { get; init; }

    /// <summary>Offset in bits within that octet, 0 for the most significant.</summary>
    public required int BitOffset { get; init; }

    /// <summary>Width in bits.</summary>
    public required int BitWidth { get; init; }

    /// <summary>What the field means, in a few words.</summary>
    public required string Meaning { get; init; }

    /// <summary>The value for a person.</summary>
    public required string Text { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Text}";
}
