using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobilityHeader.Options;

/// <summary>A mobility option as an immutable value.</summary>
public abstract record MobilityOption : AlignedOption
{
    /// <summary>The option type.</summary>
    public virtual MobilityOptionType Type => Form.Type;

    /// <inheritdoc/>
    public sealed override Layout Table => Form.Table;

    /// <inheritdoc/>
    public sealed override (int Multiple, int Remainder) Alignment => Form.AlignmentOf(GetLength());

    /// <summary>The length octet as an override, for a wrong option on purpose; null computes it.</summary>
    public byte? Length { get; init; }

    /// <summary>The form of the option's type.</summary>
    private protected abstract MobilityOptionForm Form { get; }

    /// <inheritdoc/>
    public override int GetLength() => Form.Table.Length;

    /// <inheritdoc/>
    public sealed override int Write(Span<byte> destination)
    {
        var target = destination[..GetLength()];
        TypeLengthValue.Begin(target, (byte)Type, Length);
        WriteFields(target);
        return target.Length;
    }

    /// <summary>Makes the record of an option; one of an unknown type or of a length that its type does not have is kept as it is.</summary>
    public static MobilityOption From(MobilityOptionView view) =>
        MobilityOptionForms.Of(view.Type) is { } form && form.Matches(view)
            ? form.Read(view)
            : UnknownMobilityOption.From(view.Octets);

    /// <summary>The same octets as the record of their type; the option itself where they are none of a known type.</summary>
    public MobilityOption ToKnown()
    {
        var octets = ToOctets();
        var known = Length is null ? From(new MobilityOptionView(octets.Span, 0)) : this;
        return known is not UnknownMobilityOption && known.ToOctets() == octets ? known : this;
    }

    private protected abstract void WriteFields(Span<byte> option);
}
