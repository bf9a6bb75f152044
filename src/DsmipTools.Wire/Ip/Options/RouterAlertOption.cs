using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Ip.Options;

/// <summary>Router Alert hop-by-hop option (RFC 2711, 2.1), which MLD messages carry (RFC 2710, 3).</summary>
public sealed record RouterAlertOption : IPv6Option
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Router Alert", "RFC 2711, 2.1");

        /// <summary>Option type.</summary>
        public static readonly Field Type = Layout.Code<IPv6OptionType>("Type", 8, "5");

        /// <summary>Option length.</summary>
        public static readonly Field Length = Layout.Computed("Length", 8, "2");

        /// <summary>The value.</summary>
        public static readonly Field Value = Layout.Number("Value", 16, "0: the packet contains a Multicast Listener Discovery message");
    }

    /// <summary>Why a router should look: 0 for Multicast Listener Discovery.</summary>
    public ushort Value { get; init; }

    /// <inheritdoc/>
    public override IPv6OptionType Type => IPv6OptionType.RouterAlert;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    /// <inheritdoc/>
    public override (int Multiple, int Remainder) Alignment => (2, 0);

    /// <inheritdoc/>
    public override int GetLength() => Fields.Layout.Length;

    private protected override void WriteFields(Span<byte> option) => Fields.Value.Write(option, Value);
}
