using System.Reflection;
using DsmipTools.Wire;
using DsmipTools.Wire.Layouts;
using DsmipTools.Wire.MobileIPv4.Extensions;
using DsmipTools.Wire.MobilityHeader.Options;

namespace DsmipTools.Packets;

/// <summary>
/// A kind of mobility option or extension: its record, and the properties that a script makes it of. Everything follows from the record and
/// its layout table.
/// </summary>
public sealed class PartKind
{
    private readonly Type record;
    private readonly string? typeProperty;

    /// <param name="record">The record.</param>
    /// <param name="name">The name.</param>
    /// <param name="type">The type octet.</param>
    /// <param name="table">The layout table.</param>
    /// <param name="typeProperty">The property that holds the type octet, of a record for any type.</param>
    internal PartKind(Type record, string name, byte type, Layout table, string? typeProperty = null)
    {
        this.record = record;
        this.typeProperty = typeProperty;
        Name = name;
        Type = type;
        Table = table;
        var settable = record.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.SetMethod is { IsPublic: true } && property.Name != typeProperty)
            // Padding of one octet has no length.
            .Where(property => property.Name != "Length" || table.Fields.Any(field => field.Name == property.Name))
            .OrderBy(property => IndexIn(table, property.Name))
            .ToArray();
        var names = settable.Select(property => property.Name).ToHashSet();
        Properties = ValueList.From(settable.Select(property => new PartProperty(property, table, names)));
    }

    /// <summary>The name of the record without the word for all of them: HomeNetworkPrefix, IPv6PrefixRequest.</summary>
    public string Name { get; }

    /// <summary>The type octet.</summary>
    public byte Type { get; }

    /// <summary>The layout table.</summary>
    public Layout Table { get; }

    /// <summary>The properties, in wire order.</summary>
    public ValueList<PartProperty> Properties { get; }

    /// <summary>Makes one.</summary>
    /// <param name="values">Values by the name of the property, whatever its case; see <see cref="FieldValue.Convert"/>.</param>
    /// <exception cref="ArgumentException">A value is missing, unknown or none of its type.</exception>
    public Structure Create(IEnumerable<KeyValuePair<string, object?>> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var part = (Structure)Activator.CreateInstance(record)!;
        if (typeProperty is not null)
        {
            record.GetProperty(typeProperty)!.SetValue(part, Type);
        }

        var missing = Properties.Where(property => property.IsRequired).ToHashSet();
        foreach (var (name, value) in values)
        {
            var property = Properties.FirstOrDefault(one => Is(one.Name, name) || Is(one.Alias, name))
                ?? throw new ArgumentException($"{Name} has no {name}; it has {string.Join(", ", Properties)}.", nameof(values));
            missing.Remove(property);
            try
            {
                property.Set(part, value);
            }
            catch (FormatException exception)
            {
                throw new ArgumentException($"{Name}, {property.Name}: {exception.Message}", nameof(values), exception);
            }
            catch (ArgumentOutOfRangeException exception)
            {
                throw new ArgumentException($"{Name}, {property.Name}: {exception.ActualValue} does not fit into the field.", nameof(values), exception);
            }
        }

        return missing.Count == 0
            ? Known(part)
            : throw new ArgumentException($"{Name} needs {string.Join(", ", missing)}.", nameof(values));

        // Octets that are right for their type are judged as that type.
        Structure Known(Structure made) => typeProperty is null ? made : made switch
        {
            MobilityOption option => option.ToKnown(),
            Extension extension => extension.ToKnown(),
            _ => made,
        };

        static bool Is(string? one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({Table.Rfc})";

    private static int IndexIn(Layout table, string name)
    {
        for (var at = 0; at < table.Fields.Count; at++)
        {
            if (table.Fields[at].Name == name)
            {
                return at;
            }
        }

        return 0;
    }
}
