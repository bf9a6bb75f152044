using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Ip.Options;

/// <summary>Pad1 of IPv6 options: one octet of padding (RFC 8200, 4.2).</summary>
public sealed record Pad1IPv6Option : IPv6Option
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("IPv6 Pad1", "RFC 8200, 4.2");

        /// <summary>Option type.</summary>
        public static readonly Field Type = Layout.Code<IPv6OptionType>("Type", 8, "0");
    }

    /// <inheritdoc/>
    public override IPv6OptionType Type => IPv6OptionType.Pad1;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    /// <inheritdoc/>
    public override int GetLength() => Fields.Layout.Length;

    private protected override void WriteFields(Span<byte> option)
    {
    }
}
