using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire;

/// <summary>What stands on the wire, as an immutable value: a header, a message, an extension or an option, with its layout table.</summary>
public abstract record Structure
{
    /// <summary>The layout table of the fixed part.</summary>
    public abstract Layout Table { get; }

    /// <summary>Octets on the wire, with all that the structure holds.</summary>
    public abstract int GetLength();

    /// <summary>Writes the structure and returns the octets written.</summary>
    /// <exception cref="ArgumentException">A part is longer than its length field can say, or the destination is too short.</exception>
    public abstract int Write(Span<byte> destination);

    /// <summary>The structure as octets.</summary>
    public Octets ToOctets()
    {
        var octets = new byte[GetLength()];
        Write(octets);
        return octets;
    }
}
