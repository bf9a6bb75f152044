using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobilityHeader.Options;

/// <summary>GRE Key option (RFC 5845, 6.1); without a key it asks for GRE encapsulation alone.</summary>
public sealed record GreKeyOption : MobilityOption
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("GRE Key", "RFC 5845, 6.1");

        /// <summary>Type and length.</summary>
        public static readonly MobilityOptionForm Form = new(Layout, MobilityOptionType.GreKey, From, 4) { Alternatives = [2, 6] };

        /// <summary>Reserved bits, ignored on receipt.</summary>
        public static readonly Field Reserved = Layout.Reserved(16);

        /// <summary>The downlink or uplink key; null when no keys are exchanged.</summary>
        public static readonly Field GreKeyIdentifier = Layout.Number("GreKeyIdentifier", 32, "the downlink or uplink key; absent when no keys are exchanged");
    }

    /// <summary>Reserved bits, ignored on receipt.</summary>
    public ushort Reserved { get; init; }

    /// <summary>The downlink or uplink key; null when no keys are exchanged.</summary>
    public uint? GreKeyIdentifier { get; init; }

    private protected override MobilityOptionForm Form => Fields.Form;

    /// <inheritdoc/>
    public override int GetLength() => GreKeyIdentifier is null ? Fields.GreKeyIdentifier.Offset : Fields.Layout.Length;

    /// <summary>Reads the key, null when there is none; false when the option is of another type or its length does not fit.</summary>
    public static bool TryRead(MobilityOptionView view, out uint? greKeyIdentifier)
    {
        var fits = Fields.Form.Matches(view);
        greKeyIdentifier = fits ? KeyOf(view.Octets) : default;
        return fits;
    }

    private static GreKeyOption From(ReadOnlySpan<byte> option) => new()
    {
        Reserved = Fields.Reserved.ReadUInt16(option),
        GreKeyIdentifier = KeyOf(option),
    };

    private static uint? KeyOf(ReadOnlySpan<byte> option) =>
        Fields.GreKeyIdentifier.FitsInto(option.Length) ? Fields.GreKeyIdentifier.ReadUInt32(option) : null;

    private protected override void WriteFields(Span<byte> option)
    {
        Fields.Reserved.Write(option, Reserved);
        if (GreKeyIdentifier is { } key)
        {
            Fields.GreKeyIdentifier.Write(option, key);
        }
    }
}
