using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobilityHeader.Options;

/// <summary>
/// The form of a type of mobility option: what every option begins with, and what its RFC asks for, where it may stand and how long it may
/// be. It stands in the layout table of the option's record.
/// </summary>
public sealed class MobilityOptionForm
{
    private readonly Reader read;
    private readonly (int Multiple, int Remainder) alignment;

    /// <summary>Puts type and length into the table of an option.</summary>
    /// <param name="table">The table.</param>
    /// <param name="type">The option type.</param>
    /// <param name="read">Makes the record of an option whose length fits.</param>
    /// <param name="multiple">x of the alignment requirement xn+y.</param>
    /// <param name="remainder">y of the alignment requirement xn+y.</param>
    internal MobilityOptionForm(Layout table, MobilityOptionType type, Reader read, int multiple = 1, int remainder = 0)
    {
        Table = table;
        Type = type;
        this.read = read;
        alignment = (multiple, remainder);
        table.Code<MobilityOptionType>("Type", 8, "the option");
        if (type != MobilityOptionType.Pad1)
        {
            table.Computed("Length", 8, "octets after this field");
        }
    }

    /// <summary>Makes a record of the octets of an option.</summary>
    internal delegate MobilityOption Reader(ReadOnlySpan<byte> option);

    /// <summary>The table of the option.</summary>
    public Layout Table { get; }

    /// <summary>The option type.</summary>
    public MobilityOptionType Type { get; }

    /// <summary>True for an option that has to be the last, without padding behind it (RFC 6275, 6.2).</summary>
    public bool IsLast { get; internal init; }

    /// <summary>The lengths that an option with alternatives has, as its length octet says them; empty for all others.</summary>
    public ValueList<int> Alternatives { get; internal init; }

    /// <summary>The alignment requirement where it depends on the octets of the option.</summary>
    internal Func<int, (int Multiple, int Remainder)>? AlignmentByLength { get; init; }

    /// <summary>True when an option of this type can have so many octets, type and length included.</summary>
    public bool Fits(int length) =>
        Alternatives.Count > 0 ? Alternatives.Span.Contains(length - 2)
        : Table.IsVariable ? length >= Table.Length
        : length == Table.Length;

    /// <summary>The alignment requirement xn+y (RFC 6275, 6.2.1): where the type octet of an option of so many octets may stand.</summary>
    public (int Multiple, int Remainder) AlignmentOf(int length) => AlignmentByLength is null ? alignment : AlignmentByLength(length);

    /// <summary>True for an option of this type with a length that the type has.</summary>
    public bool Matches(MobilityOptionView view) => view.Type == Type && Fits(view.Octets.Length);

    /// <summary>Makes the record of an option that matches.</summary>
    internal MobilityOption Read(MobilityOptionView view) => read(view.Octets);
}
