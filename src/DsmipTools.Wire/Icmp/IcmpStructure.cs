using System.Globalization;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp;

/// <summary>A structure of ICMP: the fields of its table, then the structures that it lists, and what the last field holds.</summary>
public abstract record IcmpStructure : Structure
{
    /// <inheritdoc/>
    public override int GetLength()
    {
        var length = Table.Length + Tail.Length;
        foreach (var part in Parts)
        {
            length += part.GetLength();
        }

        return length;
    }

    /// <inheritdoc/>
    public sealed override int Write(Span<byte> destination)
    {
        var target = destination[..GetLength()];
        target.Clear();
        WriteHeader(target);
        WriteFields(target);
        var at = Table.Length;
        foreach (var part in Parts)
        {
            at += part.Write(target[at..]);
        }

        Tail.Span.CopyTo(target[at..]);
        return target.Length;
    }

    /// <summary>The octets of a last field that runs to the end.</summary>
    private protected virtual Octets Tail => default;

    /// <summary>Writes the fields that a family of structures shares.</summary>
    private protected virtual void WriteHeader(Span<byte> structure)
    {
    }

    private protected abstract void WriteFields(Span<byte> structure);
}
