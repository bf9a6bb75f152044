using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Capture;

/// <summary>The header of a link layer before a captured packet. All of its fields stand in its table: it has no rest.</summary>
public abstract record LinkHeader : Structure
{
    /// <inheritdoc/>
    public sealed override int GetLength() => Table.Length;

    /// <inheritdoc/>
    public sealed override int Write(Span<byte> destination)
    {
        var header = destination[..GetLength()];
        header.Clear();
        WriteFields(header);
        return header.Length;
    }

    private protected abstract void WriteFields(Span<byte> header);

    private protected static Octets Read(Field field, ReadOnlySpan<byte> header) => Octets.Create(header.Slice(field.Offset, field.OctetCount));

    private protected static void Write(Field field, Span<byte> header, Octets value)
    {
        if (value.Length != field.OctetCount)
        {
            throw new ArgumentException($"{field} has {field.OctetCount} octets, not {value.Length}.", nameof(value));
        }

        value.Span.CopyTo(header[field.Offset..]);
    }
}
