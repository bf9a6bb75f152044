using System.Globalization;
using DsmipTools.Wire;
using DsmipTools.Wire.MobileIPv4.Extensions;
using DsmipTools.Wire.MobilityHeader.Options;

namespace DsmipTools.Packets;

/// <summary>The kinds of mobility options, or of Mobile IPv4 extensions, that the wire library knows; found by name or number.</summary>
public sealed class PartKinds
{
    private readonly Type registry;
    private readonly Func<byte, PartKind> raw;

    private PartKinds(Type part, string suffix, Type registry, string noun, Func<byte, PartKind> raw)
    {
        this.registry = registry;
        this.raw = raw;
        Noun = noun;
        All = ValueList.From(part.Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(part) && !type.IsAbstract && !type.Name.StartsWith("Unknown", StringComparison.Ordinal))
            .Select(type => Kind(type, suffix))
            .OrderBy(kind => kind.Type)
            .ThenBy(kind => kind.Name, StringComparer.Ordinal));
    }

    /// <summary>Mobility options.</summary>
    public static PartKinds MobilityOptions { get; } = new(typeof(MobilityOption), "Option", typeof(MobilityOptionType), "mobility option", RawOption);

    /// <summary>Extensions of Mobile IPv4 messages.</summary>
    public static PartKinds Extensions { get; } = new(typeof(Extension), "Extension", typeof(ExtensionType), "extension", RawExtension);

    /// <summary>The kinds, by type number.</summary>
    public ValueList<PartKind> All { get; }

    /// <summary>What one of them is called.</summary>
    public string Noun { get; }

    /// <summary>Finds a kind by its name, by the name of its type in the IANA registry, or by the type number, decimal or with 0x.</summary>
    /// <returns>Null where there is none, or where the type has several, one for each subtype.</returns>
    public PartKind? Find(string name)
    {
        if (All.FirstOrDefault(kind => string.Equals(kind.Name, name?.Trim(), StringComparison.OrdinalIgnoreCase)) is { } named)
        {
            return named;
        }

        var numbered = TryType(name, out var type) ? All.Where(kind => kind.Type == type).ToArray() : [];
        return numbered.Length == 1 ? numbered[0] : null;
    }

    /// <summary>The type number that a name or number says.</summary>
    public bool TryType(string? name, out byte type)
    {
        type = 0;
        if (name is null)
        {
            return false;
        }

        if (All.FirstOrDefault(kind => string.Equals(kind.Name, name.Trim(), StringComparison.OrdinalIgnoreCase)) is { } named)
        {
            type = named.Type;
            return true;
        }

        try
        {
            type = Convert.ToByte(FieldValue.CodeOf(name, registry), CultureInfo.InvariantCulture);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>The kind of any type number that is made of its data alone, in the property Data.</summary>
    public PartKind Raw(byte type) => raw(type);

    /// <summary>False for an option or extension whose length field says something else than its octets.</summary>
    public static bool HasRightLength(Structure part) => part switch
    {
        MobilityOption { Length: not null } option => option.ToOctets() == (option with { Length = null }).ToOctets(),
        Extension { Length: not null } extension => extension.ToOctets() == (extension with { Length = null }).ToOctets(),
        _ => true,
    };

    /// <summary>Why <see cref="Find"/> gave nothing, and what to do.</summary>
    public string WhyNot(string name) => !TryType(name, out var type)
        ? $"There is no {Noun} '{name}'. Name one, such as {All[^1].Name}, or give a type number and -Data."
        : All.Where(kind => kind.Type == type).Select(kind => kind.Name).ToArray() is { Length: > 0 } several
        ? string.Create(CultureInfo.InvariantCulture, $"{Sentence(Noun)} type {type} has several forms: {string.Join(", ", several)}. Name one, or give -Data.")
        : string.Create(CultureInfo.InvariantCulture, $"{Sentence(Noun)} type {type} has no form of its own here: give its octets with -Data.");

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static PartKind RawOption(byte type) => new(
        typeof(UnknownMobilityOption), nameof(UnknownMobilityOption), type, UnknownMobilityOption.Fields.Layout, nameof(UnknownMobilityOption.OptionType));

    private static PartKind RawExtension(byte type) => ((ExtensionType)type).HasLongForm()
        ? new(typeof(UnknownLongExtension), nameof(UnknownLongExtension), type, UnknownLongExtension.Fields.Layout, nameof(UnknownLongExtension.ExtensionType))
        : new(typeof(UnknownExtension), nameof(UnknownExtension), type, UnknownExtension.Fields.Layout, nameof(UnknownExtension.ExtensionType));

    private static PartKind Kind(Type type, string suffix)
    {
        // Required properties are the compiler's rule: an empty instance tells type and table.
        var sample = (Structure)Activator.CreateInstance(type)!;
        var number = sample switch
        {
            MobilityOption option => (byte)option.Type,
            Extension extension => (byte)extension.Type,
            _ => throw new InvalidOperationException($"{type.Name} has no type number."),
        };
        var name = type.Name.EndsWith(suffix, StringComparison.Ordinal) ? type.Name[..^suffix.Length] : type.Name;
        return new PartKind(type, name, number, sample.Table);
    }
}
