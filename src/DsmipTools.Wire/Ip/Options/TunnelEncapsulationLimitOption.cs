using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Ip.Options;

/// <summary>Tunnel Encapsulation Limit destination option (RFC 2473, 4.1.1): how many more encapsulations the packet may get.</summary>
public sealed record TunnelEncapsulationLimitOption : IPv6Option
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Tunnel Encapsulation Limit", "RFC 2473, 4.1.1");

        /// <summary>Option type.</summary>
        public static readonly Field Type = Layout.Code<IPv6OptionType>("Type", 8, "4");

        /// <summary>Option length.</summary>
        public static readonly Field Length = Layout.Computed("Length", 8, "1");

        /// <summary>The limit.</summary>
        public static readonly Field TunnelEncapsulationLimit = Layout.Number("TunnelEncapsulationLimit", 8, "further levels of encapsulation that are allowed");
    }

    /// <summary>Further levels of encapsulation that are allowed, 0 to 255.</summary>
    public byte TunnelEncapsulationLimit { get; init; }

    /// <inheritdoc/>
    public override IPv6OptionType Type => IPv6OptionType.TunnelEncapsulationLimit;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    /// <inheritdoc/>
    public override int GetLength() => Fields.Layout.Length;

    private protected override void WriteFields(Span<byte> option) => Fields.TunnelEncapsulationLimit.Write(option, TunnelEncapsulationLimit);
}
