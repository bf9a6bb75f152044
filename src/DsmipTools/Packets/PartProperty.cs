using System.Reflection;
using DsmipTools.Wire;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Packets;

/// <summary>A property that a mobility option or an extension is made of.</summary>
public sealed class PartProperty
{
    private readonly PropertyInfo property;

    internal PartProperty(PropertyInfo property, Layout table, IReadOnlySet<string> propertyNames)
    {
        this.property = property;
        IsRequired = property.GetCustomAttribute<System.Runtime.CompilerServices.RequiredMemberAttribute>() is not null;
        var field = table.Fields.FirstOrDefault(one => one.Name == Name);
        // A prefix stands for two fields, its length and its bits: the name of the bits is another name of the property.
        var standsFor = field is null
            ? table.Fields.FirstOrDefault(one => one.Kind == FieldKind.IPv6Address && !propertyNames.Contains(one.Name))
            : null;
        Alias = standsFor?.Name;
        Kind = (field ?? standsFor)?.Kind ?? FieldKind.Number;
        Meaning = (field ?? standsFor)?.Meaning ?? "";
    }

    /// <summary>The name, which is that of the field in the layout table wherever it is one field.</summary>
    public string Name => property.Name;

    /// <summary>Another name: that of the field which the property stands for; or null.</summary>
    public string? Alias { get; }

    /// <summary>The type of its values; without the null of what may be left out.</summary>
    public Type Type => Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;

    /// <summary>What the field is.</summary>
    public FieldKind Kind { get; }

    /// <summary>What it means, in a few words.</summary>
    public string Meaning { get; }

    /// <summary>True when the record cannot be made without it.</summary>
    public bool IsRequired { get; }

    /// <summary>Makes a value of what a person or a script writes.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public object? Convert(object? value) => FieldValue.Convert(value, property.PropertyType, Kind);

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal void Set(Structure part, object? value) => property.SetValue(part, Convert(value), BindingFlags.DoNotWrapExceptions, null, null, null);
}
