using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Ip.Options;

/// <summary>An IPv6 option that has a type, a length and data: PadN, and every option that this library has no table for.</summary>
public sealed record GenericIPv6Option : IPv6Option
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("IPv6 Option", "RFC 8200, 4.2");

        /// <summary>Option type.</summary>
        public static readonly Field Type = Layout.Code<IPv6OptionType>("Type", 8, "what to do where it is unknown, whether it changes on the way, and the option");

        /// <summary>Option length.</summary>
        public static readonly Field Length = Layout.Computed("Length", 8, "octets after this field");

        /// <summary>Option data.</summary>
        public static readonly Field Data = Layout.Rest("Data", "option data; of PadN zero");
    }

    /// <summary>The type, 1 to 255.</summary>
    public IPv6OptionType OptionType { get; init; } = IPv6OptionType.PadN;

    /// <summary>The data, at most 255 octets.</summary>
    public Octets Data { get; init; }

    /// <inheritdoc/>
    public override IPv6OptionType Type => OptionType;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    /// <inheritdoc/>
    public override int GetLength() => Fields.Layout.Length + Data.Length;

    private protected override void WriteFields(Span<byte> option) => Data.Span.CopyTo(option[Fields.Data.Offset..]);
}
