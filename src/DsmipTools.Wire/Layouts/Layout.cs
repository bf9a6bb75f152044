namespace DsmipTools.Wire.Layouts;

/// <summary>The layout table of a message, extension, option or header. Fields are declared in wire order; offsets follow.</summary>
public sealed class Layout
{
    private readonly List<Field> fields = [];
    private int bits;

    /// <summary>Starts a table.</summary>
    /// <param name="name">The RFC's name of the structure.</param>
    /// <param name="rfc">Where it is defined, for example "RFC 5944, 3.3".</param>
    public Layout(string name, string rfc)
    {
        Name = name;
        Rfc = rfc;
    }

    /// <summary>The RFC's name of the structure.</summary>
    public string Name { get; }

    /// <summary>Where it is defined.</summary>
    public string Rfc { get; }

    /// <summary>The fields in wire order.</summary>
    public IReadOnlyList<Field> Fields => fields;

    /// <summary>Length in octets of the fixed part.</summary>
    public int Length => bits / 8;

    /// <summary>True when the last field runs up to the end of the structure.</summary>
    public bool IsVariable { get; private set; }

    /// <summary>An unsigned number.</summary>
    public Field Number(string name, int width, string meaning) => Add(name, width, FieldKind.Number, meaning);

    /// <summary>A code point of an IANA registry, with the enum that names it.</summary>
    public Field Code<TRegistry>(string name, int width, string meaning)
        where TRegistry : struct, Enum => Add(name, width, FieldKind.Code, meaning, typeof(TRegistry));

    /// <summary>One bit.</summary>
    public Field Flag(string name, string meaning) => Add(name, 1, FieldKind.Flag, meaning);

    /// <summary>Reserved bits: composed as zero, kept when decoded.</summary>
    public Field Reserved(int width, string name = "Reserved") => Add(name, width, FieldKind.Reserved, "sent as zero, ignored on receipt");

    /// <summary>A length or checksum.</summary>
    public Field Computed(string name, int width, string meaning) => Add(name, width, FieldKind.Computed, meaning);

    /// <summary>An IPv4 address.</summary>
    public Field IPv4(string name, string meaning) => Add(name, 32, FieldKind.IPv4Address, meaning);

    /// <summary>16 octets: an IPv6 address or prefix.</summary>
    public Field IPv6(string name, string meaning) => Add(name, 128, FieldKind.IPv6Address, meaning);

    /// <summary>An IPv4 or an IPv6 address up to the end, or nothing.</summary>
    public Field Address(string name, string meaning) => Add(name, 0, FieldKind.Address, meaning);

    /// <summary>Everything up to the end.</summary>
    public Field Rest(string name, string meaning) => Add(name, 0, FieldKind.Rest, meaning);

    /// <summary>Text up to the end, in UTF-8.</summary>
    public Field Text(string name, string meaning) => Add(name, 0, FieldKind.Text, meaning);

    /// <summary>A fixed run of octets.</summary>
    public Field Octets(string name, int count, string meaning) => Add(name, count * 8, FieldKind.Octets, meaning);

    private Field Add(string name, int width, FieldKind kind, string meaning, Type? registry = null)
    {
        var field = new Field(this, name, bits, width, kind, meaning, registry);
        fields.Add(field);
        bits += width;
        IsVariable |= width == 0;
        return field;
    }
}
