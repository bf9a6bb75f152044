using System.Globalization;
using DsmipTools.Wire;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Packets;

/// <summary>Whether the numbers of a record fit into their fields: writing would cut what a field has no bits for.</summary>
public static class FieldFit
{
    /// <summary>Checks a structure and all its parts, and that it can be written at all.</summary>
    /// <exception cref="ArgumentException">A number is too large, an address of the wrong family, or data longer than its length can say.</exception>
    public static void Ensure(Structure structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        foreach (var field in structure.Table.Fields)
        {
            Ensure(structure, field);
        }

        foreach (var part in structure.Parts)
        {
            Ensure(part);
        }

        structure.ToOctets();
    }

    private static void Ensure(Structure structure, Field field)
    {
        if (field.BitWidth is > 1 and < 64 && structure.GetType().GetProperty(field.Name)?.GetValue(structure) is byte or ushort or uint or ulong or Enum)
        {
            var value = Convert.ToUInt64(structure.GetType().GetProperty(field.Name)!.GetValue(structure), CultureInfo.InvariantCulture);
            if (value >> field.BitWidth != 0)
            {
                throw new ArgumentException(string.Create(
                    CultureInfo.InvariantCulture, $"{structure.Table.Name}: {value} does not fit into the {field.BitWidth} bits of {field.Name}."));
            }
        }
    }
}
