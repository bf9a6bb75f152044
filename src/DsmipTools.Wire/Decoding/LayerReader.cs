using System.Globalization;
using System.Text;
using System.Text.Unicode;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Decoding;

/// <summary>Makes the layer of a structure from its layout table: the one way in which anything becomes a decoded layer.</summary>
internal static class LayerReader
{
    /// <summary>Octets that no table describes.</summary>
    internal static readonly Layout Data = OctetsTable("Data", "");

    /// <summary>Octets behind the end of a packet, such as the padding of a short Ethernet frame.</summary>
    internal static readonly Layout Trailer = OctetsTable("Trailer", "");

    /// <summary>IPv4 header options.</summary>
    internal static readonly Layout IPv4Options = OctetsTable("IPv4 Options", "RFC 791, 3.1");

    /// <summary>Reads the fields that a frame holds whole between two offsets.</summary>
    internal static Layer Read(Layout table, ReadOnlySpan<byte> frame, int start, int end, IEnumerable<Layer>? children = null)
    {
        var structure = frame[start..end];
        var fields = new List<DecodedField>(table.Fields.Count);
        foreach (var field in table.Fields)
        {
            if (field.FitsInto(structure.Length))
            {
                fields.Add(Read(field, structure, start));
            }
        }

        return new Layer
        {
            Name = table.Name,
            Rfc = table.Rfc,
            Offset = start,
            Length = structure.Length,
            Fields = ValueList.From(fields),
            Children = ValueList.From(children ?? []),
        };
    }

    private static DecodedField Read(Field field, ReadOnlySpan<byte> structure, int start)
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

    private static Layout OctetsTable(string name, string rfc)
    {
        var table = new Layout(name, rfc);
        table.Rest("Octets", "not decoded further");
        return table;
    }
}
