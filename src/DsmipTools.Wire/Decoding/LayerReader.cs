using System.Globalization;
using System.Text;
using System.Text.Unicode;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Decoding;

/// <summary>Reads the fields of a structure by its layout table: the one way in which octets become decoded fields.</summary>
internal static class LayerReader
{
    /// <summary>The fields that the octets hold whole.</summary>
    /// <param name="table">The table.</param>
    /// <param name="structure">The octets of the structure.</param>
    /// <param name="start">Where they stand in the frame.</param>
    internal static ValueList<DecodedField> Fields(Layout table, ReadOnlySpan<byte> structure, int start)
    {
        var fields = new List<DecodedField>(table.Fields.Count);
        foreach (var field in table.Fields)
        {
            if (field.FitsInto(structure.Length))
            {
                fields.Add(Read(field, structure, start));
            }
        }

        return ValueList.From(fields);
    }

    internal static DecodedField Read(Field field, ReadOnlySpan<byte> structure, int start)
    {
        var value = field.ReadValue(structure);
        return new DecodedField
        {
            Name = field.Name,
            Value = value,
            Offset = start + field.Offset,
            BitOffset = field.BitOffset % 8,
            BitWidth = field.BitWidth == 0 ? (structure.Length - field.Offset) * 8 : field.BitWidth,
            Meaning = field.Meaning,
            Text = TextOf(field, value),
        };
    }

    private static string TextOf(Field field, object value) => value switch
    {
        bool flag => flag ? "set" : "clear",
        Enum code => string.Create(CultureInfo.InvariantCulture, $"{code} ({Convert.ToUInt64(code, CultureInfo.InvariantCulture)})"),
        Octets text when field.Kind == FieldKind.Text => PrintableText(text),
        ushort checksum when field.Name.EndsWith("Checksum", StringComparison.Ordinal) => string.Create(CultureInfo.InvariantCulture, $"0x{checksum:x4}"),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    /// <summary>Text that a terminal can show as it is; everything else as hexadecimal.</summary>
    private static string PrintableText(Octets octets)
    {
        if (!Utf8.IsValid(octets.Span))
        {
            return octets.ToString();
        }

        var text = Encoding.UTF8.GetString(octets.Span);
        return text.Any(char.IsControl) ? octets.ToString() : text;
    }
}
