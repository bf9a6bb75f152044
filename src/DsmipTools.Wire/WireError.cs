namespace DsmipTools.Wire;

/// <summary>Why octets could not be read: which field, at which offset, and the reason.</summary>
/// <param name="Field">The name of the field in the layout table.</param>
/// <param name="Offset">Offset in octets from the start of what was parsed.</param>
/// <param name="Reason">What is wrong, as text for a person.</param>
public readonly record struct WireError(string Field, int Offset, string Reason)
{
    /// <summary>True when there is an error; the default value is none.</summary>
    public bool IsError => Reason is not null;

    /// <summary>The same error in the coordinates of an enclosing structure.</summary>
    public WireError At(int baseOffset) => this with { Offset = Offset + baseOffset };

    /// <inheritdoc/>
    public override string ToString() => IsError ? $"{Field} at octet {Offset}: {Reason}" : "none";
}
